"""The claims test: what do you believe before the course, and what after it? Ungraded; no verdict is shown before the end.

The marks are kept in the student's progress file. With LABKIT_PREDICT=skip (the build, tests, static pages) nobody is asked:
"before" lists the claims and where each is met, "after" lists the verdicts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from labkit.course.claims import MARKS, Claim, load_claims
from labkit.course.claimstable import as_html, as_text, where
from labkit.course.frontend import put_out, shell
from labkit.course.predict import PREDICT_VARIABLE, SKIP
from labkit.course.progress import change_progress, read_progress, timestamp
from labkit.errors import LabError

NAMES: Final = ("before", "after")


def claims_test(name: str = "before", *, only: str = "", answers: Mapping[str, str] | None = None) -> None:
    """Ask of each claim whether it is true; the second time, show what has changed.

    Args:
        name: "before" the course or "after" it.
        only: some of the claims: parts ("A C") or ids ("A1 A4"); all of them without it.
        answers: mark in code instead of by a click: {"A1": "true", "A4": "wrong"}.
    """
    if name not in NAMES:
        raise LabError(f"claims_test({name!r}): it is taken 'before' the course and 'after' it")
    claims = chosen(only)
    title, ended = heading(name, claims), name == "after"
    if os.environ.get(PREDICT_VARIABLE) == SKIP:
        put_out(f"{title}\n{as_text(claims, ended)}", f"<p><b>{title}</b></p>{as_html(claims, ended)}")
    elif answers is not None:
        for id, mark in answers.items():
            keep(name, id, mark)
        told = [as_text(claims, True, marks("before"), marks("after"))] if ended else []
        print(title, *told, how_far(name, claims), sep="\n")
    else:
        # Why: the text says the claims and nothing of the student, so that it is the same for everybody.
        put_out(f"{title}\n{as_text(claims)}", f"<p><b>{title}</b></p>{as_html(claims)}", _quiz(name, claims))


def chosen(only: str = "") -> tuple[Claim, ...]:
    """The claims whose id or part is named; all where nothing is."""
    claims = load_claims()
    wanted = set(only.upper().split())
    if strange := sorted(wanted - {each.id for each in claims} - {each.id[0] for each in claims}):
        raise LabError(f"there is no claim {strange[0]}: there are {', '.join(each.id for each in claims)}, and parts A to F")
    return tuple(each for each in claims if not wanted or {each.id, each.id[0]} & wanted)


def heading(name: str, claims: Sequence[Claim]) -> str:
    """What stands above the test."""
    many = f"{len(claims)} claim{'' if len(claims) == 1 else 's'}"
    return f"Claims test ({name} the course), {many}: true, partly true, outdated or wrong?"


def keep(name: str, id: str, mark: str) -> str:
    """Write a mark down and say so, without a verdict. A first mark may be changed until the second one is there."""
    claim = next((each for each in load_claims() if each.id == id), None)
    if claim is None or mark not in MARKS:
        raise LabError(f"claims_test: {mark!r} for {id!r}; say one of {', '.join(MARKS)} of a claim such as 'A1'")
    if name == "before" and id in marks("after"):
        return f"You have taken the test again: your first mark of {id} stays {marks(name).get(id, 'empty')}."

    def write(data: dict[str, Any]) -> None:
        data.setdefault("claims", {}).setdefault(name, {})[id] = {"mark": mark, "time": timestamp()}

    change_progress(write)
    return f"{id}: {mark}. Kept" + ("." if name == "after" else f"; you will meet it in {where(claim)}.")


def marks(name: str) -> dict[str, str]:
    """What was kept under that name: {id: mark}."""
    kept = read_progress().get("claims", {}).get(name, {})
    return {id: each["mark"] for id, each in kept.items()}


def how_far(name: str, claims: Sequence[Claim]) -> str:
    """How many are marked; and after the course, how often the student and the course agree."""
    then, now = marks("before"), marks(name)
    done = [each for each in claims if each.id in now]
    if name == "before":
        rest = " You will meet each in its lesson; after lesson 12 you take this test again." if len(done) == len(claims) else ""
        return f"{len(done)} of {len(claims)} marked and kept.{rest}"
    agreed = [sum(kept.get(each.id) in each.marks for each in claims) for kept in (then, now)]
    changed = sum(each.id in then and then[each.id] != now[each.id] for each in done)
    return f"You agree with the course on {agreed[1]} of {len(claims)}; before it, on {agreed[0]}. Changed: {changed}."


def _quiz(name: str, claims: Sequence[Claim]) -> Any:
    """The buttons; None where there is no front end that could show them."""
    if shell() is None:
        return None
    try:
        from labkit.course.claimsquiz import Quiz
    except ImportError:
        print("Mark in code: claims_test(..., answers={'A1': 'true'}). (ipywidgets is not installed, so there are no buttons.)")
        return None
    return Quiz(name, claims).box
