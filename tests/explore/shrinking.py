"""Make a program smaller as long as it still shows what it showed: remove a statement, a thread, a wrapping, a spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.explore.language import Body, Little, Statement


def smallest(little: Little, shows: Callable[[Little], bool]) -> Little:
    """The program, made smaller step by step; the first step that still shows it is taken."""
    while (better := next((other for other in smaller(little) if shows(other)), None)) is not None:
        little = better
    return little


def smaller(little: Little) -> Iterator[Little]:
    """Programs that are a little smaller."""
    threads = little.threads
    for i, body in enumerate(threads):
        yield little._replace(threads=threads[:i] + threads[i + 1 :])
        for less in smaller_bodies(body):
            yield little._replace(threads=(*threads[:i], less, *threads[i + 1 :]))
    for less in smaller_bodies(little.main):
        yield little._replace(main=less)
    for name, kind in little.variables.items():
        if kind != "cell":
            yield little._replace(variables=little.variables | {name: "cell"})


def smaller_bodies(body: Body) -> Iterator[Body]:
    for i, statement in enumerate(body):
        yield body[:i] + body[i + 1 :]
        for instead in smaller_statements(statement):
            yield body[:i] + instead + body[i + 1 :]


def smaller_statements(statement: Statement) -> Iterator[Body]:
    """What may stand in place of a statement."""
    match statement:
        case "if" | "repeat", *_, body if isinstance(body, tuple):
            yield body
        case "add", x, _:
            yield (("get", "r0", x),)
            yield (("put", x, "", 1),)
    for i, part in enumerate(statement):
        if is_body(part):
            for less in smaller_bodies(part):
                yield ((*statement[:i], less, *statement[i + 1 :]),)


def is_body(part: Any) -> bool:
    return isinstance(part, tuple) and all(isinstance(statement, tuple) for statement in part)
