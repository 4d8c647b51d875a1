/* A thread's registers where they lie: everything that differs between processors, besides the switch itself. */
#define _GNU_SOURCE
#include "registers.h"

#include <string.h>

#include "record.h"

#define BIT(n) (1ull << (n))

#if defined(__x86_64__)

/* Invariant: the 64 bytes that switch_x86_64.S pushes, from the lowest address up. */
struct saved {
    uint32_t mxcsr;
    uint16_t x87, unused;
    uint64_t r15, r14, r13, r12, rbx, rbp, rip;
};

void *registers_make(char *stack_top, void (*entry)(void))
{
    /* Why -8: a function begins with a stack pointer 8 below a multiple of 16, because `call` has pushed the return address
     * (System V ABI, 3.2.2). Here nobody called: the return address is 0, and there a debugger ends its backtrace. */
    struct saved *saved = (struct saved *)(stack_top - 8) - 1;
    memset(saved, 0, stack_top - (char *)saved);
    __asm__("stmxcsr %0\n\tfnstcw %1" : "=m"(saved->mxcsr), "=m"(saved->x87));
    saved->rip = (uint64_t)entry;
    return saved;
}

uint64_t registers_of_switch(const void *sp, uint64_t *registers)
{
    const struct saved *saved = sp;
    registers[1] = saved->rbx;
    registers[REG_FRAME] = saved->rbp;
    registers[REG_STACK] = (uint64_t)(saved + 1); /* as it was before the call */
    registers[12] = saved->r12;
    registers[13] = saved->r13;
    registers[14] = saved->r14;
    registers[15] = saved->r15;
    registers[REG_PC] = saved->rip;
    registers[REG_FLOAT] = saved->mxcsr;
    registers[REG_X87] = saved->x87;
    return BIT(1) | BIT(6) | BIT(7) | 0xf000 | BIT(REG_PC) | BIT(REG_FLOAT) | BIT(REG_X87);
}

uint64_t registers_of_context(const ucontext_t *context, uint64_t *registers, int all)
{
    static const int where[] = { REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
                                 REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP, REG_EFL };
    for (int i = 0; i < 18; i++)
        registers[i] = context->uc_mcontext.gregs[where[i]];
    memcpy(&registers[REG_MASK], &context->uc_sigmask, sizeof(uint64_t));
    uint64_t known = BIT(REG_MASK);
    if (context->uc_mcontext.fpregs) {
        registers[REG_FLOAT] = context->uc_mcontext.fpregs->mxcsr;
        registers[REG_X87] = context->uc_mcontext.fpregs->cwd;
        known |= BIT(REG_FLOAT) | BIT(REG_X87);
    }
    return known | (all ? 0x3ffff : BIT(1) | BIT(6) | BIT(7) | 0xf000 | BIT(REG_PC));
}

enum access access_of_context(const ucontext_t *context)
{
    enum { PAGE_FAULT = 14, WRITE = 1 << 1 }; /* Intel SDM 3A, 4.7: the page fault's error code */
    if (context->uc_mcontext.gregs[REG_TRAPNO] != PAGE_FAULT)
        return TOUCHES;
    return context->uc_mcontext.gregs[REG_ERR] & WRITE ? WRITES : READS;
}

uint64_t return_address(const uint64_t *registers, uint64_t low, uint64_t high)
{
    uint64_t sp = registers[REG_STACK]; /* `call` has pushed it */
    return sp >= low && sp + 8 <= high && sp % 8 == 0 ? *(const uint64_t *)sp : 0;
}

int returns(const uint64_t *registers) { return *(const unsigned char *)registers[REG_PC] == 0xc3; }

int privileged(const uint64_t *registers)
{
    const unsigned char *code = (const unsigned char *)registers[REG_PC];
    if (code[0] == 0x0f)
        return memchr("\x01\x06\x08\x09\x20\x22\x30\x32", code[1], 8) != NULL;
    return memchr("\xf4\xfa\xfb\xe4\xe5\xe6\xe7\xec\xed\xee\xef", code[0], 11) != NULL;
}

int returns_from_signal(uint64_t pc) /* mov $15, %rax; syscall: rt_sigreturn, as the C library has it */
{
    return memcmp((const void *)pc, "\x48\xc7\xc0\x0f\x00\x00\x00\x0f\x05", 9) == 0;
}

#elif defined(__aarch64__)

/* Invariant: the 176 bytes that switch_aarch64.S stores, from the lowest address up. */
struct saved {
    uint64_t fpcr, unused, x19_to_x30[12], d8_to_d15[8];
};

void *registers_make(char *stack_top, void (*entry)(void))
{
    struct saved *saved = (struct saved *)stack_top - 1;
    memset(saved, 0, sizeof *saved); /* x29 and the caller's return address are 0: there a backtrace ends */
    __asm__("mrs %0, fpcr" : "=r"(saved->fpcr));
    saved->x19_to_x30[11] = (uint64_t)entry;
    return saved;
}

uint64_t registers_of_switch(const void *sp, uint64_t *registers)
{
    const struct saved *saved = sp;
    memcpy(&registers[19], saved->x19_to_x30, sizeof saved->x19_to_x30);
    registers[REG_STACK] = (uint64_t)(saved + 1);
    registers[REG_PC] = registers[30];
    registers[REG_FLOAT] = saved->fpcr;
    return 0xfffull << 19 | BIT(REG_STACK) | BIT(REG_PC) | BIT(REG_FLOAT);
}

uint64_t registers_of_context(const ucontext_t *context, uint64_t *registers, int all)
{
    memcpy(registers, context->uc_mcontext.regs, 31 * sizeof(uint64_t));
    registers[REG_STACK] = context->uc_mcontext.sp;
    registers[REG_PC] = context->uc_mcontext.pc;
    registers[33] = context->uc_mcontext.pstate;
    memcpy(&registers[REG_MASK], &context->uc_sigmask, sizeof(uint64_t));
    uint64_t known = BIT(REG_MASK) | BIT(REG_STACK) | BIT(REG_PC);
    if (all)
        return known | 0x7fffffff | BIT(33);
    if (!registers[REG_PC])
        registers[REG_PC] = registers[30]; /* swapcontext comes back through the return address */
    return known | 0xfffull << 19;
}

enum access access_of_context(const ucontext_t *context)
{
    enum { ESR = 0x45535201, DATA_ABORT = 0x24, WRITE = 1 << 6 }; /* <asm/sigcontext.h>; ARM DDI 0487, ESR_EL1 */
    const unsigned char *at = (const void *)context->uc_mcontext.__reserved;
    for (uint32_t head[2]; memcpy(head, at, sizeof head), head[0] && head[1]; at += head[1])
        if (head[0] == ESR) {
            uint64_t esr;
            memcpy(&esr, at + sizeof head, sizeof esr);
            return (esr >> 26 & 0x3f) != DATA_ABORT ? TOUCHES : esr & WRITE ? WRITES : READS;
        }
    return TOUCHES;
}

uint64_t return_address(const uint64_t *registers, uint64_t low, uint64_t high)
{
    (void)low, (void)high;
    return registers[30];
}

int returns(const uint64_t *registers) { return *(const uint32_t *)registers[REG_PC] == 0xd65f03c0; }

int privileged(const uint64_t *registers) { return (void)registers, 0; }

int returns_from_signal(uint64_t pc) /* mov x8, #139; svc #0: rt_sigreturn, as the vDSO has it */
{
    return memcmp((const void *)pc, "\x68\x11\x80\xd2\x01\x00\x00\xd4", 8) == 0;
}

#endif
