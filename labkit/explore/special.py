"""Built-in functions that stand for an access, or that cannot be let through as they are: how a watched program calls them."""

from __future__ import annotations

import symtable
import sys
from types import CodeType, FrameType
from typing import Any

from labkit.explore.kinds import ATOM, OWN, kind_of
from labkit.explore.rewriting import TEXT

_MISSING = object()


def _getattr(hooks: Any, line: int, thing: Any, name: str, *default: Any) -> Any:
    try:
        return hooks.ra(thing, name, "?", line)
    except AttributeError:
        if default:
            return default[0]
        raise


def _len(hooks: Any, line: int, thing: Any) -> int:
    return len(hooks.size(thing, "an argument", line))


def _iter(hooks: Any, line: int, thing: Any, *rest: Any) -> Any:
    return iter(hooks.each(thing, "an argument", line), *rest) if not rest else iter(hooks.rewriting.function(thing), *rest)


def _next(hooks: Any, line: int, thing: Any, *default: Any) -> Any:
    if kind_of(thing) == OWN:
        hooks.patch(type(thing))
    else:
        hooks.opaque(thing, f"next() of a {type(thing).__name__}", line)
    return next(thing, *default)


def _id(hooks: Any, line: int, thing: Any) -> int:
    """An address is another in every run; who orders by it gets an order that repeats."""
    key = hooks.watch.key(thing) if kind_of(thing) != ATOM else id(thing)
    return abs(key) if isinstance(key, int) else id(thing)


def _print(hooks: Any, line: int, *args: Any, **kwargs: Any) -> None:
    """Printing is left out while exploring: it would come once for every schedule."""
    if kwargs.get("file") is not None:
        hooks.watch.not_seen("print() to a file", line)
    for a in args:
        str(hooks.all(a, "an argument", line))


def _globals(hooks: Any, line: int) -> dict[str, Any]:
    space: dict[str, Any] = hooks.space
    return space


def _vars(hooks: Any, line: int, thing: Any) -> Any:
    return hooks.ra(thing, "__dict__", "?", line)


def _hidden(f: Any) -> Any:
    def call(hooks: Any, line: int, *args: Any, **kwargs: Any) -> Any:
        hooks.watch.not_seen(f"{f.__name__}()", line)
        return f(*args, **kwargs)

    return call


def _eval(hooks: Any, line: int, text: Any, *spaces: Any) -> Any:
    return _hidden(eval)(hooks, line, text, *(spaces or (hooks.space, _variables(sys._getframe(1)))))


def _exec(hooks: Any, line: int, text: Any, *spaces: Any) -> None:
    own = {} if spaces else _variables(sys._getframe(1))
    if isinstance(text, CodeType):
        text = hooks.rewriting.texts.get(text, text)
    if isinstance(text, str) and (type(spaces[0]) is dict and len(spaces) == 1 if spaces else not _meets(text, own)):
        hooks.rewriting.text(text, *(spaces or (hooks.space,)))()
    else:
        _hidden(exec)(hooks, line, text, *(spaces or (hooks.space, own)))


def _compile(hooks: Any, line: int, text: Any, *rest: Any, **more: Any) -> Any:
    """Remember the text, in case exec() is to run it."""
    code = compile(text, *rest, dont_inherit=True, **more) if len(rest) == 2 and not more else compile(text, *rest, **more)
    if isinstance(text, str) and rest[1:] == ("exec",) and not more:
        hooks.rewriting.texts[code] = text
    return code


def _variables(caller: FrameType) -> dict[str, Any]:
    """The variables of the function that calls exec() or eval(), which the text sees and cannot set."""
    if caller.f_code.co_filename == TEXT:
        return {}
    return {name: value for name, value in caller.f_locals.items() if not name.startswith("_lk")}


def _meets(text: str, own: dict[str, Any]) -> bool:
    """Whether a text at whose top level globals are meant would find or set a function's variables instead."""
    names = symtable.symtable(text, TEXT, "exec").get_symbols()
    return any(n.get_name() in own or (n.is_assigned() and not n.is_declared_global()) for n in names)


SPECIAL: dict[Any, Any] = {
    len: _len,
    getattr: _getattr,
    setattr: lambda hooks, line, thing, name, value: hooks.wa(thing, name, value, "?", line),
    delattr: lambda hooks, line, thing, name: hooks.da(thing, name, "?", line),
    hasattr: lambda hooks, line, thing, name: _getattr(hooks, line, thing, name, _MISSING) is not _MISSING,
    iter: _iter,
    next: _next,
    id: _id,
    print: _print,
    globals: _globals,
    vars: _vars,
    exec: _exec,
    compile: _compile,
    eval: _eval,
    open: _hidden(open),
    input: _hidden(input),
    __import__: _hidden(__import__),
}
