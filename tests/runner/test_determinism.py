"""The same inputs give the same bytes, wherever, whenever and in whatever order a run is made."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.results_builder import build_results
from tests.runner.tiny import PARAMETERS, write_notebook
from tests.runner.tiny_results import CELL
from workbook.inputs import read_client
from workbook.measure import measure
from workbook.pack.sections import sections
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.publish import MADE_FILE, artefacts, current_run
from workbook.runner.verify import verify

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "samples" / "saas-scaleup"
SETTINGS = (
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LANG": "C", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/Los_Angeles", "LANG": "en_US.UTF-8", "LC_ALL": "C.UTF-8"},
)
GO = """\
import sys
from workbook.runner.run import run_client
run_client(sys.argv[1], sys.argv[2], notebooks_folder=sys.argv[3], draws=256)
"""


@pytest.fixture(scope="module")
def twice(tmp_path_factory) -> tuple[Path, Path]:
    """One client, run under two settings, by notebooks that write the sample results."""
    home = tmp_path_factory.mktemp("twice")
    (home / "notebooks").mkdir()
    for name, stage in NOTEBOOKS.items():
        write_notebook(home / "notebooks" / f"{name}.ipynb", CELL.format(stage=stage), parameters=PARAMETERS)
    started = []
    for number, setting in enumerate(SETTINGS):
        client = home / f"folder-{number}" / "saas"
        shutil.copytree(SAMPLE, client)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **setting}
        command = [sys.executable, "-c", GO, str(client), str(home / f"out-{number}"), str(home / "notebooks")]
        started.append(subprocess.Popen(command, env=environment))
    assert [run.wait(300) for run in started] == [0, 0]
    first, second = (current_run(home / f"out-{number}" / "saas-scaleup") for number in range(2))
    return first, second


def test_R74_every_artefact_is_the_same_under_another_hash_seed_time_zone_and_locale(twice):
    first, second = twice
    assert len(artefacts(first)) >= 14
    differing = [name for name in artefacts(first) if (first / name).read_bytes() != (second / name).read_bytes()]
    assert differing == []
    assert artefacts(first).keys() == artefacts(second).keys()


def test_R74_the_record_of_the_run_is_the_same_and_only_when_it_was_made_stands_apart(twice):
    first, second = twice
    assert (first.name, (first / "run.json").read_bytes()) == (second.name, (second / "run.json").read_bytes())
    assert not {"began", "seconds", "attempts"} & json.loads((first / "run.json").read_text()).keys()
    assert json.loads((first / MADE_FILE).read_text()).keys() >= {"began", "seconds", "attempts", "steps"}


def test_R72_both_are_as_published(twice):
    assert [verify(run.parents[1]).faults for run in twice] == [(), ()]


def test_R75_every_artefact_says_what_it_was_made_from(twice):
    run = twice[0]
    record = json.loads((run / "run.json").read_text())
    results = json.loads((run / "results.json").read_text())
    evidence = json.loads((run / "evidence.json").read_text())
    assert results["provenance"]["inputs"] == evidence["digests"] == record["inputs"]
    assert (record["run"], record["version"]) == (run.name, results["provenance"]["version"])
    page = (run / "pack" / "saas-scaleup.html").read_text()
    assert f'<meta name="results-sha256" content="{record["artefacts"]["results.json"]}">' in page


def temporal(spec: Any) -> list[dict]:
    """Every encoding of dates below a spec."""
    if isinstance(spec, list):
        return [found for part in spec for found in temporal(part)]
    if not isinstance(spec, dict):
        return []
    own = [spec] if spec.get("type") == "temporal" else []
    return own + [found for part in spec.values() for found in temporal(part)]


def test_R74_every_axis_of_dates_is_drawn_in_utc_so_that_no_reader_sees_another_month():
    figures = [card.figure for part in sections(build_results()) for card in part.cards]
    dated = [encoding for figure in figures for encoding in temporal(figure.spec)]
    assert dated
    assert [encoding for encoding in dated if encoding.get("scale", {}).get("type") != "utc"] == []


def test_R74_the_order_of_rows_changes_no_number(tmp_path):
    folder = shutil.copytree(SAMPLE, tmp_path / "shuffled")
    rng = random.Random(5)
    for path in folder.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            head, *rows = list(csv.reader(file))
        rng.shuffle(rows)
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *rows])
    first, second = (measure(read_client(place)).model_dump(mode="json") for place in (SAMPLE, folder))
    assert rounded({**first, "digests": {}}) == rounded({**second, "digests": {}})
    assert first["digests"].keys() == second["digests"].keys()


def rounded(value: Any) -> Any:
    """Floats to twelve significant digits: sums in another order differ in the last one or two."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return {key: rounded(part) for key, part in value.items()} if isinstance(value, dict) else value
