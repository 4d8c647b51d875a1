"""Ctrl-C in the middle: of a run, and of a setup. Nothing is left running, what was fetched stays, and a sentence says so."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from labkit.qemu.fetch import Apt
from tests.qemu import modules


@pytest.mark.requires("kernel")
def test_ctrl_c_during_a_run_ends_the_guest(tmp_path: Path) -> None:
    """The log is watched, so that the interrupt comes while the module is at work, and not before."""
    source = modules.module('pr_info("at work\\n"); msleep(1000000); return 0;')
    program = (
        "from labkit import qemu\n"
        "try:\n"
        f"    qemu.boot().run_module({source!r}, timeout_s=600, limit_s=600,\n"
        "        watch=lambda line: print('live', flush=True) if 'at work' in line else None)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    env = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=env) as child:
        assert child.stdout is not None
        lines = iter(child.stdout)
        assert "live\n" in lines, "the log is read from outside, or the guest never came so far"
        (guest,) = tmp_path.glob("labkit-vm-*")
        child.send_signal(signal.SIGINT)
        assert list(lines) == ["interrupted\n"]
        assert child.wait() == 0
    assert not guest.exists()
    assert processes_below(guest) == []


def processes_below(folder: Path) -> list[str]:
    """Processes that have this folder on their command line: QEMU writes into it."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = each.read_text()
        except OSError:
            continue
        if str(folder) in text and "qemu-system" in text.split("\0")[0]:
            found.append(text)
    return found


def test_ctrl_c_during_a_setup_says_that_nothing_is_lost(tmp_path: Path) -> None:
    """apt here knows one package of each kind, and fetches until somebody stops it."""
    tools = tmp_path / "bin"
    tools.mkdir()
    apt = f"""#!/bin/sh
        case "$*" in
        *"policy"*) ;;
        *"depends linux-image-cloud-amd64") echo '  Depends: linux-image-1-cloud-amd64' ;;
        *"depends linux-headers-cloud-amd64") echo '  Depends: linux-headers-1-cloud-amd64' ;;
        *"depends "*) echo '  Depends: linux-kbuild-6.1' ;;
        *"--print-uris"*) shift 2; for name; do echo "'x' ${{name}}_1.deb 1 SHA256:{"0" * 64}"; done ;;
        *"download"*) echo $$ > {tmp_path}/fetching; exec sleep 600 ;;
        esac\n"""
    for tool in ("apt-get", "apt-cache", "dpkg"):
        (tools / tool).write_text(apt, encoding="utf-8")
        (tools / tool).chmod(stat.S_IRWXU)
    env = os.environ | {"PATH": f"{tools}:/usr/bin:/bin", "LABKIT_CACHE_DIR": str(tmp_path / "cache")}
    call = [sys.executable, "-m", "labkit", "kernel", "setup"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env) as child:
        fetching = tmp_path / "fetching"
        while not (fetching.exists() and fetching.read_text().strip()):
            assert child.poll() is None, child.communicate()[0]
            threading.Event().wait(0.01)
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate()
    assert child.returncode == 1
    assert "what has arrived is kept" in said.replace("\n", " ")
    assert "Traceback" not in said
    assert not Path(f"/proc/{fetching.read_text().strip()}").exists(), "apt goes on behind the user's back"


def test_ctrl_c_while_apt_is_being_started_ends_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interrupt comes when apt runs already, and its starter does not know it yet."""
    started = []

    class Late(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, call: list[str], **options: Any) -> None:
            super().__init__(["sleep", "600"], **options)
            started.append(self)
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(0.2)

    monkeypatch.setattr(subprocess, "Popen", Late)
    with pytest.raises(KeyboardInterrupt):
        Apt(tmp_path)._fetch(["linux"], tmp_path, lambda: None)
    (apt,) = started
    assert apt.returncode is not None, "apt goes on behind the user's back"
