"""The judge of a context switch: what is lost is named, what breaks down is told in a sentence, what is right passes."""

from __future__ import annotations

import platform

import pytest

from labkit.errors import LabError
from labkit.native import BadProgram, build, check_switch

pytestmark = [
    pytest.mark.requires("cc", "linux"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="its switches are for x86_64: run it on such a machine"),
]
OURS = (build.HERE / "switch_x86_64.S").read_text("utf-8").replace(".weak", ".globl")
PUSHES = ["rbx", "rbp", "r12", "r13", "r14", "r15"]
SWITCH = "mov %rsp, (%rdi)\nmov %rsi, %rsp\n"
PLAIN = f"""uthread_switch:  # a comment, and 'one more
{"".join(f"push %{name}" + chr(10) for name in PUSHES)}
sub $8, %rsp
stmxcsr (%rsp)  // another
fnstcw 4(%rsp)
{SWITCH}
ldmxcsr (%rsp)
fldcw 4(%rsp)
add $8, %rsp
{"".join(f"pop %{name}" + chr(10) for name in reversed(PUSHES))}
ret /* the
other thread's */
"""
OFFSETS = "\n".join(
    ["uthread_switch:", "lea -64(%rsp), %rsp"]
    + [f"mov %{name}, {8 * i}(%rsp)" for i, name in enumerate(PUSHES)]
    + ["fnstcw 48(%rsp)", "stmxcsr 56(%rsp)", SWITCH]
    + ["fldcw 48(%rsp)", "ldmxcsr 56(%rsp)"]
    + [f"mov {8 * i}(%rsp), %{name}" for i, name in enumerate(PUSHES)]
    + ["lea 64(%rsp), %rsp", "pop %rcx", "jmp *%rcx"]
)
LOOPS = """It never arrives: half a second of processor time later it is still in line 3, `again: jmp again`. \
(Switch number 1, from thread main to A.)"""
ALL = ("rbx", "rbp", "r12", "r13", "r14", "r15", "mxcsr", "x87")


def changed(right: str, wrong: str, text: str = PLAIN) -> str:
    """A switch with one thing in it changed."""
    assert right in text
    return text.replace(right, wrong, 1)


def in_c(text: str, head: str = "") -> str:
    """A switch as a top-level __asm__ in C."""
    bare = (
        line.partition("#")[0].partition("//")[0].strip() for line in text.replace("/* the\nother thread's */", "").splitlines()
    )
    return "__asm__(" + head + "\n".join(f'"{line}\\n"' for line in bare if line and "section" not in line) + ");\n"


NAKED = "__attribute__((naked)) void uthread_switch(void **keep_sp, void *next_sp)\n{\n" + in_c(PLAIN.partition("\n")[2]) + "}\n"


@pytest.mark.parametrize(
    ("text", "saved"),
    [
        pytest.param(OURS, 64, id="labkit's own"),
        pytest.param(PLAIN, 64, id="push and pop"),
        pytest.param(OFFSETS, 72, id="moves to offsets"),
        pytest.param(changed("sub $8", "pushf\nsub $8").replace("add $8, %rsp", "add $8, %rsp\npopf"), 72, id="flags too"),
        pytest.param(
            changed("stmxcsr (%rsp)", "fxsave (%rsp)").replace("fnstcw 4(%rsp)", "").replace("ldmxcsr (%rsp)", "fxrstor (%rsp)")
            .replace("fldcw 4(%rsp)", "").replace("$8", "$520"), 576, id="all of floating point",
        ),
        pytest.param(in_c(PLAIN, '".globl uthread_switch\\n"'), 64, id="top-level asm in C"),
        pytest.param(NAKED, 64, id="naked function"),
    ],
)  # fmt: skip
def test_a_right_switch_passes_however_it_is_written(text: str, saved: int) -> None:
    done = check_switch(text)
    assert (done.lost, done.trouble, done.passed, done.saved_bytes) == ((), "", True, saved)
    assert str(done).startswith("Right: it keeps rbx, rbp, r12 to r15, rsp")


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        *((f"popq    %{name}", "popq    %rax", (name,)) for name in ("rbx", "rbp", "r12", "r13", "r14")),
        ("pushq   %r15", "pushq   %r14", ("r15",)),
        ("ldmxcsr (%rsp)", "nop", ("mxcsr",)),
        ("fldcw   4(%rsp)", "nop", ("x87",)),
    ],
)
def test_what_a_switch_does_not_keep_is_found_by_its_name(right: str, wrong: str, named: tuple[str, ...]) -> None:
    done = check_switch(changed(right, wrong, OURS))
    assert (done.lost, done.trouble, done.passed) == (named, "", False)
    assert f"It loses {named[0]}" in str(done)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        pytest.param(changed("pop %r15\npop %r14", "pop %r14\npop %r15"), ("r14", "r15"), id="restored in another order"),
        pytest.param(f"uthread_switch:\n{SWITCH}push %rbx\npop %rbx\nret", ALL, id="pushes after it has switched"),
        pytest.param(f"uthread_switch:\npush %rax\npush %rdx\n{SWITCH}pop %rdx\npop %rax\nret", ALL, id="those nobody expects"),
        pytest.param(f".bss\nown: .zero 8\n.text\nuthread_switch:\nmov %rbx, own(%rip)\n{SWITCH}mov own(%rip), %rbx\nret", ALL,
                     id="one place for all threads"),
        pytest.param(changed("push %rbx", "push %rbx\nmov %rbx, 16(%rsp)"), ("stack",), id="writes over its caller"),
    ],
)  # fmt: skip
def test_what_goes_well_by_luck_is_refused(text: str, lost: tuple[str, ...]) -> None:
    done = check_switch(text)
    assert (done.lost, done.trouble, done.passed) == (lost, "", False)


@pytest.mark.parametrize(
    ("text", "lost", "said"),
    [
        (changed("add $8, %rsp\n", ""), "rsp", "rsp comes back 8 bytes too low"),
        (changed("add $8", "add $16"), "rsp", "rsp comes back 8 bytes too high"),
        (changed("sub $8", "and $-64"), "rsp", "rsp comes back"),
        (changed("mov %rsi, %rsp", "nop"), "rip", "It came back and had not switched"),
        (changed("mov %rsp, (%rdi)", "nop"), "rip", "*keep_sp holds nothing"),
        (changed(SWITCH, "mov %rsp, (%rsi)\nmov %rdi, %rsp\n"), "rip", "*keep_sp holds nothing"),
        (changed("mov %rsp, (%rdi)", "mov %rdi, (%rdi)"), "rip", "*keep_sp holds 0x"),
        ("uthread_switch:\n  nop\nagain: jmp again", "rip", LOOPS),
        ("uthread_switch:\n  hlt", "rip", "It crashes in line 2, `hlt`: SIGSEGV"),
        (f"uthread_switch:\n{SWITCH}", "rip", "behind its last line: a `ret` is missing"),
        (f"uthread_switch:\n{SWITCH}push $0\nret", "rip", "It goes on at 0x0 in line 5, `ret`, where it should not"),
        ("void uthread_switch(void **keep, void *next)\n{\n}\n", "rip", "It came back and had not switched"),
    ],
)  # fmt: skip
def test_a_switch_that_breaks_down_is_told_in_a_sentence(text: str, lost: str, said: str) -> None:
    done = check_switch(text)
    assert done.lost[-1] == lost
    assert said in done.trouble
    assert not done.passed


@pytest.mark.parametrize("room", range(0, 64, 16))
@pytest.mark.parametrize("mask", [32, 64])
def test_where_main_has_its_stack_by_chance_makes_no_switch_right(mask: int, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # The environment lies above main's stack. `and` in the place of `sub $8` does the same where the last bits happen to fit.
    monkeypatch.setenv("ROOM", "x" * room)
    text = changed("sub $8", f"and $-{mask}") + f"// {room}\n"  # another text, for the judge remembers
    assert check_switch(text).lost == ("rsp",)


def test_a_text_that_ends_the_program_is_no_right_switch() -> None:
    done = check_switch("#include <stdlib.h>\nvoid uthread_switch(void **keep, void *next) { exit(0); }\n")
    assert (done.lost, done.passed) == (("rip",), False)
    assert "no switch has come back" in done.trouble


@pytest.mark.parametrize("text", ["int x;", '__asm__("uthread_switch: ret");', ""])
def test_a_text_without_a_switch_is_refused(text: str) -> None:
    with pytest.raises(BadProgram, match=r"there is no function uthread_switch in the text"):
        check_switch(text)


def test_what_does_not_assemble_is_told_with_its_line() -> None:
    with pytest.raises(BadProgram, match=r"switch\.s:3:.*psh"):
        check_switch("uthread_switch:\n  push %rbx\n  psh %rbp\n")


def test_a_forgotten_return_is_named() -> None:
    with pytest.raises(LabError, match=r"does your function return it\?"):
        check_switch(None)  # type: ignore[arg-type]


def test_a_switch_for_another_processor_is_told_apart_from_a_wrong_one() -> None:
    with pytest.raises(BadProgram, match=r"the text is for aarch64, and this processor is x86_64"):
        check_switch((build.HERE / "switch_aarch64.S").read_text("utf-8"))
