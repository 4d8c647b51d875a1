"""The claims test as buttons: one claim at a time, four marks below it; a mark is kept at once and the next claim comes.

Which thread handles a click is Jupyter's affair: it only calls `keep`, which writes under a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any, Final

import ipywidgets

from labkit.course.claims import MARKS, Claim
from labkit.course.claimstable import as_html
from labkit.course.claimstest import heading, how_far, keep, marks

_STYLE: Final = (
    "<style>.labkit-quiz {max-width: 760px} .labkit-quiz .widget-html-content {line-height: 1.4} "
    ".labkit-quiz .labkit-claim .widget-html-content {font-size: 15px; overflow: auto} "
    ".labkit-quiz .labkit-claim small {color: var(--jp-ui-font-color2, #5f5f5f)} "
    ".labkit-quiz button {padding: 0 2px} "
    ".labkit-quiz button:focus-visible {outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px} "
    ".labkit-quiz button.labkit-chosen {font-weight: 700; box-shadow: inset 0 0 0 2px currentcolor}</style>"
)


class Quiz:
    """One claim after the other; `box` is what the notebook shows."""

    def __init__(self, name: str, claims: Sequence[Claim]) -> None:
        self.name, self.claims = name, claims
        kept = marks(name)
        # Where the student left off, and the first claim where nothing or everything is marked.
        self.at = next((i for i, each in enumerate(claims) if each.id not in kept), 0)
        self.claim = ipywidgets.HTML(layout={"height": "92px", "overflow": "auto"})
        self.claim.add_class("labkit-claim")
        self.marked = {mark: _button(mark, partial(self.mark, mark), f"this claim is {mark}") for mark in MARKS}
        self.back = _button("◀ back", lambda: self.go(self.at - 1), "the claim before")
        self.next = _button("next ▶", lambda: self.go(self.at + 1), "the next claim, without a mark")
        self.compare = _button("compare", self.show, "before, after, and what the course says")
        self.says = ipywidgets.HTML(layout={"min_height": "44px"})
        self.table = ipywidgets.HTML()
        tools = [self.back, self.next, *([self.compare] if name == "after" else [])]
        self.box = ipywidgets.VBox(
            [
                ipywidgets.HTML(f"{_STYLE}<b>{escape(heading(name, claims))}</b>"),
                self.claim,
                ipywidgets.HBox(list(self.marked.values())),
                ipywidgets.HBox(tools),
                self.says,
                self.table,
            ]
        )
        self.box.add_class("labkit-quiz")
        self.paint("Mark it, or go on. Nothing is graded, and no verdict is shown before the end.")
        if all(each.id in kept for each in claims):
            self.show()

    def mark(self, mark: str) -> None:
        """Keep a mark of the claim that is shown, and go to the next that has none."""
        said = keep(self.name, self.claims[self.at].id, mark)
        kept = marks(self.name)
        order = [*range(self.at + 1, len(self.claims)), *range(self.at)]
        self.at = next((i for i in order if self.claims[i].id not in kept), self.at)
        self.paint(said)
        if all(each.id in kept for each in self.claims):
            self.show()

    def go(self, to: int) -> None:
        """Show another claim."""
        self.at = min(max(to, 0), len(self.claims) - 1)
        self.paint("")

    def show(self) -> None:
        """What was marked: where each claim is met, or after the course what it says and what has changed."""
        ended = self.name == "after"
        told = as_html(self.claims, True, marks("before"), marks("after")) if ended else as_html(self.claims)
        self.table.value = f"<b>{escape(how_far(self.name, self.claims))}</b>{told}"

    def paint(self, said: str) -> None:
        """Draw the claim that is shown and what was just done."""
        claim, kept = self.claims[self.at], marks(self.name)
        place = f"{self.at + 1} of {len(self.claims)}"
        self.claim.value = f"<small>{place}</small><br><b>{claim.id}</b>&ensp;{escape(claim.says)}"
        for mark, button in self.marked.items():
            chosen = kept.get(claim.id) == mark
            button.icon = "check" if chosen else ""
            button.tooltip = f"this claim is {mark}{' (your mark)' if chosen else ''}"
            (button.add_class if chosen else button.remove_class)("labkit-chosen")
        self.back.disabled, self.next.disabled = self.at == 0, self.at == len(self.claims) - 1
        count = f"{sum(each.id in kept for each in self.claims)} of {len(self.claims)} marked and kept."
        self.says.value = f'<span role="status">{escape(said)}<br>{escape(count)}</span>'


def _button(label: str, act: Callable[[], None], tooltip: str) -> Any:
    button = ipywidgets.Button(description=label, tooltip=tooltip, layout={"flex": "1 1 0", "max_width": "112px"})
    button.on_click(lambda _: act())
    return button
