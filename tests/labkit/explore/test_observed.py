"""Whatever the way in which threads come at a place, explore() sees them meet there."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import functools
import heapq
import itertools
import json
import linecache
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

import labkit
from labkit import Atomic, Condition, Mutex, Semaphore, explore, no_preempt, spawn

total = 0
HOST_LOCK = threading.Lock()


class Purse:
    """An object that counts in each of its special methods."""

    shared = 0

    def __init__(self) -> None:
        self.n = 0
        self.__secret = 0

    def bump(self) -> int:
        self.n += 1
        return self.n

    def hide(self) -> None:
        self.__secret += 1

    def show(self) -> int:
        return self.__secret

    @property
    def coins(self) -> int:
        return self.n

    @coins.setter
    def coins(self, n: int) -> None:
        self.n = n

    @classmethod
    def share(cls) -> None:
        cls.shared += 1

    def __call__(self) -> int:
        return self.bump()

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, i: int) -> int:
        return self.n

    def __setitem__(self, i: int, n: int) -> None:
        self.n = n

    def __contains__(self, x: object) -> bool:
        return bool(self.bump())

    def __iter__(self) -> Any:
        yield self.bump()

    def __str__(self) -> str:
        return str(self.bump())

    def __eq__(self, other: object) -> bool:
        return bool(self.bump())

    __hash__ = object.__hash__

    def __lt__(self, other: object) -> bool:
        return bool(self.bump())

    def __add__(self, other: object) -> int:
        return self.bump()

    def __bool__(self) -> bool:
        return bool(self.bump())

    def __enter__(self) -> None:
        self.bump()

    def __exit__(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> int:
        if name == "magic":
            return self.bump()
        raise AttributeError(name)


def both(f: Callable[[], Any], g: Callable[[], Any] | None = None) -> None:
    for thread in [spawn(f), spawn(g or f)]:
        thread.join()


WAYS = [
    "p.bump()", "Purse.bump(p)", "p()", "p[0] = p[0] + 1", "p.coins += 1", "p + 1", "p == 1", "1 if p else 2", "not p",
    "p < 2", "3 in p", "str(p)", "f'{p}'", "list(p)", "[i for i in p]", "p.magic", "setattr(p, 'n', getattr(p, 'n') + 1)",
    "m = p.bump; m()",
    "p.__dict__['n'] += 1", "vars(p)['n'] += 1", "functools.partial(p.bump)()", "list(map(Purse.bump, [p]))",
    "(lambda q: q.bump())(p)", "any(q.bump() for q in [p])", "max([p], key=lambda q: q.bump())", "[q.bump() for q in [p]]",
    "{q: q.bump() for q in [p]}", "(q := p).bump()", "with p: pass",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_change_an_object_is_seen(way: str) -> None:
    source = f"def main():\n    p = Purse()\n    def w():\n        {way}\n    both(w)\n    return p.n\n"
    name = f"<way {way}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space: dict[str, Any] = {**globals(), "__name__": "a_students_module"}
    exec(compile(source, name, "exec"), space)
    verdict = explore(space["main"])
    assert set(verdict.outcomes) == {1, 2}
    assert verdict.exhausted
    assert not verdict.unseen


def outcomes(main: Callable[[], Any]) -> set[Any]:
    verdict = explore(main)
    assert verdict.exhausted, verdict.stopped
    assert not verdict.unseen
    return set(verdict.outcomes)


def test_private_names_are_the_classes_own() -> None:
    def main() -> int:
        p = Purse()
        both(p.hide)
        return p.show()

    assert outcomes(main) == {1, 2}


def test_class_attributes_are_shared_by_all_objects() -> None:
    def main() -> int:
        both(Purse.share, Purse().share)
        return Purse.shared

    assert outcomes(main) == {1, 2}
    assert Purse.shared == 0


def test_a_missing_attribute_is_looked_at_too() -> None:
    def main() -> int:
        thing, made = type("Thing", (Purse,), {})(), []

        def once() -> None:
            if not hasattr(thing, "connection"):
                thing.connection = 1
                made.append(1)

        both(once)
        return len(made)

    assert outcomes(main) == {1, 2}


def test_built_in_methods_are_seen_however_they_are_called() -> None:
    def main() -> tuple[int, ...]:
        items: list[int] = []
        add = items.append
        both(functools.partial(list.append, items, 1), lambda: add(2))
        return tuple(items)

    assert outcomes(main) == {(1, 2), (2, 1)}


def test_spawned_method_of_a_list_is_seen() -> None:
    def main() -> int:
        items = [1]
        a, b = spawn(items.append, 2), spawn(lambda: len(items))
        a.join()
        return int(b.join())

    assert outcomes(main) == {1, 2}


def test_dicts_are_seen_by_key_and_their_order_only_if_somebody_looks() -> None:
    def order() -> tuple[str, ...]:
        d: dict[str, int] = {}
        both(lambda: d.setdefault("a", 1), lambda: d.update(b=2))
        return tuple(d)

    def no_order() -> int:
        d: dict[str, int] = {}

        def put(key: str) -> None:
            d[key] = 1

        both(lambda: put("a"), lambda: put("b"))
        return d["a"] + d["b"]

    assert outcomes(order) == {("a", "b"), ("b", "a")}
    assert explore(no_order).runs == 1


def test_counters_and_default_dicts_are_seen() -> None:
    def main() -> tuple[int, int]:
        words, ways = collections.Counter(), collections.defaultdict(int)  # type: ignore[var-annotated]

        def add() -> None:
            words["x"] += 1
            ways["x"] += 1

        both(add)
        return words["x"], ways["x"]

    assert outcomes(main) == {(a, b) for a in (1, 2) for b in (1, 2)}


def test_a_dict_that_grows_while_another_goes_through_it_is_an_error_in_some_schedules() -> None:
    def main() -> int:
        d = {1: 1}
        a, b = spawn(lambda: sum(v for _, v in d.items())), spawn(lambda: d.update({2: 2}))
        b.join()
        return int(a.join())

    verdict = explore(main)
    assert {1, 3} <= set(verdict.outcomes)
    assert [type(f.error) for f in verdict.failures] == [RuntimeError]


def test_generated_methods_of_dataclasses_spoil_no_proof() -> None:
    @dataclasses.dataclass
    class Account:
        balance: int = 0

    def main() -> int:
        account = Account()

        def deposit() -> None:
            account.balance += 1

        both(deposit)
        return account.balance

    assert outcomes(main) == {1, 2}


def test_context_managers_of_the_library_run_rewritten_code() -> None:
    def main() -> int:
        box = [0]

        @contextlib.contextmanager
        def slowly() -> Any:
            old = box[0]
            yield
            box[0] = old + 1

        def add() -> None:
            with slowly():
                pass

        both(add)
        return box[0]

    assert outcomes(main) == {1, 2}


def test_globals_are_seen_by_every_way() -> None:
    def main() -> int:
        def add() -> None:
            globals()["total"] = total + 1

        both(add)
        return total

    assert outcomes(main) == {1, 2}
    assert total == 0


def test_looking_at_a_primitive_is_an_operation() -> None:
    def main() -> tuple[bool, int, int]:
        lock, permits, number = Mutex(), Semaphore(0), Atomic(0)

        def work() -> None:
            with lock:
                permits.release()
                number.store(1)

        a, b = spawn(work), spawn(lambda: (lock.locked(), permits.value, number.value))
        a.join()
        return tuple(b.join())

    assert {(False, 0, 0), (True, 0, 0), (True, 1, 0), (True, 1, 1), (False, 1, 1)} <= outcomes(main)


def test_timeouts_may_end_or_not() -> None:
    def main() -> bool:
        ready, box = Condition(), [False]

        def give() -> None:
            with ready:
                box[0] = True
                ready.notify()

        def take() -> bool:
            with ready:
                return bool(ready.wait_for(lambda: box[0], timeout=1))

        a, b = spawn(give), spawn(take)
        a.join()
        return bool(b.join())

    assert outcomes(main) == {True, False}


def test_no_preempt_keeps_out_others_that_use_it() -> None:
    def main() -> int:
        x = 0

        def add() -> None:
            nonlocal x
            with no_preempt:
                x += 1

        both(add)
        return x

    assert outcomes(main) == {2}


@pytest.mark.parametrize("name", ["random", "time", "lock", "heap", "json", "count", "no source", "state"])
def test_what_is_not_seen_is_named(name: str) -> None:
    heap: list[int] = []
    numbers = itertools.count()
    shared = {"n": 0}
    hidden = eval("lambda box: box.append(1)")

    def with_lock() -> None:
        with HOST_LOCK:
            pass

    ways: dict[str, Any] = {
        "random": lambda: labkit.sleep(__import__("random").random()), "time": time.time, "lock": with_lock,
        "heap": lambda: heapq.heappush(heap, 1), "json": lambda: shared.update(json.loads(json.dumps(shared))),
        "count": lambda: next(numbers), "no source": lambda: hidden(heap), "state": lambda: labkit.current_thread().state,
    }  # fmt: skip
    way = ways[name]

    def main() -> None:
        both(way)

    verdict = explore(main)
    assert not verdict.passed
    assert verdict.unseen
    assert verdict.unseen[0].what in str(verdict)


def test_c_code_on_an_object_of_one_thread_only_is_harmless() -> None:
    def main() -> None:
        def sort() -> list[int]:
            heap: list[int] = []
            heapq.heappush(heap, 1)
            return heap

        both(sort)

    assert explore(main).passed


def test_text_that_is_executed_is_rewritten_like_a_function() -> None:
    def main() -> int:
        space: dict[str, Any] = {"n": 0}

        def add() -> None:
            exec("def more(k):\n    return k + 1\nn = more(n)", space)

        both(add)
        return int(space["n"])

    assert outcomes(main) == {1, 2}
