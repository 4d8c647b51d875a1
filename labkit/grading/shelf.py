"""What was compiled last, for whoever asks with the very same text."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

KEPT: Final = 4


class Shelf:
    """The programs that were compiled last, each for whoever asks with the very same text.

    Args:
        folder: where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[tuple[str, str]] = []

    def take(self, text: str, cache: Path) -> None:
        """Put the program of this text into an empty cache, if it is here."""
        if (place := dict(self.kept).get(text)) is not None and not (cache / "programs").exists():
            cache.mkdir(parents=True, exist_ok=True)
            Path(place).rename(cache / "programs")
            self.kept.remove((text, place))

    def give(self, text: str, cache: Path) -> None:
        """Keep what was compiled from this text."""
        if (cache / "programs").is_dir():
            place = tempfile.mkdtemp(prefix="kept-", dir=self.folder)
            (cache / "programs").rename(place)
            self.kept.append((text, place))
        for _, old in self.kept[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        del self.kept[:-KEPT]
