"""What every page of the grader must obey, whatever is on it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser

ALLOWED = {
    "a", "aside", "b", "bdi", "body", "br", "circle", "code", "dd", "desc", "details", "div", "dl", "dt", "figcaption",
    "figure", "g", "h1", "h2", "h3", "head", "header", "html", "i", "li", "line", "main", "meta", "nav", "ol", "p", "path",
    "polygon", "pre", "rect", "section", "small", "span", "strong", "style", "summary", "svg", "table", "tbody", "td",
    "text", "th", "thead", "title", "tr", "ul",
}  # fmt: skip
VOID = {"meta", "br"}
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Read(HTMLParser):
    """A page as a strict reader sees it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if (self.get_starttag_text() or "").endswith("/>") and (not self.open or self.open[-1] != tag):
            return
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """Attributes of all elements with that tag."""
        return [attributes for each, attributes in self.tags if each == tag]


def obeys(page: str) -> Read:
    """Check that a page is whole, harmless, readable without a network and without seeing; return it as it was read."""
    read = Read(page)
    assert read.open == []
    assert {tag for tag, _ in read.tags} <= ALLOWED, "an element that no page of ours has"
    names = {name for _, attributes in read.tags for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "srcdoc", "style", "xlink:href")}
    assert not UNSEEN.search(page), "a character that cannot be seen"
    _asks_for_nothing(page, read)
    _has_landmarks(read)
    return read


def _asks_for_nothing(page: str, read: Read) -> None:
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = "sha256-" + b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(each["content"] for each in read.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith(f"default-src 'none'; style-src '{digest}'")
    assert "unsafe" not in policy
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    for each in read.all("a"):
        assert not re.match(r"[a-z]+:|//", each["href"]), f"a link that leaves the machine: {each['href']}"


def _has_landmarks(read: Read) -> None:
    assert [each.get("lang") for each in read.all("html")] == ["en"]
    assert len(read.all("main")) == len(read.all("h1")) == len(read.all("header")) == 1
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids)), "two elements with one id"
    for each in read.all("a"):
        assert not each["href"].startswith("#") or each["href"][1:] in ids, f"a link to nothing: {each['href']}"
    for _, attributes in read.tags:
        assert attributes.get("aria-labelledby", ids[0]) in ids
    drawn = [tag for tag, _ in read.tags if tag in ("svg", "title")]
    pictures = read.all("svg")
    assert all(each.get("role") == "img" for each in pictures)
    assert sum(tag == "title" for tag in drawn) - 1 + sum("aria-label" in each for each in pictures) == len(pictures)
    for each in read.all("th"):
        assert each.get("scope") in ("col", "row")
