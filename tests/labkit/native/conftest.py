"""C programs of these tests are compiled into a cache of the session's own, which its workers share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of this session."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "labkit-cache"
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(folder))
    return folder
