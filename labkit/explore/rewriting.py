"""Functions and classes as the explorer runs them: rewritten when first met, and given back in the end."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from functools import partial
from typing import Any

from labkit import here
from labkit.errors import LabError
from labkit.explore.independence import Place
from labkit.explore.kinds import UNSEEN, WAITING, forget, own, own_class
from labkit.explore.source import NoSource
from labkit.explore.statements import rewrite, rewrite_text
from labkit.explore.watch import Watch
from labkit.sync import Primitive
from labkit.thread import Thread

_MISSING = object()
_codes: dict[tuple[types.CodeType, frozenset[str]], types.CodeType | None] = {}
"""(code, global names that need no announcement) → rewritten code; None without source. One explorer after the other uses it."""
CODES_MOST = 5000
TEXT = "<exec>"
"""Where the code of a text for exec() is said to be."""
SYNC_ROOM = "labkit.sync."
LOOKING = frozenset({"locked", "__len__", "holders", "describe"})
"""Methods of primitives that look without a word to the machine: whoever calls them, it has to be said."""


class Unexplorable(LabError):
    """The program does what would stop all threads at once, or start threads that nobody controls."""

    def __init__(self, what: str, line: int, why: str = "") -> None:
        self.what, self.line = what, line
        why = why or (
            "it waits, or starts threads, where labkit cannot see it. Use spawn() and labkit's primitives, or, for a program "
            'written with threading and queue, explore(main, machine="threading")'
        )
        super().__init__(f"line {line}: {what} cannot be explored: {why}")


class Rewriting:
    """All rewritten code of one exploration.

    Args:
        watch: what is known of the program's data.
        hooks: makes Hooks(rewriting, globals, cells), what the code of one function calls.
    """

    def __init__(self, watch: Watch, hooks: Callable[..., Any]) -> None:
        self.watch = watch
        self.hooks = hooks
        self.marks: frozenset[str] = getattr(hooks, "marks", frozenset())
        self.rewritten: set[types.CodeType] = set()
        self.patched: dict[type, dict[str, Any]] = {}
        self.bases: dict[type, tuple[type, ...]] = {}
        self.spaces: set[Place] = set()
        self.texts: dict[types.CodeType, str] = {}  # what the program has compiled for exec()
        self.made: dict[int, Any] = {}  # for functions older than the run, whose addresses stay theirs
        for thing in list(watch.old.values()):
            if isinstance(thing, type) and own(thing.__module__):
                self.patch(thing)

    def close(self) -> None:
        """Give the classes that were rewritten their own methods back."""
        self._give_back(list(self.patched))
        for kind, bases in self.bases.items():
            kind.__bases__ = bases
        self.bases.clear()

    def forget(self) -> None:
        """A run has ended: keep nothing alive that it made."""
        forget()
        self._give_back([kind for kind in self.patched if id(kind) not in self.watch.old])

    def _give_back(self, kinds: list[type]) -> None:
        for kind in kinds:
            for name, member in self.patched.pop(kind).items():
                setattr(kind, name, member)

    def rebound_values(self) -> list[Any]:
        """The values now of all globals that the program sets."""
        return [self.watch.old[space].get(name) for space, name in sorted(self.watch.rebound)]

    def function(self, f: Any) -> Any:
        """A function as the explorer runs it: rewritten, if it is the student's own."""
        if self.watch.names is not None:
            f = self.watch.names.of(self.watch.names.callee(f, 0))
        if isinstance(f, types.FunctionType):
            if (f.__module__ or "").startswith(SYNC_ROOM) and f.__name__ in LOOKING:
                return partial(self._look, f.__name__)
            if f.__code__ in self.rewritten or not own(f.__module__):
                return f
            return self._function(f)
        if isinstance(f, types.MethodType):
            if isinstance(f.__self__, Primitive) and f.__name__ in LOOKING:
                return partial(self._look, f.__name__, f.__self__)
            return types.MethodType(self.function(f.__func__), f.__self__)
        if isinstance(f, partial):
            return partial(self.function(f.func), *f.args, **f.keywords)
        if isinstance(f, types.BuiltinMethodType | types.MethodDescriptorType | types.WrapperDescriptorType):
            return self.hooks(self, {}, {}).call(f, 0)
        if isinstance(f, type) and own(f.__module__):
            self.patch(f)
        elif own_class(type(f)):
            self.patch(type(f))
        return f

    def _look(self, name: str, thing: Any, *rest: Any) -> Any:
        """Look at a primitive, and say so."""
        return self.hooks(self, {}, {}).method(thing, name, "", 0)(*rest)

    def _function(self, f: types.FunctionType) -> Any:
        made = self.made.get(id(f))
        if made is None:
            made = self._make(f)
            if id(f) in self.watch.old:
                self.made[id(f)] = made
        return made

    def _make(self, f: types.FunctionType) -> Any:
        code, space = f.__code__, f.__globals__
        space_key = id(space)
        self.watch.old.setdefault(space_key, space)
        self.spaces.add(space_key)
        plain = frozenset(n for n in names_of(code) if (space_key, n) not in self.watch.rebound) | self.marks
        if (code, plain) not in _codes:
            if len(_codes) > CODES_MOST:
                _codes.clear()
            _codes[code, plain] = self._rewrite(f, plain)
        new = _codes[code, plain]
        if new is None:
            return self._without_source(f)
        self._remember(new)
        cells = dict(zip(code.co_freevars, f.__closure__ or (), strict=True))
        hooks = self.hooks(self, space, cells)
        closure = tuple(types.CellType(hooks) if n == "_lk" else cells[n] for n in new.co_freevars)
        made = types.FunctionType(new, space, f.__name__, f.__defaults__, closure)
        made.__kwdefaults__ = f.__kwdefaults__
        made.__qualname__ = f.__qualname__
        made.__module__ = f.__module__
        made.__dict__.update(f.__dict__)
        return made

    @staticmethod
    def _rewrite(f: types.FunctionType, plain: frozenset[str]) -> types.CodeType | None:
        try:
            return rewrite(f, plain)
        except NoSource:
            return None

    def text(self, text: str, space: dict[str, Any]) -> Any:
        """What exec(text, space) does, as a function that announces what it touches."""
        code = rewrite_text(text, TEXT)
        self.spaces.add(self.watch.key(space))
        self._remember(code)
        space.setdefault("__builtins__", builtins)
        closure = tuple(types.CellType(self.hooks(self, space, {})) for _ in code.co_freevars)
        return types.FunctionType(code, space, "<exec>", None, closure)

    def _remember(self, code: types.CodeType) -> None:
        if code not in self.rewritten:
            self.rewritten.add(code)
            for inner in code.co_consts:
                if isinstance(inner, types.CodeType):
                    self._remember(inner)

    def _without_source(self, f: types.FunctionType) -> Any:
        """Runs as it is, and spoils the proof when it is called; what a class decorator or namedtuple generates is harmless."""
        if f.__code__.co_filename == "<string>" and f.__name__ in ("__init__", "__new__", "__create_fn__"):
            return f
        watch, line = self.watch, f.__code__.co_firstlineno

        def unseen(*args: Any, **kwargs: Any) -> Any:
            watch.not_seen(f"{f.__qualname__}(), whose source cannot be found", line)
            return f(*args, **kwargs)

        self.rewritten.add(unseen.__code__)
        return unseen

    def patch(self, kind: type) -> None:
        """Rewrite the methods of a student's class, for as long as the exploration lasts."""
        if kind in self.patched:
            return
        for each in kind.__mro__:
            if each in self.patched or not own(each.__module__) or issubclass(each, Primitive | Thread):
                continue
            members = self.patched[each] = {}
            if self.watch.names is not None:
                self.watch.names.adopt(each, self.bases)
            for name, member in list(vars(each).items()):
                made = self._member(member)
                if made is not member:
                    members[name] = member
                    setattr(each, name, made)
        self.patched.setdefault(kind, {})

    def _member(self, member: Any) -> Any:
        if isinstance(member, types.FunctionType):
            return self.function(member)
        if isinstance(member, staticmethod | classmethod):
            inner = self.function(member.__func__)
            return member if inner is member.__func__ else type(member)(inner)
        if isinstance(member, property) and type(member) is property:
            fget, fset, fdel = (f and self.function(f) for f in (member.fget, member.fset, member.fdel))
            return property(fget, fset, fdel, member.__doc__)
        return member


def names_of(code: types.CodeType) -> set[str]:
    """Global names, and others, in a function and the functions inside it."""
    names = set(code.co_names)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            names |= names_of(inner)
    return names


class Base:
    """What every part of Hooks has.

    Attributes:
        space: the globals of the function.
        cells: the variables of outer functions that it uses, by name.
    """

    def __init__(self, rewriting: Rewriting, space: dict[str, Any], cells: dict[str, Any]) -> None:
        self.rewriting = rewriting
        self.watch = rewriting.watch
        self.space = space
        self.cells = cells
        self.space_key = self.watch.key(space) if space else 0
        self.spaces = rewriting.spaces
        self.places: dict[str, Place] = {}
        self.patch = rewriting.patch

    def _tell(self, value: Any) -> None:
        """Say what has just been read, if somebody wants to know."""
        if self.watch.telling is not None:
            self.watch.telling(value)

    def save_container(self, thing: Any) -> None:
        """Before the first change to an old container: remember what is in it."""
        if id(thing) not in self.watch.old:
            return

        def copy() -> Any:
            old = dict(thing) if isinstance(thing, dict) else set(thing) if isinstance(thing, set) else list(thing)

            def put_back() -> None:
                kind = (
                    next(k for k in (dict, set, list, bytearray) if isinstance(thing, k))
                    if not hasattr(thing, "rotate")
                    else None
                )
                (kind or type(thing)).clear(thing)
                (kind.update if kind in (dict, set) else (kind or type(thing)).extend)(thing, old)  # type: ignore[union-attr]

            return put_back

        self.watch.save(id(thing), copy)

    def refuse(self, what: str, line: int, why: str = "") -> None:
        """The program does what must not happen here: the run ends at once."""
        self.watch.not_seen(what, line)
        if self.watch.names is not None:
            why = why or "it waits, or starts threads, where labkit cannot see it; use threading's Thread and locks, and queues"
        here.machine.give_up(Unexplorable(what, line, why))

    def opaque(self, thing: Any, what: str, line: int) -> None:
        """C code changes an object: one step, and no proof if several threads do it."""
        self.watch.doubt(thing, what, line)
        self.watch.touch((((self.watch.key(thing), "*"), True),), (what, "", line))


def global_value(space: dict[str, Any], name: str) -> Any:
    """What a global or builtin name means now."""
    return space.get(name, getattr(builtins, name, _MISSING))


__all__ = ["UNSEEN", "WAITING", "Base", "Rewriting", "Unexplorable", "global_value", "names_of"]
