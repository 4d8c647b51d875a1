"""What came back from a check, compared with what it must be: here, in a process that never ran a student's code.

Values and their exact types are compared by the course's own rule (labkit.course.check.same). Everything else that can
happen has a state of its own; none of them is a bare zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from labkit.course.check import same, show
from labkit.grading.plan import Check
from labkit.grading.wire import Foreign, Frames, Judgement, from_data

PASSED, FAILED, TIMEOUT, DEADLOCK = "passed", "failed", "timeout", "deadlock"
CRASHED, MEMORY, OUTPUT, BLOCKED = "crashed", "out of memory", "output limit", "blocked by the sandbox"
NOT_ATTEMPTED, REVIEW, NOT_GRADED = "not attempted", "needs review", "not graded here"
STATES: Final = (PASSED, FAILED, TIMEOUT, DEADLOCK, CRASHED, MEMORY, OUTPUT, BLOCKED, NOT_ATTEMPTED, REVIEW, NOT_GRADED)
BROKE: Final = "the grader's own process ended twice in the middle of this: a person has to look at it"
MESSAGES_MOST: Final = 8 << 20
REFUSED: Final = {"PermissionError": "Operation not permitted", "BlockingIOError": "Resource temporarily unavailable"}


@dataclass
class Outcome:
    """How one check ended.

    Attributes:
        state: one of STATES.
        got: what came back, as text; "" if nothing did.
        reason: what a student should read: one sentence or a few.
        explanation: the schedule that breaks the program, step by step; "" if there is none.
        schedule: the same, to be replayed.
        mistake: name of the known mistake that it shows; a key of labkit.grading.abstractions.
        trace: the same as (threads, events), for a picture; None if there is none.
        evidence: what looked like tampering, each with its line.
        seconds: wall time.
        output: the beginning of what was printed.
    """

    state: str
    reason: str = ""
    got: str = ""
    explanation: str = ""
    schedule: str = ""
    mistake: str = ""
    trace: Any = None
    evidence: list[str] = field(default_factory=list)
    seconds: float = 0.0
    output: str = ""
    began: bool = True
    """Did the cells come to their end, so that there was something to check?"""
    asks: list[Any] = field(default_factory=list)
    """Requests for a run of C that its cells ended with: labkit.grading.asking."""
    used: list[str] = field(default_factory=list)
    """Keys of the answers that they used."""

    @property
    def suspicious(self) -> bool:
        """Whether there is evidence that no right solution leaves: then passing proves nothing."""
        return any(each.startswith(("replaces", "sends messages")) for each in self.evidence)


def judge(check: Check, told: dict[str, Any], nonce: str, output_most: int) -> Outcome:
    """The outcome of a check.

    Args:
        check: what was asked, and what is right.
        told: what the zygote says of the child.
        nonce: what each of the child's messages must begin with.
        output_most: bytes after which the child could write no more.
    """
    messages, forged = _messages(told["data"], nonce)
    outcome = _outcome(check, told, messages, output_most)
    outcome.evidence = [": ".join(filter(None, map(str, message[2:]))) for message in messages if message[1] == "evidence"]
    if forged:
        outcome.evidence.append(f"sends messages of its own in the place of the grader's: {forged}")
    outcome.began = any(message[1] == "began" for message in messages)
    if outcome.state == PASSED and outcome.suspicious:
        outcome.state, outcome.reason = REVIEW, "it passes, and something looks like tampering: a person decides"
    outcome.asks = [message[2] for message in messages if message[1] == "ask"]
    outcome.used = [str(message[2]) for message in messages if message[1] == "used"]
    outcome.seconds = told["seconds"]
    outcome.output = told["output"]
    return outcome


def _messages(data: str, nonce: str) -> tuple[list[Any], str]:
    """The harness's messages, and what was wrong with the others."""
    try:
        found = Frames(MESSAGES_MOST).feed(bytes.fromhex(data))
    except (ValueError, RecursionError) as error:
        return [], f"what came is none of the grader's messages ({error})"
    mine = [each for each in found if isinstance(each, list) and len(each) > 2 and each[0] == nonce]
    return mine, f"{len(found) - len(mine)} without the grader's mark" if len(mine) < len(found) else ""


def _outcome(check: Check, told: dict[str, Any], messages: list[Any], output_most: int) -> Outcome:
    values = [message for message in messages if message[1] == "value"]
    errors = [message for message in messages if message[1] == "error"]
    if len(values) + len(errors) > 1:
        return Outcome(REVIEW, "more than one result came from this check: a person has to look at it")
    if told["output_bytes"] >= output_most:
        return Outcome(OUTPUT, f"it printed more than {output_most >> 10} kB: is there a print in a loop that never ends?")
    if values:
        return _of_value(check, values[0][2])
    if errors:
        return _of_error(check, errors[0][2])
    return _of_end(check, told)


def _of_value(check: Check, data: Any) -> Outcome:
    try:
        value = from_data(data)
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return Outcome(REVIEW, "the value that came back cannot be read: a person has to look at it")
    if isinstance(value, Judgement) and check.expected is True and not check.raises:
        if value.unwritten:
            return Outcome(NOT_ATTEMPTED, "this exercise is not written yet")
        if value.passed:
            return Outcome(PASSED, got=f"passes in {value.runs:,} schedules")
        state = DEADLOCK if value.kind == "deadlock" else FAILED
        mistake = value.pattern or value.kind
        return Outcome(state, check.why, value.summary, value.explanation, value.schedule, mistake, value.trace)
    if check.raises:
        return Outcome(FAILED, f"it came back instead of raising {check.raises}. {check.why}", show(value))
    right = not isinstance(value, Foreign) and same(value, check.expected, check.within)
    return Outcome(PASSED if right else FAILED, "" if right else check.why, show(value))


def _of_error(check: Check, facts: Any) -> Outcome:
    if not isinstance(facts, dict) or not isinstance(facts.get("mro"), list) or not facts["mro"]:
        return Outcome(REVIEW, "the error that came back cannot be read: a person has to look at it")
    names = [str(each) for each in facts["mro"]]
    text, where, cell = (str(facts.get(key, "")) for key in ("text", "where", "cell"))
    got = f"{names[0]}: {text}" + (f" ({where})" if where else "")
    if check.raises and check.raises in names and not cell:
        return Outcome(PASSED, got=got)
    if names[0] == "NotImplementedError" and (text.startswith("exercise ") or not text):
        return Outcome(NOT_ATTEMPTED, "this exercise is not written yet")
    if "Deadlock" in names:
        return Outcome(DEADLOCK, f"{text} {check.why}", got)
    if "MemoryError" in names:
        return Outcome(MEMORY, "it needs more memory than it may have: does something grow in a loop?", got)
    if "PermissionError" in names or "Operation not permitted" in text or (names[0] == "OSError" and "Permission denied" in text):
        return Outcome(BLOCKED, f"the sandbox does not allow this: {got}", got)
    if "OSError" in names and "File too large" in text:
        return Outcome(OUTPUT, "it wrote more than a check may write", got)
    if cell:
        return Outcome(FAILED, f"the cell {cell} raises {names[0]} when it runs: {text}", got)
    return Outcome(FAILED, check.why, got)


def _of_end(check: Check, told: dict[str, Any]) -> Outcome:
    """Nothing came: how did the child end?"""
    status = told["status"]
    if told["how"] == "flood":
        return Outcome(OUTPUT, "it sent more than a check may send")
    if told["how"] == "timeout":
        return Outcome(TIMEOUT, f"it did not end within {check.limit_s:g} s. {check.why}")
    name = told["signal"]
    if name == "SIGXCPU" or (name == "SIGKILL" and told["cpu_s"] >= check.limit_s):
        return Outcome(TIMEOUT, f"it used the processor for more than {check.limit_s:g} s. {check.why}")
    if name == "SIGXFSZ":
        return Outcome(OUTPUT, "it wrote more than a check may write")
    if name == "SIGSYS":
        return Outcome(BLOCKED, "it made a system call of another kind of machine")
    if name:
        return Outcome(CRASHED, f"the process was ended by {name}")
    return Outcome(CRASHED, f"it ended the process (exit code {status >> 8}) before the check came back")
