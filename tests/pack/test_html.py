import hashlib
import re
from functools import cache

from tests.results_builder import build_facts, build_results, empty_results
from workbook.pack import html

SIZE_LIMIT_BYTES = 2_500_000


@cache
def bare() -> str:
    return html.render(empty_results())


def test_the_pack_is_one_file_under_two_and_a_half_megabytes(pack):
    assert list(pack.parent.iterdir()) == [pack]
    assert pack.stat().st_size < SIZE_LIMIT_BYTES


def test_the_same_results_give_the_same_bytes():
    assert html.render(empty_results()) == bare()


def test_the_pack_carries_the_digest_of_results_json(pack, tmp_path):
    build_results().dump(tmp_path / "results.json")
    digest = hashlib.sha256((tmp_path / "results.json").read_bytes()).hexdigest()
    assert f'<meta name="results-sha256" content="{digest}">' in pack.read_text(encoding="utf-8")


def test_the_pack_opens_with_client_date_answer_and_certainty(pack):
    text = _body(pack.read_text(encoding="utf-8"))
    opening = text[: text.index('id="what-if-part"')]
    for said in (
        "Acme Software", "GBP", "30 June 2026", "Synthetic data", "Develop leaders first",
        "beats every other kind of plan in 78% of draws", "which is unlikely (17%)",
    ):  # fmt: skip
        assert said in opening


def test_every_week_the_case_and_the_sources_are_there(pack):
    text = _body(pack.read_text(encoding="utf-8"))
    anchors = re.findall(r'<section class="[^"]+" id="([\w-]+)"', text)
    assert anchors == [
        "verdict", "what-if-part", "cfo", "verdict-detail", "start", "week1", "week2", "week3", "week4", "followup",
        "foundations",
    ]  # fmt: skip
    assert "Morrow, Jarrett &amp; Rupinski (1997)" in text
    assert "How it is computed." in text


def test_a_licence_is_shown_and_synthetic_is_not_claimed_of_real_data():
    text = _body(bare())
    assert "MIT (teaching tables)" in text
    assert "Synthetic data" not in text


def test_thin_data_say_what_to_ask_for_instead_of_showing_empty_frames():
    text = _body(bare())
    assert "The data cannot decide yet" in text
    assert "Ask for: employees.csv: hire and exit dates, unit, level" in text
    assert text.count('class="plot"') == 1
    assert 'type="range"' not in text


def test_a_german_client_reads_german_numbers():
    text = _body(html.render(empty_results().model_copy(update={"facts": build_facts(locale="de_DE", currency="EUR")})))
    assert "250k\u00a0€" in text


def _body(text: str) -> str:
    return text[text.index("<body>") : text.index('<script type="application/json"')]
