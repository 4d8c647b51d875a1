"""The texts that a student's solution gives, C or assembly: asked for once, and put in the place of the student's Python.

An exercise whose functions take nothing and return text needs the student's Python only to be told the texts. The checks then
run with functions that return these very texts, so that what is judged is the C and nothing else.
"""

from __future__ import annotations

import ast
import re
from typing import Any, Final

from labkit.grading.asking import HAND_OVER
from labkit.grading.plan import Check, Problem

TEXT_MOST: Final = 100_000
LIMIT_S: Final = 5.0
OUTSIDE: Final = {"cc", "qemu"}


def givers(problem: Problem) -> list[str]:
    """Functions of the exercise that take nothing: what may give a text."""
    return [each.name for each in _functions(problem.stub) if not _takes(each)]


def only_texts(problem: Problem) -> bool:
    """Whether the solution is made of functions that give a text and of nothing else; by their names, that is what they do."""
    body = ast.parse(problem.stub).body
    functions = _functions(problem.stub)
    whole = len(functions) == len(body) and not any(map(_takes, functions))
    return whole and bool(OUTSIDE & set(problem.needs))


def asking(problem: Problem) -> Check:
    """The check that has the texts handed over. A function that is not written yet leaves the same error as in any check."""
    told = ", ".join(f"{name!r}: {name}()" for name in givers(problem))
    return Check(f"{HAND_OVER}({{{told}}})", None, "the functions must give their texts", limit_s=LIMIT_S)


def trouble(texts: dict[str, Any]) -> str:
    """What is wrong with the texts, if they are none; for the student."""
    for name, text in texts.items():
        if not isinstance(text, str):
            kind = text[0] if isinstance(text, list) and text else "something else"
            said = "None: its return is missing" if kind == "NoneType" else f"a value of type {kind}"
            return f"{name}() must return a text, and gave {said}"
        if len(text) > TEXT_MOST:
            return f"{name}() returns {len(text):,} characters: more than {TEXT_MOST:,} are not compiled"
        if "\0" in text or text.encode("utf-8", "replace").decode() != text:
            return f"{name}() returns characters that no C text can hold"
    return ""


def stand_ins(problem: Problem, texts: dict[str, str]) -> dict[str, str]:
    """Solutions that give these texts: exercise id → source."""
    return {problem.exercise.id: "".join(f"def {name}():\n    return {text!r}\n\n\n" for name, text in texts.items())}


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


def _functions(source: str) -> list[ast.FunctionDef]:
    return [each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef)]


def _takes(function: ast.FunctionDef) -> bool:
    given = function.args
    return bool(given.args or given.posonlyargs or given.kwonlyargs or given.vararg or given.kwarg)
