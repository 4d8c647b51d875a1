"""printk, the ring buffer, /dev/kmsg and dmesg in the simkernel behave as Linux 6.1's do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import run, sleep, spawn
from labkit import simkernel as p
from labkit.errors import Deadlock, LabError
from labkit.kmsg import Record
from labkit.simkernel.boot import program
from labkit.simkernel.errptr import ERR_PTR
from labkit.simkernel.kthread import kthread_run
from labkit.simkernel.printk import LogBuffer, dev_kmsg_write, dmesg, dmesg_follow, pr_cont, pr_info, printk
from labkit.simkernel.task import the_kernel
from labkit.simkernel.vsprintf import vsprintf


def log_of(body: Callable[[], Any]) -> list[Record]:
    """The records that body() leaves in a fresh kernel's log."""

    def init() -> list[Record]:
        body()
        log: Any = the_kernel().log
        return list(log.records())

    return list(run(program(init)).result)


def said(body: Callable[[], Any]) -> list[tuple[int, str]]:
    """Level and text of each."""
    return [(r.level, r.text) for r in log_of(body)]


def in_kernel(body: Callable[[], Any]) -> Any:
    return run(program(body)).result


# ---- the ring


@given(st.integers(32, 400), st.lists(st.text(max_size=60), max_size=40))
def test_ring_keeps_the_newest_and_counts_the_rest(size_bytes: int, texts: list[str]) -> None:
    log = LogBuffer(size_bytes)
    for text in texts:
        log.append(6, text)
    kept = log.records()
    assert [r.seq for r in kept] == list(range(log.overwritten, len(texts)))
    assert log.next_seq == len(texts) == len(kept) + log.overwritten
    assert sum(len(r.text.encode()) for r in kept) <= size_bytes
    assert len(kept) <= max(1, size_bytes // 32)


@given(st.lists(st.sampled_from(["append", "clear", "read", "open"]), max_size=60), st.integers(32, 200))
def test_every_reader_gets_each_record_once_or_counts_it_as_overwritten(steps: list[str], size_bytes: int) -> None:
    log = LogBuffer(size_bytes)
    readers = [(log.reader(), list[int]())]
    starts = [0]
    for step in [*steps, *["read"] * 100]:
        if step == "append":
            log.append(6, f"record {log.next_seq}")
        elif step == "clear":
            log.clear()
        elif step == "open":
            starts.append(log.overwritten)
            readers.append((log.reader(), []))
        else:
            for reader, got in readers:
                record = reader.read()
                got.extend([record.seq] if record else [])
    for start, (reader, got) in zip(starts, readers, strict=True):
        assert got == sorted(set(got))
        assert start + len(got) + reader.overwritten == log.next_seq


def test_clearing_moves_a_mark_and_erases_nothing() -> None:
    def init() -> tuple[str, str, str, int]:
        log: Any = the_kernel().log
        pr_info("before\n")
        first = dmesg("-c -t")
        gone = dmesg("-t")
        pr_info("after\n")
        reader = log.reader()
        return first, gone, dmesg("-t"), sum(1 for _ in iter(reader.read, None))

    first, gone, after, fresh = in_kernel(init)
    assert (first, gone, after, fresh) == ("before\n", "", "after\n", 2)


def test_sequence_numbers_are_not_used_again_after_a_clear() -> None:
    log = LogBuffer()
    log.append(6, "a")
    log.clear()
    assert log.append(6, "b").seq == 1


def test_a_text_too_big_for_the_ring_is_cut_to_a_quarter() -> None:
    log = LogBuffer(64)
    assert log.append(6, "x" * 100).text == "xxxxx<truncated>"


def test_a_ring_without_room_is_refused() -> None:
    with pytest.raises(LabError, match="whole number of bytes, at least 32"):
        LogBuffer(31)
    with pytest.raises(LabError, match="a level is a number from 0"):
        LogBuffer().append(8, "x")


# ---- records


def test_printk_without_a_level_is_a_warning() -> None:
    assert said(lambda: printk("x\n")) == [(4, "x")]


@pytest.mark.parametrize(
    ("name", "level"),
    [("emerg", 0), ("alert", 1), ("crit", 2), ("err", 3), ("warn", 4), ("notice", 5), ("info", 6)],
)
def test_each_pr_function_has_its_level(name: str, level: int) -> None:
    assert said(lambda: getattr(p, f"pr_{name}")("n=%d\n", 7)) == [(level, "n=7")]
    assert said(lambda: printk(f"\001{level}n=7\n")) == [(level, "n=7")]


def test_pr_debug_is_silent_unless_debugging() -> None:
    def loud() -> None:
        the_kernel().rooms.setdefault("printk", {})["debug"] = True
        p.pr_debug("x\n")

    assert said(lambda: p.pr_debug("x\n")) == []
    assert said(loud) == [(7, "x")]


def test_two_printks_without_a_newline_are_two_records() -> None:
    assert said(lambda: (printk("x"), printk("y\n"))) == [(4, "x"), (4, "y")]


def test_pr_cont_goes_on_with_an_unfinished_record() -> None:
    assert said(lambda: (pr_info("partial"), pr_cont(" cont"), pr_cont("\n"))) == [(6, "partial cont")]


def test_pr_cont_after_a_newline_is_a_record_of_its_own() -> None:
    records = log_of(lambda: (pr_info("done\n"), pr_cont("late\n")))
    assert [(r.level, r.flags, r.text) for r in records] == [(6, "-", "done"), (4, "c", "late")]


def test_a_record_in_between_cuts_a_continued_one() -> None:
    records = log_of(lambda: (pr_info("a"), p.pr_err("b\n"), pr_cont("c\n")))
    assert [(r.flags, r.text) for r in records] == [("-", "a"), ("-", "b"), ("c", "c")]


def test_another_thread_cannot_continue_a_record() -> None:
    log = LogBuffer()

    def main() -> None:
        log.append(6, "mine", final=False)
        spawn(lambda: log.append(4, "yours", cont=True)).join()

    run(main)
    assert [r.text for r in log.records()] == ["mine", "yours"]


def test_nobody_sees_an_unfinished_record() -> None:
    assert said(lambda: pr_info("never ended")) == []


def test_a_newline_inside_makes_no_second_record() -> None:
    assert said(lambda: pr_info("two\nlines\n")) == [(6, "two\nlines")]


def test_the_first_of_several_levels_counts() -> None:
    assert said(lambda: printk("\0013\0016x\n")) == [(3, "x")]


def test_a_long_text_is_cut_as_linux_cuts_it() -> None:
    ((_, text),) = said(lambda: (pr_info("x" * 2000 + "\n"), pr_info("y\n")))[:1]
    assert len(text) == 989  # LOG_LINE_MAX less a NUL and the two bytes of the level


def test_stamps_are_the_time_of_the_run() -> None:
    def init() -> None:
        sleep(1.5)
        pr_info("x\n")

    assert 1_500_000 <= log_of(init)[0].time_us < 1_501_000


def test_printk_once_says_it_once_for_each_line_of_code() -> None:
    def init() -> None:
        for i in range(3):
            p.printk_once("\0016once %d\n", i)
            p.printk_once("\0016too %d\n", i)

    assert said(init) == [(6, "once 0"), (6, "too 0")]
    assert said(init) == [(6, "once 0"), (6, "too 0")]


def test_printk_ratelimited_counts_what_it_suppressed() -> None:
    def init() -> None:
        for i in range(15):
            p.printk_ratelimited("\0016%d\n", i)
            if i == 13:
                sleep(6)

    texts = [text for _, text in said(init)]
    assert texts == [*map(str, range(10)), "init: 4 callbacks suppressed", "14"]


# ---- /dev/kmsg and the console


@pytest.mark.parametrize(
    ("line", "priority", "text"),
    [
        ("plain\n", 12, "plain"),
        ("<4>four\n", 12, "four"),
        ("<30>daemon\n", 30, "daemon"),
        ("<x>y\n", 12, "<x>y"),
        ("<3\n", 12, "<3"),
    ],
)
def test_what_a_user_writes_never_passes_for_the_kernels(line: str, priority: int, text: str) -> None:
    assert [(r.priority, r.text) for r in log_of(lambda: dev_kmsg_write(line))] == [(priority, text)]


def test_console_gets_the_levels_below_its_own() -> None:
    def init() -> list[tuple[str, list[str]]]:
        log: Any = the_kernel().log
        seen = []
        for order in ("-n 5", "-D", "-E", "-n err", "-n 1"):
            dmesg(order)
            log.console.clear()
            for level in range(8):
                printk(f"\001{level}{level}\n")
            seen.append((log.sysctl().split()[0], "".join(r.text for r in log.console)))
        return seen

    assert in_kernel(init) == [("5", "01234"), ("1", "0"), ("5", "01234"), ("4", "0123"), ("1", "0")]


def test_sysctl_shows_the_four_numbers() -> None:
    def init() -> str:
        log: Any = the_kernel().log
        return str(log.sysctl())

    assert in_kernel(init) == "7\t4\t1\t7\n"


@pytest.mark.parametrize("order", ["-n 0", "-n 9", "-n loud"])
def test_a_console_level_that_does_not_exist_is_refused(order: str) -> None:
    with pytest.raises(LabError, match=r"from 1 .* to 8"):
        in_kernel(lambda: dmesg(order))


def test_dmesg_takes_its_command_line() -> None:
    def init() -> str:
        pr_info("kernel\n")
        dev_kmsg_write("<3>user\n")
        return dmesg("-x -t -l err,warn")

    assert in_kernel(init) == "user  :err   : user\n"


# ---- readers that wait


@pytest.mark.parametrize("machine", ["cooperative", "preemptive", "pthread"])
def test_a_waiting_reader_gets_each_record_as_it_comes(machine: str) -> None:
    log = LogBuffer()
    got: list[str] = []

    def follow() -> None:
        got.extend(record.text for record in log.reader())

    def main() -> None:
        got.clear()
        follower = spawn(follow)
        for i in range(5):
            log.append(6, str(i))
            sleep(0.001)
        log.close()
        follower.join()

    run(main, machine=machine)
    assert got == list("01234")


def test_a_reader_of_a_silent_log_waits_for_it() -> None:
    log = LogBuffer(name="kmsg")
    with pytest.raises(Deadlock, match="waits for a record in LogBuffer 'kmsg'"):
        run(lambda: log.reader().read(wait=True))


def test_dmesg_follow_prints_what_dmesg_prints_piece_by_piece() -> None:
    def init() -> tuple[list[str], str, list[str]]:
        log: Any = the_kernel().log
        pr_info("one\n")
        new = dmesg_follow("-t", new=True)
        pr_info("two\nlines\n")
        log.close()
        return list(dmesg_follow("-d")), dmesg("-d"), list(new)

    pieces, whole, new = in_kernel(init)
    assert "".join(pieces) == whole
    assert len(pieces) == 2
    assert new == []


@pytest.mark.parametrize("machine", ["cooperative", "preemptive", "pthread"])
def test_a_kthread_may_follow_the_log_until_the_power_goes(machine: str) -> None:
    def init() -> list[str]:
        got: list[str] = []

        def follow(data: None) -> int:
            got.extend(dmesg_follow("-t"))
            return 0

        kthread_run(follow, None, "follower")
        for i in range(3):
            pr_info("%d\n", i)
            sleep(0.01)
        return got

    assert run(program(init), machine=machine).result == ["0\n", "1\n", "2\n"]


def test_dmesg_w_names_the_function_that_waits() -> None:
    with pytest.raises(LabError, match="dmesg_follow"):
        in_kernel(lambda: dmesg("-w"))


# ---- formats


@pytest.mark.parametrize(
    ("fmt", "args", "text"),
    [
        ("%d %i %u", (-1, 2, -1), "-1 2 4294967295"),
        ("%ld %lu %llx", (2**63, -1, -1), "-9223372036854775808 18446744073709551615 ffffffffffffffff"),
        ("%hhd %hu", (255, 65537), "-1 1"),
        ("%x %X %#x %#x %#o %#o", (255, 255, 255, 0, 8, 0), "ff FF 0xff 0x0 010 0"),
        ("[%5d|%-5d|%05d|%+d|%.3d]", (7, 7, 7, 7, 7), "[    7|7    |00007|+7|007]"),
        ("[%8s|%-4s|%.2s|%*s]", ("ab", "ab", "abc", 3, "x"), "[      ab|ab  |ab|  x]"),
        ("%c%c%%", ("o", 75), "oK%"),
        ("%s %s", (None, True), "(null) True"),
        ("%px %p", (0xFFFF888000001000, 0), "ffff888000001000 0000000000000000"),
        ("%pS %ps", (len, sorted), "len sorted"),
        ("%pe %pe %pe", (-12, ERR_PTR(-512), ERR_PTR(-4000)), "-ENOMEM -ERESTARTSYS -4000"),
        ("[%05.2d] [%.0d] [%#5x] [%*d]", (4, 0, 0, -4, 7), "[00004] [0] [  0x0] [7   ]"),
    ],
)
def test_conversions_print_as_in_the_kernel(fmt: str, args: tuple[Any, ...], text: str) -> None:
    assert vsprintf(fmt, *args) == text


@given(st.integers(-(2**70), 2**70))
def test_numbers_wrap_as_cs_do(number: int) -> None:
    assert int(vsprintf("%lu", number)) == number % 2**64
    assert (int(vsprintf("%d", number)) - number) % 2**32 == 0
    assert -(2**31) <= int(vsprintf("%d", number)) < 2**31


def test_p_hides_a_pointer_but_not_null_or_an_errno() -> None:
    assert vsprintf("%p %p %p", object(), None, ERR_PTR(-12)) == "(____ptrval____) 0000000000000000 fffffffffffffff4"


@pytest.mark.parametrize(
    ("fmt", "args", "why"),
    [
        ("%d", (), "fewer arguments"),
        ("%d", (1, 2), "1 more arguments"),
        ("100%\n", (), "written %%"),
        ("%n", (1,), "does not know '%n'"),
        ("%d", ("seven",), "whole number, not 'seven'"),
    ],
)
def test_formats_that_c_would_misread_are_refused(fmt: str, args: tuple[Any, ...], why: str) -> None:
    with pytest.raises(LabError, match=why):
        vsprintf(fmt, *args)
