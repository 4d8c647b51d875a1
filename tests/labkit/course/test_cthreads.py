"""%%cthreads: what the first line may say, what is shown and kept, where complaints stand, and how a run is ended by hand."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labkit import native
from labkit.course import cthreads, cthreadshow, magics
from labkit.course.cthreadoptions import EXAMPLE, help_text, parser, read_options
from labkit.course.cthreads import Clock, Interrupted, cthreads_cell
from labkit.course.magicwords import BadOptions
from labkit.native import build, recorded

cc = pytest.mark.requires("cc")
TURNS = EXAMPLE.partition("\n")[2]
LOOP = '#include <stdio.h>\nint main(void)\n{\n    puts("begun");\n    for (;;)\n        ;\n}\n'


class Shell:
    """As much of IPython as a run needs."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.push = self.user_ns.update


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled here is kept for these tests only."""
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "labkit-cache"))


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a compiler."""

    def nothing() -> None:
        raise native.NoCompiler("no C compiler works here: install one.")

    monkeypatch.setattr(build, "find_compiler", nothing)
    monkeypatch.setattr(native, "find_compiler", nothing)


def show(line: str, cell: str, capsys: pytest.CaptureFixture[str], shell: Shell | None = None) -> tuple[str, str]:
    """Run a cell; what it wrote to stdout and to stderr."""
    cthreads_cell(line, cell, shell or Shell())
    said = capsys.readouterr()
    return said.out, said.err


# The first line.


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("--machin x", ["--machin", "did you mean --machine?"]),
        ("--machine greenlet", ["'greenlet'", "uthread-preemptive"]),
        ("--timer-us 2 --machine uthread-preemptive", ["2 µs is too often", "20"]),
        ("--timer-us 1.5 --machine uthread-preemptive", ["'1.5' is not a whole number"]),
        ("--timer-us 500", ["--timer-us", "uthread-preemptive", "no timer runs on uthread"]),
        ("--switch asm --machine pthread", ["--switch", "our own threads"]),
        ("--seconds 0", ["more than 0"]),
        ("--seconds soon", ["0 to 3600"]),
        ("--show movie", ["'movie'", "timeline", "none"]),
        ("--source 3x", ["'3x'", "variable"]),
        ("while", ["'while'"]),
        ('--stdin "x', ["quotation mark"]),
        ("two names", ["names"]),
    ],
)
def test_a_wrong_option_is_told_by_name(line: str, names: list[str]) -> None:
    with pytest.raises(BadOptions) as told:
        read_options(line)
    assert [name for name in names if name not in str(told.value)] == []
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("line", ["print", "--source len", "mine", "os"])
def test_a_run_does_not_take_the_name_of_a_function_or_a_module(line: str) -> None:
    shell = Shell()
    shell.user_ns |= {"mine": read_options, "os": os}
    with pytest.raises(BadOptions, match="choose another name"):
        cthreads_cell(line, TURNS, shell)


def test_the_tab_key_offers_options_and_their_choices() -> None:
    def offered(line: str) -> list[str]:
        return magics._complete(None, SimpleNamespace(line=line))

    assert "--timer-us" in offered("%%cthreads --ti")
    assert offered("%%cthreads --machine ") == ["uthread", "uthread-preemptive", "pthread"]
    assert offered("%%cthreads turns --switch ") == ["asm", "swapcontext"]


def test_help_has_every_option_and_an_example_that_is_a_whole_program(capsys: pytest.CaptureFixture[str]) -> None:
    options = {word for action in parser()._actions for word in action.option_strings}
    assert {word for word in options if word not in help_text()} == set()
    assert "int main(void)" in help_text()
    assert max(map(len, help_text().splitlines())) <= 125
    assert show("--help", "", capsys)[0] == help_text() + "\n"


def test_a_cell_without_a_program_is_told_so() -> None:
    with pytest.raises(BadOptions, match="the cell is empty: below %%cthreads comes a program in C"):
        cthreads_cell("", "  \n", Shell())


def test_the_first_line_says_how_the_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(native, "run", lambda *source, **how: asked.update(how, source=source) or (_ for _ in ()).throw(KeyError))
    with pytest.raises(KeyError):
        cthreads_cell(r'x --machine uthread-preemptive --timer-us 50 --strace --seconds 2 --stdin "3 4\n"', TURNS, Shell())
    assert asked["source"] == (TURNS, "uthread-preemptive")
    assert (asked["timer_us"], asked["switch"], asked["count_syscalls"], asked["stdin"]) == (50, "asm", True, "3 4\n")
    assert (asked["limits"].seconds, asked["first_line"]) == (2.0, 2)


# What is kept and what is shown.


@cc
def test_the_run_is_kept_and_its_output_and_timeline_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell()
    said, wrong = show("turns --source TURNS", TURNS, capsys, shell)
    assert said.startswith("A: round 1\nB: round 1\nA: round 2\n")
    assert "timeline: " in said
    assert wrong == ""
    assert shell.user_ns["turns"] is shell.user_ns["_run"]
    assert shell.user_ns["turns"].exit == 0
    assert shell.user_ns["TURNS"] == TURNS


@cc
def test_only_what_was_asked_for_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("--show none", TURNS, capsys) == ("", "")
    assert show("--show output", TURNS, capsys)[0].splitlines()[-1] == "B: round 3"
    one_thread = '#include <stdio.h>\nint main(void) { puts("alone"); }\n'
    assert show("", one_thread, capsys)[0] == "alone\n"


@cc
def test_switches_are_a_table_that_is_the_same_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    said, _ = show("--show switches", TURNS, capsys)
    rows = [line.split() for line in said.splitlines()]
    assert rows[0] == ["10", "switches"]
    assert rows[1] == ["left", "came", "why", "where", "it", "left"]
    assert rows[2] == ["1", "idle", "main", "start"]
    line = next(number for number, text in enumerate(EXAMPLE.splitlines(), 1) if "sched_yield()" in text)
    assert rows[4] == ["3", "A", "B", "yield", "work(),", "line", str(line)]
    assert said == show("--show switches", TURNS, capsys)[0]


@cc
def test_of_many_switches_the_first_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    said, _ = show("--show switches", TURNS.replace("i <= 3", "i <= 30"), capsys)
    assert len(said.splitlines()) == cthreadshow.SWITCHES_SHOWN + 3
    assert said.splitlines()[-1] == "… 44 more"


@cc
def test_what_goes_wrong_is_told_with_thread_and_line_and_is_no_error_of_the_cell(capsys: pytest.CaptureFixture[str]) -> None:
    crash = 'puts("before");\n    fputs("on stderr", stderr);\n    *(volatile int *)8 = 1;\n'
    said, wrong = show("", f"#include <stdio.h>\nint main(void)\n{{\n    {crash}}}\n", capsys)
    assert said.splitlines()[0] == "before"
    assert said.splitlines()[1].startswith("What went wrong: thread 'main' writes to address 0x8")
    assert said.splitlines()[1].endswith("in main(), line 7.")
    assert wrong == "on stderr\n"


@cc
def test_the_memory_view_is_drawn_if_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    shows = '#include "uthread.h"\nint counter = 1;\nint main(void) { UTHREAD_SHOW(counter); return 0; }\n'
    said, _ = show("--show memory", shows, capsys)
    assert "counter" in said
    assert "timeline" not in said


@cc
def test_a_flood_is_shown_in_part_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    said, _ = show("", '#include <stdio.h>\nint main(void) { for (;;) puts("more"); }\n', capsys)
    assert len(said) < cthreadshow.CHARACTERS_SHOWN + 500
    assert said.splitlines()[-2:][0].endswith(" more characters")
    assert "wrote more to stdout than is kept" in said.splitlines()[-1]


@cc
def test_an_exit_code_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("", "int main(void) { return 3; }\n", capsys)[0] == "It ended with exit code 3.\n"
    assert show("--show output", "int main(void) { return 3; }\n", capsys)[0] == ""


@cc
def test_a_program_that_does_not_end_is_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    said, _ = show("--seconds 0.5", LOOP, capsys)
    assert said.splitlines()[0] == "begun"
    assert "it had not ended after" in said
    assert "'main' was in main(), line 6" in said


@cc
def test_a_program_reads_what_stdin_gives(capsys: pytest.CaptureFixture[str]) -> None:
    add = '#include <stdio.h>\nint main(void) { int a, b; scanf("%d%d", &a, &b); printf("%d\\n", a + b); }\n'
    assert show(r'--stdin "3\n4\n"', add, capsys)[0] == "7\n"


# Complaints of the compiler.


@cc
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("int main(void)\n{\n    return x;\n}\n", "line 4: error: "),
        ("int f(void);\nint main(void) { return f(); }\n", "line 3: error: f is declared, but defined nowhere"),
        ("int mian(void) { return 0; }\n", "error: the program has no main()"),
        (
            "int record_maps(int x)\n{ return x; }\nint main(void) { return record_maps(0); }\n",
            "labkit's machine has a record_maps too",
        ),
    ],
)
def test_c_that_makes_no_program_is_told_at_the_lines_of_the_cell(text: str, told: str) -> None:
    shell = Shell()
    with pytest.raises(native.BadProgram) as error:
        cthreads_cell("--source TEXT", text, shell)
    first, second = str(error.value).splitlines()[:2]
    assert first == "this C does not make a program (lines count from the top of the cell)."
    assert told in second
    assert shell.user_ns == {"TEXT": text}


@cc
def test_warnings_stand_above_the_output_at_the_lines_of_the_cell(capsys: pytest.CaptureFixture[str]) -> None:
    said, _ = show("", '#include <stdio.h>\nint main(void)\n{\n    int x;\n    puts("ran");\n}\n', capsys)
    assert said.splitlines()[0] == "The compiler warns (lines count from the top of the cell)."
    assert said.splitlines()[1].startswith("line 5: warning: unused variable")
    assert said.endswith("ran\n")


# A run that takes long, and one that is ended by hand.


@cc
def test_an_interrupt_ends_the_program_and_keeps_what_it_did(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[float] = []

    def interrupt(self: Clock, seconds: float) -> None:
        ticks.append(seconds)
        if len(ticks) == 1:
            raise KeyboardInterrupt

    shell = Shell()
    monkeypatch.setattr(cthreads.Clock, "tick", interrupt)
    with pytest.raises(
        Interrupted, match=r"you ended the program: it was interrupted after .* s\. 'main' was in main\(\), line [56]\."
    ):
        cthreads_cell("mine", LOOP, shell)
    assert capsys.readouterr().out == "begun\n"
    assert shell.user_ns["mine"] is shell.user_ns["_run"]
    assert shell.user_ns["mine"].stdout == "begun\n"


@cc
def test_an_interrupt_of_the_drawing_keeps_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*what: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cthreads, "show_run", interrupted)
    shell = Shell()
    with pytest.raises(Interrupted, match="The run is kept: mine"):
        cthreads_cell("mine", TURNS, shell)
    assert shell.user_ns["mine"].exit == 0


def test_an_interrupt_of_the_compiler_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "find_compiler", interrupted)
    shell = Shell()
    with pytest.raises(Interrupted, match="before the program had begun"):
        cthreads_cell("mine", LOOP, shell)
    assert shell.user_ns == {}


def test_a_long_run_counts_its_seconds_where_somebody_watches_and_leaves_no_trace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cleared: list[bool] = []
    display = SimpleNamespace(clear_output=lambda wait: cleared.extend([wait]))
    monkeypatch.setattr(cthreads, "sys", SimpleNamespace(modules={"IPython": SimpleNamespace(display=display)}))
    monkeypatch.setattr(cthreads, "can_be_live", lambda: True)
    monkeypatch.delenv("LABKIT_QUIET")
    clock = Clock()
    for tick in (0.5, 1.0, 1.5, 2.1):
        clock.tick(tick)
    clock.clear()
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(";")[0] for line in said] == ["running for 1 s", "running for 2 s"]
    assert cleared == [True, False]
    monkeypatch.setenv("LABKIT_QUIET", "1")
    Clock().tick(5)
    assert capsys.readouterr().out == ""


# Without a compiler.


@cc
@pytest.mark.parametrize("quiet", [True, False])
def test_without_a_compiler_a_recorded_run_is_shown_and_said_to_be_one(
    quiet: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, request: Any
) -> None:
    (tmp_path / "01_lesson").mkdir()
    monkeypatch.setattr(recorded, "FOLDER", tmp_path)
    monkeypatch.setenv(recorded.RECORD_VARIABLE, str(tmp_path / "01_lesson"))
    here, _ = show("turns", TURNS, capsys)
    monkeypatch.delenv(recorded.RECORD_VARIABLE)
    request.getfixturevalue("no_compiler")
    if not quiet:
        monkeypatch.delenv("LABKIT_QUIET")
    there, _ = show("turns", TURNS, capsys)
    said = "" if quiet else "A recorded run, made on another machine: no C compiler works here: install one.\n"
    assert there == said + here


@pytest.mark.usefixtures("no_compiler")
def test_without_a_compiler_another_program_says_what_to_install() -> None:
    shell = Shell()
    with pytest.raises(native.NoCompiler, match=r"install one\. Without one, only what the lessons' own programs"):
        cthreads_cell("", TURNS + "/* mine */", shell)
    assert shell.user_ns == {}
