"""Start JupyterLab on a student's work folder, on this machine and for this machine only."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any, Final

from labkit.course.progress import PROGRESS_DIR_VARIABLE
from labkit.course.syllabus import COURSE_DIR_VARIABLE, Course
from labkit.course.timelimit import on_ctrl_c
from labkit.course.work import START, Change, update_work
from labkit.errors import LabError

_QUIET: Final = (
    # Nothing leaves the machine: no news, no look for a newer version, no list of extensions.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--KernelManager.transport_encryption=auto",
    "--ServerApp.ip=127.0.0.1",
    "--Application.log_level=ERROR",
    # Ctrl-C stops at once; everything is saved by then, and a question in the terminal is easily overlooked.
    "--ServerApp.answer_yes=True",
)


def start_lab(course: Course, work: Path, port: int, browser: bool) -> None:
    """Bring the work folder up to date, print where to look, and serve until Ctrl-C."""
    try:
        from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]
    except ImportError:
        raise LabError(
            f"JupyterLab is not installed for {sys.executable}; `make lab` installs it, or pip install labkit[course]"
        ) from None
    for change in update_work(course, work):
        print(told(change))
    (work / ".labkit").mkdir(exist_ok=True)
    os.environ[COURSE_DIR_VARIABLE] = str(course.root.resolve())
    os.environ[PROGRESS_DIR_VARIABLE] = str((work / ".labkit").resolve())
    _settings(work / ".labkit" / "jupyter")
    token = secrets.token_urlsafe(24)
    options = [*_QUIET, f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={work.resolve()}", f"--ServerApp.port={port}"]
    options += [f"--ServerApp.open_browser={browser}", f"--LabApp.default_url=/lab/tree/{START}"]
    if os.geteuid() == 0:
        # Why: in a container everybody is root, and Jupyter would refuse to start.
        options.append("--ServerApp.allow_root=True")
    server: Any = LabApp.initialize_server(argv=options)
    where = f"http://127.0.0.1:{server.port}/lab/tree/{START}?token={token}"
    # Why: the loop's first step binds the port; only after it does the address answer.
    server.io_loop.add_callback(print, f"The course is open at\n\n    {where}\n\nCtrl-C stops it.", flush=True)
    on_ctrl_c(server.io_loop.asyncio_loop, server.stop)
    server.start()


def _settings(folder: Path) -> None:
    """Set what the course wants of JupyterLab; the student's own settings come before these.

    No question whether it may fetch news, and pictures that are still there when a saved notebook is opened again.
    """
    config = folder / "labconfig"
    config.mkdir(parents=True, exist_ok=True)
    page = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (config / "page_config.json").write_text(json.dumps(page) + "\n", encoding="utf-8")
    settings = {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}
    (config / "default_setting_overrides.json").write_text(json.dumps(settings) + "\n", encoding="utf-8")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        filter(None, [str(folder.resolve()), os.environ.get("JUPYTER_CONFIG_PATH")])
    )


def told(change: Change) -> str:
    """A change of the work folder in a sentence."""
    if change.beside:
        return f"{change.file}: yours is kept as you left it; the course's new version lies beside it as {change.beside}"
    return f"{change.file}: {change.what}"
