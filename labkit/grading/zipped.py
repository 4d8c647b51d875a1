"""A zip file that somebody else has made: what is in it, and each member when it is wanted, in memory and within limits."""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Final

from labkit.grading.notebookfile import BYTES_MOST, NotReadable, too_large

MEMBERS_MOST: Final = (20_000, 200)
"""Files in a zip file: of a class, and of one student inside it."""
ZIP_DEPTH_MOST: Final = 1
"""A zip file of zip files is what some LMS gives; another one inside is no submission."""
DIRECTORY_MOST: Final = 16 << 20
"""Bytes of a zip file's table of contents, which is read as a whole."""
RATIO_MOST: Final = 200
"""How much smaller a notebook gets in a zip file: 10 times, perhaps 30. A bomb: 1,000 times."""
NO_BOMB: Final = 1 << 20
READ: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip
SKIPPED: Final = ("__MACOSX",)


@dataclass(frozen=True)
class Found:
    """A file as it was found: its path below the place, how to read it, or why that cannot be done."""

    path: PurePosixPath
    fetch: Callable[[], bytes] = bytes
    trouble: str = ""
    when: datetime | None = None


def in_zip(stream: IO[bytes], path: PurePosixPath, depth: int, again: Callable[[], IO[bytes]]) -> Iterator[Found]:
    """What is in a zip file. To read a member later, the zip file is opened again."""
    try:
        if (size := _directory_size(stream)) > DIRECTORY_MOST:
            yield Found(path, trouble=f"the zip file's table of contents has {size >> 20} MB: hand in the notebook alone")
            return
        with zipfile.ZipFile(stream) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) > (most := MEMBERS_MOST[depth]):
                yield Found(path, trouble=f"the zip file holds {len(members):,} files; at most {most:,} are read")
                return
            for member in members:
                if (below := _inside(path, member)) is not None:
                    yield from _member(member, below, depth, again)
    except BROKEN as error:
        yield Found(path, trouble=f"the zip file cannot be read, so make it again: {_short(error)}")


def _directory_size(stream: IO[bytes]) -> int:
    """Bytes of a zip file's table of contents, by its last record; 0 if there is none."""
    end = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, end - (1 << 16) - 22))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        return 0
    size = int(struct.unpack("<I", tail[at + 12 : at + 16])[0])
    wide = tail.rfind(b"PK\6\6")
    return int(struct.unpack("<Q", tail[wide + 40 : wide + 48])[0]) if wide >= 0 and len(tail) >= wide + 48 else size


def _inside(path: PurePosixPath, member: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where a member stands below the zip file's name; None if it is nobody's work."""
    parts = [part for part in PurePosixPath(member.filename.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    if not parts or any(part in SKIPPED or part.startswith(".") for part in parts):
        return None
    return path.with_suffix("") / PurePosixPath(*parts)


def _member(member: zipfile.ZipInfo, path: PurePosixPath, depth: int, again: Callable[[], IO[bytes]]) -> Iterator[Found]:
    suffix, when = path.suffix.lower(), when_of(*member.date_time)
    fetch = partial(_unpacked, again, member)
    if suffix not in (".ipynb", ".zip"):
        yield Found(path, when=when)
    elif trouble := _refused(member):
        yield Found(path, trouble=trouble, when=when)
    elif suffix == ".ipynb":
        yield Found(path, fetch, when=when)
    elif depth >= ZIP_DEPTH_MOST:
        yield Found(path, trouble="it is a zip file in a zip file in a zip file: hand in the notebook alone", when=when)
    else:
        try:
            inner = io.BytesIO(fetch())
        except NotReadable as error:
            yield Found(path, trouble=str(error), when=when)
        else:
            for each in in_zip(inner, path, depth + 1, lambda: io.BytesIO(fetch())):
                yield replace(each, when=when)


def _refused(member: zipfile.ZipInfo) -> str:
    """Why this member is not unpacked; "" if it may be."""
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if ".." in name.parts or name.is_absolute() or re.match(r"[A-Za-z]:", member.filename):
        return f"the zip file names it {_short(member.filename)!r}, a place outside of it"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "in the zip file it is a link, and links are not followed"
    if member.flag_bits & 1:
        return "it is encrypted: hand it in without a password"
    if member.compress_type not in READ:
        return "it is packed in a way that is not read here: make a plain zip file, or hand in the notebook alone"
    if max(member.file_size, member.compress_size) > BYTES_MOST:
        return too_large(max(member.file_size, member.compress_size))
    if member.file_size > NO_BOMB and member.file_size > RATIO_MOST * max(1, member.compress_size):
        return f"unpacked it is {member.file_size // max(1, member.compress_size):,} times as large, which no notebook is"
    return ""


def _unpacked(again: Callable[[], IO[bytes]], member: zipfile.ZipInfo) -> bytes:
    """A member of a zip file, read now.

    Why by hand: a ZipFile reads the whole table of contents each time, and a class's zip file has thousands of members.
    """
    try:
        with again() as stream:
            stream.seek(member.header_offset)
            mark, name, extra = struct.unpack("<4s22xHH", stream.read(30))
            stream.seek(member.header_offset + 30 + name + extra)
            data = stream.read(member.compress_size)
        if member.compress_type == zipfile.ZIP_DEFLATED:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, BYTES_MOST + 1)
    except BROKEN as error:
        raise NotReadable(f"it cannot be unpacked, so make the zip file again: {_short(error)}") from None
    if len(data) > BYTES_MOST:
        raise NotReadable(f"{too_large(len(data))} (the zip file says {member.file_size:,} bytes)")
    if mark != b"PK\3\4" or len(data) != member.file_size or zlib.crc32(data) != member.CRC:
        raise NotReadable("it was damaged on its way: make the zip file again, and hand it in again")
    return data


def when_of(*told: float) -> datetime | None:
    """A file's date, if it can be one: six numbers, which say no time zone, or seconds since 1970."""
    try:
        return datetime(*map(int, told)) if len(told) == 6 else datetime.fromtimestamp(told[0], UTC)  # type: ignore[arg-type]
    except (ValueError, OverflowError, OSError):
        return None


def _short(what: object) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(what)[:100])
