"""The pack of the sample results, written once for all its tests."""

import pytest

from tests.results_builder import build_results
from workbook.pack.html import write_html


@pytest.fixture(scope="session")
def pack(tmp_path_factory):
    return write_html(build_results(), tmp_path_factory.mktemp("pack") / "acme.html")
