"""Many clients on one page: what is shown, what is not when anonymised, and that files repeat to the byte."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from pathlib import Path

import nbformat
import openpyxl
import pytest

from tests.results_builder import build_results
from tests.runner.published import publish_client, results_of
from tools.make_notebooks import source
from tools.notebook_pages import EXTRA
from workbook.__main__ import main
from workbook.pack.portfolio_html import render
from workbook.pack.portfolio_xlsx import write_xlsx
from workbook.results.portfolio import Portfolio
from workbook.runner.portfolio import anonymised, gather, letters, row_of, write
from workbook.view.figures import portfolio as figures

HOSTILE = ("=HYPERLINK(1)", "+Acme", "-2+3", "@SUM(A1)", "</script><img src=x onerror=alert(1)>", "file:///etc/passwd")


def row(number: int = 0, **fields):
    made = row_of(build_results(), run_date="2026-03-01")
    return made.model_copy(update={"client": f"client-{number:04d}", "name": f"Company {number:04d}", **fields})


def portfolio(*rows, anonymous: bool = False) -> Portfolio:
    return Portfolio(clients=tuple(rows), anonymous=anonymous)


@pytest.fixture(scope="module")
def many() -> Portfolio:
    answers = figures.ANSWERS
    return portfolio(
        *(row(n, answer=answers[n % 5], certainty=(n % 97) / 97, roi_p50=float(n % 301 - 100)) for n in range(1000))
    )


@pytest.fixture
def out(tmp_path) -> Path:
    for client in ("zulu", "acme"):
        publish_client(tmp_path / "out", client)
    return tmp_path / "out"


def test_a_client_is_a_line_of_its_published_figures(out):
    found = gather(out)
    results = results_of("acme")
    assert [one.client for one in found.clients] == ["acme", "zulu"]
    first = found.clients[0]
    assert (first.answer, first.certainty) == (results.verdict.answer, results.verdict.certainty)
    returns = results.week2.returns["leadership"]
    assert (first.roi_p10, first.roi_p50, first.roi_p90) == tuple(
        getattr(returns.roi_percent, name) for name in ("p10", "p50", "p90")
    )
    assert (first.completeness_share, first.readiness) == (
        results.quality.completeness_share,
        results.week1.readiness.colour,
    )
    assert first.run_date == "2026-03-01"


def test_a_damaged_client_is_left_out_and_counted(out, capsys):
    (out / "zulu" / "current" / "results.json").write_text("{}")
    found = gather(out)
    assert ([one.client for one in found.clients], found.left_out) == (["acme"], 1)
    assert main(["portfolio", str(out), "--to", str(out / "x.json")]) == 0
    assert capsys.readouterr().err == (f"1 left out: damaged, or made by another version. See: workbook verify {out}\n")


SHARP = row(1, roi_p50=81.2, payback_month=14.0, completeness_share=0.8312)


def test_anonymised_rows_hold_no_name_currency_or_date_and_their_labels_follow_the_figures_only():
    rows = [row(n, certainty=0.3 + n / 10 + 0.001234, currency="CHF") for n in range(4)]
    found = anonymised(rows)
    assert [one.name for one in found] == ["Client A", "Client B", "Client C", "Client D"]
    assert [one.certainty for one in found] == [0.6, 0.5, 0.4, 0.3]
    assert [(one.roi_p50, one.payback_month, one.completeness_share) for one in anonymised([SHARP])] == [(80, 15, 0.8)]
    assert [one.roi_p50 for one in anonymised([SHARP.model_copy(update={"roi_p50": 1234.5})])] == [1200]
    renamed = [one.model_copy(update={"client": f"z{9 - n}", "name": f"Other {9 - n}"}) for n, one in enumerate(rows)]
    assert anonymised(reversed(renamed)) == found
    text = portfolio(*found, anonymous=True).text()
    assert [word for word in ("Company", "client-", "CHF", "2026-03-01", "0.301234", "digest") if word in text] == []
    assert {(one.currency, one.as_of, one.run_date) for one in found} == {(None, None, "2026")}


def test_an_anonymised_portfolio_names_nobody_in_any_format(out, tmp_path, monkeypatch):
    shutil_notebooks(tmp_path, monkeypatch)
    for ending in ("json", "html", "xlsx", "ipynb"):
        write(gather(out, anonymous=True), tmp_path / "made" / f"p.{ending}")
    book = openpyxl.load_workbook(tmp_path / "made" / "p.xlsx")
    cells = {str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line}
    text = "\n".join([(tmp_path / "made" / f"p.{e}").read_text() for e in ("json", "html", "ipynb")] + sorted(cells))
    images = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", text)
    assert images
    text += "\n".join(b64decode(image).decode() for image in images)
    assert re.findall(r"acme|zulu|GBP|EUR|0123456789abcdef", text, re.IGNORECASE) == []
    assert "Client A" in text


def shutil_notebooks(folder: Path, monkeypatch) -> None:
    """A folder that holds the portfolio notebook as its list of views makes it."""
    (folder / "notebooks").mkdir()
    nbformat.write(source("portfolio", EXTRA["portfolio"]), folder / "notebooks" / "portfolio.ipynb")
    monkeypatch.setattr("workbook.runner.notebooks.shipped_notebooks", lambda: folder / "notebooks")


def test_the_notebook_is_executed_on_the_portfolio_beside_it(out, tmp_path, monkeypatch):
    shutil_notebooks(tmp_path, monkeypatch)
    target = write(gather(out), tmp_path / "made" / "portfolio.ipynb")
    cells = [cell for cell in nbformat.read(target, as_version=4).cells if cell.cell_type == "code"]
    said = ["".join(o.get("text") or o.data["text/plain"] for o in cell.outputs) for cell in cells]
    assert said[-1] == "workbook: portfolio finished\n"
    assert "Leadership first is the most frequent answer: 2 of 2 clients" in said[-4]
    assert "Acme; Leadership first" in said[-2]
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["portfolio.ipynb", "portfolio.json"]
    assert str(tmp_path) not in target.read_text()


def test_R42_R43_names_that_look_like_formulas_or_links_stay_text_in_the_spreadsheet(tmp_path):
    path = write_xlsx(portfolio(*(row(n, name=name) for n, name in enumerate(HOSTILE))), tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(path)["Clients"]
    cells = [sheet.cell(row=place, column=1) for place in range(2, 2 + len(HOSTILE))]
    assert [cell.value for cell in cells] == list(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(HOSTILE)


def test_R46_control_characters_and_long_names_are_cleaned_visibly(tmp_path):
    path = write_xlsx(portfolio(row(0, name="a\x00b\ud800c"), row(1, name="x" * 40_000)), tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(path)["Clients"]
    assert sheet["A2"].value == "a\ufffdb\ufffdc"
    assert sheet["A3"].value.endswith("… (8,000 more characters)")


def test_R36_client_text_is_escaped_on_the_page_and_only_our_script_may_run():
    page = render(portfolio(*(row(n, name=name) for n, name in enumerate(HOSTILE))))
    assert "<img src=x" not in page
    assert page.count("<script>") == 1
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', page) == []


def test_a_thousand_clients_fit_in_every_format(many, tmp_path):
    page = render(many)
    assert page.count("<tr><td data-key=") == 1000
    assert len(page) < 2_500_000
    sheet = openpyxl.load_workbook(write_xlsx(many, tmp_path / "p.xlsx"))["Clients"]
    assert sheet.max_row == 1001
    assert figures.chances(many).spec["layer"][2]["mark"]["size"] == 24
    assert "And 988 more in the table." in figures.clients(many).text


def test_R75_the_same_portfolio_gives_the_same_bytes(tmp_path):
    made = portfolio(row(1), row(2))
    digests = []
    for name in ("one", "two"):
        for ending in ("json", "html", "xlsx"):
            path = write(made, tmp_path / name / f"p.{ending}")
            digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert digests[:3] == digests[3:]


def test_numbers_are_numbers_and_what_is_not_known_is_empty(tmp_path):
    made = portfolio(row(1), row(2, answer="insufficient data", certainty=None, roi_p50=None, payback_month=None))
    sheet = openpyxl.load_workbook(write_xlsx(made, tmp_path / "p.xlsx"))["Clients"]
    heads = [cell.value for cell in sheet[1]]
    first, second = ({h: c.value for h, c in zip(heads, sheet[n], strict=True)} for n in (2, 3))
    assert first["ROI P50"] == pytest.approx(row(1).roi_p50 / 100)
    assert (second["Certainty"], second["ROI P50"], second["Payback, month"]) == (None, None, None)


def test_no_client_with_a_return_gives_a_sentence_and_no_chart():
    found = figures.chances(portfolio(row(1, certainty=None, roi_p50=None)))
    assert found.spec is None
    assert found.text == "Certainty and return: insufficient data: no client has both a certainty and a return."


@pytest.mark.parametrize(("number", "label"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_labels_go_on_after_z(number, label):
    assert letters(number) == label


def test_an_unknown_ending_and_an_empty_folder_are_refused(out, tmp_path, capsys):
    assert main(["portfolio", str(out), "--to", str(tmp_path / "p.pdf")]) == 2
    assert capsys.readouterr().err == "p.pdf: the ending says the format. Use one of .json, .html, .xlsx, .ipynb.\n"
    assert main(["portfolio", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path / 'none'}: no client is published here. Run one first: workbook run <client folder>.\n"
    )
