"""Wait queues and names: what every primitive stands on."""

from __future__ import annotations

import pytest

from labkit import Condition, Mutex, Semaphore, run, sched_yield, spawn
from labkit.errors import LabError
from labkit.sync import ALL, Primitive, WaitQueue


class Gate(Primitive):
    """The smallest primitive: a queue."""

    kind = "gate"

    def reset_state(self) -> None:
        self.queue = WaitQueue(self, "a turn of {}")


def test_a_wait_queue_wakes_those_that_have_waited_longest() -> None:
    gate, log = Gate("g"), []

    def waiter(i: int) -> None:
        gate.queue.wait()
        log.append(i)

    def main() -> list[object]:
        threads = [spawn(waiter, i) for i in range(5)]
        sched_yield()
        told = [len(gate.queue), [t.name for t in gate.queue.wake(2)], len(gate.queue), len(gate.queue.wake_all())]
        for t in threads:
            t.join()
        return [*told, gate.queue.wake(), len(gate.queue)]

    assert run(main).result == [5, ["A", "B"], 3, 3, [], 0]
    assert log == [0, 1, 2, 3, 4]


def test_a_wait_that_is_over_is_forgotten() -> None:
    gate = Gate("g")
    assert run(lambda: (gate.queue.wait(1000), len(gate.queue))).result == (False, 0)


def test_a_queue_says_what_is_waited_for() -> None:
    assert Gate("g").queue.describe() == "a turn of Gate 'g'"
    assert Mutex("m").queue.describe() == "Mutex 'm'"


@pytest.mark.parametrize("kind", ALL, ids=lambda k: k.__name__)
def test_a_primitive_names_itself(kind: type[Primitive]) -> None:
    made = kind(2, name="it") if kind.__name__ == "Barrier" else kind(name="it")
    assert repr(made).startswith(f"<{kind.__name__} 'it'")
    with pytest.raises(LabError, match=r"name=3"):
        kind(2, name=3) if kind.__name__ == "Barrier" else kind(name=3)


def test_nameless_primitives_are_numbered_by_kind() -> None:
    assert run(lambda: [p.name for p in (Mutex(), Semaphore(), Mutex())]).result == ["mutex-1", "semaphore-1", "mutex-2"]


def test_a_nameless_primitive_from_outside_gets_its_number_at_first_use() -> None:
    first, second = Mutex(), Mutex()

    def main() -> tuple[str, str]:
        second.acquire()
        first.acquire()
        return first.name, second.name

    assert run(main).result == ("mutex-2", "mutex-1")


def test_a_condition_shares_the_lock_it_is_given() -> None:
    lock = Mutex("m")
    full, empty = Condition(lock, "full"), Condition(lock, "empty")

    def main() -> bool:
        with full:
            return empty.lock.locked() and not spawn(lock.acquire, False).join()

    assert run(main).result is True
