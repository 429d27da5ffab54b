"""The chart of what to find out first draws what is worth knowing and counts the rest."""

from __future__ import annotations

from tests.results_builder import build_results
from workbook.view.figures.week2_unknown import information


def test_inputs_worth_no_more_than_noise_are_counted_in_a_sentence_and_kept_in_the_table() -> None:
    results = build_results()
    known = results.week2.information
    name, bar = max(known.evppi.items(), key=lambda item: item[1].evppi)
    quiet = {f"quiet_{at}": bar.model_copy(update={"label": f"Quiet {at}", "evppi": 0.2 * at}) for at in range(4)}
    week2 = results.week2.model_copy(update={"information": known.model_copy(update={"evppi": {name: bar, **quiet}})})
    figure = information(week2, results.facts)
    assert len(figure.table) == 5
    assert bar.evppi > bar.noise
    sentence = "For 4 of 5 inputs it is nothing or no more than noise; the table lists them."
    assert figure.note.endswith(sentence)
    assert figure.text.endswith(sentence)
    assert "Quiet" not in str(figure.data)
