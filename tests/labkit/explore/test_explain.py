"""verdict.explain(): the few lines that matter, the name of the mistake, the lock, and the switch to blame."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from labkit import Mutex, explore, replay, spawn
from labkit.errors import LabError
from tests.labkit.explore.wrong import PROGRAMS, together

if TYPE_CHECKING:
    from labkit.explore.explain import Explanation
    from labkit.explore.verdict import Verdict

CELL = """x = [0]

def add():
    x[0] += 1

def main():
    x[0] = 0
    threads = [spawn(add), spawn(add)]
    for thread in threads:
        thread.join()
    assert x[0] == 2
"""

SAID: dict[str, tuple[str, list[str]]] = {
    "lost_update": (
        "lost update",
        [
            "A reads balance: 100. B reads balance: 100. B writes balance 150. A writes balance 110: B's write is lost.",
            "balance is 110.",
            "No lock is held at either access.",
            'this run would have passed, as "A A B B" does',
        ],
    ),
    "lost_increment": (
        "lost update",
        [
            "B reads hits[0]: 1. C reads hits[0]: 1. C writes hits[0] 2. B writes hits[0] 2: C's write is lost.",
            "If C had not come between B's read and its write of hits[0] in line",
        ],
    ),
    "check_then_act": (
        "check-then-act",
        [
            "A tests tickets and then acts on what it saw, but B changes tickets in between.",
            "B writes tickets 0. A writes tickets 0: it still acts on what it saw in line",
            "len(sold) is 2.",
        ],
    ),
    "pop_from_empty": (
        "check-then-act",
        ["A reads the length of jobs: 1.", "B calls jobs.pop(), which returns 'job'.", "A: IndexError: pop from empty list"],
    ),
    "test_then_set_lock": (
        "check-then-act",
        [
            "A reads taken[0]: False. B reads taken[0]: False. B writes taken[0] True. A writes taken[0] True:",
            "If B had not come between A's lines",
        ],
    ),
    "lock_forgotten_in_one_place": (
        "lost update",
        [
            "A holds Mutex 'door' in line",
            "B holds no lock in line",
            "Every other access of balance holds Mutex 'door'; B in lines",
        ],
    ),
    "two_locks_for_one_place": (
        "lost update",
        ["A holds Mutex 'one' in line", "B holds Mutex 'other' in line", "two different locks keep nobody out"],
    ),
    "lock_let_go_too_early": (
        "check-then-act",
        ["All hold lock, but A lets go of it between its lines", "A writes balance -50."],
    ),
    "ticket_not_atomic": (
        "lost update",
        ["B writes next_ticket[0] 1. A writes next_ticket[0] 1: B's write is lost.", "drawn[0] is 0, drawn[1] is 0."],
    ),
    "atomic_load_and_store": (
        "lost update",
        [
            "A stores in Atomic 'count': B's write is lost.",
            "Each operation of Atomic 'count' is atomic, but A's two together are not.",
        ],
    ),
    "transfer_seen_half_done": (
        "atomicity violation",
        [
            "A's changes of a.amount and b.amount belong together, but B reads both in between.",
            "A writes a.amount 70.",
            "B reads a.amount: 70. B reads b.amount: 0. A writes b.amount 30.",
        ],
    ),
    "peterson_with_turn_swapped": ("lost update", ["B reads wants[0]: True. B reads turn[0]: 1."]),
    "unlock_forgotten_on_exception": (
        "deadlock",
        ["B waits for Mutex 'door', which A holds.", "A has ended without releasing Mutex 'door', which it took in line"],
    ),
    "unlock_by_another": ("", ["B fails with NotOwner.", "It fails in every schedule"]),
    "lost_wakeup": (
        "lost wake-up",
        [
            "B notifies Condition 'ready': nobody waits yet, so nobody is woken, and a notify is not remembered.",
            "A waits at Condition 'ready': it is never woken.",
            "If A had gone first, and not B,",
        ],
    ),
    "flag_tested_outside_the_lock": (
        "lost wake-up",
        [
            "A reads done[0]: False. B writes done[0] True. B notifies Condition 'ready':",
            "The race: A's read of done[0] against B's write of done[0].",
            "No lock is held at either access.",
        ],
    ),
    "if_instead_of_while": (
        "check-then-act",
        [
            "A calls items.pop(), which returns 1: B has been woken, but comes later.",
            "it does not test again: an `if` where a `while` is needed",
            "All hold the lock of Condition 'ready', but B's wait gives it up",
        ],
    ),
    "one_condition_for_both": (
        "lost wake-up",
        ["A notifies Condition 'changed': this wakes B, one of 2 that wait. B waits at Condition 'changed': it is never woken."],
    ),
    "event_set_and_cleared": ("lost wake-up", ["B sets Event 'go'. B clears Event 'go'. A waits until Event 'go' is set."]),
    "barrier_for_one_too_many": (
        "deadlock",
        ["A waits at Barrier 'meet' until 3 have come; 2 have.", "It fails in every schedule"],
    ),
    "home_made_barrier_not_reusable": (
        "deadlock",
        ["B releases Semaphore 'gate'. B acquires Semaphore 'gate'. A waits for a release of Semaphore 'gate',"],
    ),
    "semaphore_never_released": ("deadlock", ["B waits for a release of Semaphore 'free', whose value is 0"]),
    "spins_for_ever": (
        "livelock",
        [
            "A goes round its loop for ever and reads in vain what nobody is left to change.",
            "B writes go[0] False. A reads go[0]: False.",
        ],
    ),
    "writer_under_a_read_lock": ("lost update", ["Both hold RWLock 'count.lock', but only for reading"]),
    "opposite_locks": (
        "deadlock",
        [
            "A waits for B and B waits for A.",
            "A holds Mutex 'a' (taken in line",
            "The locks are taken in opposite orders: A takes Mutex 'a'",
            "B takes Mutex 'b'",
        ],
    ),
    "dining_philosophers": (
        "deadlock",
        [
            "A waits for B, B waits for C and C waits for A.",
            "A holds forks[0] (taken in line",
            "waits for forks[1], which B holds.",
        ],
    ),
    "locks_itself_out": (
        "deadlock",
        ["A waits for itself.", "A acquires Mutex 'door': it holds it already, and would wait for ever."],
    ),
    "joins_with_the_lock_held": (
        "deadlock",
        ["main holds Mutex 'door' (taken in line", "waits for the end of A.", "A waits for Mutex 'door', which main holds."],
    ),
    "channel_nobody_reads": ("deadlock", ["A waits for somebody to receive from Channel 'pipe'."]),
    "account_bad": ("wrong order", ["C reads money[0] before B has written it.", "Only then B writes money[0] 10."]),
    "lazy01_bad": ("wrong order", ["C reads data[0] after B has written it.", "C reads data[0]: 3."]),
    "deadlock01_bad": ("deadlock", ["The locks are taken in opposite orders: A takes Spinlock 'a'"]),
    "carter01_bad": ("deadlock", ["A takes Mutex 'l'", "B takes Mutex 'm'"]),
    "reorder_3_bad": (
        "atomicity violation",
        [
            "A's changes of a[0] and b[0] belong together, but D reads both in between.",
            "D reads a[0]: 1. D reads b[0]: 0. D: AssertionError",
            "Only then A writes b[0] -1.",
        ],
    ),
    "twostage_bad": (
        "atomicity violation",
        [
            "A's changes of data1[0] and data2[0] belong together",
            "A holds Mutex 'first' in line",
            "but no lock from the one to the other.",
        ],
    ),
    "stack_bad": (
        "wrong order",
        ["B calls stack.pop() before A calls stack.append() again.", "B: IndexError: pop from empty list"],
    ),
    "use_before_set": (
        "wrong order",
        ["B reads config before A has written it.", "B reads config: None", "If A had gone first, and not B,"],
    ),
    "forgotten_join": ("wrong order", ["main reads result[0] before A has written it.", "result[0] is 0."]),
    "ticket_lock_that_gives_one_number_twice": (
        "livelock",
        ["It begins with a lost update: A and B both change ticketlock.next, and A writes over what B wrote."],
    ),
    "buffer_with_if": (
        "check-then-act",
        [
            "tests buffer.items, waits, and does not test again;",
            "B waits at buffer.not_full.",
            "this wakes B.",
            "All hold buffer.lock, but B's wait gives it up",
        ],
    ),
    "barrier_that_wakes_one": (
        "lost wake-up",
        ["B waits for a wake-up that went to others, and comes no more.", "this wakes A, one of 2 that wait."],
    ),
    "two_of_one_kind": (
        "check-then-act",
        ["A tests Service.instance", "B writes Service.instance a Service.", "Service.made is 2."],
    ),
    "words_counted_wrong": (
        "lost update",
        ["A calls words.get(), which returns 0.", "A writes words['b'] 1: B's write is lost.", "words['b'] is 1."],
    ),
    "wronglock_bad": (
        "atomicity violation",
        ["A holds Mutex 'dataLock' in line", "B holds Mutex 'thisLock' in line", "two different locks keep nobody out"],
    ),
    "bluetooth_driver_bad": ("deadlock", ["waits until Event 'may stop' is set."]),
    "transfer_with_two_locks": (
        "atomicity violation",
        ["A's changes of amount['a'] and amount['b'] belong together, but B reads both in between."],
    ),
    "always_wrong": ("", ["main fails with AssertionError.", "total[0] is 1.", "It fails in every schedule"]),
}
"""Program → the name of the mistake, and sentences that its explanation must hold, without line numbers."""


def plain(text: object) -> str:
    """The text in one line, without what tells the line."""
    return " ".join(re.sub(r" \((taken in )?line \d+\)", lambda m: m.group() if m.group(1) else "", str(text)).split())


@cache
def explored(name: str) -> Verdict:
    """Each program is explored once for all tests."""
    return explore(PROGRAMS[name])


@cache
def explained(name: str) -> Explanation:
    return explored(name).explain()


@pytest.mark.parametrize("name", PROGRAMS)
def test_explanation_says_what_matters(name: str) -> None:
    explanation = explained(name)
    pattern, sentences = SAID[name]
    text = plain(explanation)
    assert explanation.pattern == pattern, str(explanation)
    for sentence in sentences:
        assert sentence in text, f"{sentence!r} is missing in\n{explanation}"


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_other_schedule_passes_and_the_failing_one_fails(name: str) -> None:
    verdict, explanation = explored(name), explained(name)
    again = replay(PROGRAMS[name], explanation.schedule)
    assert again.failure is not None
    assert again.failure.kind == verdict.failures[0].kind
    if explanation.passing:
        assert replay(PROGRAMS[name], explanation.passing).failure is None
        assert explanation.passing in explanation.switch
    else:
        assert verdict.failing == verdict.runs


@pytest.mark.parametrize("name", ["lost_update", "if_instead_of_while", "carter01_bad"])
def test_explanation_is_the_same_every_time(name: str) -> None:
    assert str(explained(name)) == str(explored(name).explain()) == str(explore(PROGRAMS[name]).explain())


def test_every_line_is_a_sentence() -> None:
    for name in PROGRAMS:
        for line in explained(name).lines:
            assert line.endswith("."), (name, line)
            assert "  " not in line, (name, line)


def test_a_passing_program_is_said_to_pass() -> None:
    explanation = explore(lambda: together(lambda: None)).explain()
    assert explanation.lines == []
    assert "Passed" in str(explanation)


def test_any_failure_can_be_explained() -> None:
    def main() -> None:
        x = [0]
        a, b = Mutex("a"), Mutex("b")

        def one() -> None:
            with a, b:
                x[0] = 1

        def other() -> None:
            with b, a:
                assert x[0] == 0

        together(one, other)

    verdict = explore(main)
    patterns = {failure.kind: verdict.explain(failure).pattern for failure in verdict.failures}
    assert patterns == {"assertion": "wrong order", "deadlock": "deadlock"}


def test_lines_are_few_however_long_the_run() -> None:
    def main() -> None:
        total, noise = [0], [0]

        def add() -> None:
            for _ in range(4):
                noise[0] = 1
            total[0] += 1

        together(add, add)
        assert total[0] == 2

    explanation = explore(main, bound=1).explain()
    assert explanation.pattern == "lost update"
    assert not any("noise" in line for line in explanation.lines)
    assert len(explanation.lines) <= 6


def test_a_long_value_is_cut() -> None:
    def main() -> None:
        text = ["x" * 1000]

        def more() -> None:
            text[0] = text[0] + "y"

        together(more, more)
        assert len(text[0]) == 1002

    assert max(map(len, explore(main).explain().lines)) < 150


def test_the_update_is_seen_through_variables() -> None:
    def main() -> None:
        total = [0]

        def add() -> None:
            old = total[0]
            doubled = old * 2
            new = doubled + 1
            total[0] = new

        together(add, add)
        assert total[0] == 3

    assert explore(main).explain().pattern == "lost update"


def test_the_update_is_seen_in_a_line_with_its_loop() -> None:
    def main() -> None:
        total = [0]

        def add() -> None:
            for _ in range(2): total[0] += 1  # fmt: skip  # noqa: E701

        together(add, add)
        assert total[0] == 4

    assert explore(main).explain().pattern == "lost update"


def test_a_write_that_uses_nothing_read_is_no_lost_update() -> None:
    def main() -> None:
        cell = [0]
        seen = []

        def look_and_reset() -> None:
            seen.append(cell[0])
            cell[0] = 0

        def set_it() -> None:
            cell[0] = 5

        together(look_and_reset, set_it)
        assert 5 in (*seen, cell[0])

    assert explore(main).explain().pattern == "atomicity violation"


def test_a_place_read_twice_and_changed_in_between_is_a_stale_read() -> None:
    def main() -> None:
        price = [10]
        bill = []

        def order() -> None:
            shown = price[0]
            paid = price[0]
            bill.append((shown, paid))

        def raise_it() -> None:
            price[0] = 12

        together(order, raise_it)
        assert bill[0][0] == bill[0][1]

    explanation = explore(main).explain()
    assert explanation.pattern == "stale read"
    assert "A reads price[0] twice and finds it changed: B writes it in between." in plain(explanation)


class Account:
    def __init__(self) -> None:
        self.balance = 0
        self.lock = Mutex()

    def deposit(self, amount: int) -> None:
        with self.lock:
            old = self.balance
        with self.lock:
            self.balance = old + amount


def test_an_attribute_lock_has_the_name_of_its_variable() -> None:
    def main() -> None:
        account = Account()
        together(lambda: account.deposit(1), lambda: account.deposit(2))
        assert account.balance == 3

    text = plain(explore(main).explain())
    assert "A reads account.balance: 0." in text
    assert "All hold account.lock, but A lets go of it" in text


def test_the_timeline_is_that_of_the_failing_run() -> None:
    verdict = explore(PROGRAMS["lost_update"])
    assert "A" in verdict.timeline().text()
    with pytest.raises(LabError, match="none fails"):
        explore(lambda: together(lambda: None)).timeline()


def test_the_first_of_a_bounded_search_is_explained_too() -> None:
    for options in ({"bound": 1}, {"walk": "random", "runs": 50, "seed": 1}):
        verdict: Any = explore(PROGRAMS["lost_update"], **options)
        assert verdict.explain().pattern == "lost update"


def test_explaining_leaves_globals_as_they_were() -> None:
    import tests.labkit.explore.wrong as wrong

    wrong.balance = 7
    explore(PROGRAMS["lost_update"]).explain()
    assert wrong.balance == 7


def test_a_program_from_a_cell_is_explained(tmp_path: Any) -> None:
    path = tmp_path / "cell.py"
    path.write_text(CELL)
    space: dict[str, Any] = {"spawn": spawn, "__name__": "__main__"}
    exec(compile(CELL, str(path), "exec"), space)
    assert "A writes x[0] 1 (line 4): B's write is lost." in str(explore(space["main"]).explain())
