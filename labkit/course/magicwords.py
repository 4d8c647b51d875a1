"""What the first lines of all cell magics have in common: how their words are read, and refused."""

from __future__ import annotations

import argparse
import builtins
import difflib
import keyword
import shlex
from collections.abc import Callable
from typing import Any, Final, NoReturn

from labkit.errors import LabError

MAGICS: Final = ("%%kmodule", "%%explore", "%%cthreads")
KMODULE, EXPLORE, CTHREADS = MAGICS
KEPT_AS: Final = "_run"
"""The variable that always keeps the newest run."""
FIRST_LINE: Final = 2
"""Line 1 of a cell is the magic itself; JupyterLab counts it too."""
HOUR_S: Final = 3600


class BadOptions(LabError):
    """The first line of the cell says something that its magic does not understand."""


class Interrupted(LabError):
    """The student ended the run."""


class Parser(argparse.ArgumentParser):
    """One that raises instead of ending the program."""

    def error(self, message: str) -> NoReturn:
        end = "" if message.endswith("?") else "."
        raise BadOptions(f"{self.prog}: {message.removeprefix('argument ')}{end} `{self.prog} --help` tells what there is.")


def split(magic: str, line: str, example: str = "") -> list[str]:
    """The words of a cell's first line, as a shell would see them."""
    try:
        return shlex.split(line)
    except ValueError:
        raise BadOptions(f"{magic}: a quotation mark is open in {line!r}{example and f'; write {example}'}") from None


def parse(parser: Parser, words: list[str]) -> argparse.Namespace:
    """The options among these words; of an unknown one, what may have been meant."""
    known = [word for action in parser._actions for word in action.option_strings]
    for word in words:
        if word.startswith("--") and (option := word.partition("=")[0]) not in known:
            near = difflib.get_close_matches(option, known, 1)
            parser.error(f"there is no option {option}" + (f"; did you mean {near[0]}?" if near else ""))
    return parser.parse_args(words)


def whole(text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def seconds(text: str) -> float:
    """So many seconds, at most an hour."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= HOUR_S:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to {HOUR_S}")
    return value


def variable(text: str) -> str:
    """A name that a variable can have."""
    if not text.isidentifier() or keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name for a variable")
    return text


def some_of(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """What reads the value of --show: some of the known parts, or none."""

    def read(text: str) -> tuple[str, ...]:
        parts = () if text == "none" else tuple(text.split(","))
        if wrong := set(parts) - set(known):
            raise argparse.ArgumentTypeError(f"{sorted(wrong)[0]!r} is none of {', '.join(known)}, none")
        return parts

    return read


def refuse_to_hide(name: str, variables: dict[str, Any]) -> None:
    """Raise if the name means a function or the like: a run in its place would break a later cell, far from here."""
    if hasattr(builtins, name) or callable(variables.get(name)) or isinstance(variables.get(name), type(builtins)):
        raise BadOptions(f"{name} is something else in this notebook, and you may need it again: choose another name.")
