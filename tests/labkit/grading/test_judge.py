"""Whatever a child sends, there is an outcome; and each way to end has its own state, told in words."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.grading import judge
from labkit.grading.judge import Outcome
from labkit.grading.plan import Check
from labkit.grading.wire import lesser, to_data

NONCE, MOST = "ab" * 16, 1 << 20
CHECK = Check("f()", 3, "three is what it must be")
ENDED: dict[str, Any] = {"how": "ended", "status": 0, "signal": "", "cpu_s": 0.0, "peak_kb": 10_000, "seconds": 0.1, "output": "",
                         "output_bytes": 0}  # fmt: skip
VERDICT = [True, 5, 0, "fine", "", "", "", "", "", [{}, []]]
KEYS = ["verdict", "int", "float", "dict", "list", "set", "foreign", "bytes", "mro", "text", "errno", "x"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["value", "error", "evidence", NONCE]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


def stream(*messages: Any) -> str:
    """Messages as a child would send them, any JSON."""
    texts = [json.dumps(message).encode() for message in messages]
    return b"".join(len(text).to_bytes(4, "little") + text for text in texts).hex()


def told(*messages: Any, check: Check = CHECK, **how: Any) -> Outcome:
    """The outcome after these messages of the harness."""
    data = stream(*([NONCE, *message] for message in messages))
    return judge.judge(check, ENDED | {"data": data} | how, NONCE, MOST)


def raised(kind: str, text: str = "", *, check: Check = CHECK, **facts: Any) -> Outcome:
    """The outcome of an exception."""
    bases = {"PermissionError": ["OSError"], "FileNotFoundError": ["OSError"], "gaierror": ["OSError"]}.get(kind, [])
    whole = {"mro": [kind, *bases, "Exception"], "text": text, "cell": "", "where": "", "deadlock": False, "errno": 0} | facts
    return told(["error", whole, 0.1], check=check)


@settings(max_examples=300, deadline=None)
@given(JSON, st.sampled_from(["value", "error", "evidence", "began", "?"]), st.booleans(), st.booleans())
def test_nothing_that_a_child_sends_breaks_the_judge(data: Any, kind: str, hidden: bool, explored: bool) -> None:
    check = replace(CHECK, hidden=hidden, expected=True if explored else 3)
    for messages in ([[NONCE, kind, data]], [[NONCE, kind, data, data], [lesser(NONCE), "evidence", data, data]], [data], data):
        text = stream(*messages) if isinstance(messages, list) else stream(messages)
        outcome = judge.judge(check, ENDED | {"data": text}, NONCE, MOST)
        assert outcome.state in judge.STATES
        assert outcome.state != judge.PASSED or data in (3, {"int": "3"}) or explored
        assert json.dumps(outcome.evidence)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_bytes_that_are_no_messages_are_no_pass(data: bytes) -> None:
    assert judge.judge(CHECK, ENDED | {"data": data.hex()}, NONCE, MOST).state != judge.PASSED


@settings(max_examples=100, deadline=None)
@given(st.lists(JSON, min_size=10, max_size=10))
def test_a_forged_verdict_of_wrong_types_is_reviewed(inner: list[Any]) -> None:
    check = replace(CHECK, expected=True)
    assert told(["value", {"verdict": inner}, 0.1], check=check).state in (judge.REVIEW, judge.FAILED)


def test_nesting_without_end_is_no_crash() -> None:
    deep = ("[" * 100_000 + "]" * 100_000).encode()
    outcome = judge.judge(CHECK, ENDED | {"data": (len(deep).to_bytes(4, "little") + deep).hex()}, NONCE, MOST)
    assert outcome.state == judge.CRASHED
    assert outcome.suspicious


def test_values_are_compared_with_their_exact_types() -> None:
    assert told(["value", 3, 0.1]).state == judge.PASSED
    for wrong in (True, 3.0, "3", [3]):
        outcome = told(["value", to_data(wrong), 0.1])
        assert (outcome.state, outcome.reason) == (judge.FAILED, CHECK.why)


def test_a_verdict_is_told_by_its_schedules() -> None:
    check = replace(CHECK, expected=True)
    assert told(["value", {"verdict": VERDICT}, 0.1], check=check).got == "passes in all 5 schedules"
    assert told(["value", {"verdict": [False, *VERDICT[1:]]}, 0.1], check=check).state == judge.FAILED
    assert told(["value", True, 0.1], check=check).state == judge.PASSED


@pytest.mark.parametrize(("evidence", "state"), [
    ("replaces labkit.run", judge.REVIEW), ("reads stack frames", judge.REVIEW), ("imports ctypes", judge.REVIEW),
    ("starts a process", judge.PASSED), ("sends a signal", judge.PASSED),
])  # fmt: skip
def test_who_passes_with_grave_evidence_is_reviewed(evidence: str, state: str) -> None:
    outcome = told(["evidence", evidence, "line 1"], ["value", 3, 0.1])
    assert outcome.state == state
    assert outcome.evidence == [f"{evidence}: line 1"]


def test_the_lesser_mark_tells_evidence_and_nothing_else() -> None:
    data = stream([lesser(NONCE), "evidence", "opens a socket", ""], [lesser(NONCE), "value", 3, 0.1])
    outcome = judge.judge(CHECK, ENDED | {"data": data}, NONCE, MOST)
    assert outcome.state == judge.CRASHED
    assert any(each.startswith("sends messages of its own") for each in outcome.evidence)


def test_two_results_are_reviewed() -> None:
    assert told(["value", 3, 0.1], ["value", 3, 0.1]).state == judge.REVIEW


def test_a_students_own_permission_error_is_not_blocked() -> None:
    assert raised("PermissionError", "not yours").state == judge.FAILED
    for number in (errno.EPERM, errno.EACCES):
        assert raised("PermissionError", "[Errno 1] Operation not permitted: '/etc/x'", errno=number).state == judge.BLOCKED
    assert raised("FileNotFoundError", "no", errno=errno.ENOENT, file="/etc/shadow").state == judge.BLOCKED
    assert raised("FileNotFoundError", "no", errno=errno.ENOENT, file="notes.txt").state == judge.FAILED
    assert raised("gaierror", "Temporary failure in name resolution").state == judge.BLOCKED


def test_out_of_memory_has_many_faces() -> None:
    faces = [raised("MemoryError"), raised("OSError", "no", errno=errno.ENOMEM), raised("RuntimeError", "can't start new thread")]
    faces = [replace(each) for each in faces] + [told(signal="SIGKILL", status=9, peak_kb=900_000)]
    assert raised("OSError", "no", errno=errno.ENOMEM, mro=["OSError"]).state == judge.MEMORY
    assert {each.state for each in faces} == {judge.MEMORY}


def test_a_deadlock_is_one_of_labkits_only() -> None:
    true = raised("Deadlock", "A waits for L, held by B; B waits for M, held by A", deadlock=True)
    assert true.state == judge.DEADLOCK
    assert "A waits for L" in true.reason
    assert raised("Deadlock", "mine").state == judge.FAILED


@pytest.mark.parametrize(("how", "state", "words"), [
    ({"how": "timeout"}, judge.TIMEOUT, "did not end within"),
    ({"signal": "SIGXCPU", "status": 24}, judge.TIMEOUT, "used the processor"),
    ({"how": "flood"}, judge.OUTPUT, "sent more"), ({"how": "files"}, judge.OUTPUT, "more files"),
    ({"signal": "SIGXFSZ", "status": 25}, judge.OUTPUT, "wrote more"),
    ({"output_bytes": MOST}, judge.OUTPUT, "printed more than 1024 kB"),
    ({"signal": "SIGSEGV", "status": 11}, judge.CRASHED, "memory that is not its own"),
    ({"signal": "SIGSYS", "status": 31}, judge.BLOCKED, "system call"), ({"status": 7 << 8}, judge.CRASHED, "exit code 7"),
])  # fmt: skip
def test_each_end_has_its_state_in_words(how: dict[str, Any], state: str, words: str) -> None:
    outcome = told(**how)
    assert outcome.state == state
    assert words in outcome.reason


def test_of_a_hidden_check_nothing_is_told_that_a_child_said() -> None:
    hidden, secret = replace(CHECK, hidden=True), "SECRET(1, 2)"
    verdict = [False, 5, 1, secret, secret, secret, "", "assertion", "", [{"1": secret}, []]]
    outcomes = [
        raised("PermissionError", secret, check=hidden, errno=1), raised("OSError", secret, check=hidden, errno=27),
        raised("Deadlock", secret, check=hidden, deadlock=True), raised("ValueError", secret, check=hidden),
        raised("MemoryError", secret, check=hidden),
        told(["value", {"verdict": verdict}, 0.1], check=replace(hidden, expected=True), output=secret),
    ]  # fmt: skip
    for outcome in outcomes:
        assert secret not in repr((outcome.reason, outcome.explanation, outcome.schedule, outcome.trace, outcome.output)), outcome


def test_an_unwritten_exercise_is_not_attempted() -> None:
    assert raised("NotImplementedError").state == judge.NOT_ATTEMPTED
