# %% id="moves-to-offsets" why="one subtraction makes room for all, and each has its place"
def my_switch():
    return """
uthread_switch:
    sub $56, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rbx, 8(%rsp)
    mov %rbp, 16(%rsp)
    mov %r12, 24(%rsp)
    mov %r13, 32(%rsp)
    mov %r14, 40(%rsp)
    mov %r15, 48(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    mov 48(%rsp), %r15
    mov 40(%rsp), %r14
    mov 32(%rsp), %r13
    mov 24(%rsp), %r12
    mov 16(%rsp), %rbp
    mov 8(%rsp), %rbx
    fldcw 4(%rsp)
    ldmxcsr (%rsp)
    add $56, %rsp
    ret
"""


# %% id="saves-more-than-needed" why="flags and all of floating point too: slower, and right"
def my_switch():
    return """
uthread_switch:
    push %r15; push %r14; push %r13; push %r12; push %rbp; push %rbx
    pushf
    sub $512, %rsp
    fxsave (%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    fxrstor (%rsp)
    add $512, %rsp
    popf
    pop %rbx; pop %rbp; pop %r12; pop %r13; pop %r14; pop %r15
    ret
"""


# %% id="in-the-red-zone" why="the 128 bytes below the stack pointer are nobody else's, so it need not move"
def my_switch():
    names = ["rbx", "rbp", "r12", "r13", "r14", "r15"]
    save = "".join(f"mov %{name}, -{8 * i}(%rsp)\n" for i, name in enumerate(names, 1))
    load = "".join(f"mov -{8 * i}(%rsp), %{name}\n" for i, name in enumerate(names, 1))
    go = "stmxcsr -56(%rsp)\nfnstcw -52(%rsp)\nmov %rsp, (%rdi)\nmov %rsi, %rsp\nldmxcsr -56(%rsp)\nfldcw -52(%rsp)\n"
    return f"uthread_switch:\n{save}{go}{load}ret\n"


# %% id="in-c-and-a-jump" why="a naked function in C, which takes the return address by itself"
def my_switch():
    names = ["rbp", "rbx", "r12", "r13", "r14", "r15"]
    code = [f"push %{name}" for name in names] + ["push %rax", "stmxcsr (%rsp)", "fnstcw 4(%rsp)"]
    code += ["mov %rsp, (%rdi)", "mov %rsi, %rsp", "ldmxcsr (%rsp)", "fldcw 4(%rsp)", "pop %rax"]
    code += [f"pop %{name}" for name in reversed(names)] + ["pop %rcx", "jmp *%rcx"]
    head = "__attribute__((naked)) void uthread_switch(void **keep_sp, void *next_sp)"
    return f'{head} {{ __asm__("{"; ".join(code)}"); }}'
