"""A little language of thread programs, in two meanings: operations for the oracle, and Python source for labkit.

A program is a value: hypothesis can make it, print it and shrink it. Each statement is a tuple whose first word is its
name. A thread has the registers r0, r1 and r2, which are its own; everything else in THINGS and the variables are shared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

from tests.explore import operations
from tests.explore.operations import RW, Channel, Op, Program

Statement = tuple[Any, ...]
Body = tuple[Statement, ...]
Steps = Generator[Op, Any, Any]
Registers = dict[str, Any]

SPELLINGS = {"global": "{}", "cell": "{}", "attribute": "box.{}", "item": "table['{}']", "index": "row[{}]"}
"""What a variable may be in Python → how it is written."""

THINGS: dict[str, tuple[str, Any]] = {
    "mutex": ("Mutex()", None), "mutex2": ("Mutex()", None), "rlock": ("RLock()", None), "spin": ("Spinlock()", None),
    "semaphore0": ("Semaphore(0)", 0), "semaphore1": ("Semaphore(1)", 1), "semaphore2": ("Semaphore(2)", 2),
    "atomic": ("Atomic(0)", 0), "event": ("Event()", False), "barrier": ("Barrier(2)", (2, ())),
    "channel0": ("Channel()", Channel(0)), "channel1": ("Channel(1)", Channel(1)), "rwlock": ("RWLock()", RW()),
    "condition": ("Condition(mutex)", ()), "condition2": ("Condition(mutex)", ()), "own": ("Condition()", ()),
    "own.lock": ("own.lock", None),
}  # fmt: skip
"""name → how it is made in Python, and what its place holds for the operations."""

LOCK_OF = {"condition": "mutex", "condition2": "mutex", "own": "own.lock"}

CALLS: dict[str, tuple[str, Callable[..., Op | Steps]]] = {
    "load": ("{}.load()", lambda a: ("load", a)),
    "store": ("{}.store({})", lambda a, v: ("store", a, v)),
    "exchange": ("{}.exchange({})", lambda a, v: ("exchange", a, v)),
    "fetch_add": ("{}.fetch_add({})", lambda a, n: ("fetch_add", a, n)),
    "cas": ("{}.compare_exchange({}, {})", lambda a, old, new: ("cas", a, old, new)),
    "acquire": ("{}.acquire()", lambda lock: ("acquire", lock, *reentrant(lock))),
    "release": ("{}.release()", lambda lock: ("release", lock)),
    "down": ("{}.acquire()", lambda s: ("down", s)),
    "try down": ("{}.acquire(blocking=False)", lambda s: ("try down", s)),
    "up": ("{}.release({})", lambda s, n: ("up", s, n)),
    "notify": ("{}.notify({})", lambda c, n: ("notify", c, LOCK_OF[c], n)),
    "notify_all": ("{}.notify_all()", lambda c: ("notify_all", c, LOCK_OF[c])),
    "set": ("{}.set()", lambda e: ("set", e)),
    "clear": ("{}.clear()", lambda e: ("clear", e)),
    "is_set": ("{}.is_set()", lambda e: ("is_set", e)),
    "await": ("{}.wait()", lambda e: ("await", e)),
    "barrier": ("{}.wait()", operations.barrier),
    "send": ("{}.send({})", operations.send),
    "receive": ("{}.receive()", operations.receive),
    "close": ("{}.close()", lambda c: ("close", c)),
}
"""name → the Python call, and the operations. As a statement: (name, register for the result or "", place, arguments...)."""

COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, ">=": operator.ge}


def reentrant(lock: str) -> tuple[bool, ...]:
    """What an acquire adds for the oracle if the holder may come again."""
    return (True,) if lock in ("rlock", "own.lock") else ()


class Little(NamedTuple):
    """A program: what each variable is in Python, what the threads do, what main does between spawn and join."""

    variables: dict[str, str]
    threads: tuple[Body, ...]
    main: Body = ()

    def program(self) -> Program:
        """For the operations."""

        def main() -> Steps:
            tids = yield from operations.each(operations.spawn(thread, body) for body in self.threads)
            registers = fresh()
            yield from steps(self.main, registers)
            results = yield from operations.each(operations.join(tid) for tid in tids)
            finals = yield from operations.each(operations.read(name) for name in self.variables)
            return (*results, tuple(registers.values()), *finals)

        memory = {name: THINGS[name][1] for name in self.things()}
        return Program(main, memory | dict.fromkeys(self.variables, 0))

    def things(self) -> list[str]:
        """The shared things it uses."""
        used = set(words((self.threads, self.main)))
        used |= {LOCK_OF[name] for name in used & set(LOCK_OF)} | ({"own"} if "own.lock" in used else set())
        return [name for name in THINGS if name in used]

    def source(self) -> str:
        """As a Python module with a function main()."""
        return "\n".join(_Writer(self).module()) + "\n"


def words(value: Any) -> Iterator[str]:
    """All the texts in a program."""
    if isinstance(value, tuple):
        for part in value:
            yield from words(part)
    elif isinstance(value, str):
        yield value


# ---- as operations


def fresh() -> Registers:
    return {"r0": 0, "r1": 0, "r2": 0}


def thread(body: Body) -> Steps:
    """A thread: does its statements and returns its registers."""
    registers = fresh()
    yield from steps(body, registers)
    return tuple(registers.values())


def steps(body: Body, registers: Registers) -> Steps:
    """The operations of some statements."""
    for statement in body:
        yield from step(statement, registers)


def step(statement: Statement, registers: Registers) -> Steps:  # noqa: C901  one case for each statement
    """The operations of a statement."""
    match statement:
        case "get", register, x:
            registers[register] = yield operations.read(x)
        case "put", x, register, n:
            yield operations.write(x, registers.get(register, 0) + n)
        case "add", x, n:
            yield from operations.add(x, n)
        case "if", test, then, otherwise:
            yield from steps(then if (yield from holds(test, registers)) else otherwise, registers)
        case "repeat", times, body:
            yield from steps(body * times, registers)
        case "with", lock, body:
            yield from operations.under(("acquire", lock, *reentrant(lock)), steps(body, registers), ("release", lock))
        case "try", lock, body, otherwise:
            if (yield ("try", lock, *reentrant(lock))):
                yield from steps(body, registers)
                yield ("release", lock)
            else:
                yield from steps(otherwise, registers)
        case "wait while", condition, test:
            while (yield from holds(test, registers)):
                yield from operations.wait(condition, LOCK_OF[condition])
        case "wait if", condition, test:
            if (yield from holds(test, registers)):
                yield from operations.wait(condition, LOCK_OF[condition])
        case "wait", condition:
            yield from operations.wait(condition, LOCK_OF[condition])
        case ("reading" | "writing") as how, lock, body:
            yield ("rw acquire", lock, how == "writing")
            going_on = ("go on", lock, how == "writing")
            yield from operations.under(going_on, steps(body, registers), ("rw release", lock, how == "writing"))
        case "child", child, meanwhile:
            tid = yield operations.spawn(thread, child)
            yield from steps(meanwhile, registers)
            registers["r0"] = (yield operations.join(tid))[0]
        case "assert", register, n:
            assert registers[register] != n
        case verb, register, place, *args:
            does = CALLS[verb][1](place, *args)
            result = (yield does) if isinstance(does, tuple) else (yield from does)
            if register:
                registers[register] = result
        case _:
            raise ValueError(statement)


def holds(test: Statement, registers: Registers) -> Steps:
    """Whether a comparison of a register or a variable with a number is true."""
    what, compare, n = test
    value = registers[what] if what in registers else (yield operations.read(what))
    return COMPARE[compare](value, n)


# ---- as Python


class _Writer:
    """Writes a program as Python."""

    def __init__(self, little: Little) -> None:
        self.little = little
        self.children = 0
        self.spelling = {
            name: SPELLINGS[kind].format(position if kind == "index" else name)
            for position, (name, kind) in enumerate(little.variables.items())
        }
        self.outer = {kind: [n for n, k in little.variables.items() if k == kind] for kind in ("global", "cell")}

    def module(self) -> Iterator[str]:
        names = self.little.variables
        yield "from labkit import Atomic, Barrier, Channel, Condition, Event, Mutex, RLock, RWLock, Semaphore, Spinlock, spawn"
        yield "class Box: pass"
        yield from (f"{name} = 0" for name in self.outer["global"])
        yield "def main():"
        yield f"    row = [0] * {len(names)}"
        yield "    box, table = Box(), {}"
        for name, kind in names.items():
            if kind in ("cell", "attribute", "item"):
                yield f"    {self.spelling[name]} = 0"
        for name in self.little.things():
            if name != "own.lock":
                yield f"    {name} = {THINGS[name][0]}"
        for number, body in enumerate(self.little.threads):
            yield from self.function(f"t{number}", body, "    ")
        yield from self.function("m", self.little.main, "    ")
        yield f"    threads = [{', '.join(f'spawn(t{n})' for n in range(len(self.little.threads)))}]"
        yield "    mine = m()"
        yield "    results = [t.join() for t in threads]"
        yield f"    return (*results, mine, {' '.join(text + ',' for text in self.spelling.values())})"

    def function(self, name: str, body: Body, indent: str) -> Iterator[str]:
        """A function that does some statements and returns its registers."""
        yield f"{indent}def {name}():"
        for word, kind in (("global", "global"), ("nonlocal", "cell")):
            if self.outer[kind]:
                yield f"{indent}    {word} {', '.join(self.outer[kind])}"
        yield f"{indent}    r0 = r1 = r2 = 0"
        yield from self.lines(body, indent + "    ")
        yield f"{indent}    return r0, r1, r2"

    def lines(self, body: Body, indent: str) -> Iterator[str]:
        """Some statements; never nothing."""
        for statement in body or ((),):
            for line in self.line(statement):
                yield indent + line

    def line(self, statement: Statement) -> Iterator[str]:  # noqa: C901  one case for each statement
        """One statement."""
        match statement:
            case ():
                yield "pass"
            case "get", register, x:
                yield f"{register} = {self.spelling[x]}"
            case "put", x, register, n:
                yield f"{self.spelling[x]} = {register} + {n}" if register else f"{self.spelling[x]} = {n}"
            case "add", x, n:
                yield f"{self.spelling[x]} += {n}"
            case "if", test, then, otherwise:
                yield f"if {self.test(test)}:"
                yield from self.lines(then, "    ")
                yield "else:"
                yield from self.lines(otherwise, "    ")
            case "repeat", times, body:
                yield f"for _ in range({times}):"
                yield from self.lines(body, "    ")
            case "with", lock, body:
                yield f"with {lock.removesuffix('.lock')}:"
                yield from self.lines(body, "    ")
            case "try", lock, body, otherwise:
                yield f"if {lock}.acquire(blocking=False):"
                yield from self.lines(body, "    ")
                yield f"    {lock}.release()"
                yield "else:"
                yield from self.lines(otherwise, "    ")
            case ("wait while" | "wait if") as how, condition, test:
                yield f"{how.removeprefix('wait ')} {self.test(test)}:"
                yield f"    {condition}.wait()"
            case "wait", condition:
                yield f"{condition}.wait()"
            case ("reading" | "writing") as how, lock, body:
                yield f"with {lock}.{'write' if how == 'writing' else 'read'}():"
                yield from self.lines(body, "    ")
            case "child", child, meanwhile:
                self.children += 1
                name = f"c{self.children}"
                yield from self.function(name, child, "")
                yield f"{name}_thread = spawn({name})"
                yield from self.lines(meanwhile, "")
                yield f"r0 = {name}_thread.join()[0]"
            case "assert", register, n:
                yield f"assert {register} != {n}"
            case verb, register, place, *args:
                yield (f"{register} = " if register else "") + CALLS[verb][0].format(place, *args)

    def test(self, test: Statement) -> str:
        what, compare, n = test
        return f"{self.spelling.get(what, what)} {compare} {n}"
