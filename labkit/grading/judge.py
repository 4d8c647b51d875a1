"""What came back from a check, compared with what it must be: here, in a process that never ran a student's code.

Values and their exact types are compared by the course's own rule (labkit.course.check.same). Everything else that can
happen has a state of its own; none of them is a bare zero.
"""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass, field
from typing import Any, Final

from labkit.course.check import same, show
from labkit.grading.plan import Check
from labkit.grading.wire import Foreign, Frames, Judgement, from_data, lesser

PASSED, FAILED, TIMEOUT, DEADLOCK = "passed", "failed", "timeout", "deadlock"
CRASHED, MEMORY, OUTPUT, BLOCKED = "crashed", "out of memory", "output limit", "blocked by the sandbox"
NOT_ATTEMPTED, REVIEW, NOT_GRADED = "not attempted", "needs review", "not graded here"
STATES: Final = (PASSED, FAILED, TIMEOUT, DEADLOCK, CRASHED, MEMORY, OUTPUT, BLOCKED, NOT_ATTEMPTED, REVIEW, NOT_GRADED)
BROKE: Final = "the grader's own process ended twice in the middle of this: a person has to look at it"
MESSAGES_MOST: Final = 8 << 20
MUCH_KB: Final = 400_000
"""Memory in use at a SIGKILL that nobody of ours sent: then it was the kernel, which needed it."""
SAID_MOST: Final = 2000
"""Characters of a text that a child says."""
HARMLESS: Final = ("starts a pro", "sends a signal", "opens a socket", "connects to", "looks up a name")
"""Evidence of deeds that the sandbox refuses: odd, but nobody passes by them."""
IMMUTABLE: Final = re.compile(r"'\w+' attribute of immutable type '\w+'")
"""What Python says of a class that labkit has sealed."""
SIGNALS: Final = {
    "SIGSEGV": "it used memory that is not its own (SIGSEGV, a segmentation fault)",
    "SIGBUS": "it used memory that is not there (SIGBUS)",
    "SIGABRT": "it gave itself up: a C function called abort() (SIGABRT)",
    "SIGFPE": "it divided by zero in C (SIGFPE)",
    "SIGILL": "it ran something that is no machine instruction (SIGILL)",
    "SIGALRM": "a timer rang and nobody handled it (SIGALRM): the handler must be there before the timer is set",
    "SIGTERM": "it ended itself (SIGTERM)",
    "SIGINT": "it interrupted itself (SIGINT)",
    "SIGPIPE": "it wrote into a pipe that nobody reads (SIGPIPE)",
}
"""How a process was ended by a signal, in words."""


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
        return any(not each.startswith(HARMLESS) for each in self.evidence)


def judge(check: Check, told: dict[str, Any], nonce: str, output_most: int) -> Outcome:
    """The outcome of a check. Whatever the child sent, there is one.

    Args:
        check: what was asked, and what is right.
        told: what the zygote says of the child.
        nonce: what each of the child's messages must begin with.
        output_most: bytes after which the child could write no more.
    """
    messages, forged = _messages(told["data"], nonce)
    outcome = _outcome(check, told, messages, output_most)
    outcome.evidence = [": ".join(filter(None, map(_words, message[2:4]))) for message in messages if message[1] == "evidence"]
    if forged and told["how"] != "flood":
        outcome.evidence.append(f"sends messages of its own in the place of the grader's: {forged}")
    if (tried := IMMUTABLE.search(outcome.got)) is not None:
        outcome.evidence.append(f"replaces {tried[0]}, or would if it could")
    outcome.began = any(message[1] == "began" for message in messages)
    if outcome.state == PASSED and outcome.suspicious:
        outcome.state, outcome.reason = REVIEW, "it passes, and something looks like tampering: a person decides"
    outcome.asks = [message[2] for message in messages if message[1] == "ask"]
    outcome.used = [str(message[2]) for message in messages if message[1] == "used"]
    outcome.seconds = told["seconds"]
    outcome.output = "" if check.hidden else told["output"]
    return outcome


def _words(fact: Any) -> str:
    """A fact of a message, if it is text, and short enough to be read."""
    return fact[:SAID_MOST] if isinstance(fact, str) else ""


def _messages(data: str, nonce: str) -> tuple[list[Any], str]:
    """The harness's messages, and what was wrong with the others."""
    marks = {nonce: {"value", "error", "evidence", "began"}, lesser(nonce): {"evidence", "began", "ask", "used"}}
    try:
        found = Frames(MESSAGES_MOST).feed(bytes.fromhex(data))
    except (ValueError, RecursionError):
        return [], "what came cannot be read"
    mine = [each for each in found if _is_ours(each, marks)]
    return mine, f"{len(found) - len(mine)} without the grader's mark" if len(mine) < len(found) else ""


def _is_ours(message: Any, marks: dict[str, set[str]]) -> bool:
    if not (isinstance(message, list) and len(message) > 2 and isinstance(message[0], str) and isinstance(message[1], str)):
        return False
    return message[1] in marks.get(message[0], ())


def _outcome(check: Check, told: dict[str, Any], messages: list[Any], output_most: int) -> Outcome:
    values = [message for message in messages if message[1] == "value"]
    errors = [message for message in messages if message[1] == "error"]
    if len(values) + len(errors) > 1:
        return Outcome(REVIEW, "more than one result came from this check: a person has to look at it")
    if told["output_bytes"] >= output_most:
        return Outcome(OUTPUT, f"it printed more than {output_most >> 10} kB: is there a print in a loop that never ends?")
    if told["how"] == "files":
        return Outcome(OUTPUT, "it wrote more files, or larger ones, than a check may write")
    try:
        if values:
            return _of_value(check, values[0][2])
        if errors:
            return _of_error(check, errors[0][2])
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError, OverflowError, IndexError):
        return Outcome(REVIEW, "what came back cannot be read: a person has to look at it")
    return _of_end(check, told)


def _of_value(check: Check, data: Any) -> Outcome:
    value = from_data(data)
    if isinstance(value, Judgement) and check.expected is True and not check.raises:
        return _of_judgement(check, value)
    got = show(value)
    if isinstance(value, Judgement):
        return Outcome(FAILED, f"{check.why} (what came back is the verdict of an exploration)", got)
    if check.raises:
        return Outcome(FAILED, f"it came back instead of raising {check.raises}. {check.why}", got)
    right = not isinstance(value, Foreign) and same(value, check.expected, check.within)
    return Outcome(PASSED if right else FAILED, "" if right else check.why, got)


def _of_judgement(check: Check, value: Judgement) -> Outcome:
    if value.unwritten:
        return Outcome(NOT_ATTEMPTED, unwritten(value.unwritten))
    if value.passed is True:
        return Outcome(
            PASSED, got="passes in the only schedule" if value.runs == 1 else f"passes in all {value.runs:,} schedules"
        )
    state = DEADLOCK if value.kind == "deadlock" else FAILED
    mistake = value.pattern or value.kind
    if check.hidden:  # Why: names of threads, messages and lines of a run can tell what a hidden test asks
        return Outcome(state, check.why, mistake=mistake)
    return Outcome(state, check.why, value.summary, value.explanation, value.schedule, mistake, value.trace)


def _of_error(check: Check, facts: Any) -> Outcome:
    names, text, where, cell = [_words(each) for each in facts["mro"]], *(_words(facts[key]) for key in ("text", "where", "cell"))
    kind, number = names[0], facts.get("errno", 0)
    whole = f"{kind}: {text}" + (f" ({where})" if where else "")
    got, at = (f"{kind} ({where})" if where else kind, f"a {kind}") if check.hidden and not cell else (whole, whole)
    # Why first: NotImplementedError is a RuntimeError, and a stub must not pass for the one that was asked for.
    if kind == "NotImplementedError" and (text.startswith("exercise ") or not text):
        return Outcome(NOT_ATTEMPTED, unwritten(text))
    if check.raises and check.raises in names and not cell:
        return Outcome(PASSED, got=got)
    if facts.get("deadlock") is True:
        said = check.why if check.hidden and not cell else f"{text} {check.why}"
        return Outcome(DEADLOCK, said, got)
    if "MemoryError" in names or number == errno.ENOMEM:
        return Outcome(MEMORY, "it needs more memory than it may have: does something grow in a loop?", got)
    if "RuntimeError" in names and text.startswith("can't start new thread"):
        return Outcome(MEMORY, "it starts more threads than it may have: each needs memory of its own", got)
    if (state := _refused(names, number, text, _words(facts.get("file")))) == BLOCKED:
        return Outcome(BLOCKED, f"the sandbox does not allow this: {at}", got)
    if state == OUTPUT:
        return Outcome(OUTPUT, "it wrote more than a check may write", got)
    if cell:
        return Outcome(FAILED, f"the cell {cell} raises {kind} when it runs: {text}", got)
    return Outcome(FAILED, check.why, got)


def _refused(names: list[str], number: int, text: str, file: str) -> str:
    """Whether it was the kernel that said no. A PermissionError that a student's own line raises has no number."""
    if "gaierror" in names or ("OSError" in names and number in (errno.EPERM, errno.EACCES)):
        return BLOCKED
    if "ValueError" in names and text == "not allowed to raise maximum limit":
        return BLOCKED
    if "FileNotFoundError" in names and file.startswith("/"):
        return BLOCKED  # Why: in a bubble nothing is there but Python; without one the same file is there, and refused
    if "ImportError" in names and "Operation not permitted" in text:
        return BLOCKED
    return OUTPUT if "OSError" in names and number in (errno.EFBIG, errno.ENOSPC, errno.EDQUOT) else ""


def unwritten(text: str) -> str:
    """What is not written yet: this exercise, or another one that it uses."""
    named = re.match(r"exercise (\d+[a-z]): write this part", text)
    return f"exercise {named[1]} is not written yet" if named else "this exercise is not written yet"


def _of_end(check: Check, told: dict[str, Any]) -> Outcome:
    """Nothing came: how did the child end?"""
    status, how = told["status"], told["how"]
    if how == "flood":
        return Outcome(OUTPUT, "it sent more than a check may send")
    if how == "timeout":
        return Outcome(TIMEOUT, f"it did not end within {check.limit_s:g} s. {check.why}")
    name = told["signal"]
    if name == "SIGXCPU" or (name == "SIGKILL" and told["cpu_s"] >= check.limit_s):
        return Outcome(TIMEOUT, f"it used the processor for more than {check.limit_s:g} s. {check.why}")
    if name == "SIGXFSZ":
        return Outcome(OUTPUT, "it wrote more than a check may write")
    if name == "SIGSYS":
        return Outcome(BLOCKED, "it made a system call of another kind of machine")
    if name == "SIGKILL":
        if told.get("peak_kb", 0) > MUCH_KB:
            return Outcome(MEMORY, "the machine ran out of memory, and the kernel ended it: does something grow in a loop?")
        return Outcome(CRASHED, "it ended itself, or closed what it has to answer through, before the check came back")
    if name:
        return Outcome(CRASHED, SIGNALS.get(name, f"the process was ended by {name}"))
    if "MemoryError" in told["output"][-300:]:
        return Outcome(MEMORY, "it needs more memory than it may have: does something grow in a loop?")
    return Outcome(CRASHED, f"it ended the process (exit code {status >> 8}) before the check came back")
