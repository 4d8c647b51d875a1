"""What the README shows of explore is what explore says."""

from __future__ import annotations

import linecache
import re
from pathlib import Path
from typing import Any

README = Path(__file__).parents[3] / "README.md"


def test_the_readme_shows_what_explore_says(monkeypatch: Any) -> None:
    blocks = re.findall(r"```(?:python)?\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    code, said = next(pair for pair in zip(blocks, blocks[1:], strict=False) if "explore(main).explain()" in pair[0])
    program = code.rpartition("explore(main)")[0].partition("\n\n")[2]
    text = "from labkit import explore, spawn\n" + program
    monkeypatch.setitem(linecache.cache, "<readme>", (len(text), None, text.splitlines(keepends=True), "<readme>"))
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, "<readme>", "exec"), space)
    assert str(space["explore"](space["main"]).explain()) + "\n" == said
