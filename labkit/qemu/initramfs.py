"""The first files of the guest: busybox, one shell script, one kernel module, and two tiny programs, byte for byte the same.

cpio's "newc" format as the kernel reads it (Linux 6.1, Documentation/driver-api/early-userspace/buffer-format.rst).
Every file belongs to root and has time 0, in a fixed order: the same packages give the same image on every machine.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

STOP_PORT: Final = 0x505
"""QEMU's pvpanic device: with -action panic=pause a write stops the machine within the same instruction."""
LEAVE_PORT: Final = 0x501
"""QEMU's isa-debug-exit device: a write ends QEMU at once."""
LEAVE_VALUE: Final = 0x15
LEAVE_CODE: Final = LEAVE_VALUE << 1 | 1
"""QEMU's exit code after a guest that said goodbye; a panic, a crash or a kill gives another one."""

INIT: Final = Path(__file__).with_name("init.sh")


def initramfs(busybox: bytes, fw_cfg: bytes) -> bytes:
    """The archive: busybox-static's program, the kernel's own qemu_fw_cfg.ko, and init.sh."""
    folder, program, plain = 0o40755, 0o100755, 0o100644
    return _cpio(
        [
            *((name, folder, b"") for name in ("bin", "dev", "proc", "sys", "tmp")),
            ("bin/busybox", program, busybox),
            ("bin/stop", program, write_port(STOP_PORT, 1)),
            ("bin/leave", program, write_port(LEAVE_PORT, LEAVE_VALUE)),
            ("init", program, INIT.read_bytes()),
            ("qemu_fw_cfg.ko", plain, fw_cfg),
        ]
    )


def write_port(port: int, value: int) -> bytes:
    """A whole x86-64 Linux program: ioperm(port, 1, 1), out port, exit(0).

    Why: Debian's cloud kernel has no /dev/port, and busybox cannot write to an I/O port. A program from a compiler would
    make the image depend on the compiler's version; these 46 bytes of machine code do not.
    """
    code = b"\xbf" + struct.pack("<I", port)  # mov edi, port
    code += b"\xbe\x01\0\0\0" + b"\xba\x01\0\0\0"  # mov esi, 1; mov edx, 1
    code += b"\xb8" + struct.pack("<I", 173) + b"\x0f\x05"  # mov eax, ioperm; syscall
    code += b"\xba" + struct.pack("<I", port) + b"\xb0" + bytes([value]) + b"\xee"  # mov edx, port; mov al, value; out dx, al
    code += b"\x31\xff" + b"\xb8" + struct.pack("<I", 60) + b"\x0f\x05"  # xor edi, edi; mov eax, exit; syscall
    base, head = 0x400000, 64 + 56
    size = head + len(code)
    magic = b"\x7fELF\x02\x01\x01" + bytes(9)
    elf = magic + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, base + head, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x1000)
    return elf + load + code


def _cpio(files: list[tuple[str, int, bytes]]) -> bytes:
    out = bytearray()
    for inode, (name, mode, data) in enumerate([*files, ("TRAILER!!!", 0, b"")], 1):
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        out += b"070701" + "".join(f"{field:08x}" for field in fields).encode() + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return bytes(out)
