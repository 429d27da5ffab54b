"""The servers: where they listen, what they are told, and that they end when they are stopped."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.results_builder import build_results
from tests.runner.tiny import PARAMETERS, write_notebook
from workbook.errors import BadArgument
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.publish import publish, work_folder, write_run_file
from workbook.runner.serve import (
    ADDRESS,
    app_command,
    free_port,
    published_run,
    serve,
    server_environment,
    wait_until_open,
    working_copy,
)

SCRIPT = """\
import sys
from pathlib import Path
from workbook.runner import serve
serve.shipped_notebooks = lambda: Path(sys.argv[2])
sys.exit(getattr(serve, sys.argv[3])(sys.argv[1], port=int(sys.argv[4]), browser=False))
"""


@pytest.fixture(scope="module")
def acme(tmp_path_factory) -> Path:
    """out/acme with one published run of tiny notebooks."""
    home = tmp_path_factory.mktemp("serve")
    with work_folder(home / "out", "acme") as work:
        run = work / "run"
        run.mkdir()
        for name in NOTEBOOKS:
            write_notebook(run / f"{name}.ipynb", f"print('this is {name}')", parameters=PARAMETERS)
        (run / "evidence.json").write_text("{}\n")
        build_results().dump(run / "results.json")
        write_run_file(run, {"client": "acme"})
        publish(run, home / "out", "acme", "abc")
    return home / "out" / "acme"


def _get(url: str, headers: Mapping[str, str] = MappingProxyType({})) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _listening(port: int) -> None:
    """Wait until somebody listens on the port."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((ADDRESS, port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("nobody listens")


def _start(acme: Path, what: str, port: int) -> subprocess.Popen:
    command = [sys.executable, "-c", SCRIPT, str(acme), str(acme / "current"), what, str(port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_the_app_answers_on_this_machine_says_where_and_ends_when_interrupted(acme):
    port = free_port()
    server = _start(acme, "serve", port)
    try:
        lines = iter(server.stdout.readline, "")
        said = next(line for line in lines if line.startswith("The app is at"))
        assert said == f"The app is at http://{ADDRESS}:{port}/  (Ctrl-C ends it)\n"
        status, page = _get(f"http://{ADDRESS}:{port}/voila/render/start.ipynb")
        assert status == 200
        assert '<main id="wb-main"' in page
        assert [word for word in ("evidence_path", "Traceback", str(acme)) if word in page] == []
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
    assert server.returncode == 0
    with pytest.raises(urllib.error.URLError):
        _get(f"http://{ADDRESS}:{port}/")


def test_behind_a_proxy_the_app_lives_under_a_path_and_another_name(acme, tmp_path):
    for path in (acme / "current").glob("*.ipynb"):
        shutil.copy(path, tmp_path)
    port = free_port()
    command = app_command(tmp_path, port, base_url="/acme/", hosts=["Diagnostic.Example"])
    server = subprocess.Popen(command, cwd=tmp_path, env=server_environment(published_run(acme)))
    try:
        wait_until_open(server, f"http://{ADDRESS}:{port}/acme/")
        asked = {"Host": "diagnostic.example"}
        status, page = _get(f"http://{ADDRESS}:{port}/acme/voila/render/start.ipynb", asked)
        assert status == 200
        files = re.findall(r'(?:href|src)="(/[^"]+)"', page)
        assert len(files) > 8
        assert {_get(f"http://{ADDRESS}:{port}{file}", asked)[0] for file in files} == {200}
        assert 'data-base-url="/acme/voila/"' in page
        assert _get(f"http://{ADDRESS}:{port}/voila/render/start.ipynb", asked)[0] == 404
        assert _get(f"http://{ADDRESS}:{port}/acme/voila/render/start.ipynb", {"Host": "other.example"})[0] == 403
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_jupyterlab_starts_without_the_packages_we_leave_out_and_wants_a_token(acme):
    port = free_port()
    server = _start(acme, "lab", port)
    try:
        said = next(line for line in iter(server.stdout.readline, "") if f"{ADDRESS}:{port}/lab?token=" in line)
        token = said.strip().rpartition("token=")[2]
        _listening(port)
        assert _get(f"http://{ADDRESS}:{port}/api/contents")[0] == 403
        status, listing = _get(f"http://{ADDRESS}:{port}/api/contents?token={token}")
        assert status == 200
        assert '"start.ipynb"' in listing
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
    assert server.returncode == 0


def test_a_server_is_told_where_the_figures_are_and_not_where_the_client_folder_is(acme, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    run = published_run(acme)
    environment = server_environment(run)
    assert environment["WORKBOOK_EVIDENCE"] == str(run / "evidence.json")
    assert environment["WORKBOOK_RESULTS"] == str(run)
    assert "PYTHONWARNINGS" not in environment
    assert set(environment) - set(os.environ) <= {
        "WORKBOOK_EVIDENCE", "WORKBOOK_RESULTS", "WORKBOOK_SCENARIOS", "JUPYTER_PATH", "PYDEVD_DISABLE_FILE_VALIDATION",
    }  # fmt: skip


def test_the_server_listens_where_it_is_told_for_the_names_it_is_told(tmp_path):
    command = app_command(tmp_path, 8123, viewers=3, base_url="/acme/", hosts=["diagnostic.example"])
    assert command[1:] == [
        "-m", "workbook.runner.app", str(tmp_path), "--port=8123", "--viewers=3", "--base-url=/acme/",
        "--host=diagnostic.example",
    ]  # fmt: skip


def test_a_path_that_no_proxy_uses_is_refused(acme):
    with pytest.raises(BadArgument) as refused:
        serve(acme, base_url="/a b/")
    assert str(refused.value) == ("/a b/: not a path an app can be served under. Use letters, digits, - and _.")


def test_the_working_copy_is_made_once_and_is_the_analysts_to_change(acme):
    copy = working_copy(acme)
    assert sorted(path.name for path in copy.iterdir()) == sorted(
        ["evidence.json", "results.json", *(f"{name}.ipynb" for name in NOTEBOOKS)]
    )
    (copy / "start.ipynb").write_text("mine")
    assert (working_copy(acme) / "start.ipynb").read_text() == "mine"
    assert (published_run(acme) / "start.ipynb").read_text() != "mine"


def test_a_folder_without_a_published_run_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(BadArgument) as refused:
        published_run(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path}: no published run here. Run the client first: workbook run <client folder>."
    )
