"""What in a C text its exercise does not need and could feign a result: a person reads it before it counts.

A C text stands in one program with what judges it, and can reach all of it: no sandbox keeps it from calling exit(0) where
main would have told what is wrong. So whatever a right solution never uses is named. It changes no points by itself.
"""

from __future__ import annotations

import re
from typing import Final

STRIPPED: Final = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', re.DOTALL)
WORDS: Final = re.compile(
    r"\b(_*exit\w*|_Exit|abort|raise|kill|signal|sigaction|syscall|__?asm(__)?|asm|fork|vfork|clone|exec\w+|system|popen|open\w*"
    r"|d?printf|puts|putchar|f?write\w*|dup\d?|environ|getenv|atexit|on_exit|setjmp|longjmp|dlsym|dlopen|mmap|mprotect|ptrace"
    r"|scanf|getchar|read|__attribute__|__builtin_(?!expect|unreachable)\w+|_Pragma|main)\b"
)
"""What takes part in no thread: ends the program, speaks for it, reads what is meant for main, or reaches the system."""
DIRECTIVE: Final = re.compile(r"^[ \t]*(?:#|%:|\?\?=)[ \t]*(\w+)", re.MULTILINE)
X86: Final = (
    "push pushq pop popq mov movq movl lea leaq sub subq add addq stmxcsr ldmxcsr fnstcw fstcw fldcw ret retq nop xchg xchgq "
    "pushf pushfq popf popfq movups movaps movdqu fxsave fxrstor fnstenv fldenv endbr64 leave cld fnclex fninit xor xorl"
)
ARM: Final = "stp ldp str ldr mov add sub mrs msr ret nop br bti paciasp autiasp fmov"
ASSEMBLY: Final = frozenset(f"{X86} {ARM}".split())
"""All that a context switch may be made of. Without a call and without a jump to a label, it can do nothing else."""
LABELS: Final = re.compile(r"^(\.globl|\.global|\.type|\.size|\.text|\.p2align|\.align|\.balign|\.cfi_\w+|\.att_syntax)\b.*")


IN_C: Final = re.compile(
    r"\s*(?:__attribute__\(\(naked\)\)\s*void\s+uthread_switch\s*\(void\s*\*\*\s*\w+,\s*void\s*\*\s*\w+\)\s*\{\s*)?"
    r'(?:__)?asm(?:__)?\s*(?:volatile\s*)?\(((?:\s*"(?:\\.|[^"\\])*")+)\s*\)\s*;\s*\}?\s*'
)
"""A C text that is nothing but assembly: a naked function, or a top-level __asm__."""
IN_KERNEL: Final = re.compile(
    r"\b(__?asm(__)?|asm|_Pragma|__attribute__|__section|v?printk\w*|_printk|console_\w+|kallsyms\w*|text_poke\w*|call_usermodehelper\w*"
    r"|module_init|module_exit|kernel_restart|do_exit|emergency_restart|set_memory_\w+|register_k\w*probe|kmsg_\w+)\b"
)
"""In a module: what rewrites the kernel or its log."""


def doubts(text: str, what: str) -> list[str]:
    """What in a text its exercise does not need, and what could feign a result: a person should read it before it counts.

    A C text stands in one program with what judges it, and can reach all of it. So what a right solution never uses is named.

    Args:
        text: the student's.
        what: how it was run: "check_switch", "run" or "module".
    """
    joined = re.sub(r"\\[ \t]*\n", "", text)
    if what == "check_switch":
        return _odd_assembly(joined)
    return _odd_c(joined, IN_KERNEL if what == "module" else WORDS)


def _odd_c(text: str, words: re.Pattern[str]) -> list[str]:
    bare = STRIPPED.sub(" ", text)
    found = [match[0] for match in words.finditer(bare)]
    found += [f"#{match[1]}" for match in DIRECTIVE.finditer(bare)]
    found += ["\\u"] * bool(re.search(r"\\[uU]", bare)) + ["##"] * ("##" in bare)
    return [f"uses {word} in its C text, which this exercise does not need" for word in dict.fromkeys(found)]


def _odd_assembly(text: str) -> list[str]:
    if whole := IN_C.fullmatch(text):
        text = re.sub(r"\\[nt]", "\n", "".join(re.findall(r'"((?:\\.|[^"\\])*)"', whole[1])))
    bare = re.sub(r"/\*.*?\*/|//[^\n]*|#[^\n]*", "", text, flags=re.DOTALL)
    found = []
    for line in re.split(r"[\n;]", bare):
        said = re.sub(r"^\s*[\w.$]+\s*:", "", line).strip()
        word = said.split()[0].lower() if said else ""
        if word and word not in ASSEMBLY and not LABELS.match(said) and not re.fullmatch(r"jmpq?\s+\*%r\w+", said):
            found.append(word)
        elif re.search(r"%rip|%[c-g]s:", said):
            found.append(said)
    return [f"uses {word[:60]!r} in its assembly, which no context switch needs" for word in dict.fromkeys(found)]
