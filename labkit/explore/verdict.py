"""What explore() found: a value to ask, and a paragraph to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from labkit.errors import LabError
from labkit.explore.chance import Chance
from labkit.explore.counting import Interleavings
from labkit.explore.failures import Failure
from labkit.explore.watch import Unseen

if TYPE_CHECKING:
    from labkit.explore.explain import Explanation
    from labkit.explore.session import Session

OUTCOMES_SHOWN = 6


@dataclass
class Verdict:
    """The result of an exploration.

    Attributes:
        exhausted: every different schedule was run.
        runs: how many complete runs there were, each a different schedule.
        failing: how many of them fail.
        outcomes: what main() returned → in how many schedules; failures stand there by their text.
        failures: the ways in which the program fails, the one that is easiest to follow first.
        unseen: accesses and calls that could not be observed: with them, passing proves nothing.
        stopped: why the exploration ended before all was run; "" if it did not.
        seconds: how long it took.
        redundant: runs that were cut short because they would only have repeated another; 0 if the search is optimal.
        count: counts the interleavings, when asked.
        sample: draws random runs, when asked for their chance to fail.
        origin: the exploration that found all this; it can run schedules again.
    """

    name: str = "main"
    exhausted: bool = False
    runs: int = 0
    failing: int = 0
    outcomes: dict[Any, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    unseen: list[Unseen] = field(default_factory=list)
    stopped: str = ""
    seconds: float = 0.0
    redundant: int = 0
    count: Callable[[], Interleavings] | None = field(default=None, repr=False)
    sample: Callable[[], Chance] | None = field(default=None, repr=False)
    origin: Session | None = field(default=None, repr=False)

    @cached_property
    def interleavings(self) -> Interleavings:
        """How many orders of all steps there are, the same and the different ones. The first time takes a second exploration."""
        return self.count() if self.count is not None else Interleavings(self.runs, exact=False)

    @cached_property
    def chance(self) -> Chance:
        """The share of random runs that fail, such as "1 run in 64". The first time takes some random runs."""
        return self.sample() if self.sample is not None else Chance(0, 0)

    @property
    def passed(self) -> bool:
        """Whether every schedule was run, none fails, and nothing escaped observation."""
        return self.exhausted and not self.failures and not self.unseen and self.runs > 0

    @property
    def proven(self) -> bool:
        """The same as passed: anything less is no proof."""
        return self.passed

    @property
    def failure(self) -> Failure | None:
        """The failure that is easiest to follow; None if there is none."""
        return self.failures[0] if self.failures else None

    def explain(self, failure: Failure | None = None) -> Explanation:
        """Why the program fails, in plain words: a failure of its failures, by default the one that is easiest to follow."""
        from labkit.explore.explain import explain

        return explain(self, failure)

    def tree(self, leaves: int = 60, **options: Any) -> Any:
        """All runs as a tree, each to be replayed by a click; a large one draws so many and counts the rest.

        The runs are run once more for it.
        """
        from labkit.explore.tree import drawn

        return drawn(self, leaves, options)

    def timeline(self, **options: Any) -> Any:
        """The failing schedule that is easiest to follow, as a picture."""
        if not self.failures:
            raise LabError("verdict.timeline() draws a failing run, and none fails; run(main).timeline() draws a run")
        return self.failures[0].timeline(**options)

    def lockgraph(self, **options: Any) -> Any:
        """Who held what and waited for whom in the failing schedule that is easiest to follow: the wait-for graph."""
        if not self.failures:
            raise LabError(
                "verdict.lockgraph() draws a failing run, and none fails; replay(main, schedule).lockgraph() draws a run"
            )
        return self.failures[0].lockgraph(**options)

    def play(self, schedule: str = "", **options: Any) -> Any:
        """You decide which thread goes next: the program stands still, and takes a step whenever you say so.

        Args:
            schedule: steps that are taken already, such as "A A B".
            options: title=, words above the picture.
        """
        from labkit.explore.stepping import play

        return play(self, schedule, options)

    def join(self, other: Verdict) -> Verdict:
        """Add what another exploration of the same program found."""
        self.runs += other.runs
        self.failing += other.failing
        for outcome, n in other.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + n
        self.unseen += [u for u in other.unseen if u not in self.unseen]
        self.exhausted = self.exhausted and other.exhausted
        self.stopped = self.stopped or other.stopped
        self.seconds += other.seconds
        return self

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        if self.failures:
            return " ".join([self._failed(), *self._limits()])
        if self.passed:
            how = f"all {self.runs:,} different schedules" if self.runs != 1 else "the only schedule there is"
            return f"Passed: {how} of {self.name}() ran, and none fails. {self._ends()}"
        return " ".join(
            [f"Not proven: {self.runs:,} {_schedules(self.runs)} of {self.name}() ran and none fails, but", *self._limits()]
        )

    def _failed(self) -> str:
        first = self.failures[0]
        total = self.failing
        kinds = f" in {len(self.failures)} ways" if len(self.failures) > 1 else ""
        count = f"{total:,} of {self.runs:,} {_schedules(self.runs)} fail{'s' if total == 1 else ''}{kinds}"
        preemptions = f"{first.preemptions} preemption{'' if first.preemptions == 1 else 's'}"
        return f"Failed: {count}. {first}. Schedule with {preemptions}: {first.schedule or '(from the start)'}."

    def _limits(self) -> list[str]:
        said = []
        if self.unseen:
            what = "; ".join(map(str, self.unseen[:3]))
            more = f" and {len(self.unseen) - 3} more" if len(self.unseen) > 3 else ""
            said.append(f"labkit could not observe {what}{more}.")
        if self.stopped:
            said.append(
                f"Not every schedule was run: {self.stopped}."
                if self.failures
                else f"not every schedule was run: {self.stopped}."
            )
        return said

    def _ends(self) -> str:
        shown = [f"{outcome!r} in {n:,}" for outcome, n in list(self.outcomes.items())[:OUTCOMES_SHOWN]]
        more = len(self.outcomes) - len(shown)
        if len(self.outcomes) == 1:
            return f"Its result is always {next(iter(self.outcomes))!r}."
        return f"Its results: {', '.join(shown)}" + (f" and {more} more." if more else ".")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


def _schedules(n: int) -> str:
    return "schedule" if n == 1 else "schedules"
