"""How a value crosses from a process that runs a student's code: as plain data, with its exact types.

Never pickled: to read a pickle is to run whatever it says. A value of another type than Python's own arrives as a Foreign,
which is equal to nothing; a Verdict of the explorer arrives as a Judgement.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from json.encoder import c_make_encoder, encode_basestring_ascii  # type: ignore[attr-defined]
from json.scanner import c_make_scanner  # type: ignore[attr-defined]
from typing import Any, Final

DEPTH_MOST: Final = 50
ITEMS_MOST: Final = 200_000
BYTES_MOST: Final = 500_000
"""Of a text or a number."""
EVENTS_MOST: Final = 400
"""Of a trace that becomes a picture."""
SHOWN: Final = 300
_KINDS: Final = ((list, "list"), (tuple, "tuple"), (set, "set"), (frozenset, "frozenset"))
_name_of: Final = vars(type)["__name__"].__get__


class CannotCross(Exception):
    """The value is too deep, or too large."""


@dataclass(frozen=True, eq=False)
class Foreign:
    """A value of a type that does not cross: its type's name, and how it describes itself."""

    type: str
    shown: str

    def __repr__(self) -> str:
        return self.shown


@dataclass(frozen=True)
class Judgement:
    """What an exploration found, as it was told: see labkit.explore.Verdict.

    The trace is (tid → name, events) of the failing run, for a picture; empty where none fails, or it is long.
    """

    passed: bool
    runs: int
    failing: int
    summary: str
    explanation: str
    schedule: str
    unwritten: str
    kind: str
    pattern: str
    trace: tuple[dict[str, str], list[Any]]

    def __repr__(self) -> str:
        return self.summary


def to_data(value: Any, verdict: type | None = None) -> Any:
    """A value as JSON can hold it. No method of the value's own is called, but repr() of a foreign one.

    Args:
        value: what an expression gave.
        verdict: the class of the explorer's verdicts.
    """
    return _to(value, verdict, 0, [0])


def _to(value: Any, verdict: type | None, depth: int, count: list[int]) -> Any:
    kind = type(value)
    count[0] += 1
    if depth > DEPTH_MOST or count[0] > ITEMS_MOST:
        raise CannotCross(f"a value of more than {ITEMS_MOST:,} parts, or {DEPTH_MOST} deep, or one that holds itself")
    if kind is int:
        return value if -(1 << 53) < value < 1 << 53 else {"int": hex(_small(value, value.bit_length() // 8))}
    if kind is str:
        return _small(value, len(value))
    if kind is bool or value is None:
        return value
    if kind is float:
        return {"float": value.hex()}
    if kind is complex:
        return {"complex": [value.real.hex(), value.imag.hex()]}
    if kind is bytes or kind is bytearray:
        return {"bytes" if kind is bytes else "bytearray": _small(value, len(value)).hex()}
    if name := next((name for each, name in _KINDS if kind is each), ""):  # Why not `kind in`: a metaclass may define ==
        return {name: [_to(item, verdict, depth + 1, count) for item in value]}
    if kind is dict:
        return {"dict": [[_to(each, verdict, depth + 1, count) for each in item] for item in value.items()]}
    if kind is verdict:
        return {"verdict": _verdict(value)}
    return {"foreign": [_name_of(kind), shown(value)]}


def _small(value: Any, size: int) -> Any:
    if size > BYTES_MOST:
        raise CannotCross(f"a value of {size:,} bytes; {BYTES_MOST:,} are the most")
    return value


def _verdict(value: Any) -> list[Any]:
    own = vars(value)  # Why not value.passed: a property can be replaced in its class
    failures = own["failures"]
    passed = own["exhausted"] is True and not failures and not own["unseen"] and own["runs"] > 0
    unwritten = next((str(each.error) for each in failures if isinstance(each.error, NotImplementedError)), "")
    told = [passed, own["runs"], own["failing"], str(value)]
    if not failures:
        return [*told, "", "", unwritten, "", "", [{}, []]]
    first, explanation = failures[0], value.explain()
    trace, threads, events = first.trace, {}, []
    if trace is not None and len(trace.raw) <= EVENTS_MOST:
        threads = {str(tid): shown(name).strip("'") for tid, name in trace.threads.items()}
        events = [[each if type(each) in (int, str) else shown(each) for each in event] for event in trace.raw]
    return [*told, str(explanation), str(first.schedule), unwritten, first.kind, explanation.pattern, [threads, events]]


def shown(value: Any) -> str:
    """repr(), whatever it does, cut."""
    try:
        text = repr(value)
    except Exception as error:
        text = f"<a {_name_of(type(value))} whose repr raises {_name_of(type(error))}>"
    return str.__getitem__(text, slice(SHOWN))


def from_data(data: Any) -> Any:
    """The value again.

    Raises:
        ValueError, TypeError, KeyError: it is no such data: whoever wrote it was not to_data.
    """
    if type(data) is not dict:
        if type(data) is list:
            raise ValueError("a bare list")
        return data
    ((kind, inner),) = data.items()
    match kind:
        case "int":
            return int(inner, 16)
        case "float":
            return float.fromhex(inner)
        case "complex":
            return complex(*map(float.fromhex, inner))
        case "bytes" | "bytearray":
            return bytes.fromhex(inner) if kind == "bytes" else bytearray.fromhex(inner)
        case "list" | "tuple" | "set" | "frozenset":
            return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind](map(from_data, inner))
        case "dict":
            return {from_data(key): from_data(each) for key, each in inner}
        case "verdict":
            return _judgement(*inner)
        case "foreign":
            return Foreign(*map(str, inner))
    raise ValueError(f"no such kind: {kind!r}")


def lesser(nonce: str) -> str:
    """The mark of what is told while a student's code runs; nobody gets from it to the other one."""
    return hashlib.sha256(nonce.encode()).hexdigest()[:32]


def _no_json(value: Any) -> Any:
    raise TypeError(f"a {type(value).__name__} is no plain data")


_encode: Final = c_make_encoder(None, _no_json, encode_basestring_ascii, None, ":", ",", False, False, True)
"""json.dumps without a line of Python: a student may replace json.dumps, and what lies behind it."""


def packed(data: Any) -> bytes:
    """Data as bytes: the length in four bytes, then JSON."""
    text = "".join(_encode(data, 0)).encode()
    return len(text).to_bytes(4, "little") + text


def _judgement(passed: Any, runs: Any, failing: Any, *rest: Any) -> Judgement:
    *words, (threads, events) = rest
    if type(passed) is not bool or type(runs) is not int or type(failing) is not int or type(events) is not list:
        raise ValueError("no verdict of the explorer's")
    if len(words) != 6 or not all(type(word) is str for word in [*words, *threads, *threads.values()]):
        raise ValueError("no verdict of the explorer's")
    summary, explanation, schedule, unwritten, kind, pattern = words
    trace = (dict(threads), list(events))
    return Judgement(passed, runs, failing, summary, explanation, schedule, unwritten, kind, pattern, trace)


def unpacked(text: bytes) -> Any:
    """Data again, without a line of Python's that a student may have replaced."""
    return _scan(text.decode(), 0)[0]


class _Reading:
    """What json.scanner's C code asks for."""

    strict, object_hook, object_pairs_hook = True, None, None
    parse_float, parse_int, parse_constant = float, int, float


_scan: Final = c_make_scanner(_Reading())


class Frames:
    """Whole messages out of a stream of bytes that arrive in pieces."""

    def __init__(self, most: int) -> None:
        self.held = bytearray()
        self.most = most

    def feed(self, chunk: bytes) -> list[Any]:
        """The messages that are whole now.

        Raises:
            ValueError: one is longer than allowed, or no JSON.
        """
        self.held += chunk
        whole = []
        while len(self.held) >= 4:
            size = int.from_bytes(self.held[:4], "little")
            if size > self.most:
                raise ValueError(f"a message of {size:,} bytes")
            if len(self.held) < 4 + size:
                break
            whole.append(json.loads(bytes(self.held[4 : 4 + size])))
            del self.held[: 4 + size]
        return whole
