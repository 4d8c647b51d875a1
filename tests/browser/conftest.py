"""One JupyterLab and one Chromium for all browser tests.

A test asks for `lab`, opens a notebook in it and gets a `Sheet`: run all cells, wait, look, take a screenshot. Everything
listens on 127.0.0.1 with settings of its own, and every request that would leave the machine is recorded and refused.
Screenshots go to the folder in LABKIT_SHOTS, or to a temporary one.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, Route

PATIENCE_MS = 90_000
"""How long a test waits for something that will come: a slow machine is no failure."""

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def stays_here(url: str) -> bool:
    """Whether a request for this address stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about", "file") or parts.hostname == "127.0.0.1"


@dataclass
class Sheet:
    """A page in the browser, and what it asked of the world outside."""

    page: Page
    context: BrowserContext
    shots: Path
    outside: list[str] = field(default_factory=list)
    """Addresses on other machines that the page asked for; they were refused."""
    errors: list[str] = field(default_factory=list)
    """What JavaScript threw."""
    notebook: str = ""
    """The notebook's name in the server's root folder."""

    def part(self, testid: str, nth: int = 0) -> Locator:
        """The element that a view marked for tests: part("timeline-scrub")."""
        return self.page.get_by_test_id(testid).nth(nth)

    def run_all(self) -> None:
        """Run every cell of a notebook that has not run yet, and wait until the last has ended, or one has failed.

        # Race: the command's promise may be settled before the first cell has begun; the cells themselves know better.
        """
        self.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(
            """() => {
                const cells = window.jupyterapp.shell.currentWidget.context.model.toJSON().cells;
                const code = cells.filter((c) => c.cell_type === 'code' && c.source.trim());
                const failed = (c) => c.outputs.some((o) => o.output_type === 'error')
                    && !(c.metadata.tags ?? []).includes('raises-exception');
                return code.every((c) => c.execution_count !== null) || code.some(failed);
            }""",
            timeout=PATIENCE_MS,
        )
        self.wait_idle()

    def wait_idle(self) -> None:
        """Wait until the Jupyter kernel has nothing to do."""
        self.page.wait_for_function(
            "() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"
            " && ![...document.querySelectorAll('.jp-InputPrompt')].some((p) => p.textContent.includes('[*]'))",
            timeout=PATIENCE_MS,
        )

    def cells(self) -> list[dict[str, Any]]:
        """The notebook's cells as they would be saved, whether they are on the screen or not."""
        made: dict[str, Any] = self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.model.toJSON()")
        return list(made["cells"])

    def failures(self) -> list[str]:
        """What went wrong in cells that should not fail: error outputs, and what was written to stderr."""
        return [
            f"{cell['id']}: {output.get('evalue') or output.get('text')}"
            for cell in self.cells()
            if "raises-exception" not in cell["metadata"].get("tags", [])
            for output in cell.get("outputs", [])
            if output["output_type"] == "error" or output.get("name") == "stderr"
        ]

    def go_to(self, cell: int) -> None:
        """Bring a cell onto the screen: JupyterLab draws only what is near it."""
        self.page.evaluate("(i) => window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", cell)

    def theme(self, name: str) -> None:
        """Change JupyterLab's theme: "light" or "dark"."""
        self.page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {name.title()}"
        )
        self.page.wait_for_selector(f"body[data-jp-theme-light='{str(name == 'light').lower()}']", state="attached")

    def assert_quiet(self) -> None:
        """Nothing was asked of another machine, nothing was thrown."""
        assert self.outside == []
        assert self.errors == []

    def shot(self, name: str) -> Path:
        """Keep a picture of what the page shows."""
        path = self.shots / f"{name}.png"
        self.page.wait_for_timeout(200)  # a frame or two, so that the picture shows what was painted last
        self.page.screenshot(path=path)
        return path


@dataclass
class Lab:
    """A running JupyterLab and the browser before it."""

    url: str
    root: Path
    browser: Browser
    shots: Path
    token: str = ""
    """What an address needs at its end, such as "&token=...", where the server asks for it."""
    sheets: list[Sheet] = field(default_factory=list)

    def sheet(self, width: int = 1280, height: int = 900) -> Sheet:
        """An empty page of that size, cut off from other machines."""
        context = self.browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(PATIENCE_MS)
        sheet = Sheet(context.new_page(), context, self.shots)

        def gate(route: Route) -> None:
            if stays_here(route.request.url):
                route.continue_()
            else:
                sheet.outside.append(route.request.url)
                route.abort()

        context.route("**/*", gate)
        sheet.page.on("websocket", lambda s: None if stays_here(s.url) else sheet.outside.append(s.url))
        sheet.page.on("pageerror", lambda error: sheet.errors.append(str(error)))
        self.sheets.append(sheet)
        return sheet

    def open(self, notebook: Path | list[str], width: int = 1280, height: int = 900) -> Sheet:
        """Open a copy of a notebook file, or a notebook with these code cells, and wait for its Jupyter kernel."""
        if isinstance(notebook, Path):
            name, text = notebook.name, notebook.read_text(encoding="utf-8")
        else:
            name, text = f"cells{len(self.sheets)}.ipynb", json.dumps(notebook_of(notebook))
        (self.root / name).write_text(text, encoding="utf-8")
        return self.show(name, width, height)

    def saved(self, page: str, folder: Path, width: int = 800, height: int = 600) -> tuple[Sheet, FrameLocator]:
        """A view's text/html as a file on a disk, opened without any network; the sheet, and what is in the view's frame."""
        (folder / "static.html").write_text(f"<!doctype html><body>{page}</body>", encoding="utf-8")
        sheet = self.sheet(width, height)
        sheet.context.set_offline(True)
        sheet.page.goto((folder / "static.html").as_uri())
        return sheet, sheet.page.frame_locator("iframe")

    def live(self, *cells: str, width: int = 1280) -> Sheet:
        """A notebook with these cells, run to its end without a failure."""
        sheet = self.open(list(cells), width=width)
        sheet.run_all()
        assert sheet.failures() == []
        return sheet

    def show(self, name: str, width: int = 1280, height: int = 900) -> Sheet:
        """Open a notebook that lies in the server's root folder, and wait for its Jupyter kernel."""
        sheet = self.sheet(width, height)
        sheet.notebook = name
        sheet.page.goto(f"{self.url}/lab/tree/{quote(name)}?reset{self.token}")
        sheet.page.wait_for_selector(".jp-Notebook .jp-Cell")
        # Race: a cell that is run before its notebook knows its Jupyter kernel opens a dialog that asks for one.
        sheet.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )
        sheet.wait_idle()
        return sheet


def notebook_of(cells: list[str]) -> dict[str, Any]:
    """The least notebook with these code cells."""
    made = [
        {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for i, source in enumerate(cells)
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": made, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go."""
    wish = os.environ.get("LABKIT_SHOTS")
    folder = Path(wish) if wish else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, driven by Playwright; nothing is downloaded.

    One for each module, because Playwright keeps an event loop running in the thread: other tests could not start theirs.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[dev]'")
    import shutil

    found = next(path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name)))
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """JupyterLab on a free port of 127.0.0.1 with settings of its own: its address and its root folder."""
    home = tmp_path_factory.mktemp("jupyter")
    root = home / "root"
    root.mkdir()
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    dirs = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}
    env = os.environ | {f"JUPYTER_{key}": str(home / value) for key, value in dirs.items()}
    env |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    options = [
        "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0", "--ip=127.0.0.1",
        "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={root}",
        "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        lab = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], env=env, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/api/status", lab, home / "log")
        yield url, root
    finally:
        lab.terminate()
        try:
            lab.wait(15)
        except subprocess.TimeoutExpired:
            lab.kill()
            lab.wait(15)


def _wait_for(url: str, lab: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; fail with its own words if it ended instead."""
    for _ in range(PATIENCE_MS // 100):
        if lab.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-2000:]}", pytrace=False)


@pytest.fixture(scope="module")
def lab_at(browser: Browser, shots: Path) -> Callable[[str, Path, str], Lab]:
    """How a test that starts a server of its own gets a Lab: lab_at(url, root folder, end of each address)."""
    return lambda url, root, token: Lab(url, root, browser, shots, token)


@pytest.fixture
def lab(server: tuple[str, Path], browser: Browser, shots: Path) -> Iterator[Lab]:
    """JupyterLab for one test; its pages are closed afterwards, its server lives on for the next test."""
    lab = Lab(*server, browser, shots)
    yield lab
    for sheet in lab.sheets:
        sheet.context.close()
    with urllib.request.urlopen(f"{lab.url}/api/sessions", timeout=10) as answer:
        running = [session["id"] for session in json.load(answer)]
    for session in running:
        urllib.request.urlopen(urllib.request.Request(f"{lab.url}/api/sessions/{session}", method="DELETE"), timeout=30).close()
