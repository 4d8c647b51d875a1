"""Tasks survive the way through /proc, whatever they are called, and kthreads are told by their flag."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import taskinfo
from labkit.errors import LabError
from labkit.taskinfo import (
    PF_KTHREAD,
    STATE_WORDS,
    TaskInfo,
    children,
    cut_comm,
    format_stat,
    format_status,
    parse_stat,
    parse_status,
    read_task,
    task_tree,
)

NAMES = st.text(st.sampled_from("ab :()\\\nRS01é\t"), min_size=1, max_size=30) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40
)
TASKS = st.builds(
    lambda pid, ppid, name, state, flags, mm, prio, cpus: TaskInfo(
        pid, pid, ppid, cut_comm(name), name, state, flags, mm, prio, cpus
    ),
    st.integers(1, 2**22),
    st.integers(0, 2**22),
    NAMES,
    st.sampled_from(list(STATE_WORDS)),
    st.integers(0, 2**32 - 1),
    st.booleans(),
    st.integers(-1, 139),
    st.sampled_from(["0", "0-1", "0,2-3"]),
)

KTHREAD_STAT = "57 (a) R 1 (b) D 2 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 138 0 0 18446744073709551615" + " 0" * 13 + " 1" * 14
KTHREAD_STATUS = """Name:\ta) R 1 (b
Umask:\t0000
State:\tD (disk sleep)
Tgid:\t57
Pid:\t57
PPid:\t2
Threads:\t1
SigIgn:\tffffffffffffffff
Cpus_allowed_list:\t0-1
"""


@given(TASKS)
def test_tasks_survive_the_way_through_proc(task: TaskInfo) -> None:
    assert read_task(format_stat(task), format_status(task)) == task


@given(TASKS)
def test_status_says_each_thing_on_a_line_of_its_own(task: TaskInfo) -> None:
    found = parse_status(format_status(task))
    assert found["Name"] == task.name
    assert found["State"] == task.state_text
    assert ("VmSize" in found) == task.mm


def test_a_name_may_look_like_the_fields_behind_it() -> None:
    stat = parse_stat(KTHREAD_STAT)
    assert (stat.pid, stat.name, stat.state, stat.ppid, stat.flags) == (57, "a) R 1 (b", "D", 2, 0x00208040)
    assert (stat.prio, stat.nice) == (120, 0)


def test_a_kthread_is_read_as_the_kernel_shows_it() -> None:
    task = read_task(
        KTHREAD_STAT, KTHREAD_STATUS, comm="a) R 1 (b\n", wchan="kthread", stack="[<0>] kthread+0x1/0x2\n[<0>] fn+0x3/0x4\n"
    )
    assert task.kthread
    assert not task.mm
    assert (task.state_text, task.cpus, task.wchan) == ("D (disk sleep)", "0-1", "kthread")
    assert task.stack == ["kthread+0x1/0x2", "fn+0x3/0x4"]


def test_flag_and_not_name_or_parent_makes_a_kthread() -> None:
    assert not TaskInfo(9, 9, 2, "[kworker/0:1]").kthread
    assert TaskInfo(9, 9, 1, "sh", flags=PF_KTHREAD).kthread


def test_comm_holds_15_bytes() -> None:
    assert cut_comm("a_very_long_kernel_thread_name_xyz") == "a_very_long_ker"
    assert cut_comm("short") == "short"


@pytest.mark.parametrize("text", ["", "7", "7 (x", "7 (x) S 1 2", "x (y) S" + " 0" * 49, "(x) 7"])
def test_what_is_no_stat_line_is_refused(text: str) -> None:
    with pytest.raises(LabError, match=r"no /proc/PID/stat line"):
        parse_stat(text)


def test_what_is_no_status_line_is_refused() -> None:
    with pytest.raises(LabError, match="no line of /proc/PID/status: 'oops'"):
        parse_status("Name:\tx\noops\n")


def test_both_first_tasks_descend_from_pid_0() -> None:
    tasks = [TaskInfo(3, 3, 2, "rcu_gp", state="I", flags=PF_KTHREAD), TaskInfo(2, 2, 0, "kthreadd", flags=PF_KTHREAD),
             TaskInfo(1, 1, 0, "init"), TaskInfo(64, 64, 1, "sh")]  # fmt: skip
    assert [t.pid for t in children(tasks)[0]] == [1, 2]
    assert task_tree(tasks) == "1 S init\n  64 S sh\n2 S [kthreadd]\n  3 I [rcu_gp]\n"


@given(st.lists(TASKS, unique_by=lambda task: task.pid, max_size=12))
def test_nobody_is_lost_from_the_family(tasks: list[TaskInfo]) -> None:
    family = children(tasks)
    assert sorted(t.pid for group in family.values() for t in group) == sorted(t.pid for t in tasks)
    assert all(pid == 0 or t.ppid == pid for pid, group in family.items() for t in group)


@pytest.mark.requires("linux")
def test_this_very_process_is_read() -> None:
    proc = Path("/proc/self")
    task = read_task(
        (proc / "stat").read_text(), (proc / "status").read_text(), (proc / "comm").read_text(), (proc / "cmdline").read_text()
    )
    assert (task.pid, task.ppid, task.mm, task.kthread) == (os.getpid(), os.getppid(), True, False)
    assert "python" in task.cmdline or "pytest" in task.cmdline


def test_numbers_are_those_of_linuxs_headers() -> None:
    headers = [h for h in Path("/usr/src").glob("linux-headers-6.1*-common/include/linux/sched.h") if h.is_file()]
    if not headers:
        pytest.skip("headers of Linux 6.1 not found: apt install linux-headers-amd64 on Debian 12")
    defined = dict(re.findall(r"#define\s+((?:PF|TASK|EXIT)_\w+)\s+(0x[0-9a-f]+)", headers[0].read_text()))
    ours = {name: value for name, value in vars(taskinfo).items() if name in defined}
    assert len(ours) >= 15
    assert ours == {name: int(defined[name], 16) for name in ours}
