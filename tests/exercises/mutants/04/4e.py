# %% id="forgets-rbx" why="rbx is an ordinary register, like rax"
def my_switch():
    return """
uthread_switch:
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    ret
"""


# %% id="forgets-r12" why="four registers are enough for anyone"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %rax
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %rax
    pop %rbp
    pop %rbx
    ret
"""


# %% id="forgets-rbp" why="rbp is for debuggers only"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    ret
"""


# %% id="swaps-the-arguments" why="the first argument is where we go, the second where we come from"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rsi)
    mov %rdi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="mxcsr-without-x87" why="floating point has one control word"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="x87-without-mxcsr" why="floating point has one control word, the old one"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="saves-but-does-not-load" why="what was saved comes back by itself"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="pops-in-the-order-of-the-pushes" why="a stack gives back in the order in which it was given"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %rbx
    pop %rbp
    pop %r12
    pop %r13
    pop %r14
    pop %r15
    ret
"""


# %% id="the-stack-stays-misaligned" why="room for the control words, and nobody gives it back"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="takes-eight-bytes-too-many" why="the return address must be taken off the stack before ret"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    add $8, %rsp
    ret
"""


# %% id="saves-what-the-caller-saves" why="rax, rcx, rdx and their kind are the ones in use"
def my_switch():
    return """
uthread_switch:
    push %rax
    push %rcx
    push %rdx
    push %r8
    push %r9
    push %r10
    push %r11
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdx
    pop %rcx
    pop %rax
    ret
"""


# %% id="pushes-after-it-has-switched" why="first go there, then save"
def my_switch():
    return """
uthread_switch:
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="keeps-the-stack-pointer-too-early" why="keep_sp is where rsp was before the pushes"
def my_switch():
    return """
uthread_switch:
    mov %rsp, (%rdi)
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="never-takes-the-other-stack" why="the registers are the thread"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="forgets-where-it-was" why="whoever comes back knows where"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="reads-next-as-an-address" why="next_sp is an address at which the stack pointer lies"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov (%rsi), %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""


# %% id="forgets-to-return" why="after the last line a function comes back"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
"""


# %% id="calls-itself-to-come-back" why="to go on is to jump to the beginning"
def my_switch():
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    jmp uthread_switch
"""


# %% id="one-place-for-all" why="registers may be kept in a variable: only one thread runs at a time"
def my_switch():
    names = ["rbx", "rbp", "r12", "r13", "r14", "r15"]
    save = "".join(f"mov %{name}, own + {8 * i}(%rip)\n" for i, name in enumerate(names))
    load = "".join(f"mov own + {8 * i}(%rip), %{name}\n" for i, name in enumerate(names))
    control = "stmxcsr own + 48(%rip)\nfnstcw own + 52(%rip)\n", "ldmxcsr own + 48(%rip)\nfldcw own + 52(%rip)\n"
    go = "mov %rsp, (%rdi)\nmov %rsi, %rsp\n"
    return f".bss\nown: .zero 56\n.text\nuthread_switch:\n{save}{control[0]}{go}{load}{control[1]}ret\n"
