"""The frame of a still picture: SVG with a title, a description and no script."""

from __future__ import annotations

from html import escape
from typing import Final

INK: Final = {"run": "#0072B2", "can": "#E69F00", "wait": "#D55E00", "lock": "#CC79A7", "calm": "#009E73", "plain": "#999"}
"""Okabe and Ito's colours, as in base.css; shapes tell the same, so that a picture can be read without them."""


def still(wide: int, tall: int, words: str, description: str, body: str) -> str:
    """A whole SVG: the words stand above the picture too."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="100%" style="max-width:{wide}px" '
        f'role="img" font-family="sans-serif" font-size="12" fill="currentColor"><title>{escape(words)}</title>'
        f'<desc>{escape(description)}</desc><text x="2" y="14" font-weight="bold">{escape(words)}</text>{body}</svg>'
    )


def label(x: float, y: float, words: str, style: str = "") -> str:
    """Words at a place; style is more attributes."""
    return f'<text x="{x:g}" y="{y:g}"{" " + style if style else ""}>{escape(words)}</text>'


def box(x: float, y: float, wide: float, tall: float, style: str) -> str:
    """A rectangle; style is more attributes."""
    return f'<rect x="{x:.4g}" y="{y:.4g}" width="{max(0.0, wide):.4g}" height="{tall:.4g}" {style}/>'


def cut(words: str, most: int) -> str:
    """Words that fit into so many characters."""
    return words if len(words) <= most else words[: most - 1] + "…"


def clean(words: str) -> str:
    """Words on one line, in characters that one can see."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in words)
