"""Say what will happen before you look: a prediction is recorded first, and only then is the answer shown.

Choosing is a click, a key press (each option is a button), or one word of code. Where a click is handled, in another OS
thread while the cell still runs or in the main thread afterwards, is Jupyter's affair: both only call `record`.
With LABKIT_PREDICT=skip (the build, tests, static pages) nothing is asked and every answer is shown plainly.
"""

from __future__ import annotations

import html
import os
import re
import string
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from labkit.course.frontend import put_out, shell
from labkit.course.progress import change_progress, read_progress, timestamp
from labkit.errors import LabError

PREDICT_VARIABLE: Final = "LABKIT_PREDICT"
SKIP: Final = "skip"
"""As a choice: the student asks for the answer without a prediction. As LABKIT_PREDICT: nobody is asked."""

_STYLE: Final = "<style>.labkit-choice {text-align: left; white-space: normal; line-height: 1.4; padding: 5px 10px}</style>"
"""A button's own style centres its text and cuts it off; an option is a sentence, and may need two lines."""

_asked: dict[str, Question] = {}


class Question:
    """A question with its choices: {"A": "text of A", ...}, or no choices at all for an answer in one's own words."""

    def __init__(self, id: str, text: str, options: Mapping[str, str] | Sequence[str]) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
            raise LabError(f"predict: the id {id!r} must be words in lower case joined by -, for the record hangs on it")
        if isinstance(options, str) or len(options) == 1 or len(options) > len(string.ascii_uppercase):
            raise LabError(f"predict({id!r}): give two options or more, or none for an answer in one's own words")
        self.id, self.text = id, text
        self.options = dict(options) if isinstance(options, Mapping) else dict(zip(string.ascii_uppercase, options, strict=False))

    def choice(self, answer: object) -> str:
        """The choice that an answer means: a letter in either case, or an option's whole text."""
        said = str(answer).strip()
        if not self.options or said.lower() == SKIP:
            return said
        for choice, text in self.options.items():
            if said == text:
                return choice
        for choice in self.options:
            if said.upper() == choice.upper():
                return choice
        raise LabError(f"{said!r} is not a choice of {self.id!r}: choose one of {', '.join(self.options)}, or 'skip'")

    def spoken(self, choice: str) -> str:
        """A choice with its words: "B (the one that was spawned last)"."""
        return f"{choice} ({self.options[choice]})" if choice in self.options else choice

    def __repr__(self) -> str:
        lines = [f"Predict: {self.text}", *(f"  {choice}. {text}" for choice, text in self.options.items())]
        return "\n".join(lines if self.options else [*lines, "  (answer in your own words)"])

    def _repr_html_(self) -> str:
        items = "".join(f"<div>{html.escape(f'{choice}. {text}')}</div>" for choice, text in self.options.items())
        return f"<div><b>Predict:</b> {html.escape(self.text)}{items}</div>"


def predict(id: str, question: str, options: Mapping[str, str] | Sequence[str] = (), *, answer: object = None) -> None:
    """Ask what will happen, and record what the student chooses.

    Args:
        id: kebab-case name of the prediction, unique in the course.
        question: one sentence.
        options: texts, which get the letters A, B, C…; or {choice: text}; or nothing, for an answer in one's own words.
        answer: choose in code instead of by a click: a letter or an option's text, or "skip" to see the answer unpredicted.
    """
    asked = _asked[id] = Question(id, question, options)
    if os.environ.get(PREDICT_VARIABLE) == SKIP:
        _show(asked)
    elif answer is not None:
        choice = asked.choice(answer)
        print(repr(asked), record(id, choice), sep="\n")
    else:
        before = read_progress()["predictions"].get(id)
        _show(asked, _widget(asked, before["choice"] if before else None))


def reveal(id: str, actual: object, because: str = "") -> None:
    """Show what really happened beside what was predicted; nothing is shown before a prediction is recorded.

    Args:
        id: that of the prediction.
        actual: what happened: a choice, an option's text, or for an open question any value.
        because: the reason, in a sentence or two.
    """
    asked = _asked.get(id) or Question(id, "", ())
    happened = asked.spoken(asked.choice(actual))
    reason = f"\n{because}" if because else ""
    if os.environ.get(PREDICT_VARIABLE) == SKIP:
        print(f"It was {happened}.{reason}")
        return
    record_ = read_progress()["predictions"].get(id)
    if record_ is None:
        print(f"No prediction for {id!r} yet. Choose above first, then run this cell again; or predict(..., answer='skip').")
        return

    def seen(data: dict[str, Any]) -> None:
        if id in data["predictions"]:
            data["predictions"][id]["revealed"] = True

    change_progress(seen)
    chosen = record_["choice"]
    if chosen.lower() == SKIP:
        print(f"You made no prediction; it was {happened}.{reason}")
    elif chosen == asked.choice(actual):
        print(f"You predicted {asked.spoken(chosen)}; so it was.{reason}")
    else:
        print(f"You predicted {asked.spoken(chosen)}; it was {happened}.{reason}")


def record(id: str, choice: str) -> str:
    """Write a prediction down and say so. Once its answer was shown, the first one stands."""
    said = f"Recorded: {choice}."

    def write(data: dict[str, Any]) -> None:
        nonlocal said
        before = data["predictions"].get(id)
        if before and before.get("revealed"):
            said = f"You have seen the answer: your prediction stays {before['choice']}."
            return
        data["predictions"][id] = {"choice": choice, "lesson": _lesson_name(), "time": timestamp(), "revealed": False}

    change_progress(write)
    return said


def _lesson_name() -> str:
    """Name of the notebook, as far as the front end tells it; for reading only, nothing hangs on it."""
    in_vscode = getattr(sys.modules.get("__main__"), "__vsc_ipynb_file__", "")
    return Path(os.environ.get("JPY_SESSION_NAME") or str(in_vscode)).stem


def _show(asked: Question, widget: Any = None) -> None:
    put_out(repr(asked), asked._repr_html_(), widget)


def _widget(asked: Question, chosen: str | None) -> Any:
    """Buttons for the choices, or a line to write on; None where there is no front end that could show them."""
    if shell() is None:
        return None
    try:
        import ipywidgets
    except ImportError:
        print("Choose in code: predict(..., answer='A'). (ipywidgets is not installed, so there are no buttons.)")
        return None
    said = ipywidgets.Label(f"Recorded: {chosen}." if chosen else "Choose one; then go on.")

    def choose(choice: str) -> None:
        if choice:
            said.value = record(asked.id, choice)

    question = ipywidgets.HTML(f"{_STYLE}<b>Predict:</b> {html.escape(asked.text)}")
    rows = [_button(ipywidgets, f"{choice}. {text}", choose, choice) for choice, text in asked.options.items()]
    if not rows:
        line = ipywidgets.Text(value=chosen or "", placeholder="your prediction", continuous_update=False)
        line.observe(lambda change: choose(change["new"].strip()), names="value")
        rows = [line]
    return ipywidgets.VBox([question, *rows, said])


def _button(ipywidgets: Any, label: str, choose: Callable[[str], None], choice: str) -> Any:
    button = ipywidgets.Button(description=label, tooltip=f"predict {choice}", layout={"width": "auto", "height": "auto"})
    button.add_class("labkit-choice")
    button.on_click(lambda _: choose(choice))
    return button
