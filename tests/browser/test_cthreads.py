"""%%cthreads in a real JupyterLab: a run is drawn, a complaint stands at the line that is seen, a run can be interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labkit.course.cthreadoptions import EXAMPLE

if TYPE_CHECKING:
    from conftest import Lab, Sheet

pytestmark = [pytest.mark.requires("browser", "cc"), pytest.mark.xdist_group("browser")]

LOAD = "import labkit.course"
NOT_QUIET = "import os; quiet = os.environ.pop('LABKIT_QUIET')"
LOOP = """%%cthreads long --seconds 600
#include "uthread.h"
#include <stdio.h>
static void *spin(void *unused) { for (;;) uthread_yield(); return unused; }
int main(void)
{
    uthread_t a = uthread_create("spinner", spin, NULL);
    puts("it has begun");
    uthread_join(a);
}"""


def opened(lab: Lab, *cells: str, height: int = 900) -> Sheet:
    return lab.open([LOAD, *cells], height=height)


def test_a_run_shows_its_output_and_draws_who_ran_when(lab: Lab) -> None:
    sheet = opened(lab, EXAMPLE, "turns is _run, turns.exit", EXAMPLE.replace("turns", "--show switches", 1), height=1500)
    sheet.run_all()
    assert sheet.failures() == []
    sheet.go_to(1)
    sheet.part("timeline-view").wait_for()
    sheet.shot("cthreads-light-1280")
    said, drawn = sheet.cells()[1]["outputs"]
    assert said["text"].startswith("A: round 1\nB: round 1\n")
    assert "application/vnd.jupyter.widget-view+json" in drawn["data"]
    assert sheet.cells()[2]["outputs"][0]["data"]["text/plain"] == "(True, 0)"
    sheet.go_to(3)
    sheet.page.get_by_text("where it left").wait_for()
    sheet.shot("cthreads-switches")
    sheet.assert_quiet()


def test_complaints_stand_at_the_lines_that_the_student_sees(lab: Lab) -> None:
    wrong = EXAMPLE.replace("return NULL;", "return NUL;")
    line = next(number for number, text in enumerate(wrong.splitlines(), 1) if "NUL;" in text)
    sheet = opened(lab, wrong)
    sheet.run_all()
    sheet.page.get_by_text(f"line {line}: error: ").wait_for()
    told = sheet.cells()[1]["outputs"]
    assert [output["output_type"] for output in told] == ["error"]
    assert told[0]["traceback"] == [f"BadProgram: {told[0]['evalue']}"]
    sheet.shot("cthreads-errors")
    sheet.assert_quiet()


def test_a_crash_is_told_with_thread_and_line_and_the_notebook_goes_on(lab: Lab) -> None:
    crash = EXAMPLE.replace("sched_yield();", "*(volatile int *)8 = i;")
    line = next(number for number, text in enumerate(crash.splitlines(), 1) if "volatile" in text)
    sheet = opened(lab, crash, "turns.signal")
    sheet.run_all()
    assert sheet.failures() == []
    sheet.page.get_by_text(f"in work(), line {line}.").wait_for()
    assert sheet.cells()[2]["outputs"][0]["data"]["text/plain"] == "'SIGSEGV'"
    sheet.go_to(1)
    sheet.shot("cthreads-crash")
    sheet.assert_quiet()


def test_a_long_run_counts_its_seconds_and_an_interrupt_keeps_it(lab: Lab) -> None:
    sheet = opened(lab, NOT_QUIET, LOOP, "long.stdout, len(long.trace.raw) > 0", height=1300)
    run, interrupt = (
        f"() => void window.jupyterapp.commands.execute('notebook:{what}')" for what in ("run-all-cells", "interrupt-kernel")
    )
    sheet.page.evaluate(run)
    sheet.page.get_by_text("s; interrupt (■) ends it").wait_for()
    sheet.shot("cthreads-running")
    sheet.page.evaluate(interrupt)
    sheet.page.get_by_text("Interrupted: you ended the program").wait_for()
    sheet.wait_idle()
    outputs = sheet.cells()[2]["outputs"]
    assert outputs[0]["text"] == "it has begun\n"
    assert "'spinner'" in outputs[-1]["evalue"]
    assert outputs[-1]["traceback"] == [f"Interrupted: {outputs[-1]['evalue']}"]
    assert sheet.cells()[3]["outputs"] == []  # run-all has stopped here
    sheet.shot("cthreads-interrupted")
    sheet.assert_quiet()
