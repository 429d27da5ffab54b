"""Every chart of every sample client can be drawn, and the one who draws has nothing to complain of."""

from __future__ import annotations

import pytest

from tests.test_samples import DESIGNED, SCENARIO, evidence_of
from workbook import stages
from workbook.pack.sections import foundations, sections
from workbook.view.figures.draw import svg


@pytest.mark.parametrize("client", list(DESIGNED))
def test_every_chart_is_drawn_without_a_warning(client: str, caplog: pytest.LogCaptureFixture) -> None:
    results = stages.compute_all(evidence_of(client), SCENARIO.model_copy(update={"draws": 256}))
    cards = [*foundations(results), *(card for part in sections(results) for card in part.cards)]
    drawn = {card.figure.key: svg(card.figure) for card in cards if card.figure.spec is not None}
    assert drawn
    assert [key for key, picture in drawn.items() if not picture.startswith("<svg")] == []
    assert [record.getMessage() for record in caplog.records] == []
