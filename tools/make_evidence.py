"""Write the evidence that the committed notebooks show: `data/samples/saas-scaleup/evidence.json`."""

from __future__ import annotations

from pathlib import Path

from workbook.inputs import read_client
from workbook.measure import measure

FOLDER = Path(__file__).parents[1] / "data" / "samples" / "saas-scaleup"


def main() -> None:
    """Measure the sample client and write what was released."""
    measure(read_client(FOLDER)).dump(FOLDER / "evidence.json")


if __name__ == "__main__":
    main()
