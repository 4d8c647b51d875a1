"""How the bench measures: medians of interleaved rounds, so that a slow moment of the machine hits all rows alike."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

ROUNDS = 7
console = Console()


def interleaved(rows: dict[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, float]:
    """Each measurement once per round, in turn; row → median. Ctrl-C keeps the rounds that are done."""
    seen: dict[str, list[float]] = {name: [] for name in rows}
    with console.status("measuring ...") as status:
        try:
            for i in range(rounds):
                for name, measure in rows.items():
                    status.update(f"round {i + 1} of {rounds}: {name}")
                    seen[name].append(measure())
        except KeyboardInterrupt:
            console.print("stopped: medians of what was measured")
    return {name: statistics.median(values) for name, values in seen.items() if values}


def seconds(body: Callable[[], object]) -> float:
    """How long body() takes."""
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def in_subprocess(source: str) -> float:
    """The number that a fresh Python prints: for memory, where the past of this process would count."""
    done = subprocess.run([sys.executable, "-c", source], check=False, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return float(done.stdout.split()[-1])


def table(title: str, unit: str, values: dict[str, float], base: str, targets: dict[str, str] | None = None) -> None:
    """Print one table: value, ratio to the base row, and the target where there is one."""
    out = Table(title=title, title_justify="left")
    out.add_column("what")
    out.add_column(unit, justify="right")
    out.add_column(f"x {base}", justify="right")
    out.add_column("target")
    for name, value in values.items():
        ratio = f"{value / values[base]:.2f}" if values.get(base) else ""
        out.add_row(name, f"{value:,.0f}" if value >= 100 else f"{value:,.2f}", ratio, (targets or {}).get(name, ""))
    console.print(out)
