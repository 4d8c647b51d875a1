"""What the compiler says of a cell: at the lines of the cell, and without the way through the headers."""

from __future__ import annotations

import pytest

from labkit.course.compiler import at_the_cell

FORMAT = """\
In file included from /usr/src/linux-headers-6.1.0-56-common/include/asm-generic/bug.h:22,
                 from lab.c:2:
lab.c: In function 'f':
/usr/src/linux-headers-6.1.0-56-common/include/linux/kern_levels.h:5:25: warning: format '%d' expects 'int' [-Wformat=]
    5 | #define KERN_SOH        "\\001"          /* ASCII Start Of Header */
      |                         ^~~~~~
/usr/src/linux-headers-6.1.0-56-common/include/linux/printk.h:530:9: note: in expansion of macro 'printk'
  530 |         printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
      |         ^~~~~~
lab.c:6:9: note: in expansion of macro 'pr_info'
    6 |         pr_info("%d\\n", "x");
      |         ^~~~~~~
"""
UNDECLARED = """\
lab.c:8:16: error: 'worker' undeclared (first use in this function)
    8 |         return worker;
      |                ^~~~~~
lab.c:8:16: note: each undeclared identifier is reported only once for each function it appears in
cc1: some warnings being treated as errors
"""


def test_a_complaint_about_a_macro_stands_where_the_cell_uses_it() -> None:
    assert at_the_cell(FORMAT, "lab").splitlines() == [
        "line 6: warning: format '%d' expects 'int' [-Wformat=]",
        '    6 |         pr_info("%d\\n", "x");',
        "      |         ^~~~~~~",
    ]


def test_errors_stand_before_warnings_and_say_nothing_twice() -> None:
    said = at_the_cell(FORMAT + UNDECLARED, "lab").splitlines()
    assert said[0] == "line 8: error: 'worker' undeclared (first use in this function)"
    assert [line[:6] for line in said if line.startswith("line")] == ["line 8", "line 6"]


def test_what_is_no_complaint_of_the_compiler_stays_as_it_is() -> None:
    said = "g: this kernel has no such function for modules; it is misspelt, or not exported (modpost: undefined)"
    assert at_the_cell(said, "lab") == said
    assert at_the_cell("", "lab") == ""


def test_a_type_that_does_not_fit_keeps_the_note_that_says_which_would() -> None:
    said = """\
lab.c:6:45: error: passing argument 1 of 'k' from incompatible pointer type
    6 | kthread_run(f, NULL, "w");
      |             ^
/usr/src/linux/include/linux/kthread.h:11:50: note: expected 'int (*)(void *)' but argument is of type 'int (*)(void)'
   11 | struct task_struct *kthread_create_on_node(int (*threadfn)(void *data),
      |                                            ~~~~~~^~~~~~~~~~~~~~~~~~~~~
"""
    assert at_the_cell(said, "lab").splitlines()[-1] == "note: expected 'int (*)(void *)' but argument is of type 'int (*)(void)'"


GNU = """\
/usr/bin/ld: /usr/lib/gcc/x86_64-linux-gnu/12/../../../x86_64-linux-gnu/Scrt1.o: in function `_start':
(.text+0x17): undefined reference to `main'
/usr/bin/ld: program.o: in function `man':
./cell.c:4: undefined reference to `f'
/usr/bin/ld: record.o: in function `record':
record.c:31: multiple definition of `record'; program.o:./cell.c:3: first defined here
collect2: error: ld returned 1 exit status
"""
ZIG = """\
ld.lld: error: undefined symbol: main
>>> referenced by start.S:103 (/lib/libc/glibc/sysdeps/x86_64/start.S:103)
>>>               /cache/crt1.o:(_start)
ld.lld: error: undefined symbol: f
>>> referenced by cell.c:4
>>>               program.o:(main)
>>> referenced by cell.c:4
>>>               program.o:(main)
ld.lld: error: duplicate symbol: record
>>> defined at cell.c:3
>>>            program.o:(record)
>>> defined at record.c:31 (record.c:31)
>>>            /cache/record.o:(.text+0x0)
"""


@pytest.mark.parametrize("said", [GNU, ZIG], ids=["GNU ld", "lld"])
def test_what_the_linker_misses_stands_at_the_line_that_asks_for_it(said: str) -> None:
    assert at_the_cell(said, "cell").splitlines() == [
        "error: the program has no main()",
        "line 4: error: f is declared, but defined nowhere",
        "line 3: error: labkit's machine has a record too: write `static` before yours, or choose another name",
    ]
