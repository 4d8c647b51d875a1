"""%%kmodule: what the first line may say, where complaints stand, what is shown and what is kept."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labkit import qemu
from labkit.course import kmodule, kmoduleoptions, livelog, magics
from labkit.course.kmoduleoptions import help_text, read_options
from labkit.course.magicwords import BadOptions
from labkit.kmsg import Record, Records
from labkit.qemu.build import Built
from labkit.taskinfo import PF_KTHREAD, TaskInfo
from labkit.tracelog import Trace
from labkit.views.base import WIDGET_MIME
from tests.labkit.course.jupyter import run_cells

LINES = ("[   11.171213] lab: loading out-of-tree module taints kernel.", "[   11.175991] worker/0: round 1")
LOG = Records([Record(4, 0, 351, 11_171_213, "-", LINES[0][15:]), Record(6, 0, 352, 11_175_991, "-", LINES[1][15:])])
WARNING = "lab.c:6:9: warning: unused variable 'x' [-Wunused-variable]\n    6 | int x;\n"
MODULE = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n'


class Kernel:
    """A kernel whose one run is made up."""

    def __init__(self, run: Callable[[Callable[[str], None]], qemu.ModuleRun]) -> None:
        self.run = run
        self.built: list[tuple[object, ...]] = []
        self.asked: dict[str, Any] = {}

    def build(self, *source: object) -> Built:
        self.built.append(source)
        return Built(str(source[1]), b"", "", "")

    def run_module(self, built: Built, wait_s: float, seed: int, **asked: Any) -> qemu.ModuleRun:
        self.asked = {"wait_s": wait_s, "seed": seed, **asked}
        return self.run(asked["watch"])


class Shell:
    """As much of IPython as a run needs."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.push = self.user_ns.update


class Screen:
    """What was displayed, and how often the picture was sent again."""

    def __init__(self) -> None:
        self.shown: list[Any] = []
        self.updated: list[Any] = []

    def show(self, view: Any, live: bool, keep: bool = False) -> Any:
        self.shown.append(view)
        return SimpleNamespace(update=self.updated.append) if keep else None


def finished(watch: Callable[[str], None]) -> qemu.ModuleRun:
    for line in LINES:
        watch(line)
    return qemu.ModuleRun(LOG, insmod_rc=0, rmmod_rc=0)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    screen = Screen()
    monkeypatch.setattr(livelog, "show", screen.show)
    monkeypatch.setattr(kmodule, "show", screen.show)
    return screen


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel(finished)
    monkeypatch.setattr(qemu, "boot", lambda *asked, **how: kernel)
    return kernel


def run(line: str, shell: Shell, cell: str = MODULE) -> None:
    kmodule.run_cell(read_options(line), cell, shell)


# The first line.


def test_the_first_line_says_how_the_module_runs(kernel: Kernel, screen: Screen) -> None:
    run('life --seed 21 --wait 0.5 --params "count=3 name=x" --trace off --limit 2 --timeout 9', Shell())
    assert kernel.built == [(MODULE, "life", 2)]
    watch = kernel.asked.pop("watch")
    assert callable(watch)
    assert kernel.asked == {
        "wait_s": 0.5, "seed": 21, "params": "count=3 name=x", "trace": False, "limit_s": 2.0, "timeout_s": 9.0,
    }  # fmt: skip


@pytest.mark.parametrize(("line", "exact"), [("", True), ("--cpus 2 --preempt voluntary", False)])
def test_one_cpu_runs_exactly_and_more_run_freely(
    line: str, exact: bool, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(qemu, "boot", lambda *how, **more: (asked.extend(how), Kernel(finished))[1])
    run(line, Shell())
    assert asked == ([1, "full", True] if exact else [2, "voluntary", False])


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("--seed x", ["--seed", "'x'"]),
        ("--sed 3", ["--sed", "did you mean --seed?"]),
        ("--cpus 9", ["--cpus", "9"]),
        ("--preempt some", ["--preempt", "voluntary"]),
        ("--wait nan", ["--wait", "0 to 3600"]),
        ("--wait", ["--wait"]),
        ('--params "x', ["quotation mark"]),
        ("--show movie", ["--show", "'movie'", "timeline"]),
        ("--dmesg -q", ["--dmesg", "-q"]),
        ("Big", ["'Big'", "small letters"]),
        ("while", ["'while'"]),
        ("two names", ["names"]),
    ],
)
def test_a_wrong_option_is_told_by_name(line: str, names: list[str]) -> None:
    with pytest.raises(BadOptions) as told:
        read_options(line)
    text = str(told.value)
    assert [name for name in names if name not in text] == []
    assert "\n" not in text


@pytest.mark.parametrize("line", ["print", "--source len", "mine", "os"])
def test_a_run_does_not_take_the_name_of_a_function_or_a_module(line: str, kernel: Kernel, screen: Screen) -> None:
    shell = Shell()
    shell.user_ns |= {"mine": finished, "os": os}
    with pytest.raises(BadOptions, match="choose another name"):
        run(line, shell)
    assert kernel.built == []


def test_dmesgs_options_are_written_as_on_its_own_command_line() -> None:
    assert read_options("--dmesg -t --seed 2").dmesg == "-t"
    assert read_options('--dmesg "-t -l info"').dmesg == "-t -l info"


def test_the_tab_key_offers_options_and_their_choices() -> None:
    def offered(line: str) -> list[str]:
        return magics._complete(None, SimpleNamespace(line=line))

    assert "--seed" in offered("%%kmodule --se")
    assert "--seed" not in offered("%%kmodule --seed 3 --")
    assert offered("%%kmodule --preempt ") == ["none", "voluntary", "full"]
    assert offered("%%kmodule") == offered("%%kmodule ")


def test_help_has_every_option_and_an_example_that_is_a_whole_module() -> None:
    options = {word for action in kmoduleoptions.parser()._actions for word in action.option_strings}
    assert {word for word in options if word not in help_text()} == set()
    assert 'MODULE_LICENSE("GPL")' in help_text()
    assert max(map(len, help_text().splitlines())) <= 125


# What is kept and what is shown.


def test_the_run_is_kept_under_its_name_and_its_source_if_asked(kernel: Kernel, screen: Screen) -> None:
    shell = Shell()
    run("life --source LIFE", shell)
    assert shell.user_ns["life"] is shell.user_ns["_run"]
    assert shell.user_ns["life"].dmesg == LOG
    assert shell.user_ns["LIFE"] == MODULE
    run("life", shell)  # a run may take the place of a run


def test_the_log_is_shown_once_with_its_levels_where_nobody_watches(kernel: Kernel, screen: Screen) -> None:
    run("--dmesg -x", Shell())
    assert datetime.fromtimestamp(screen.shown[0].boot_time_s, UTC).year == 2026  # qemu/config.py says so
    assert [view.name for view in screen.shown] == ["dmesg"]
    assert screen.shown[0].text().splitlines()[2].startswith("kern  :warn  : [   11.171213] lab: loading")
    assert screen.updated == []


def made_a_kthread(watch: Callable[[str], None]) -> qemu.ModuleRun:
    told = [TaskInfo(1, 1, 0, "init", mm=True), TaskInfo(2, 2, 0, "kthreadd", flags=PF_KTHREAD)]
    told += [TaskInfo(40, 40, 2, "kswapd0", flags=PF_KTHREAD), TaskInfo(96, 96, 1, "init", mm=True)]
    told += [TaskInfo(98, 98, 2, "worker/0", name="worker/0", flags=PF_KTHREAD)]
    trace = Trace([(0, "spawn", 98, 0, 2), (1, "sched_switch", 0, 0, "RUNNABLE", 98, "start")], {2: "kthreadd", 98: "worker/0"})
    return qemu.ModuleRun(LOG, trace=trace, tasks=told, insmod_rc=0, rmmod_rc=0, left_behind=told[-1:])


def test_below_the_log_stand_the_verdict_the_new_kthreads_and_the_timeline(
    kernel: Kernel, screen: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    kernel.run = made_a_kthread
    run("", Shell())
    assert [view.name for view in screen.shown] == ["dmesg", "task_forest", "timeline"]
    assert [task.pid for task in screen.shown[1].tasks] == [2, 98]
    assert capsys.readouterr().out == "What went wrong: left behind after rmmod: worker/0\n"


@pytest.mark.parametrize(("show", "names"), [("none", []), ("timeline", ["timeline"]), ("dmesg,tasks", ["dmesg", "task_forest"])])
def test_only_what_was_asked_for_is_shown(kernel: Kernel, screen: Screen, show: str, names: list[str]) -> None:
    kernel.run = made_a_kthread
    run(f"--show {show}", Shell())
    assert [view.name for view in screen.shown] == names


def test_warnings_are_told_with_the_lines_of_the_cell(
    kernel: Kernel, screen: Screen, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "build", lambda *source: Built("lab", b"", WARNING, ""))
    kernel.run = lambda watch: qemu.ModuleRun(LOG, warnings=WARNING)
    run("", Shell())
    said = capsys.readouterr().out
    assert said.count("line 6: warning") == 1
    assert "lab.c" not in said


# While it runs.


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody sits in front of the notebook."""
    monkeypatch.setattr(kmodule, "can_be_live", lambda: True)
    yield
    assert [thread for thread in threading.enumerate() if thread.name == "labkit-livelog"] == []


@pytest.mark.usefixtures("watched")
def test_the_picture_has_a_line_before_the_run_has_ended(kernel: Kernel, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livelog, "BATCH_S", 0.001)
    there = threading.Event()
    texts: list[str] = []

    def add(view: Any, records: list[Record], status: str) -> None:
        view.records += records
        texts.append(view.printed(""))
        assert "interrupt" in status
        there.set()

    def runs(watch: Callable[[str], None]) -> qemu.ModuleRun:
        watch(LINES[0])
        assert there.wait(60)
        return finished(lambda line: None)

    monkeypatch.setattr(livelog.Dmesg, "add", add)
    kernel.run = runs
    run("", Shell())
    assert texts == [LINES[0] + "\n"]
    assert screen.updated == screen.shown[:1]
    assert screen.updated[0].records == LOG
    assert screen.updated[0].status == ""


@pytest.mark.usefixtures("watched")
def test_a_flood_is_sent_in_batches(kernel: Kernel, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livelog, "BATCH_S", 600)
    sent: list[int] = []
    monkeypatch.setattr(livelog.Dmesg, "add", lambda view, records, status: sent.append(len(records)))
    flood = Records([Record(6, 0, n, n, "-", f"item {n}") for n in range(20_000)])

    def floods(watch: Callable[[str], None]) -> qemu.ModuleRun:
        for record in flood:
            watch(str(record))
        return qemu.ModuleRun(flood)

    kernel.run = floods
    run("", Shell())
    assert sent == []  # the next batch was not due yet
    assert screen.updated[0].records == flood


@pytest.mark.usefixtures("watched")
def test_nothing_moves_with_live_off(kernel: Kernel, screen: Screen) -> None:
    run("--live off", Shell())
    assert [view.name for view in screen.shown] == ["dmesg"]
    assert screen.updated == []


def interrupted(watch: Callable[[str], None]) -> qemu.ModuleRun:
    watch(LINES[1])
    raise KeyboardInterrupt


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("line", ["life", "life --live off"])
def test_an_interrupt_keeps_the_log_and_says_so_in_a_sentence(line: str, kernel: Kernel, screen: Screen) -> None:
    shell = Shell()
    shell.user_ns["_run"] = "an older run"
    kernel.run = interrupted
    with pytest.raises(kmodule.Interrupted, match=r"life\.dmesg"):
        run(line, shell)
    assert str(shell.user_ns["_run"].dmesg) == LINES[1]
    assert (shell.user_ns["life"].insmod_rc, shell.user_ns["life"].rmmod_rc) == (None, None)
    assert screen.shown[0].printed("") == LINES[1] + "\n"


def test_a_line_of_dmesg_is_read_back_as_far_as_it_tells() -> None:
    record = Record(6, 0, 9, 75_000_125, "-", "first line\nsecond line")
    assert livelog.record_of(str(record), 9) == record
    assert livelog.record_of("no stamp", 0).text == "no stamp"


# In a real Jupyter kernel.


def outputs(*cells: str, **environment: str) -> list[list[Any]]:
    """What each cell puts out, after one that imports labkit."""
    return run_cells("import labkit.course", *cells, may_fail=True, **environment)[1:]


def test_importing_the_course_brings_the_magic_its_help_and_plain_errors() -> None:
    helped, empty, wrong, asked, tab = outputs(
        "%%kmodule --help", "%%kmodule", "%%kmodule --seed x\nint x;",
        "print(get_ipython().object_inspect_text('%%kmodule'))", "get_ipython().complete('--pre', '%%kmodule --pre', 15)[1]",
    )  # fmt: skip
    assert helped[0]["text"] == help_text() + "\n"
    for output, text in ((empty, "the cell is empty"), (wrong, "--seed")):
        assert output[0]["output_type"] == "error"
        assert output[0]["traceback"] == [f"BadOptions: {output[0]['evalue']}"]
        assert text in output[0]["evalue"]
    assert "--preempt" in asked[0]["text"]
    assert "A=1" in asked[0]["text"]
    assert tab[0]["data"]["text/plain"] == "['--preempt']"


def test_a_view_is_shown_without_its_live_form_where_nothing_may_move() -> None:
    still = "from labkit.course.livelog import show\nfrom labkit.views import Dmesg\nshow(Dmesg(), live=False)"
    (one,), (other,) = outputs(still, "show(Dmesg(), live=True)", LABKIT_VIEWS="live")
    assert WIDGET_MIME not in one["data"]
    assert WIDGET_MIME in other["data"]
    assert one["data"]["text/html"] == other["data"]["text/html"]


C = (Path(__file__).parents[3] / "labkit" / "qemu" / "demo.c").read_text(encoding="utf-8")


@pytest.mark.requires("kernel")
def test_an_exact_run_leaves_the_same_outputs_each_time() -> None:
    cell = f"%%kmodule demo --seed 3\n{C}"
    first, second, kept = outputs(cell, cell, "demo is _run, demo.rmmod_rc")
    assert first == second
    assert [output["data"]["text/plain"].split(":")[0] for output in first] == [
        "dmesg", "kthreads while the module was loaded", "timeline",
    ]  # fmt: skip
    assert all(WIDGET_MIME not in output["data"] for output in first)
    assert first[0]["data"]["text/plain"].endswith("rmmod: the kthread returned 7")
    assert kept[0]["data"]["text/plain"] == "(True, 0)"


@pytest.mark.requires("kernel")
def test_c_that_does_not_compile_is_told_at_its_line_without_a_traceback() -> None:
    ((told,),) = outputs(f"%%kmodule\n{C.replace('return 7;', 'return seven;')}")
    line = next(n for n, text in enumerate(C.splitlines(), 2) if "return 7;" in text)
    assert told["ename"] == "BadModule"
    assert told["traceback"] == [f"BadModule: {told['evalue']}"]
    assert told["evalue"].splitlines()[1].startswith(f"line {line}: error: ")


def test_without_ipython_the_course_is_imported_and_no_magic_is_made() -> None:
    code = "import sys; sys.modules['IPython'] = None\nimport labkit.course\nassert 'labkit.qemu' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
