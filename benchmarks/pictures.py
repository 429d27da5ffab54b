"""What drawing the charts of one client costs, with the vl-convert installed here beside another version of it.

The other version lies in a folder: `pip install --no-deps --target FOLDER vl-convert-python==1.9.0.post1`.
Run: python benchmarks/pictures.py --beside FOLDER        (half a minute)
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from workbook import stages
from workbook.evidence import Evidence
from workbook.pack.sections import foundations, sections
from workbook.view.figures.draw import chart_text, svg_of

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "samples" / "saas-scaleup" / "evidence.json"
BAR = {"data": {"values": [{"x": 1}]}, "mark": "bar", "encoding": {"x": {"field": "x", "type": "quantitative"}}}


def charts() -> list[str]:
    """Every chart of the sample client's pack, complete."""
    results = stages.compute_all(Evidence.load(SAMPLE))
    cards = [*foundations(results), *(card for part in sections(results) for card in part.cards)]
    figures = [card.figure for card in cards if card.figure.spec is not None]
    return [chart_text(figure) for figure in figures]


def drawn(texts: list[str]) -> tuple[float, float]:
    """CPU seconds until the first picture of a process, and of all charts after it."""
    began = time.process_time()
    svg_of(json.dumps(BAR))
    started = time.process_time()
    for text in texts:
        svg_of(text)
    return started - began, time.process_time() - started


def elsewhere(texts: list[str], folder: str) -> tuple[float, float]:
    """The same in a process that finds its vl-convert in `folder`."""
    path = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH"))))
    told = subprocess.run(
        [sys.executable, __file__, "--measure"],
        input=json.dumps(texts), env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    start, rest = json.loads(told.stdout)
    return start, rest


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--beside", help="a folder that holds another vl-convert")
    options.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        print(json.dumps(drawn(json.load(sys.stdin))))
        return
    texts = charts()
    here = drawn(texts)
    print(f"here: {here[0]:.2f} s to start, {here[1]:.2f} s for {len(texts)} charts")
    if given.beside:
        other = elsewhere(texts, given.beside)
        print(f"beside: {other[0]:.2f} s to start, {other[1]:.2f} s; {other[1] / here[1]:.1f} times as long")


if __name__ == "__main__":
    main()
