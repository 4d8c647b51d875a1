"""The task forest: parents before children, kinds by flags and mm, never by name."""

from __future__ import annotations

import json

from labkit.taskinfo import PF_KTHREAD, TaskInfo
from labkit.views import TaskForest

USUAL = """\
task forest: 7 tasks, 4 kthreads
PID 0
├─ 1 S ○ init
│  └─ 57 R ○ sh
│     └─ 62 Z □ ended
└─ 2 S ■ kthreadd
   ├─ 3 I ■ kworker/0:0H
   ├─ 4 S ■ ksoftirqd/0
   └─ 61 D ■ a_very_long_kernel_thread_name_x

■ kthread: no address space (mm is NULL)
○ user: has an address space
□ no kthread and no address space: a zombie, or about to be one"""


def facts(task: TaskInfo) -> dict[str, str]:
    row = json.loads(TaskForest([task]).data())["rows"][0]
    return dict(row[5])


def test_text_twin_draws_both_trees() -> None:
    assert TaskForest.samples()["usual"]().text() == USUAL


def test_order_of_the_list_does_not_matter() -> None:
    tasks = [TaskInfo(3, 3, 2, "c"), TaskInfo(2, 2, 0, "b"), TaskInfo(1, 1, 0, "a")]
    assert TaskForest(tasks).text() == TaskForest(tasks[::-1]).text()


def test_a_task_whose_parent_is_not_listed_stands_under_pid_0() -> None:
    assert "└─ 9 S □ lost" in TaskForest([TaskInfo(9, 9, 8, "lost")]).text()


def test_a_kthread_is_known_by_its_flag_and_not_by_its_name() -> None:
    text = TaskForest([TaskInfo(5, 5, 0, "[kworker/0:0]", mm=True), TaskInfo(6, 6, 0, "sh", flags=PF_KTHREAD)]).text()
    assert "5 S ○ [kworker/0:0]" in text
    assert "6 S ■ sh" in text


def test_a_lent_address_space_makes_no_user_task_of_a_kthread() -> None:
    assert "▣ vhost" in TaskForest([TaskInfo(5, 5, 2, "vhost", flags=PF_KTHREAD, mm=True)]).text()


def test_flags_are_decoded_and_unknown_bits_kept() -> None:
    assert facts(TaskInfo(5, 5, 2, "k", flags=0x00208040))["flags"] == "0x00208040 = PF_FORKNOEXEC | PF_NOFREEZE | PF_KTHREAD"
    assert facts(TaskInfo(5, 5, 2, "k", flags=0x00200100))["flags"] == "0x00200100 = PF_KTHREAD | 0x100"


def test_d_counts_as_load_and_i_does_not() -> None:
    assert "; counts in the load" in facts(TaskInfo(5, 5, 2, "k", state="D"))["state"]
    assert "does not count in the load" in facts(TaskInfo(5, 5, 2, "k", state="I"))["state"]


def test_a_cut_name_is_shown_beside_the_full_one() -> None:
    assert (
        facts(TaskInfo(5, 5, 2, "a_very_long_ker", "a_very_long_kernel_thread"))["name"]
        == "comm (15 characters): a_very_long_ker"
    )


def test_many_tasks_are_counted_and_not_all_drawn() -> None:
    view = TaskForest([TaskInfo(pid, pid, 2 if pid > 2 else 0, f"t{pid}") for pid in range(1, 500)])
    assert "… and 399 more tasks" in view.text()
    assert "439 more tasks" in view.svg()
    assert not view.fits_a_page
