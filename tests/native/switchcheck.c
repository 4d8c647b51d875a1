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
#if defined(__x86_64__)
#define KEEP(name, number) "lea " #number "(%rdx), %" #name "\n\t"
#define KEPT(name, number) "sub %rdx, %" #name "\n\t cmp $" #number ", %" #name "\n\t je 1f\n\t or $1 << " #number ", %eax\n1:\t"
#define ALL(what) what(rbx, 1) what(rbp, 2) what(r12, 3) what(r13, 4) what(r14, 5) what(r15, 6)
__asm__("switch_once:\n\t push %rbp\n\t push %rbx\n\t push %r12\n\t push %r13\n\t push %r14\n\t push %r15\n\t"
        "sub $24, %rsp\n\t mov %rdx, 16(%rsp)\n\t mov %rsp, 8(%rsp)\n\t" ALL(KEEP) "call uthread_switch\n\t"
        "mov 16(%rsp), %rdx\n\t xor %eax, %eax\n\t" ALL(KEPT)
        "cmp %rsp, 8(%rsp)\n\t je 1f\n\t or $1 << 7, %eax\n1:\t"
        "add $24, %rsp\n\t pop %r15\n\t pop %r14\n\t pop %r13\n\t pop %r12\n\t pop %rbx\n\t pop %rbp\n\t ret\n");
static const char *const NAMES[] = { "", "rbx", "rbp", "r12", "r13", "r14", "r15", "rsp", "mxcsr", "x87", "alignment" };
enum { CONTROL = 8, ALIGNMENT = 10 };

/* Set rounding and precision; then: are they still so? */
static void set_control(int me)
{
    uint32_t mxcsr = 0x1f80 | (me ? 0x6000 : 0x2000);
    uint16_t x87 = me ? 0x0f7f : 0x067f;
    __asm__ volatile("ldmxcsr %0\n\t fldcw %1" : : "m"(mxcsr), "m"(x87));
}
static unsigned wrong_control(int me)
{
    uint32_t mxcsr;
    uint16_t x87;
    __asm__ volatile("stmxcsr %0\n\t fnstcw %1" : "=m"(mxcsr), "=m"(x87));
    return (unsigned)((mxcsr & 0x6000) != (me ? 0x6000 : 0x2000)) << CONTROL | (x87 != (me ? 0x0f7f : 0x067f)) << (CONTROL + 1);
}
#else
#define EACH(what) what(19) what(20) what(21) what(22) what(23) what(24) what(25) what(26) what(27) what(28)
#define HALF(what) what(8) what(9) what(10) what(11) what(12) what(13) what(14) what(15)
#define KEEP(n) "add x" #n ", x2, #" #n "\n\t"
#define KEEP_HALF(n) "add x3, x2, #" #n "\n\t fmov d" #n ", x3\n\t"
#define KEPT(n) "add x3, x2, #" #n "\n\t cmp x3, x" #n "\n\t cset w3, ne\n\t orr w0, w0, w3, lsl #(" #n " - 18)\n\t"
#define KEPT_HALF(n) "fmov x3, d" #n "\n\t add x4, x2, #" #n "\n\t cmp x3, x4\n\t cset w3, ne\n\t orr w0, w0, w3, lsl #(" #n " + 3)\n\t"
__asm__("switch_once:\n\t stp x29, x30, [sp, #-176]!\n\t stp x19, x20, [sp, #16]\n\t stp x21, x22, [sp, #32]\n\t"
        "stp x23, x24, [sp, #48]\n\t stp x25, x26, [sp, #64]\n\t stp x27, x28, [sp, #80]\n\t stp d8, d9, [sp, #96]\n\t"
        "stp d10, d11, [sp, #112]\n\t stp d12, d13, [sp, #128]\n\t stp d14, d15, [sp, #144]\n\t str x2, [sp, #160]\n\t"
        EACH(KEEP) HALF(KEEP_HALF) "bl uthread_switch\n\t ldr x2, [sp, #160]\n\t mov w0, #0\n\t" EACH(KEPT) HALF(KEPT_HALF)
        "ldp x19, x20, [sp, #16]\n\t ldp x21, x22, [sp, #32]\n\t ldp x23, x24, [sp, #48]\n\t ldp x25, x26, [sp, #64]\n\t"
        "ldp x27, x28, [sp, #80]\n\t ldp d8, d9, [sp, #96]\n\t ldp d10, d11, [sp, #112]\n\t ldp d12, d13, [sp, #128]\n\t"
        "ldp d14, d15, [sp, #144]\n\t ldp x29, x30, [sp], #176\n\t ret\n");
static const char *const NAMES[] = { "", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "d8", "d9", "d10",
                                     "d11", "d12", "d13", "d14", "d15", "fpcr", "alignment" };
enum { CONTROL = 19, ALIGNMENT = 20 };

/* Set rounding to zero, or down; then: is it still so? */
static void set_control(int me)
{
    uint64_t fpcr = (uint64_t)(me ? 3 : 2) << 22;
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
}
static unsigned wrong_control(int me)
{
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return (unsigned)((fpcr >> 22 & 3) != (me ? 3u : 2u)) << CONTROL;
}
#endif

static void side(int me)
{
    set_control(me);
    while (turns < TURNS) {
        turns++;
        lost |= switch_once(&sp[me], sp[!me], me ? 0x1000000 : 0x2000000);
        lost |= wrong_control(me);
    }
}

static void entry(void)
{
    if ((uintptr_t)__builtin_frame_address(0) % 16)
        lost |= 1 << ALIGNMENT;
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
