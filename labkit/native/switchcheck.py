"""Judge a context switch by running it: which registers does it lose, and does it arrive at all?

The text is linked with switchcheck.c, which fills every register that a called function must keep, switches between three
threads in no regular order, and looks. So a switch that saves too little is found even where a compiler happens not to use
what is lost.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labkit.errors import LabError
from labkit.native.build import BadProgram
from labkit.native.child import Limits
from labkit.native.nativerun import NativeRun
from labkit.native.start import run
from labkit.native.switchtrouble import PROGRAM_COUNTER, STACK_POINTER, X86, crash, trouble, which

HARNESS: Final = Path(__file__).with_name("switchcheck.c")
NAME: Final = "uthread_switch"
COMMENT: Final = re.compile(r"/\*.*?\*/|//[^\n]*" + (r"|#[^\n]*" if X86 else ""), re.DOTALL)
ABI: Final = "System V ABI, x86-64, 3.2.1" if X86 else "AAPCS64, 6.1"
MUST_KEEP: Final = (
    "rbx, rbp, r12 to r15, rsp, mxcsr and the x87 control word" if X86 else "x19 to x29, sp, the lower halves of v8 to v15, fpcr"
)
FOREIGN: Final = re.compile(r"\b(stp|ldp|x19|x30)\b" if X86 else r"%r[a-z0-9]+")
"""What stands only in a switch for the other processor."""
THREADS, TURNS = 3, 300
"""As switchcheck.c has them."""
TRAP: Final = "ud2" if X86 else ".inst 0"
"""An instruction that no processor has: whoever runs on behind the last line ends here."""


@dataclass(frozen=True)
class SwitchCheck:
    """What became of a uthread_switch that was tried.

    Attributes:
        lost: names of the registers that it does not keep; "stack" if it writes over its caller's. If it broke down, what is
            lost is where to go on: the program counter. Empty for a right switch only.
        trouble: why it broke down, in a sentence; else empty.
        saved_bytes: what lies on a thread's stack while it rests, the return address included; 0 if it broke down early.
    """

    lost: tuple[str, ...]
    trouble: str = ""
    saved_bytes: int = 0

    @property
    def passed(self) -> bool:
        """Whether it is a right switch."""
        return not self.lost and not self.trouble

    def __str__(self) -> str:
        if self.passed:
            return f"Right: it keeps {MUST_KEEP}. A thread that rests has {self.saved_bytes} bytes saved on its stack."
        told = [self.trouble] if self.trouble else []
        control = [name for name in self.lost if name in ("mxcsr", "x87", "fpcr")]
        if kept := [name for name in self.lost if name not in ("stack", STACK_POINTER, PROGRAM_COUNTER, *control)]:
            told.append(
                f"It loses {', '.join(kept)}: the other thread's numbers are in there. A compiler keeps values in these "
                f"registers while it calls a function, for every function gives them back as they were ({ABI})."
            )
        if control:
            told.append(
                f"It loses {', '.join(control)}: how floating-point numbers are rounded. A thread that sets it "
                "changes the results of another."
            )
        if "stack" in self.lost:
            told.append("It writes over the stack of the function that called it.")
        return "\n".join(told)


def check_switch(text: str, nonce: int = 0) -> SwitchCheck:
    """Try a `void uthread_switch(void **keep_sp, void *next_sp)` and tell what it loses.

    Args:
        text: assembly with the label `uthread_switch:`, or C that has it as a top-level __asm__ or a naked function. What it
            saves, how much and in which order is its own business.
        nonce: a number that nobody knows who writes a text. From it comes what shows that all switches were really made:
            a text that prints what it likes, and ends, does not know it.

    Raises:
        NoCompiler: there is none; the text says what to install.
        BadProgram: the compiler refuses the text, or there is no uthread_switch in it.
    """
    if not isinstance(text, str):
        raise LabError(f"check_switch() takes the text of a {NAME}, and got {text!r}: does your function return it?")
    return _checked(text, nonce)


@functools.lru_cache(maxsize=64)
def _checked(text: str, nonce: int) -> SwitchCheck:
    bare = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    if FOREIGN.search(bare):
        ours, theirs = ("x86_64", "aarch64") if X86 else ("aarch64", "x86_64")
        raise BadProgram(f"the text is for {theirs}, and this processor is {ours}: only its own can try a switch")
    assembly = re.search(rf"^\s*{NAME}\s*:", bare, re.MULTILINE)
    try:
        if assembly:
            head = f".text; .globl {NAME}; .type {NAME}, %function; "
            own = ("switch.s", f'{head}{bare}\n.text; {TRAP}\n.section .note.GNU-stack,"",%progbits\n')
        else:
            own = ("switch.c", text)
        # Why "pthread": that machine has no uthread_switch which might stand in for one that is missing.
        done = run(HARNESS, "pthread", also=(own,), stdin=f"{nonce}" if nonce else "", limits=Limits(seconds=20),
                   fixed_addresses=False)  # fmt: skip
    except BadProgram as error:
        if "undefined" in str(error) and NAME in str(error):
            cure = f'a line `{NAME}:` in assembly, or in C .globl {NAME} and the label in a top-level __asm__("...")'
            raise BadProgram(f"there is no function {NAME} in the text: write {cure}") from None
        raise
    return _read(done, own[0], text.splitlines(), nonce)


def _read(done: NativeRun, name: str, lines: list[str], nonce: int) -> SwitchCheck:
    """What the test program has written, in words."""
    told = {words[0]: words[1:] for line in done.stdout.splitlines() if (words := line.split())}
    lost = tuple(told.get("lost", ()))
    saved = int(told.get("saved", ["0"])[0])
    if "broke" in told:
        number, pc, address = map(int, told["broke"][:3])
        return SwitchCheck((PROGRAM_COUNTER,), crash(done, name, lines, number, pc, address) + which(told["broke"]))
    if "trouble" in told:
        what, value = told["trouble"][0], int(told["trouble"][1])
        if what == "moved":
            lost = (*lost, STACK_POINTER)
        return SwitchCheck(lost or (PROGRAM_COUNTER,), trouble(what, value) + which(told["trouble"]))
    if "saved" not in told:
        return SwitchCheck((PROGRAM_COUNTER,), done.verdict() or "The program ended, and no switch has come back.")
    if not lost and told.get("proof") != [str(_proof(nonce))]:
        return SwitchCheck((PROGRAM_COUNTER,), f"The program ended before its {TURNS} switches were made.")
    return SwitchCheck(lost, "", saved)


def _proof(nonce: int) -> int:
    """The number that switchcheck.c has at its end, when nothing was lost: the first two switches begin threads."""
    proof = 0
    for turn in range(THREADS, TURNS + 1):
        proof = ((proof ^ nonce) * 31 + turn) % (1 << 32)
    return proof
