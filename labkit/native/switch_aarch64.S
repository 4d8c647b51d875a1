/* void uthread_switch(void **keep_sp, void *next_sp)
 *
 * switch_x86_64.S on 64-bit ARM: put this thread's registers on its own stack, remember where, take the other's. A caller expects
 * back x19 to x28, the frame pointer x29, the stack pointer, the lower halves of v8 to v15, and the control word fpcr
 * (AAPCS64, 6.1). The return address is in a register, x30, and not on the stack: it is saved like the others, and `ret`
 * jumps to it. registers.c's struct saved describes the same 176 bytes. No system call, no signal mask.
 */

        .text
        .weak   uthread_switch          // weak: a program may bring its own instead
        .type   uthread_switch, %function
        .p2align 6
uthread_switch:
        sub     sp, sp, #176
        mrs     x2, fpcr
        str     x2, [sp]
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        stp     x29, x30, [sp, #96]
        stp     d8, d9, [sp, #112]
        stp     d10, d11, [sp, #128]
        stp     d12, d13, [sp, #144]
        stp     d14, d15, [sp, #160]

        mov     x3, sp
        str     x3, [x0]                // from here on
        mov     sp, x1                  // this is the other thread

        ldr     x4, [sp]
        cmp     x2, x4                  // Why: writing fpcr is slow, and the two threads nearly always agree.
        b.eq    1f
        msr     fpcr, x4
1:      ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     x29, x30, [sp, #96]
        ldp     d8, d9, [sp, #112]
        ldp     d10, d11, [sp, #128]
        ldp     d12, d13, [sp, #144]
        ldp     d14, d15, [sp, #160]
        add     sp, sp, #176
        ret
        .size   uthread_switch, . - uthread_switch

        .section .note.GNU-stack, "", %progbits  // the stack need not be executable
