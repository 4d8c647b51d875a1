"""The first files of the guest: busybox, one shell script and three tiny programs, byte for byte the same.

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
BUFFER: Final = 0x500000
"""Where take() keeps what it has read."""
MEMORY: Final = 0x1000000
"""Address space of a tiny program, 16 MB; a page of it that is not touched costs nothing."""

INIT: Final = Path(__file__).with_name("init.sh")


def initramfs(busybox: bytes) -> bytes:
    """The archive: busybox-static's program, init.sh, and what init.sh needs to talk with QEMU."""
    folder, program = 0o40755, 0o100755
    return _cpio(
        [
            *((name, folder, b"") for name in ("bin", "dev", "proc", "sys", "tmp")),
            ("bin/busybox", program, busybox),
            ("bin/stop", program, write_port(STOP_PORT, 1)),
            ("bin/leave", program, write_port(LEAVE_PORT, LEAVE_VALUE)),
            ("bin/take", program, take()),
            ("init", program, INIT.read_bytes()),
        ]
    )


def lean_initramfs(busybox: bytes, runner: bytes, helper: bytes) -> bytes:
    """The archive of the guest that kernel.hunt() runs modules in: no shell at work, see lean.py."""
    folder, program = 0o40755, 0o100755
    folders = ((name, folder, b"") for name in ("bin", "dev", "proc", "sys", "tmp"))
    return _cpio([*folders, ("bin/busybox", program, busybox), ("perturb.ko", 0o100644, helper), ("init", program, runner)])


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
    return _elf(code)


def pack(orders: bytes, module: bytes) -> bytes:
    """What take() unpacks in the guest."""
    return struct.pack("<I", len(orders)) + orders + module


def take() -> bytes:
    """A whole x86-64 Linux program: read what QEMU got as -initrd, write the orders to fd 1 and the module to fd 2.

    Why: a resumed guest finds another -initrd in its firmware than the one it booted with, because QEMU reads that file
    anew. Two I/O ports give it (QEMU 7.2, docs/specs/fw_cfg.txt: selector 0x510, data 0x511, keys 0x0b size and 0x12
    data). Linux's own driver for it, a module, would cost each run 80 ms.
    """

    def mov(register: int, value: int) -> bytes:
        return bytes([register]) + struct.pack("<I", value)

    def load(register: bytes, address: int) -> bytes:
        return b"\x8b" + register + b"\x25" + struct.pack("<I", address)

    eax, ecx, edx, esi, edi = 0xB8, 0xB9, 0xBA, 0xBE, 0xBF
    from_eax, from_ecx, from_edx, syscall = b"\x04", b"\x0c", b"\x14", b"\x0f\x05"
    write = mov(eax, 1) + syscall
    code = mov(edi, 0x510) + mov(esi, 2) + mov(edx, 1) + mov(eax, 173) + syscall  # ioperm(0x510, 2, 1)
    code += mov(edx, 0x510) + b"\x66\xb8\x0b\x00" + b"\x66\xef" + b"\xff\xc2"  # mov ax, 0x0b; out dx, ax; inc edx
    code += mov(edi, BUFFER) + mov(ecx, 4) + b"\xf3\x6c" + b"\xff\xca"  # rep insb: the size; dec edx
    code += b"\x66\xb8\x12\x00" + b"\x66\xef" + b"\xff\xc2"  # mov ax, 0x12; out dx, ax; inc edx
    code += load(from_ecx, BUFFER) + b"\xf3\x6c"  # rep insb: the data, behind the size
    code += mov(edi, 1) + mov(esi, BUFFER + 8) + load(from_edx, BUFFER + 4) + write  # write(1, orders, their length)
    code += mov(edi, 2) + mov(esi, BUFFER + 8) + load(from_eax, BUFFER + 4) + b"\x01\xc6"  # add esi, eax
    code += load(from_edx, BUFFER) + b"\x29\xc2" + b"\x83\xea\x04" + write  # sub edx, eax; sub edx, 4: write(2, module, rest)
    return _elf(code + b"\x31\xff" + mov(eax, 60) + syscall)  # exit(0)


def _elf(code: bytes) -> bytes:
    """A static program of this code, with zeroed memory behind it."""
    base, head = 0x400000, 64 + 56
    size = head + len(code)
    magic = b"\x7fELF\x02\x01\x01" + bytes(9)
    elf = magic + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, base + head, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 7, 0, base, base, size, MEMORY, 0x1000)
    return elf + segment + code


def _cpio(files: list[tuple[str, int, bytes]]) -> bytes:
    out = bytearray()
    for inode, (name, mode, data) in enumerate([*files, ("TRAILER!!!", 0, b"")], 1):
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        out += b"070701" + "".join(f"{field:08x}" for field in fields).encode() + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return bytes(out)
