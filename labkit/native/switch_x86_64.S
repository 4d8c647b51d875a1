/* void uthread_switch(void **keep_sp, void *next_sp)
 *
 * Put this thread's registers on its own stack, remember where (*keep_sp), take the other thread's stack, and take its
 * registers from there. Whoever calls a C function expects only these back (System V ABI, x86-64, 3.2.1 "Registers"): rbx, rbp,
 * r12 to r15, the stack pointer, and two control words of floating point: mxcsr (SSE) and the x87 control word. All other
 * registers the caller has saved itself, if it needs them: that is why a switch by choice is so much cheaper than a signal.
 * The instruction pointer was put there by `call`; the last two lines take the other thread's: we return into another thread.
 * uthread.c's struct saved describes the same 64 bytes. No system call, no signal mask.
 */

        .text
        .weak   uthread_switch          # weak: a program may bring its own instead
        .type   uthread_switch, @function
        .p2align 6
uthread_switch:
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        subq    $8, %rsp
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        movl    (%rsp), %eax
        movzwl  4(%rsp), %edx

        movq    %rsp, (%rdi)            # from here on
        movq    %rsi, %rsp              # this is the other thread

        cmpl    (%rsp), %eax            # Why: loading a control word costs more than all pushes together, and the two
        jne     2f                      # threads nearly always agree.
        cmpw    4(%rsp), %dx
        jne     2f
1:      addq    $8, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        popq    %rcx                    # ret, in two steps. Why: the processor guesses that a ret goes back to the last
        jmp     *%rcx                   # call; here it does not, and a wrong guess costs as much as all the rest.
2:      ldmxcsr (%rsp)
        fldcw   4(%rsp)
        jmp     1b
        .size   uthread_switch, . - uthread_switch

        .section .note.GNU-stack, "", @progbits  # the stack need not be executable
