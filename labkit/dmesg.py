"""What dmesg prints: the options of util-linux's tool, and the text it makes of records.

It follows sys-utils/dmesg.c of util-linux 2.38 (the tests ask the real tool), without colour and pager. Three faults of
2.38, mended in later versions, are not copied: -r and -J show a user's <12> as <5>; wall time drops the part of the boot
time below a second, and so may be a second early; facilities 12 to 23 have no names and slip out of -u.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any, Final

from labkit.errors import LabError

if TYPE_CHECKING:
    from labkit.kmsg import Record

LEVELS: Final = ("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug")
"""Names of the levels 0 to 7; the lower the number, the worse the news (include/linux/kern_levels.h)."""

FACILITIES: Final = (
    ("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp")
    + ("res0", "res1", "res2", "res3")
    + tuple(f"local{i}" for i in range(8))
)
"""Names of the facilities 0 to 23 (syslog.h): who speaks. The kernel is 0; what a user writes to /dev/kmsg is 1 or more."""

TIMES: Final = ("default", "none", "ctime", "delta", "reltime", "iso", "notime", "raw")
"""What dmesg's time= may be; notime and raw are --time-format's words for none and default."""

SWITCHES: Final[dict[str, tuple[str, Any]]] = {
    **dict.fromkeys(("-r", "--raw"), ("raw", True)),
    **dict.fromkeys(("-x", "--decode"), ("decode", True)),
    **dict.fromkeys(("-t", "--notime"), ("time", "none")),
    **dict.fromkeys(("-T", "--ctime"), ("time", "ctime")),
    **dict.fromkeys(("-e", "--reltime"), ("time", "reltime")),
    **dict.fromkeys(("-d", "--show-delta"), ("delta", True)),
    **dict.fromkeys(("-H", "--human"), ("human", True)),
    **dict.fromkeys(("-J", "--json"), ("json", True)),
    **dict.fromkeys(("-k", "--kernel"), ("kernel", True)),
    **dict.fromkeys(("-u", "--userspace"), ("userspace", True)),
    **dict.fromkeys(("-p", "--force-prefix"), ("force_prefix", True)),
    "--noescape": ("noescape", True),
}
"""dmesg's options that stand alone → keyword and value of dmesg()."""

TAKES_LIST: Final = {"-l": "levels", "--level": "levels", "-f": "facilities", "--facility": "facilities", "--time-format": "time"}
"""dmesg's options that are followed by a value → keyword of dmesg()."""


def dmesg(
    records: Iterable[Record],
    raw: bool = False,
    decode: bool = False,
    time: str = "default",
    levels: str | Collection[str | int] = (),
    facilities: str | Collection[str | int] = (),
    json: bool = False,
    human: bool = False,
    boot_time_s: float = 0.0,
    userspace: bool = False,
    kernel: bool = False,
    delta: bool = False,
    force_prefix: bool = False,
    noescape: bool = False,
    utf8: bool = False,
    zone: tzinfo = timezone.utc,  # noqa: UP017 (its name since Python 3.2 reads better in a signature)
) -> str:
    r"""The records as dmesg prints them; each option has dmesg's letter.

    Args:
        records: in order.
        raw: -r, "<6>[    1.449007] text".
        decode: -x, facility and level in words.
        time: "default", "none" (-t), "ctime" (-T), "reltime" (-e), or "delta" and "iso" (--time-format).
        levels: -l, the levels to show: a set such as "err,warn", not a threshold.
        facilities: -f, the facilities to show.
        json: -J.
        human: -H, the same as time="reltime" here.
        boot_time_s: when the machine booted, in seconds since 1970, for ctime, reltime and iso.
        userspace: -u, everything but the kernel's own.
        kernel: -k, the kernel's own.
        delta: -d, the time since the record before, beside the time.
        force_prefix: -p, the stamp before every line of a record that has several.
        noescape: control characters as they are.
        utf8: print what a UTF-8 terminal can; False escapes all but ASCII, as in the locale C.
        zone: time zone for ctime, reltime and iso.

    Raises:
        LabError: options that exclude each other, or a level, facility or time format that does not exist.

    >>> from labkit.kmsg import parse_kmsg
    >>> print(dmesg(parse_kmsg(r"3,7,1364787,-;two\x0alines"), decode=True), end="")
    kern  :err   : [    1.364787] two
                                  lines
    """
    if raw:
        _check_raw(time, decode=decode, show_delta=delta, human=human)
    stamp = Stamp("reltime" if human and time == "default" else time, delta, boot_time_s, zone)
    chosen = _numbers(levels, level_number), _facilities(facilities, kernel, userspace)
    shown = (r for r in records if _shown(r, *chosen))
    if json:
        return _json([_json_entry(r, decode) for r in shown if r.text])
    lines = []
    for r in shown:
        before = f"<{r.priority}>{plain_stamp(r)} " if raw else _words(r, decode)
        stamps = ("", "") if raw or not r.text else stamp(r)
        lines.append(_lines(r.text, before, stamps, force_prefix, noescape, utf8) if r.text else "")
    return "".join(f"{line}\n" for line in lines)


def dmesg_options(words: str) -> dict[str, Any]:
    """dmesg's command line as keyword arguments of dmesg(): "-x -l err,warn".

    Raises:
        LabError: an option that dmesg() does not have, or one without its list.

    >>> dmesg_options("-xT -l err,warn")
    {'decode': True, 'time': 'ctime', 'levels': 'err,warn'}
    """
    given = [part for word in shlex.split(words) for part in _letters(word)]
    found: dict[str, Any] = {}
    rest = iter(given)
    for word in rest:
        if word in SWITCHES:
            keyword, value = SWITCHES[word]
        elif word in TAKES_LIST:
            keyword, value = TAKES_LIST[word], next(rest, None)
        else:
            raise LabError(f"dmesg: unrecognized option '{word}'; there are {', '.join([*SWITCHES, *TAKES_LIST])}")
        if value is None:
            raise LabError(f"dmesg: option '{word}' requires an argument, as in -l err,warn")
        found[keyword] = value
    return found


class Stamp:
    """The time before a record; it remembers the record before, for deltas and for the minute that begins.

    Args:
        time: one of TIMES.
        delta: -d was given.
        boot_time_s: seconds since 1970.
        zone: time zone.

    Raises:
        LabError: there is no such time format.
    """

    def __init__(self, time: str, delta: bool, boot_time_s: float, zone: tzinfo) -> None:
        if time not in TIMES:
            raise LabError(f"unknown time format: {time}; choose one of {', '.join(TIMES)}")
        self.time = {"notime": "none", "raw": "default"}.get(time, time)
        # Why: as util-linux does, -d beside anything but seconds and ctime shows the delta alone; iso ignores it.
        if delta and self.time != "iso":
            self.time = {"default": "default+delta", "ctime": "ctime+delta"}.get(self.time, "delta")
        self.boot_us = round(boot_time_s * 1e6)
        self.zone = zone
        self.last_us = 0
        self.last_minute = (0, 0, 1)  # Why: util-linux starts from zeros; only midnight of January 1 could tell

    def __call__(self, record: Record) -> tuple[str, str]:
        """The stamp of the record's first line, and of the lines after it with -p."""
        since_us = record.time_us - self.last_us if self.last_us else 0
        self.last_us = record.time_us
        when = datetime.fromtimestamp(0, self.zone) + timedelta(microseconds=self.boot_us + record.time_us)
        when = when.astimezone(self.zone)
        ctime = f"{when:%a %b} {when.day:2} {when:%H:%M:%S %Y}"
        gap = f"<{since_us / 1e6:12.6f}>"
        if self.time == "reltime":
            return self._relative(when, since_us), "[  +0.000000] "
        stamp = {
            "none": "",
            "default": f"{plain_stamp(record)} ",
            "default+delta": f"{plain_stamp(record)[:-1]} {gap}] ",
            "delta": f"[{gap}] ",
            "ctime": f"[{ctime}] ",
            "ctime+delta": f"[{ctime} {gap}] ",
            "iso": f"{when:%Y-%m-%dT%H:%M:%S},{when.microsecond:06}{when.isoformat()[-6:]} ",
        }[self.time]
        return stamp, stamp

    def _relative(self, when: datetime, since_us: int) -> str:
        minute = (when.minute, when.hour, when.timetuple().tm_yday)
        begins, self.last_minute = minute != self.last_minute, minute
        if begins:
            return f"[{when:%b}{when.day:2} {when:%H:%M}] "
        since = since_us / 1e6
        return f"[  {since:+8.6f}] " if since < 10 else f"[ {since:+9.6f}] "


def plain_stamp(record: Record) -> str:
    """Seconds since boot as the kernel writes them: at least five places wide, and wider after 99999 s."""
    return f"[{record.time_us // 1_000_000:5}.{record.time_us % 1_000_000:06}]"


def _letters(word: str) -> list[str]:
    """Options written together one by one: -xT is -x -T, -lerr is -l err, --level=err is --level err."""
    if word.startswith("--"):
        return word.split("=", 1)
    if not word.startswith("-") or len(word) <= 2:
        return [word]
    rest = word[2:] if word[:2] in TAKES_LIST else f"-{word[2:]}"
    return [word[:2], *([rest] if word[:2] in TAKES_LIST else _letters(rest))]


def _check_raw(time: str, **options: bool) -> None:
    """Raw output has its own form: refuse what would change it."""
    stamps = {"ctime": "ctime", "reltime": "reltime", "none": "notime", "notime": "notime"}
    for other in [stamps[time]] if time in stamps else [o.replace("_", "-") for o, given in options.items() if given]:
        raise LabError(f"mutually exclusive arguments: --raw --{other}; raw output has its own form, drop one of them")


def _lines(text: str, before: str, stamps: tuple[str, str], force_prefix: bool, noescape: bool, utf8: bool) -> str:
    """A record's text with what stands before it; further lines are indented under the first, or stamped with -p."""
    first, further = stamps
    if force_prefix:
        parts = [_visible(part, noescape, utf8) for part in text.split("\n") if part] or [""]
        return "\n".join(before + (further if i else first) + part for i, part in enumerate(parts))
    indent = " " * len(before + first)
    last = "\n" if text.endswith("\n") else ""
    body = _visible(text.removesuffix("\n"), noescape, utf8).replace("\n", "\n" + indent)
    return before + first + body + last


def _visible(text: str, noescape: bool, utf8: bool) -> str:
    r"""The text with \xNN for what a terminal could take amiss; white space stays."""
    if noescape:
        return text
    return "".join(
        c if _harmless(c, utf8) else "".join(f"\\x{b:02x}" for b in c.encode("utf-8", "surrogateescape")) for c in text
    )


def _harmless(char: str, utf8: bool) -> bool:
    if char < "\x7f":
        return char >= " " or char in "\t\n\v\f\r"
    return utf8 and (char.isprintable() or (char.isspace() and char != "\x85"))


def _words(record: Record, decode: bool) -> str:
    if not decode or record.facility >= len(FACILITIES):
        return ""
    return f"{FACILITIES[record.facility]:6}:{LEVELS[record.level]:6}: "


def _json_entry(record: Record, decode: bool) -> str:
    """One object of -J, spaced as util-linux spaces it."""
    if decode and record.facility < len(FACILITIES):
        who = f'"fac": "{FACILITIES[record.facility]}",\n         "pri": "{LEVELS[record.level]}"'
    else:
        who = f'"pri": {record.priority}'
    short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    text = "".join(short.get(c) or (c if c >= " " else f"\\u{ord(c):04x}") for c in record.text)
    return f'         {who},\n         "time": {plain_stamp(record)[1:-1]},\n         "msg": "{text}"\n'


def _json(entries: list[str]) -> str:
    inside = "      },{\n".join(entries)
    return f'{{\n   "dmesg": [\n      {{\n{inside}      }}\n   ]\n}}\n' if entries else ""


def _numbers(given: str | Collection[str | int], number: Callable[[str | int], int]) -> set[int]:
    """The numbers behind a list such as "err,warn" or [3, 4]."""
    return {number(one) for one in (given.split(",") if isinstance(given, str) and given else given)}


def _facilities(given: str | Collection[str | int], kernel: bool, userspace: bool) -> set[int]:
    """The facilities that -f, -k and -u ask for together."""
    users = range(1, len(FACILITIES)) if userspace else ()
    return _numbers(given, facility_number) | ({0} if kernel else set()) | set(users)


def _shown(record: Record, levels: set[int], facilities: set[int]) -> bool:
    """It is asked for; nothing asked for is everything."""
    return (not levels or record.level in levels) and (not facilities or record.facility in facilities)


def level_number(level: str | int) -> int:
    """A level by its name or number.

    Raises:
        LabError: there is no such level.
    """
    return _number(level, LEVELS, "level", "; -l takes the levels themselves, as in err,warn, not a threshold")


def facility_number(facility: str | int) -> int:
    """A facility by its name or number.

    Raises:
        LabError: there is no such facility.
    """
    return _number(facility, FACILITIES, "facility", "")


def _number(given: str | int, names: tuple[str, ...], word: str, hint: str) -> int:
    wanted = str(given).lower()
    if wanted in names:
        return names.index(wanted)
    if wanted.isdecimal() and int(wanted) < len(names):
        return int(wanted)
    raise LabError(f"unknown {word} '{given}'; there are {', '.join(names)}{hint}")
