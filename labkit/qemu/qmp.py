"""QMP, the language in which QEMU takes commands: one JSON object a line (QEMU 7.2, docs/interop/qmp-spec.txt)."""

from __future__ import annotations

import json
import socket
import time
from typing import Any, Final

from labkit.errors import LabError

QMP_S: Final = 20.0
"""The longest wait for an answer."""


class QmpError(LabError):
    """QEMU refuses a command, or is gone."""


class Qmp:
    """One conversation with QEMU.

    Args:
        channel: our end of a socket pair.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._socket = channel
        self._socket.settimeout(QMP_S)
        self._buffer = b""
        self.events: list[str] = []

    def call(self, command: str, fd: int | None = None, **arguments: Any) -> Any:
        """Give QEMU a command, with a file if it takes one; returns its answer.

        Raises:
            QmpError: QEMU refuses, or is gone.
        """
        line = json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n"
        try:
            socket.send_fds(self._socket, [line], [] if fd is None else [fd])
        except OSError as error:
            raise QmpError(f"QEMU, {command}: {error}") from None
        while True:
            reply = self.reply()
            if "error" in reply:
                raise QmpError(f"QEMU refuses {command}: {reply['error'].get('desc')}")
            if "return" in reply:
                return reply["return"]

    def reply(self) -> dict[str, Any]:
        """The next thing that QEMU says; events are noted."""
        while b"\n" not in self._buffer:
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                raise QmpError(f"no answer in {QMP_S:g} s") from None
            except OSError as error:
                raise QmpError(f"QEMU: {error}") from None
            if not data:
                raise QmpError("QEMU ended")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        reply: dict[str, Any] = json.loads(line)
        if "event" in reply:
            self.events.append(reply["event"])
        return reply

    def wait_event(self, event: str, seconds: float) -> bool:
        """Wait until QEMU tells this event; False when the time is up first."""
        end = time.monotonic() + seconds
        while event not in self.events:
            self._socket.settimeout(max(end - time.monotonic(), 0.001))
            try:
                self.reply()
            except QmpError:
                if time.monotonic() >= end:
                    return False
                raise
            finally:
                self._socket.settimeout(QMP_S)
        return True

    def wait_end(self, seconds: float) -> bool:
        """Wait until QEMU is gone; False when the time is up first. Wakes at once, where a poll of its pid would not."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                self._socket.settimeout(left)
                if not self._socket.recv(65536):
                    return True
        except TimeoutError:
            return False
        except OSError:
            return True
        finally:
            self._socket.settimeout(QMP_S)
        return False

    def close(self) -> None:
        """End the conversation."""
        self._socket.close()
