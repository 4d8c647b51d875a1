"""What a program returned, as a key to count by: equal results are one outcome, whatever address or order they print with."""

from __future__ import annotations

import re
from typing import Any

from labkit.explore.kinds import ATOMS

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
DEPTH_MOST = 12


def outcome_of(value: Any) -> Any:
    """The value itself if it is a number, a text, or a tuple of such; else its text."""
    return value if _is_plain(value) else text_of(value)


def _is_plain(value: Any) -> bool:
    if type(value) is tuple:
        return all(map(_is_plain, value))
    return type(value) in ATOMS and (not isinstance(value, frozenset) or all(map(_is_plain, value)))


def text_of(value: Any, depth: int = 0) -> str:
    """repr(), with sets and dicts in an order of their own and without addresses."""
    if depth > DEPTH_MOST:
        return "..."
    if type(value) in (list, tuple):
        inside = ", ".join(text_of(v, depth + 1) for v in value)
        return f"[{inside}]" if type(value) is list else f"({inside}{',' if len(value) == 1 else ''})"
    if type(value) in (set, frozenset) and value:
        inside = ", ".join(sorted(text_of(v, depth + 1) for v in value))
        return f"{{{inside}}}" if type(value) is set else f"frozenset({{{inside}}})"
    if type(value) is dict:
        pairs = sorted((text_of(k, depth + 1), text_of(v, depth + 1)) for k, v in value.items())
        return "{" + ", ".join(f"{k}: {v}" for k, v in pairs) + "}"
    try:
        return _ADDRESS.sub("", repr(value))
    except Exception as error:
        return f"<a {type(value).__name__} whose repr() raises {type(error).__name__}>"
