/* Two stacks and nothing else: does uthread_switch keep what a called function must keep? Each side fills every such register
 * with numbers of its own, sets control words of its own, switches, and looks. Prints the names of what was lost, or "kept".
 * Between the switch and the check stands no other function, which might put right by chance what the switch has spoilt. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "registers.h"

enum { STACK = 65536, TURNS = 100 };
static void *sp[2];
static unsigned lost;
static int turns;

/* switch_once(keep_sp, next_sp, own): the registers hold own + 1, own + 2, ... over the switch. A bit for each that changed. */
unsigned switch_once(void **keep_sp, void *next_sp, uint64_t own);
#define KEEP(name, number) "lea " #number "(%rdx), %" #name "\n\t"
#define KEPT(name, number) "sub %rdx, %" #name "\n\t cmp $" #number ", %" #name "\n\t je 1f\n\t or $1 << " #number ", %eax\n1:\t"
#define ALL(what) what(rbx, 1) what(rbp, 2) what(r12, 3) what(r13, 4) what(r14, 5) what(r15, 6)
__asm__("switch_once:\n\t push %rbp\n\t push %rbx\n\t push %r12\n\t push %r13\n\t push %r14\n\t push %r15\n\t"
        "sub $24, %rsp\n\t mov %rdx, 16(%rsp)\n\t mov %rsp, 8(%rsp)\n\t" ALL(KEEP) "call uthread_switch\n\t"
        "mov 16(%rsp), %rdx\n\t xor %eax, %eax\n\t" ALL(KEPT)
        "cmp %rsp, 8(%rsp)\n\t je 1f\n\t or $1 << 7, %eax\n1:\t"
        "add $24, %rsp\n\t pop %r15\n\t pop %r14\n\t pop %r13\n\t pop %r12\n\t pop %rbx\n\t pop %rbp\n\t ret\n");
static const char *const NAMES[] = { "", "rbx", "rbp", "r12", "r13", "r14", "r15", "rsp", "mxcsr", "x87", "alignment" };

static void side(int me)
{
    uint32_t mxcsr = 0x1f80 | (me ? 0x6000 : 0x2000), mxcsr_after; /* rounding to zero, or down */
    uint16_t x87 = me ? 0x0f7f : 0x067f, x87_after;                /* rounding and precision */
    __asm__ volatile("ldmxcsr %0\n\t fldcw %1" : : "m"(mxcsr), "m"(x87));
    while (turns < TURNS) {
        turns++;
        lost |= switch_once(&sp[me], sp[!me], me ? 0x1000000 : 0x2000000);
        __asm__ volatile("stmxcsr %0\n\t fnstcw %1" : "=m"(mxcsr_after), "=m"(x87_after));
        lost |= (mxcsr != mxcsr_after) << 8 | (x87 != x87_after) << 9;
    }
}

static void entry(void)
{
    if ((uintptr_t)__builtin_frame_address(0) % 16)
        lost |= 1 << 10;
    side(1);
    switch_once(&sp[1], sp[0], 0);
}

int main(void)
{
    char *stack = aligned_alloc(64, STACK);
    sp[1] = registers_make(stack + STACK, entry);
    side(0);
    for (unsigned i = 1; i < sizeof NAMES / sizeof *NAMES; i++)
        if (lost >> i & 1)
            printf("%s ", NAMES[i]);
    puts(lost ? "" : "kept");
    return 0;
}
