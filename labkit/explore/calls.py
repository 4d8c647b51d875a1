"""Calls: methods of containers, built-in functions, classes, and what cannot be observed."""

from __future__ import annotations

import time
import types
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from labkit import here
from labkit.explore import containers
from labkit.explore.independence import READ
from labkit.explore.kinds import (
    ATOM,
    ATOMS,
    BOX,
    CLASS,
    CONTAINERS,
    FOREIGN,
    MODULE,
    OWN,
    SYNC,
    UNSEEN,
    VIEW,
    WAITING,
    derived,
    kind_of,
    own,
)
from labkit.explore.ours import SIMPLE, Ours
from labkit.explore.special import SPECIAL
from labkit.explore.watch import Returned

_METHODS = (types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType)
_BOUND = (types.BuiltinFunctionType, types.MethodWrapperType)
_AT_HOME = frozenset({locals, dir, super, vars, breakpoint})
"""They look at the frame that calls them, so they are called from there."""
_NO_LOOK = frozenset({isinstance, issubclass, callable, type})
"""They do not look into their arguments."""
_LAZY = (map, filter, zip, enumerate)
"""They go through their arguments later, item by item."""
_labkit: set[types.CodeType] = set()  # functions of labkit's
_QUIET = frozenset({"add_note", "with_traceback"})


class Calls(Ours):
    """The part of Hooks that is asked what to call."""

    def method(self, thing: Any, name: str, word: str, line: int) -> Any:
        """What thing.name is, to be called."""
        if (type(thing), name) in SIMPLE:
            return getattr(thing, name)
        kind = kind_of(thing)
        if kind == FOREIGN and self.watch.names is not None:
            thing = self.watch.names.of(thing, line)
            kind = kind_of(thing)
        if kind == BOX and isinstance(getattr(type(thing), name, None), _METHODS):
            return self._container_method(thing, name, word, line)
        if kind == SYNC:
            return self._sync_method(thing, name, line)
        if kind == MODULE:
            self._announce(thing, name, word, line)
            return self.call(getattr(thing, name), line)
        if kind == ATOM:
            return self._atom_method(thing, name, word, line)
        if kind in (OWN, CLASS, BOX):
            self._announce(thing, name, word, line)
        return self.call(getattr(thing, name), line)

    def _announce(self, thing: Any, name: str, word: str, line: int) -> None:
        footprint = self.attribute(thing, name, READ, line)  # type: ignore[attr-defined]
        if footprint:
            self.watch.touch(footprint, ("reads", (thing, name, word), line))
            self._tell(getattr(thing, name, None))

    def _atom_method(self, thing: Any, name: str, word: str, line: int) -> Any:
        """A method of what cannot change may look into its arguments: ", ".join(names)."""
        bound = getattr(thing, name)
        if isinstance(bound, types.FunctionType | types.MethodType):
            return self.call(bound, line)

        def call(*args: Any, **kwargs: Any) -> Any:
            for a in args:
                self.all(a, word, line)
            return self.watch.born(bound(*args, **kwargs))

        return call

    def _container_method(self, thing: Any, name: str, word: str, line: int) -> Any:
        bound, watch = getattr(thing, name), self.watch

        def call(*args: Any, **kwargs: Any) -> Any:
            for a in args:
                if kind_of(a) != ATOM:
                    self.all(a, "an argument", line)
            footprint, write = containers.method(watch, thing, name, args)
            if write:
                self.save_container(thing)
            watch.touch(footprint, ("calls", f"{word}.{name}()", line))
            if kwargs:
                kwargs = {k: self.rewriting.function(v) for k, v in kwargs.items()}
            result = bound(*args, **kwargs)
            self._tell(Returned(result))
            if kind_of(result) == VIEW:
                watch.alias(result, watch.key(thing))
                watch.views[id(result)] = thing
            elif isinstance(result, CONTAINERS):
                watch.made(result)
            return result

        return call

    def viewed(self, view: Any) -> Any:
        """The dict that a view shows, if the explorer saw the view being made."""
        return self.watch.views.get(id(view))

    # ---- functions

    def call(self, f: Any, line: int) -> Any:
        """What to call instead of f."""
        if self.watch.names is not None:
            f = self.watch.names.callee(f, line)
        kind = type(f)
        if kind is types.FunctionType:
            if f.__code__ in _labkit or f.__code__ in self.rewriting.rewritten:
                return f
            return self._function(f, line)
        if kind is types.MethodType:
            return self._function(f, line)
        if isinstance(f, type):
            return self._class(f, line)
        if kind in _BOUND:
            return self._builtin(f, line)
        if kind in _METHODS:
            return self._unbound(f, line)
        if isinstance(f, partial):
            return partial(self.call(f.func, line), *f.args, **f.keywords)
        return self._object(f, line)

    def _function(self, f: Any, line: int) -> Any:
        made = self.rewriting.function(f)
        if made is not f and not isinstance(made, types.MethodType):
            return made
        code = getattr(made, "__code__", None) or made.__func__.__code__
        if code in self.rewriting.rewritten:
            return made
        module = getattr(f, "__module__", "") or ""
        top = module.split(".")[0]
        if module.startswith("labkit.simkernel"):
            return partial(self._kernels, made, line)
        if top == "labkit":
            _labkit.add(code)
        if top == "labkit" or own(module):
            return made
        if top in WAITING:
            self.refuse(f"{module}.{f.__name__}()", line)
        if top in UNSEEN:
            self.watch.not_seen(f"{module}.{f.__name__}()", line)
        name = f"{module}.{f.__name__}()"
        return lambda *args, **kwargs: self.watch.born(made(*self._outside(args, name, line), **self._named(kwargs)))

    def _outside(self, args: tuple[Any, ...], what: str, line: int) -> list[Any]:
        """Arguments for code that cannot be observed: functions are rewritten, what can change is doubted."""
        for a in args:
            if kind_of(a) == BOX:
                self.watch.doubt(a, what, line)
                self.watch.touch(containers.method(self.watch, a, "changes", ())[0], ("calls", what, line))
                self.save_container(a)
            elif kind_of(a) == OWN:
                self.watch.doubt(a, what, line)
                self.watch.touch((((self.watch.key(a), "*"), True),), ("calls", what, line))
        return [self.rewriting.function(a) for a in args]

    def _object(self, f: Any, line: int) -> Any:
        """An object that can be called."""
        kind = kind_of(f)
        if kind == OWN:
            self.patch(type(f))
        elif hasattr(f, "__wrapped__"):
            self.watch.not_seen(f"{getattr(f, '__name__', f)}(), hidden behind {type(f).__name__}", line)
        elif kind != ATOM and kind != SYNC and callable(f):
            self.opaque(f, f"{type(f).__name__}()", line)
        return f

    def _unbound(self, f: Any, line: int) -> Any:
        """A method of a built-in class, called as list.append(items, 1)."""

        def call(thing: Any, *args: Any, **kwargs: Any) -> Any:
            if kind_of(thing) == BOX:
                return self._container_method(thing, f.__name__, type(thing).__name__, line)(*args, **kwargs)
            return f(thing, *args, **kwargs)

        return call

    # ---- classes

    def _class(self, kind: type, line: int) -> Any:
        if issubclass(kind, BaseException) and not own(kind.__module__):
            return kind
        if own(kind.__module__):
            base = derived(kind)
            if base:
                self.refuse(f"{kind.__name__}, which derives from {base},", line, "that class works where labkit cannot see it")
            self.patch(kind)
            if self.watch.names is not None and not issubclass(kind, CONTAINERS):
                return partial(self.watch.names.make, kind)
            return self._named_maker(kind, line) if issubclass(kind, CONTAINERS) else kind
        module = kind.__module__.split(".")[0]
        if module == "labkit":
            return partial(self._labkits, kind)
        if module in UNSEEN:
            self.watch.not_seen(f"{kind.__module__}.{kind.__name__}()", line)
        if kind is type or kind is super:
            return kind
        if kind is bool:
            return lambda *thing: bool(*(self.size(a, "an argument", line) for a in thing))
        if kind in _LAZY:
            return lambda *args, **kwargs: kind(*(self._stepwise(a, line) for a in args), **kwargs)
        if kind is reversed:
            return lambda thing: self._backwards(thing, line)
        return self._named_maker(kind, line)

    def _named_maker(self, kind: type, line: int) -> Callable[..., Any]:
        def make(*args: Any, **kwargs: Any) -> Any:
            for a in args:
                self.all(a, "an argument", line)
            value = kind(*map(self.rewriting.function, args), **self._named(kwargs))
            return value if isinstance(value, ATOMS) else self.watch.made(value)

        return make

    def _stepwise(self, thing: Any, line: int) -> Any:
        return self.each(thing, "an argument", line) if kind_of(thing) != ATOM else self.rewriting.function(thing)

    def _backwards(self, thing: Any, line: int) -> Iterator[Any]:
        if kind_of(thing) != BOX or isinstance(thing, (dict, set)):
            self.all(thing, "an argument", line)
            yield from reversed(thing)
            return
        for i in range(len(thing) - 1, -1, -1):
            self.watch.touch(containers.item(self.watch, thing, i, READ), ("reads", ("an argument", i), line))
            yield thing[i]

    # ---- built-in functions

    def _builtin(self, f: Any, line: int) -> Any:
        special = SPECIAL.get(f) if type(f) is types.BuiltinFunctionType else None
        if special is not None:
            return partial(special, self, line)
        if f in _AT_HOME:
            return f
        owner = f.__self__
        if kind_of(owner) == BOX:
            return self._container_method(owner, f.__name__, type(owner).__name__, line)
        module = (getattr(f, "__module__", None) or type(owner).__module__ or "").split(".")[0]
        name = f"{module}.{f.__name__}()" if module != "builtins" else f"{f.__name__}()"
        if f is _sleep:
            return here.sleep
        if kind_of(owner) == FOREIGN or module in UNSEEN:
            self._foreign(f, type(owner).__module__.split(".")[0] if kind_of(owner) == FOREIGN else module, name, line)
        elif kind_of(owner) not in (MODULE, ATOM, CLASS) and f.__name__ not in _QUIET:
            self.opaque(owner, f"{type(owner).__name__}.{f.__name__}()", line)
        if f in _NO_LOOK:
            return f if self.watch.names is None else self.watch.names.asking(f)
        if module == "builtins":
            return partial(self._look_and_call, f, line)
        return lambda *args, **kwargs: self.watch.born(f(*self._outside(args, name, line), **self._named(kwargs)))

    def _foreign(self, f: Any, module: str, name: str, line: int) -> None:
        if module in WAITING and f.__name__ not in ("get_ident", "current_thread", "allocate_lock", "RLock"):
            self.refuse(name, line)
        self.watch.not_seen(name, line)

    def _look_and_call(self, f: Any, line: int, *args: Any, **kwargs: Any) -> Any:
        for a in args:
            self.all(a, "an argument", line)
        result = f(*map(self.rewriting.function, args), **self._named(kwargs))
        return self.watch.born(result)

    # ---- supplied by Hooks

    def all(self, thing: Any, word: str, line: int) -> Any:
        """An operator is about to look into a value."""
        raise NotImplementedError

    def each(self, thing: Any, word: str, line: int) -> Any:
        """A loop is about to go through a value."""
        raise NotImplementedError

    def size(self, thing: Any, word: str, line: int) -> Any:
        """A condition is about to look whether a value is empty."""
        raise NotImplementedError


_sleep = time.sleep
