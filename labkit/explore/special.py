"""Built-in functions that stand for an access, or that cannot be let through as they are: how a watched program calls them."""

from __future__ import annotations

from typing import Any

from labkit.explore.kinds import ATOM, OWN, kind_of

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
        if f in (exec, eval) and len(args) == 1:
            return f(*args, hooks.space)
        return f(*args, **kwargs)

    return call


def _exec(hooks: Any, line: int, text: Any, space: Any = None, *rest: Any) -> None:
    if isinstance(text, str) and not rest and (space is None or type(space) is dict):
        hooks.rewriting.text(text, hooks.space if space is None else space)()
    else:
        _hidden(exec)(hooks, line, text, *(() if space is None else (space,)), *rest)


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
    eval: _hidden(eval),
    open: _hidden(open),
    input: _hidden(input),
    __import__: _hidden(__import__),
}
