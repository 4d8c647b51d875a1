"""Records of /dev/kmsg survive writing and reading, and dmesg() prints what util-linux's dmesg prints.

The oracle is the real tool. It reads /dev/kmsg record by record, so a small library in front of it answers open and read
from a file, and says when the machine booted; --file will not do, it takes the older format of syslog(2).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import LabError
from labkit.kmsg import (
    FACILITIES,
    LEVELS,
    Record,
    dmesg,
    dmesg_options,
    escape,
    facility_number,
    format_kmsg,
    level_number,
    parse_kmsg,
    unescape,
)  # fmt: skip

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static FILE *log_file;
static int log_fd = -1;
static int open_any(const char *path, int flags, int mode) {
    if (strcmp(path, "/dev/kmsg") == 0)
        return log_fd = fileno(log_file = fopen(getenv("LAB_KMSG"), "r"));
    return ((int (*)(const char *, int, int))dlsym(RTLD_NEXT, "open64"))(path, flags, mode);
}
int open(const char *path, int flags, int mode) { return open_any(path, flags, mode); }
int open64(const char *path, int flags, int mode) { return open_any(path, flags, mode); }
int __open_2(const char *path, int flags) { return open_any(path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_any(path, flags, 0); }
ssize_t read(int fd, void *buffer, size_t size) {
    if (fd != log_fd)
        return ((ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read"))(fd, buffer, size);
    char *line = NULL;
    size_t room = 0;
    ssize_t length = getline(&line, &room, log_file);
    if (length <= 0) { errno = EAGAIN; return -1; }
    memcpy(buffer, line, (size_t)length < size ? (size_t)length : size);
    free(line);
    return length;
}
int gettimeofday(struct timeval *tv, void *zone) {
    tv->tv_sec = atol(getenv("LAB_BOOT_S"));
    tv->tv_usec = 0;
    return 0;
}
int clock_gettime(clockid_t clock, struct timespec *ts) { ts->tv_sec = ts->tv_nsec = 0; return 0; }
"""

Oracle = Callable[..., str]


@pytest.fixture(scope="module")
def util_linux(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    """The real dmesg, reading the records it is given; skips with a remedy where it is not the one we follow."""
    program = shutil.which("dmesg")
    words = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout if program else ""
    version = re.search(r"util-linux (\d+)\.(\d+)", words)
    if program is None or not version or not (2, 38) <= (int(version[1]), int(version[2])) < (2, 40):
        here = words.strip() or "none"
        why = f"dmesg of util-linux 2.38 or 2.39 not found (here: {here}): run this on Debian 12 (apt install util-linux)"
        (pytest.fail if "linux" in os.environ.get("LABKIT_REQUIRE", "").split(",") else pytest.skip)(why)
    folder = tmp_path_factory.mktemp("dmesg")
    (folder / "shim.c").write_text(SHIM, encoding="ascii")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "shim.so", "shim.c", "-ldl"], cwd=folder, check=True, timeout=60)

    def ask(records: list[Record], options: list[str], boot_s: int = 0, zone: str = "UTC", locale: str = "C") -> str:
        (folder / "kmsg").write_text("".join(format_kmsg(r) + "\n" for r in records), encoding="ascii")
        env = {"LD_PRELOAD": str(folder / "shim.so"), "LAB_KMSG": str(folder / "kmsg"), "LAB_BOOT_S": str(boot_s)}
        call = [program, "--nopager", *options]
        done = subprocess.run(call, env={"TZ": zone, "LC_ALL": locale, **env}, capture_output=True, timeout=20, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode("utf-8", "surrogateescape")

    return ask


real = pytest.mark.requires("linux", "cc")

PLAIN = st.text(st.sampled_from("ab \n\t\\:'\"<[\x1b\x7fé→"), max_size=12)
ANYTHING = st.binary(max_size=40).map(lambda b: b.replace(b"\0", b"").decode("utf-8", "surrogateescape"))
"""Any bytes but NUL: C's strings end there, so the kernel never prints one."""
TIMES_US = st.one_of(st.integers(0, 10**8), st.integers(0, 10**12))


def records(facilities: list[int], texts: st.SearchStrategy[str] = PLAIN | ANYTHING) -> st.SearchStrategy[list[Record]]:
    """A few records, their times in any order: two CPUs may print so."""
    one = st.builds(Record, st.integers(0, 7), st.sampled_from(facilities), st.just(0), TIMES_US, st.sampled_from("-c"), texts)
    return st.lists(one, min_size=1, max_size=5)


STAMPS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"time": "none"}, ["-t"]),
    ({"time": "notime"}, ["--time-format", "notime"]),
    ({"time": "ctime"}, ["-T"]),
    ({"time": "delta"}, ["--time-format", "delta"]),
    ({"time": "reltime"}, ["-e"]),
    ({"human": True}, ["-H"]),
    ({"time": "iso"}, ["--time-format", "iso"]),
    ({"delta": True}, ["-d"]),
    ({"delta": True, "time": "none"}, ["-d", "-t"]),
    ({"delta": True, "time": "ctime"}, ["-d", "-T"]),
    ({"delta": True, "time": "reltime"}, ["-d", "-e"]),
    ({"delta": True, "time": "iso"}, ["-d", "--time-format", "iso"]),
]
OTHERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"decode": True}, ["-x"]),
    ({"force_prefix": True}, ["-p"]),
    ({"noescape": True}, ["--noescape"]),
    ({"kernel": True}, ["-k"]),
    ({"userspace": True}, ["-u"]),
    ({"levels": "err,warn"}, ["-l", "err,warn"]),
    ({"levels": [6, "DEBUG"]}, ["-l", "6,DEBUG"]),
    ({"facilities": "user,daemon"}, ["-f", "user,daemon"]),
]
BOOTS_S = [0, 86_400, 1_700_000_000, 1_704_067_200, 1_732_358_597]
"""When the machine booted; the fourth is midnight of a January 1, which util-linux takes for the minute before."""


def together(choices: list[tuple[dict[str, Any], list[str]]]) -> tuple[dict[str, Any], list[str]]:
    """Several options as ours and as the tool's."""
    ours: dict[str, Any] = {}
    for keywords, _ in choices:
        ours |= keywords
    return ours, [word for _, words in choices for word in words]


def subsets(options: list[tuple[dict[str, Any], list[str]]]) -> st.SearchStrategy[list[tuple[dict[str, Any], list[str]]]]:
    """A few of the options, of which no two set the same."""
    return st.lists(st.sampled_from(options), max_size=4, unique_by=lambda option: next(iter(option[0])))


@real
@settings(deadline=None, max_examples=150)
@given(records([0, 1, 3, 10]), st.sampled_from(STAMPS), subsets(OTHERS), st.sampled_from(BOOTS_S), st.booleans())
def test_dmesg_prints_what_util_linux_prints(
    util_linux: Oracle, log: list[Record], stamp: Any, others: Any, boot_s: int, east: bool
) -> None:
    ours, theirs = together([stamp, *others])
    zone = timezone(timedelta(hours=5, minutes=30) if east else timedelta(0))
    wanted = util_linux(log, theirs, boot_s, "XYZ-5:30" if east else "UTC")
    assert dmesg(log, boot_time_s=boot_s, zone=zone, **ours) == wanted


@real
@settings(deadline=None, max_examples=60)
@given(records([0]), subsets(OTHERS[1:]))
def test_raw_output_is_util_linuxs(util_linux: Oracle, log: list[Record], others: Any) -> None:
    ours, theirs = together(others)
    assert dmesg(log, raw=True, **ours) == util_linux(log, ["-r", *theirs])


@real
@settings(deadline=None, max_examples=60)
@given(records([0, 1, 3, 10]), st.sampled_from(STAMPS), subsets(OTHERS[1:]))
def test_json_is_util_linuxs(util_linux: Oracle, log: list[Record], stamp: Any, others: Any) -> None:
    ours, theirs = together([stamp, *others])
    assert dmesg(log, json=True, decode=True, **ours) == util_linux(log, ["-J", "-x", *theirs])


@real
@settings(deadline=None, max_examples=60)
@given(records([0], st.text(st.sampled_from("ab\n\x1b\x7f\x85\xa0\u2028é→字😀\udcff"), max_size=12)), st.booleans())
def test_utf8_terminals_are_shown_what_util_linux_shows(util_linux: Oracle, log: list[Record], stamped: bool) -> None:
    options = ["-p"] if stamped else []
    assert dmesg(log, utf8=True, force_prefix=stamped) == util_linux(log, options, locale="C.UTF-8")


@given(records(list(range(len(FACILITIES))), PLAIN | ANYTHING | st.text()))
def test_records_survive_the_way_through_dev_kmsg(log: list[Record]) -> None:
    assert parse_kmsg("".join(format_kmsg(r) + "\n" for r in log)) == log


@given(st.text() | ANYTHING)
def test_escapes_leave_printable_ascii_and_lose_nothing(text: str) -> None:
    line = escape(text)
    assert line.isascii()
    assert line.isprintable()
    assert unescape(line) == text


@given(records([0, 1]))
def test_json_is_json_with_the_true_priority(log: list[Record]) -> None:
    said = dmesg(log, json=True)
    messages = json.loads(said)["dmesg"] if said else []
    assert [(m["pri"], m["msg"]) for m in messages] == [(r.priority, r.text) for r in log if r.text]


KEXP = "6,351,1364787,-;kexp: two\\x0alines\n SUBSYSTEM=test\n DEVICE=+x\n12,352,1449007,c,caller=T1;a\\x5cb \\xc3\\xa9\n"


def test_a_record_is_read_field_by_field() -> None:
    first, second = parse_kmsg(KEXP)
    assert first == Record(6, 0, 351, 1364787, "-", "kexp: two\nlines")
    assert second == Record(4, 1, 352, 1449007, "c,caller=T1", "a\\b é")


def test_what_is_no_record_is_refused_or_passed_over() -> None:
    with pytest.raises(LabError, match="line 2 is no /dev/kmsg record: 'Booting'"):
        parse_kmsg("6,1,1,-;a\nBooting\n")
    assert [r.text for r in parse_kmsg("\rBooting\n6,1,1,-;a\r\n6,2,1", strict=False)] == ["a"]


def test_records_print_as_dmesg_shows_them() -> None:
    log = parse_kmsg(KEXP)
    assert str(log) == "[    1.364787] kexp: two\n               lines\n[    1.449007] a\\b \\xc3\\xa9"
    assert str(log[0]) == "[    1.364787] kexp: two\n               lines"
    assert log.dmesg(time="none", userspace=True) == "a\\b \\xc3\\xa9\n"


def test_raw_shows_who_spoke_and_how_bad_it_is() -> None:
    assert dmesg(parse_kmsg(KEXP), raw=True, userspace=True) == "<12>[    1.449007] a\\b \\xc3\\xa9\n"


def test_wall_time_counts_the_boot_time_to_the_microsecond() -> None:
    log = [Record(6, 0, 0, 1, "-", "a")]
    assert dmesg(log, time="iso", boot_time_s=1.999999) == "1970-01-01T00:00:02,000000+00:00 a\n"
    assert dmesg(log, time="ctime", boot_time_s=1.999999) == "[Thu Jan  1 00:00:02 1970] a\n"


def test_stamps_grow_when_five_places_no_longer_hold_the_seconds() -> None:
    log = [Record(6, 0, 0, s * 10**6, "-", "a\nb") for s in (99_999, 100_000)]
    assert dmesg(log) == "[99999.000000] a\n               b\n[100000.000000] a\n                b\n"


@pytest.mark.parametrize("level", range(8))
def test_levels_are_a_set_and_no_threshold(level: int) -> None:
    log = [Record(n, 0, n, n, "-", LEVELS[n]) for n in range(8)]
    assert dmesg(log, time="none", levels=[level]) == dmesg(log, time="none", levels=LEVELS[level]) == f"{LEVELS[level]}\n"


@pytest.mark.parametrize("options", [{"decode": True}, {"time": "ctime"}, {"delta": True}, {"human": True}, {"time": "none"}])
def test_raw_excludes_what_would_change_it(options: dict[str, Any]) -> None:
    with pytest.raises(LabError, match="mutually exclusive arguments: --raw --"):
        dmesg([], raw=True, **options)


def test_unknown_words_are_refused_with_the_known_ones() -> None:
    with pytest.raises(LabError, match=r"unknown level 'err\+'.*not a threshold"):
        dmesg([], levels="err+")
    with pytest.raises(LabError, match="unknown facility 'kernel'; there are kern, user"):
        dmesg([], facilities="kernel")
    with pytest.raises(LabError, match="unknown time format: utc; choose one of default"):
        dmesg([], time="utc")
    assert (level_number("warn"), facility_number("LOCAL7")) == (4, 23)


@given(st.sampled_from(STAMPS), subsets(OTHERS))
def test_a_command_line_says_what_the_keywords_say(stamp: Any, others: Any) -> None:
    log = parse_kmsg(KEXP)
    ours, theirs = together([stamp, *[o for o in others if "levels" not in o[0]]])
    assert log.dmesg(" ".join(theirs)) == dmesg(log, **ours)


def test_options_may_be_written_together() -> None:
    wanted = {"decode": True, "time": "none", "levels": "err,warn"}
    for words in ("-xt -l err,warn", "-xtl err,warn", "-xtlerr,warn", "--decode --notime --level=err,warn"):
        assert dmesg_options(words) == wanted


def test_options_that_do_not_exist_are_refused() -> None:
    with pytest.raises(LabError, match="unrecognized option '-y'"):
        dmesg_options("-xy")
    with pytest.raises(LabError, match="option '-l' requires an argument"):
        dmesg_options("-x -l")
