"""The repository keeps its own rules: environment.yml, lock, import arrows, sizes, words."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
import rattler
import yaml

from workbook.runner.provenance import LIBRARIES

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(path for part in ("workbook", "tests", "tools", "benchmarks") for path in (ROOT / part).rglob("*.py"))
SAMPLES_CODE = sorted((ROOT / "data" / "samples").glob("*.py"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")])
OTHER = [ROOT / name for name in ("Makefile", "pyproject.toml", "environment.yml", ".ci/run", "tools/make_venv.sh")]
RUNS_FOREIGN_CODE = {"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def _tool(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def locked() -> dict[str, list[str]]:
    """Locked versions by name; a package may be pinned twice under different markers."""
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text(), re.M):
        versions.setdefault(name.lower(), []).append(version)
    return versions


def conda_specs() -> list[str]:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    return [line for line in environment["dependencies"] if isinstance(line, str)]


def test_environment_yml_is_what_pyproject_says():
    assert (ROOT / "environment.yml").read_text() == _tool("make_environment").environment()


@pytest.mark.parametrize("line", [line for line in conda_specs() if line.split()[0] not in ("python", "pip")])
def test_every_conda_name_is_locked_at_a_version_its_range_admits(line):
    spec = rattler.MatchSpec(line, strict=True)
    name = line.split()[0]
    assert rattler.PackageName(name).normalized == name
    assert spec.version is not None
    assert locked()[name]
    for version in locked()[name]:
        assert rattler.VersionSpec(str(spec.version)).matches(rattler.Version(version))


def test_the_python_range_of_environment_yml_admits_what_we_support_and_no_more():
    versions = rattler.VersionSpec(next(line for line in conda_specs() if line.startswith("python")).split()[1])
    admitted = [
        version for version in ("3.10", "3.11", "3.12", "3.13", "3.14") if versions.matches(rattler.Version(version))
    ]
    assert admitted == ["3.11", "3.12", "3.13"]


def test_every_dependency_of_pyproject_is_locked_with_hashes():
    lock = (ROOT / "requirements.lock").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=~! ;\[]", line)[0].lower() for line in project["dependencies"]}
    wanted |= {re.split(r"[<>=~! ;\[]", line)[0].lower() for line in project["optional-dependencies"]["dev"]}
    assert wanted - set(locked()) == set()
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.M)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_every_dependency_but_those_of_serving_and_of_the_command_is_in_a_runs_content_key():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[<>=~! ;\[]", line)[0] for line in project["dependencies"]}
    no_part = {"click", "jupyterlab", "psutil", "tqdm", "voila", "xlsxwriter"}
    assert declared - no_part <= set(LIBRARIES)
    assert not no_part & set(LIBRARIES)


def test_the_slow_uri_grammar_is_neither_locked_nor_imported_and_jupyterlab_starts_without_it():
    assert "rfc3987-syntax" not in locked()
    script = (
        "import altair, papermill, jupyterlab.labapp, jupyter_server.serverapp, jupyter_events, sys;"
        "print(sorted(name for name in sys.modules if name.startswith('rfc3987_syntax')), jupyterlab.__version__)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("[] 4.")


def test_import_arrows_point_one_way():
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run([sys.executable, "-c", command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    assert "3 kept, 0 broken" in ran.stdout


def test_every_part_of_the_package_has_a_place_among_the_layers():
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {name.removeprefix("workbook.") for layer in layers for name in re.split(r" [|:] ", layer)}
    parts = {
        path.stem for path in (ROOT / "workbook").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert parts - {"__init__"} == placed


def test_no_module_is_longer_than_400_lines():
    product = [path for path in CODE if path.relative_to(ROOT).parts[0] in ("workbook", "tools")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in product}
    assert [name for name, length in lengths.items() if length > 400] == []


def test_R35_no_code_of_ours_reads_or_writes_pickles():
    found = []
    for path in [*CODE, *SAMPLES_CODE]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += ["pickle"] if isinstance(node, ast.Attribute) and node.attr in ("read_pickle", "to_pickle") else []
            names += ["pickle"] if isinstance(node, ast.keyword) and node.arg == "allow_pickle" else []
            found += [f"{path.name}:{name}" for name in names if name.split(".")[0] in RUNS_FOREIGN_CODE]
    assert found == []


def _says(pattern: str, *, besides: tuple[str, ...] = ()) -> list[str]:
    files = [path for path in [*CODE, *SAMPLES_CODE, *PAGES, *OTHER] if path.exists() and path.name not in besides]
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:90]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]


def test_nothing_is_left_for_later():
    assert _says(r"\b(TODO|FIXME|HACK)\b|NotImplementedError|[Ll]orem ipsum", besides=("test_repository.py",)) == []


def test_no_test_is_skipped_or_expected_to_fail_but_for_a_missing_browser_or_the_published_figures():
    allowed = ("test_repository.py", "conftest.py", "test_real_figures.py")
    assert _says(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b", besides=allowed) == []


def test_no_machine_path_and_no_package_registry_is_named():
    pattern = r"(?<![\w.~$])/(work|root|tmp|home)/\w|files\.pythonhosted|pypi\.org|session tools"
    assert _says(pattern, besides=("test_repository.py",)) == []
    assert re.search(r"https?://", (ROOT / "requirements.lock").read_text()) is None


def test_make_knows_every_target_the_documents_name():
    targets = [
        "demo",
        "test",
        "app",
        "lab",
        "bench",
        "scoreboard",
        "check",
        "quality",
        "setup",
        "format",
        "environment",
    ]
    for target in targets:
        ran = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [target for target in targets if f"  make {target} " not in listed] == []


def test_the_ci_entry_stops_at_the_first_fault_requires_a_browser_and_runs_every_check():
    script = (ROOT / ".ci" / "run").read_text()
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert [
        part
        for part in ("set -euo pipefail", "WORKBOOK_REQUIRE_BROWSER=1", "make quality", "make test")
        if part not in script
    ] == []
