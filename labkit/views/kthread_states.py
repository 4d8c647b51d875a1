"""The life of a kthread as a machine of states, with a button for every call.

The rules are written once, in kthread_rules.py: the text twin and the JavaScript walk the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, Final

from labkit.views.base import AWKWARD, View
from labkit.views.kthread_rules import ARROWS, CALLS, OUTSIDE, RULES, STATES, Rule, State, rule_of, walk
from labkit.views.still import INK, box, label, still

TIP: Final = (
    '<defs><marker id="lk-tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" '
    'orient="auto"><path d="M0 0L6 3L0 6z" fill="context-stroke"/></marker></defs>'
)
"""The tip of an arrow."""


class KthreadStates(View):
    """What becomes of a kthread under each call, and what each call returns.

    Args:
        steps: what happens, as short names of CALLS ("create wake cpu stop") or the kernel's own; "run" is create and wake.
        title: words above the picture.

    >>> print(KthreadStates("create stop").text().splitlines()[3])
       2  kthread_stop     -EINTR        -  exited    never woken: kthread() sees SHOULD_STOP and never calls threadfn
    """

    name: ClassVar[str] = "kthread_states"
    heading: ClassVar[str] = "kthread states"

    def __init__(self, steps: str | Iterable[str] = (), title: str = "") -> None:
        super().__init__(title)
        self.walked = walk(steps)

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        usual = "create wake cpu sleep event park park unpark stop"
        return {
            "empty": cls,
            "usual": partial(cls, usual),
            "awkward": partial(cls, "run cpu return stop stop", f"{cls.heading} of {AWKWARD}"),
        }

    @property
    def height(self) -> int:
        return 32 + 290 + 2 * 32 + 22 + 132 + 6

    @property
    def state(self) -> str:
        """Where the steps have led."""
        return self.walked[-1].then if self.walked else "none"

    def describe(self) -> str:
        return f"{', '.join(rule.call for rule in self.walked) or 'nothing has happened'} → {self.state}"

    def text(self) -> str:
        """The steps that were taken, then what kthread_stop returns in every state."""
        lines = [self.words, "step  call             returns       S  state     what happens"]
        lines += [f"{i:4}  {_line(rule)}" for i, rule in enumerate(self.walked, 1)]
        lines += ["", "kthread_stop in state …   returns       why"]
        for rule in RULES:
            if rule.call == "stop":
                state = f"{STATES[rule.state].letter or '-'} {rule.state}"
                lines.append(f"  {state:22}  {rule.returns:12}  {rule.why}")
        return "\n".join(line.rstrip() for line in lines)

    def pack(self) -> dict[str, Any]:
        return {
            "states": {name: list(state) for name, state in STATES.items()},
            "calls": CALLS,
            "outside": OUTSIDE,
            "rules": [list(rule) for rule in RULES],
            "arrows": [[*key, *place] for key, place in ARROWS.items()],
            "steps": [rule.call for rule in self.walked],
        }

    def svg(self) -> str:
        """The states as boxes, the calls as arrows; thick where the steps went. At kthread_stop stands what it returns."""
        went = {(rule.state, rule.call) for rule in self.walked}
        body = [TIP]
        for (state, call), place in ARROWS.items():
            body.append(_arrow(call, place, (state, call) in went, rule_of(state, call).returns))
        body.append(label(4, 206, "kthread_stop returns", 'font-size="11" opacity=".8"'))
        body += [_box(name, state, name == self.state) for name, state in STATES.items()]
        description = (
            "Boxes are states with the letter that ps prints; arrows are calls. At the bottom: what kthread_stop returns."
        )
        return still(760, 286, self.words, description, "".join(body))


def _line(rule: Rule) -> str:
    return f"{CALLS[rule.call]:15}  {rule.returns:12}  {STATES[rule.then].letter or '-'}  {rule.then:8}  {rule.why}"


def _arrow(call: str, place: tuple[int, ...], went: bool, returns: str) -> str:
    x1, y1, x2, y2, x, y = place
    style = f'stroke="{INK["run"]}" stroke-width="3"' if went else 'stroke="#888" stroke-width="1.2"'
    words = returns if call == "stop" else call
    halo = 'text-anchor="middle" font-size="10" paint-order="stroke" stroke="#fff" stroke-width="3"'
    line = f'<path d="M{x1} {y1}L{x2} {y2}" {style} marker-end="url(#lk-tip)"/>'
    return line + f'<g fill="#111">{label(x, y, words, halo)}</g>'


def _box(name: str, state: State, here: bool) -> str:
    style = f'fill="{INK["run"]}" stroke="{INK["run"]}"' if here else 'fill="#f4f4f4" stroke="#777"'
    ink = 'fill="#fff"' if here else 'fill="#111"'
    middle = state.x + state.wide / 2
    tall = 34 if name == "exited" else 44
    words = label(middle, state.y + 19, f"{name} {state.letter}".strip(), f'text-anchor="middle" font-weight="bold" {ink}')
    small = state.kernel.removeprefix("TASK_") or ("kthread_stop has returned" if name == "exited" else "no task")
    under = label(middle, state.y + 32, small, f'text-anchor="middle" font-size="8" {ink}')
    return box(state.x, state.y, state.wide, tall, f'rx="4" {style}') + words + under
