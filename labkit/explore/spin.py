"""Loops that wait: a thread that goes round and changes nothing need not go round again until somebody else changes something.

Without this a spin loop has schedules without end. A round that ends in the state in which it began, and wrote nothing, would
be followed by the same round: the thread waits until what it read is written. If that never comes, it is a livelock.
"""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from labkit.errors import LabError
from labkit.explore.clocks import joined
from labkit.explore.independence import WRITE, Footprint, Place, Rule, is_gate

if TYPE_CHECKING:
    from labkit.explore.explored import Explored


def can_happen(thread: Explored) -> bool:
    """Whether the thread's next operation is possible now."""
    op = thread.op
    return op is not None and op.possible(thread.index)


ROUNDS_BEFORE_OTHERS = 200
"""A loop may go round so often before other threads must have their turn; see Turn."""


TURNS_MOST = 2_000_000
"""Rounds of while loops in one run before it is taken for endless: some seconds of work."""
LOG_MOST = 20_000
"""Accesses kept to tell whether a loop's round changed anything."""


class Livelock(LabError):
    """Threads go round for ever: they run, and get nowhere."""

    def __init__(self, threads: list[str], line: int) -> None:
        who = " and ".join(f"'{t}'" for t in threads)
        goes = "goes" if len(threads) == 1 else "go"
        super().__init__(f"{who} {goes} round for ever (loop in line {line}): the same state again and again")


class Endless(Exception):
    """A run did not come to its end."""


class Round(NamedTuple):
    """The beginning of one round of a while loop."""

    loop: tuple[int, int]
    state: Any
    """The thread's own variables."""
    held: Any
    """Their values: as long as they are kept, nothing else can have the same address."""
    line: int
    frame: FrameType


class Did(NamedTuple):
    """What a thread in a loop did."""

    footprint: Footprint
    rule: Rule | None
    """For an operation of a primitive: what it means."""


class Looping:
    """What is known of a loop that a thread is in.

    Attributes:
        state: the thread's own variables when the last round began; held: their values.
        begins: how many accesses the thread had made by then.
        rounds: how often it has gone round.
        seen: states of the whole program in which a round began → how many moves there had been, each time.
    """

    __slots__ = ("begins", "held", "rounds", "seen", "state")

    def __init__(self, state: Any, held: Any, begins: int) -> None:
        self.state = state
        self.held = held
        self.begins = begins
        self.rounds = 0
        self.seen: dict[Any, list[int]] = {}


class Spinning:
    """What a thread waits for that goes round and round: a change of what it reads.

    Attributes:
        places: what it reads. A lock that each round takes, and gives back, decides nothing: it is not among them.
        gates: those locks.
    """

    def __init__(self, done: list[Did], line: int) -> None:
        self.gates = gates_of(done)
        self.places = frozenset([place for did in done for place, _ in did.footprint if place not in self.gates])
        self.line = line

    def describe(self) -> str:
        """What is waited for, in words."""
        return f"a change of what its loop reads, line {self.line}"

    def holders(self) -> tuple[str, ...]:
        """Nobody in particular."""
        return ()


def gates_of(done: list[Did]) -> frozenset[Place]:
    """The locks that a round takes as often as it gives them back, and does nothing else with."""
    taken: dict[Place, int] = {}
    others: set[Place] = set()
    for footprint, rule in done:
        if is_gate(rule):
            place = footprint[0][0]
            taken[place] = taken.get(place, 0) + (1 if rule.enabled else -1)  # type: ignore[union-attr]
        else:
            others.update([place for place, _ in footprint])
    return frozenset([place for place, times in taken.items() if not times and place not in others])


def changes_nothing(done: list[Did]) -> bool:
    """Whether all is as before after a round that did this."""
    written = {place for did in done for place, write in did.footprint if write}
    return not written or written <= gates_of(done)


class Turn(Spinning):
    """The thread has gone round very often: any step of another thread lets it go on."""


def let_in(threads: list[Explored], spinners: list[Explored]) -> bool:
    """Whether a thread stands before a lock that another gives back, and takes again, in each round of its loop.

    It only had bad luck: a run in which the lock goes to it is another one. A thread's error is told all the same.
    """
    gates = {place for s in spinners for place in s.waiting_on.gates}
    errors = any(t.error is not None and not t.error_seen for t in threads)
    return bool(gates) and not errors and any(t.op is not None and t.op.footprint[0][0] in gates for t in threads)


class Loops:
    """The part of the machine that watches loops.

    Attributes:
        turns: rounds of all loops in this run.
        attentive: whether a thread is in a loop, so that what is read and written must be noted.
        cut_short: line of a loop that was made to wait for others after many rounds; 0 if there was none.
        spinners: threads that wait for a change.
        moves: threads, by index, in the order in which they read and wrote.
        changes: the writes among them: (which move, places, vector clock).
        met: the places among them, in order.
    """

    turns = 0
    attentive = False
    cut_short = 0
    aborting = False
    unjoined = 0
    current: Any
    threads: list[Explored]
    spinners: list[Explored]
    moves: list[int]
    met: dict[Place, None]
    changes: list[tuple[int, set[Place], list[int]]]

    def again(self, me: Explored, this: Round) -> None:
        """The thread begins another round of a loop."""
        self.turn(this.line)
        self.attentive = True
        looping = me.rounds.get(this.loop)
        if looping is None:
            looping = me.rounds[this.loop] = Looping(this.state, this.held, len(me.log))
            return
        looping.rounds += 1
        if self.unjoined:
            done = me.log[looping.begins :]
            if looping.state == this.state and changes_nothing(done):
                if any(write for did in done for _, write in did.footprint):
                    self._again_all(me, looping, this)
                came = self._change_since(me, done)
                if came is None:
                    self._spin(me, Spinning(done, this.line))
                else:  # what it would wait for has come already
                    me.clock = joined(me.clock, came)
            elif done and self._was_here(me, looping, this, done):
                pass
            elif done and looping.rounds % ROUNDS_BEFORE_OTHERS == 0 and len(self.threads) > 1:
                self.cut_short = this.line
                self._spin(me, Turn([], this.line))
        if len(me.log) > LOG_MOST:
            me.log.clear()
            me.rounds.clear()
            me.rounds[this.loop] = looping
        looping.state, looping.held, looping.begins = this.state, this.held, len(me.log)

    def _change_since(self, me: Explored, done: list[Did]) -> list[int] | None:
        """The clock of the first write that came after the thread's round had read what it changes; None if none did."""
        first: dict[Place, int] = {}
        gates = gates_of(done)
        at = len(self.moves)
        for did in reversed(done):
            at -= 1
            while self.moves[at] != me.index:
                at -= 1
            for place, _ in did.footprint:
                if place not in gates:
                    first[place] = at
        came = None
        for move, places, clock in reversed(self.changes):
            if move < at:
                break
            if self.moves[move] != me.index and any(first.get(place, move) < move for place in places):
                came = clock
        return came

    def turn(self, line: int) -> None:
        """Count a round of some loop."""
        self.turns += 1
        if self.turns > TURNS_MOST:
            self.give_up(Endless(f"a loop in line {line} was still going round after {TURNS_MOST:,} rounds in one run"))
        if self.aborting:
            self._stop()

    def _was_here(self, me: Explored, looping: Looping, this: Round, done: list[Did]) -> bool:
        """Whether the whole program is in a state in which the loop has been before; if so, the thread waits."""
        since = self._again_all(me, looping, this)
        if since is None:
            return False
        if all(mover == me.index for mover in self.moves[since:]):  # what others do in the next round, they could do in this
            self._spin(me, Spinning(done, this.line))
        else:
            turn = Turn([], this.line)
            turn.gates = frozenset(self._changed(since))
            self._spin(me, turn)
        return True

    def _again_all(self, me: Explored, looping: Looping, this: Round) -> int | None:
        """How many moves there had been when the whole program was as it is now, in a round of this loop; None if it never was.

        If since then all had their turn that could, they will go round for ever.
        """
        before = looping.seen.setdefault(self.signature(me, this.frame), [])
        before.append(len(self.moves))
        if len(before) == 1:
            return None
        moved = set(self.moves[before[-2] :]) | {me.index}
        if len(moved) > 1:
            changed = self._changed(before[-2])
            others = [t for t in self.threads if t.op is not None and t.index not in moved]
            if not any(can_happen(t) or t.op.footprint[0][0] in changed for t in others):  # type: ignore[union-attr]
                self.give_up(Livelock([t.name for t in self.threads if t.index in moved], this.line))
        return before[-2]

    def _changed(self, since: int) -> set[Place]:
        """What has been written after so many moves, even if it is now as it was."""
        changed: set[Place] = set()
        for move, places, _ in reversed(self.changes):
            if move < since:
                break
            changed |= places
        return changed

    def progress(self) -> None:
        """The thread did something that cannot be seen: its loop is not the same as before."""
        if self.attentive and self.current is not None:
            self.current.log.append(Did(((None, WRITE),), None))

    def account(self, me: Explored, footprint: Footprint, rule: Rule | None = None) -> None:
        """The thread reads and writes: who spins on what it writes may look again."""
        self.moves.append(me.index)
        if me.rounds:
            me.log.append(Did(footprint, rule))
        for place, _ in footprint:
            self.met[place] = None
        written = {place for place, write in footprint if write}
        if written:
            self.changes.append((len(self.moves) - 1, written, me.clock))
            for other in [s for s in self.spinners if s is not me]:
                waits = other.waiting_on
                if isinstance(waits, Turn) or not written.isdisjoint(waits.places):
                    self.spinners.remove(other)
                    self.wake(other)

    def _spin(self, me: Explored, on: Spinning) -> None:
        self.spinners.append(me)
        self._block(me, on)

    # ---- supplied by the machine

    def signature(self, me: Explored, frame: FrameType) -> Any:
        """The state of the whole program."""
        raise NotImplementedError

    def give_up(self, why: BaseException) -> None:
        """End the run at once."""
        raise NotImplementedError

    def wake(self, thread: Any) -> None:
        """A thread need wait no longer."""
        raise NotImplementedError

    def _block(self, me: Explored, on: Any) -> None:
        raise NotImplementedError

    def _stop(self) -> NoReturn:
        raise NotImplementedError
