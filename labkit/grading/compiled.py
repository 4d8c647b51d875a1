"""The way to the workshop: a request for a C program goes out, what the program did comes back."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from labkit.grading.wire import Frames, packed

PATIENCE_S: Final = 90.0
"""A broken workshop takes longer; its first answer may have to wait for labkit's own C files to be compiled."""
ANSWER_MOST: Final = 80 << 20
BEGIN: Final = "import sys; sys.path.insert(0, {root!r}); from labkit.grading.workshop import main; main()"
WITH_IT: Final = ("PATH", "CC", "HOME", "XDG_CACHE_HOME", "LABKIT_CACHE_DIR", "LD_LIBRARY_PATH", "TMPDIR")
"""What the workshop is told of the environment: where a compiler is, and where labkit's cache."""


class Workshop:
    """A process that compiles and runs C, each request in a confined fork of it: see workshop.py. Use it from one thread."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.ended = False

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request: its kind, "value" or a name of asking.FAILURES; state and text tell what went wrong.

        Raises:
            EOFError, OSError: it was ended meanwhile.
        """
        for attempt in (1, 2):
            try:
                return self._ask(request)
            except (OSError, EOFError, ValueError):
                self.close()
                if self.ended or attempt == 2:
                    raise
        raise AssertionError

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.process is None:
            self._begin()
        self.socket.settimeout(PATIENCE_S)
        self.socket.sendall(packed(request))
        while chunk := self.socket.recv(1 << 20):
            if found := self.frames.feed(chunk):
                answer: dict[str, Any] = found[0]
                return answer
        raise EOFError

    def _begin(self) -> None:
        ours, theirs = socket.socketpair()
        self.folder = tempfile.TemporaryDirectory(prefix="labkit-workshop-", ignore_cleanup_errors=True)
        code = BEGIN.format(root=str(Path(__file__).resolve().parents[2]))
        environment = {name: os.environ[name] for name in WITH_IT if name in os.environ} | {
            "LC_ALL": "C.UTF-8",
            "LABKIT_QUIET": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", code, str(theirs.fileno()), self.folder.name], env=environment,
            pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip
        theirs.close()
        self.socket, self.frames = ours, Frames(ANSWER_MOST)

    def end(self) -> None:
        """End it from another thread."""
        self.ended = True
        if (process := self.process) is not None:
            process.kill()

    def close(self) -> None:
        """End it, from the thread that uses it."""
        if self.process is not None:
            self.socket.close()
            self.process.kill()
            self.process.wait()
            self.process = None
            self.folder.cleanup()
