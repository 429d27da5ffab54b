"""How many rows of hostile input hold: runs every test whose name carries a row id (R14, R36b) and counts by row.

A row holds when it has at least one test and all its tests pass. Rows without a test are listed as open.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable

import pytest

AREAS = {
    "identity, paths, parameters": range(1, 14),
    "input data": range(14, 36),
    "output injection": range(36, 49),
    "privacy": range(49, 62),
    "batch faults": [*range(62, 76), 86],
    "serving": range(76, 86),
}
EXTRA = {"input data": ["R36b"]}
IN_NAME = re.compile(r"\bR(\d\d)(b?)(?: to R?(\d\d))?\b")


def rows_of(name: str) -> set[str]:
    """Row ids in a test's name: `test_R14_…`, `test_R04_R05_…`, `test_R37_to_R40_…`."""
    found = set()
    for first, letter, last in IN_NAME.findall(name.replace("_", " ")):
        numbers = range(int(first), int(last or first) + 1)
        found |= {f"R{number:02d}{letter}" for number in numbers}
    return found


class Rows:
    """Keeps only tests that name a row, and remembers how each row fared."""

    def __init__(self) -> None:
        self.passed: dict[str, list[bool]] = defaultdict(list)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        kept = [item for item in items if rows_of(item.name)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            for row in rows_of(report.nodeid.split("::")[-1].split("[")[0]):
                self.passed[row].append(report.passed)


def area_rows(area: str, numbers: Iterable[int]) -> list[str]:
    return [*(f"R{number:02d}" for number in numbers), *EXTRA.get(area, [])]


def board(passed: dict[str, list[bool]]) -> str:
    lines, held, total = [], 0, 0
    for area, numbers in AREAS.items():
        rows = area_rows(area, numbers)
        good = [row for row in rows if passed.get(row) and all(passed[row])]
        broken = [row for row in rows if passed.get(row) and not all(passed[row])]
        unproven = [row for row in rows if not passed.get(row)]
        lines.append(f"{area:<30} {len(good):>2} of {len(rows)} hold")
        lines += [f"    broken: {' '.join(broken)}"] if broken else []
        lines += [f"    no test: {' '.join(unproven)}"] if unproven else []
        held, total = held + len(good), total + len(rows)
    return "\n".join([*lines, f"{'all':<30} {held:>2} of {total} hold"])


def main() -> int:
    rows = Rows()
    code = pytest.main(
        ["-q", "--no-header", "-p", "no:cacheprovider", "--continue-on-collection-errors", "tests"], plugins=[rows]
    )
    print("\n" + board(rows.passed))
    return 0 if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else 1


if __name__ == "__main__":
    sys.exit(main())
