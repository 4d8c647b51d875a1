"""%%kmodule in a real JupyterLab: the log grows while the kernel runs, and the run can be interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Lab, Sheet

pytestmark = [pytest.mark.requires("browser", "kernel"), pytest.mark.xdist_group("browser")]

WORKER = """
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
static struct task_struct *worker;
static int work(void *data)
{
	int n = 0;
	while (!kthread_should_stop()) {
		pr_info("%s: round %d\\n", current->comm, ++n);
		msleep_interruptible(100);
	}
	return n;
}
static int __init lab_init(void) { worker = kthread_run(work, NULL, "worker/%d", 0); return PTR_ERR_OR_ZERO(worker); }
static void __exit lab_exit(void) { pr_warn("the kthread returned %d\\n", kthread_stop(worker)); }
module_init(lab_init); module_exit(lab_exit); MODULE_LICENSE("GPL");"""
LOAD = "import labkit.course"


def opened(lab: Lab, *cells: str, height: int = 900) -> Sheet:
    return lab.open([LOAD, *cells], height=height)


def test_a_run_shows_its_log_its_kthreads_and_who_ran_when(lab: Lab) -> None:
    sheet = opened(lab, f"%%kmodule life{WORKER}", "life.rmmod_rc, life is _run", height=1500)
    sheet.run_all()
    assert sheet.failures() == []
    sheet.go_to(1)
    for view in ("dmesg", "task_forest", "timeline"):
        sheet.part(f"{view}-view").wait_for()
    log = sheet.part("dmesg-log")
    assert "worker/0: round 1" in log.inner_text()
    sheet.shot("kmodule-light-1280")
    sheet.part("dmesg-x").click()
    assert "kern  :warn  : " in log.inner_text()
    assert sheet.cells()[1]["outputs"][0]["data"]["text/plain"].splitlines()[-1].endswith("the kthread returned 4")
    assert sheet.cells()[2]["outputs"][0]["data"]["text/plain"] == "(0, True)"
    assert sheet.outside == []
    assert sheet.errors == []


def test_the_log_grows_and_an_interrupt_keeps_it(lab: Lab) -> None:
    sheet = opened(lab, f"%%kmodule long --cpus 2 --wait 600 --timeout 600{WORKER}")
    sheet.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    log = sheet.part("dmesg-log")
    log.get_by_text("round 1\n").wait_for()
    log.get_by_text("round 3\n").wait_for()
    assert "the kernel runs" in sheet.part("dmesg-says").inner_text()
    sheet.part("dmesg-t").click()
    log.get_by_text("round 5\n").wait_for()  # it grows on in the form that it began with
    assert "After the run: dmesg -t" in sheet.part("dmesg-says").inner_text()
    sheet.shot("kmodule-running")
    sheet.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    sheet.page.get_by_text("Interrupted: you ended the kernel").wait_for()
    sheet.wait_idle()
    sheet.page.get_by_text("Interrupted: you ended the kernel").scroll_into_view_if_needed()
    assert "\nworker/0: round 3\n" in log.inner_text()
    assert sheet.part("dmesg-command").inner_text() == "$ dmesg -t"
    assert "the kernel runs" not in sheet.part("dmesg-says").inner_text()
    sheet.shot("kmodule-interrupted")
    assert sheet.errors == []


WRONG = """%%kmodule
#include <linux/module.h>
static int __init lab_init(void)
{
	pr_info("%d\\n", "x");
	return nothing;
}
module_init(lab_init); MODULE_LICENSE("GPL");"""


def test_complaints_stand_at_the_lines_that_the_student_sees(lab: Lab) -> None:
    sheet = opened(lab, WRONG)
    sheet.run_all()
    sheet.page.get_by_text("line 6: error: ‘nothing’ undeclared").wait_for()
    told = sheet.cells()[1]["outputs"]
    assert [output["output_type"] for output in told] == ["error"]
    assert told[0]["traceback"] == [f"BadModule: {told[0]['evalue']}"]
    sheet.shot("kmodule-errors")
    assert sheet.errors == []
