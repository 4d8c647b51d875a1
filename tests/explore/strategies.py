"""Random small programs, for hypothesis. A program is made around two or three shared things, so that its threads meet."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.explore.language import SPELLINGS, Body, Little, Statement

REGISTERS = ("r0", "r1", "r2")
LOCKS = frozenset({"mutex", "mutex2", "spin", "rlock"})
CONDITIONS = {"condition": "mutex", "condition2": "mutex", "own": "own.lock"}
ORDINARY = ("mutex", "mutex2", "condition", "semaphore0", "semaphore1", "semaphore2")
ALL = (*ORDINARY, "spin", "rlock", "own", "condition2", "atomic", "event", "barrier", "channel0", "channel1", "rwlock", "child")

Statements = st.SearchStrategy[Statement]
no, small, register = st.just(""), st.integers(0, 2), st.sampled_from(REGISTERS)
comparison = st.sampled_from(("==", "!=", "<", ">="))


def calls(name: str) -> list[Statements]:
    """Calls of a thing that is neither a lock nor a condition."""
    it = st.just(name)

    def call(verb: str, result: st.SearchStrategy[str] = no, *arguments: st.SearchStrategy[int]) -> Statements:
        return st.tuples(st.just(verb), result, it, *arguments)

    match name.rstrip("012"):
        case "semaphore":
            return [call("down"), call("up", no, st.just(1)), call("try down", register), call("up", no, st.integers(1, 2))]
        case "atomic":
            return [call("cas", register, small, small), call("fetch_add", register, small), call("load", register),
                    call("store", no, small), call("exchange", register, small)]  # fmt: skip
        case "event":
            return [call("set"), call("await"), call("is_set", register), call("clear")]
        case "barrier":
            return [call("barrier", register)]
        case "channel":
            return [call("send", no, small), call("receive", register)]
    return []


class Palette:
    """The statements that a program may have, given its variables and things."""

    def __init__(self, variables: tuple[str, ...], things: frozenset[str]) -> None:
        self.things = things
        self.locks = (things | {lock for condition, lock in CONDITIONS.items() if condition in things}) & {
            *LOCKS, "own.lock", "rwlock",
        }  # fmt: skip
        variable = st.sampled_from(variables)
        self.tests = st.tuples(st.one_of(variable, register), comparison, small)
        self.waits = st.tuples(variable, comparison, small)
        plain: list[Statements] = [
            st.tuples(st.just("add"), variable, st.integers(1, 2)),
            st.tuples(st.just("get"), register, variable),
            st.tuples(st.just("put"), variable, st.sampled_from(("", *REGISTERS)), small),
        ]
        self.plain = st.one_of(plain)
        self.calls = {name: calls(name) for name in sorted(things) if calls(name)}

    def bodies(self, free: frozenset[str], depth: int, least: int, most: int) -> st.SearchStrategy[Body]:
        """Some statements of a thread that may take the free locks."""
        return st.lists(self.statements(free, depth), min_size=least, max_size=most).map(tuple)

    def statements(self, free: frozenset[str], depth: int) -> Statements:
        """One statement."""
        meetings: list[Statements] = [st.one_of(several) for several in self.calls.values()]
        if not depth:
            return st.one_of([self.plain, *meetings])
        inside = self.bodies(free, depth - 1, 0, 2)
        for lock in sorted(free):
            less = self.bodies(free - {lock}, depth - 1, 1, 2)
            meetings.append(st.one_of(self.locked(lock, less, inside)))
        for condition, lock in CONDITIONS.items():
            if condition in self.things and lock in free:
                meetings.append(self.conditional(condition, lock))
        if "child" in self.things:
            meetings.append(st.tuples(st.just("child"), self.bodies(frozenset(), 0, 1, 2), self.bodies(free, 0, 0, 1)))
        control = st.one_of(
            st.tuples(st.just("if"), self.tests, inside, inside),
            st.tuples(st.just("repeat"), st.just(2), self.bodies(free, 0, 1, 1)),
        )
        # Why: one_of() flattens what is in it, and then threads would seldom meet.
        groups = [self.plain, control] + [st.one_of(meetings)] * 4 if meetings else [self.plain, self.plain, control]
        return st.sampled_from(groups).flatmap(lambda group: group)

    def locked(self, lock: str, body: st.SearchStrategy[Body], otherwise: st.SearchStrategy[Body]) -> list[Statements]:
        """What can be done with a lock."""
        if lock == "rwlock":
            return [st.tuples(st.just("reading"), st.just(lock), body), st.tuples(st.just("writing"), st.just(lock), body)]
        kinds = [st.tuples(st.just("with"), st.just(lock), body)] * 2
        return kinds + [st.tuples(st.just("try"), st.just(lock), body, otherwise)] if lock in LOCKS else kinds

    def conditional(self, condition: str, lock: str) -> Statements:
        """A block under a condition's lock: change something, then wait or notify."""
        name, some = st.just(condition), st.lists(self.plain, max_size=1)
        what = st.one_of(
            st.tuples(st.just("notify"), no, name, st.integers(1, 2)),
            st.tuples(st.just("notify_all"), no, name),
            st.tuples(st.just("wait while"), name, self.waits),
            st.tuples(st.just("wait if"), name, self.tests),
            st.tuples(st.just("wait"), name),
        )
        body = st.tuples(some, what, some).map(lambda parts: (*parts[0], parts[1], *parts[2]))
        return st.tuples(st.just("with"), st.just(lock), body)


@st.composite
def programs(draw: st.DrawFn, pool: tuple[str, ...] = ALL) -> Little:
    """Two to four threads, of a few statements each, around up to three things of the pool."""
    names = draw(st.sampled_from((("x",), ("x", "y"))))
    things = draw(st.frozensets(st.sampled_from(pool), min_size=1, max_size=3))
    palette = Palette(names, things)
    threads = draw(st.integers(2, 4))
    body = palette.bodies(palette.locks, 2, 1, {2: 4, 3: 3, 4: 2}[threads])
    bodies = draw(st.lists(body, min_size=threads, max_size=threads))
    variables = {name: draw(st.sampled_from(tuple(SPELLINGS))) for name in names}
    return Little(variables, tuple(bodies), draw(palette.bodies(palette.locks, 0, 0, 1)))
