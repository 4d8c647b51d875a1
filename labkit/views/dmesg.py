"""dmesg with its options as buttons: the same records, and what each option makes of them.

The texts come from labkit.dmesg and from nowhere else. A short log carries all of them, so that a saved page can switch; for a
long one, or one that still grows, the live picture asks for the text that it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, ClassVar, Final

from labkit.dmesg import dmesg, dmesg_options
from labkit.kmsg import Record
from labkit.views.base import AWKWARD, View, count
from labkit.views.still import clean, cut, still

TIMES: Final = ("", "-t", "-T", "-d", "-e")
FORMS: Final = (*TIMES, *(f"{time} -x".strip() for time in TIMES), "-r", "-J", "-x -J")
"""How lines look: one of the times with or without -x, or raw, or JSON. Raw excludes the others."""

LEVELS: Final = ("", "err", "warn", "err,warn", "notice,info", "debug")
WHO: Final = ("", "-k", "-u")

MEANING: Final = {
    "": "seconds since boot",
    "-t": "no time",
    "-T": "the time of day; wrong after a suspend",
    "-d": "also the time since the record before",
    "-e": "the minute, then the time since the record before",
    "-x": "facility and level in words",
    "-r": "raw: the priority in angle brackets",
    "-J": "JSON",
    "-l": "these levels and no others; not a threshold",
    "-k": "only what the kernel said",
    "-u": "only what users wrote to /dev/kmsg",
}
"""What each option does."""

PAGE_MAX_RECORDS: Final = 60
"""Records of which all texts are carried, about 8 kB of prefixes and 100 bytes each."""

SHOWN: Final = 500
"""Newest records in the picture: a flood of messages must not become a flood of text in the browser."""

LOG_PX: Final = (150, 300)
"""Least and greatest height of the text; one that begins empty gets the greatest, because it will grow."""

TEXT_LINES: Final = 100
SVG_LINES: Final = 40


class Dmesg(View):
    """What dmesg prints of these records, with its options to switch.

    Args:
        records: in order.
        options: dmesg's command line to begin with, as in "-x -l err,warn".
        boot_time_s: when the machine booted, in seconds since 1970, for -T and -e.
        title: words above the picture.

    >>> print(Dmesg([Record(4, 0, 7, 1364787, "-", "hello")], "-x").text())
    dmesg: 1 record
    $ dmesg -x
    kern  :warn  : [    1.364787] hello
    """

    name: ClassVar[str] = "dmesg"
    heading: ClassVar[str] = "dmesg"

    def __init__(self, records: Iterable[Record] = (), options: str = "", boot_time_s: float = 0.0, title: str = "") -> None:
        super().__init__(title)
        self.records = list(records)
        self.boot_time_s = boot_time_s
        self.options = " ".join(options.split())
        self.status = ""
        self._complete = True
        self._log = self._log_px()
        dmesg([], **dmesg_options(self.options))  # Why: a wrong option is told here, and not when the picture is drawn

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        said = [
            (6, 0, 1_364_787, "race: loading out-of-tree module taints kernel."), (5, 0, 1_444_465, "worker/0 started"),
            (4, 0, 1_445_620, "queue is full"), (4, 1, 1_449_007, "a user wrote this"), (7, 0, 71_500_000, "sleeping"),
            (3, 0, 71_500_125, "first line\nsecond line"), (6, 0, 71_500_130, "bye"),
        ]  # fmt: skip
        usual = [Record(level, facility, 351 + i, us, "-", text) for i, (level, facility, us, text) in enumerate(said)]
        bad = [*usual, Record(2, 0, 360, 72_000_000, "-", f"{AWKWARD} \x1b[31m é \\")]
        return {
            "empty": cls,
            "usual": partial(cls, usual, boot_time_s=1_767_225_600.0),
            "awkward": partial(cls, bad, "-x -d"),
        }

    @property
    def height(self) -> int:
        return 3 * 32 + 24 + self._log + 38 + 8

    @property
    def fits_a_page(self) -> bool:
        return len(self.records) <= PAGE_MAX_RECORDS

    def describe(self) -> str:
        hidden = max(0, len(self.records) - SHOWN)
        return count(len(self.records), "record") + (f", the newest {SHOWN} shown" if hidden else "")

    def add(self, records: Iterable[Record], status: str = "") -> None:
        """More records have arrived: a live picture shows them at once, in the form that it shows now.

        Args:
            records: what is new; may be nothing.
            status: what is going on, shown below the text while more may come.
        """
        self.records += records
        self.status = status
        if self._widget is not None:
            self._widget.data = self._data(complete=False)

    def finish(self, records: Iterable[Record]) -> None:
        """The log is complete: these records, in place of what came before.

        The picture gets the height that they need, and its buttons wait for nobody any more.
        """
        self.records = list(records)
        self.status = ""
        self._log = self._log_px()
        if self._widget is not None:
            self._widget.data = self.data()

    def _log_px(self) -> int:
        return min(max(LOG_PX[0], 17 * len(self.records) + 48), LOG_PX[1]) if self.records else LOG_PX[1]

    def printed(self, options: str) -> str:
        """What `dmesg options` prints."""
        return dmesg(self.records[-SHOWN:], boot_time_s=self.boot_time_s, **dmesg_options(options))

    def reply(self, ask: str) -> str:
        self.options = ask.partition(" ")[2]
        return self.printed(self.options)

    def text(self) -> str:
        """The command and what it prints; of a long text, the end."""
        lines = self.printed(self.options).split("\n")[:-1]
        hidden = len(lines) - TEXT_LINES
        more = [f"… {count(hidden, 'earlier line')}"] if hidden > 0 else []
        shown = [cut(clean(line).rstrip(), 140) for line in lines[-TEXT_LINES:]]
        return "\n".join([self.words, f"$ dmesg {self.options}".rstrip(), *more, *shown]).rstrip()

    def data(self) -> str:
        return self._data(self.fits_a_page)

    def _data(self, complete: bool) -> str:
        self._complete = complete
        return super().data()

    def pack(self) -> dict[str, Any]:
        every = [_join(f, levels, who) for f in FORMS for levels in LEVELS for who in WHO]
        meant = dmesg_options(self.options)
        picked = next((i for i, options in enumerate(every) if dmesg_options(options) == meant), -1)
        texts = _pack([self.printed(options) for options in every], self.printed("-t")) if self._complete else {"which": []}
        return {
            "forms": FORMS,
            "levels": LEVELS,
            "who": WHO,
            "meaning": MEANING,
            "log": self._log,
            "options": self.options,
            "status": self.status,
            "text": self.printed(self.options),
            "picked": picked,
            "count": len(self.records),
            **texts,
        }

    def svg(self) -> str:
        """The end of the text, line by line."""
        lines = [clean(line) for line in self.printed(self.options).split("\n")[:-1]]
        shown = [f"$ dmesg {self.options}".rstrip(), *lines[-SVG_LINES:]]
        style = 'font-family="monospace" font-size="11" xml:space="preserve"'
        body = "".join(f'<text x="2" y="{36 + 15 * i}" {style}>{_safe(cut(line, 104))}</text>' for i, line in enumerate(shown))
        return still(720, 42 + 15 * len(shown), self.words, "What dmesg prints.", body)


def _join(form: str, levels: str, who: str) -> str:
    """Choices as a command line."""
    return " ".join(part for part in (form, f"-l {levels}" if levels else "", who) if part)


def _pack(texts: list[str], plain: str) -> dict[str, Any]:
    """All texts as numbers of prefixes and bodies: the same words are there once, however many forms show them."""
    bodies: dict[str, int] = {}
    prefixes: dict[str, int] = {"": 0}
    known = sorted(set(plain.split("\n")), key=len, reverse=True)
    seen: dict[str, int] = {}
    lines: list[list[int]] = []
    for text in texts:
        if text not in seen:
            seen[text] = len(seen)
            lines.append([number for line in text.split("\n")[:-1] for number in _split(line, known, prefixes, bodies)])
    return {"which": [seen[text] for text in texts], "lines": lines, "prefixes": list(prefixes), "bodies": list(bodies)}


def _split(line: str, known: list[str], prefixes: dict[str, int], bodies: dict[str, int]) -> Iterator[int]:
    """A line as the numbers of its prefix and of the longest known body that it ends with."""
    body = next((b for b in known if b and line.endswith(b)), line)
    prefix = line[: len(line) - len(body)]
    yield prefixes.setdefault(prefix, len(prefixes))
    yield bodies.setdefault(body, len(bodies))


def _safe(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;")
