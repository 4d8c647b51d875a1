"""What the README shows of explore is what explore says."""

from __future__ import annotations

import itertools
import linecache
import re
from pathlib import Path
from typing import Any

README = Path(__file__).parents[3] / "README.md"


def test_the_readme_shows_what_explore_says(monkeypatch: Any) -> None:
    blocks = re.findall(r"```\w*\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    code, said = next(pair for pair in itertools.pairwise(blocks) if "explore(main).explain()" in pair[0])
    text = code.rpartition("explore(main)")[0]
    monkeypatch.setitem(linecache.cache, "<readme>", (len(text), None, text.splitlines(keepends=True), "<readme>"))
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, "<readme>", "exec"), space)
    assert str(space["explore"](space["main"]).explain()) + "\n" == said
