/* ns for each switch between two stacks, four ways, side by side; the median of many short rounds, so that a moment at which the
 * machine did something else does not count. bare: push two registers, change the stack, pop them: it keeps no promise. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "registers.h"
#include "uthread.h"

enum { SWITCHES = 100000, ROUNDS = 200, STACK = 65536 };
typedef void switch_function(void **keep, void *next);
switch_function bare_ret, bare_jmp;

#if defined(__x86_64__)
#define BARE "push %rbp\n\tpush %rbx\n\tmov %rsp, (%rdi)\n\tmov %rsi, %rsp\n\tpop %rbx\n\tpop %rbp\n\t"
__asm__(".p2align 6\nbare_ret: " BARE "ret\n");
__asm__(".p2align 6\nbare_jmp: " BARE "pop %rcx\n\tjmp *%rcx\n");
enum { BARE_BYTES = 16 };
#else
#define BARE "stp x29, x30, [sp, #-16]!\n\tmov x2, sp\n\tstr x2, [x0]\n\tmov sp, x1\n\tldp x29, x30, [sp], #16\n\t"
__asm__(".p2align 6\nbare_ret: " BARE "ret\n");
__asm__(".p2align 6\nbare_jmp: " BARE "br x30\n");
enum { BARE_BYTES = 8 };
#endif

static void *here, *there;
static switch_function *by;

static void other(void)
{
    for (;;)
        by(&there, here);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static double measure(switch_function *how, char *high)
{
    void *entry = (void *)other;
    by = how;
    if (how == uthread_switch) {
        there = registers_make(high, other);
    } else {
        memset(high - 64, 0, 64);
        there = high - 16 - BARE_BYTES;
        memcpy((char *)there + BARE_BYTES, &entry, sizeof entry);
    }
    double start = now();
    for (int i = 0; i < SWITCHES / 2; i++)
        how(&here, there);
    return (now() - start) / SWITCHES;
}

static double yields(void)
{
    double start = now();
    for (int i = 0; i < SWITCHES / 2; i++)
        uthread_yield();
    return (now() - start) / SWITCHES;
}

static volatile int stop;

static void *yielder(void *arg)
{
    while (!stop)
        uthread_yield();
    return arg;
}

static int ascending(const void *a, const void *b) { return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b); }

int main(void)
{
    static double seen[4][ROUNDS];
    char *stack = aligned_alloc(64, STACK);
    uthread_t thread = uthread_create(NULL, yielder, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        seen[0][i] = measure(bare_ret, stack + STACK);
        seen[1][i] = measure(bare_jmp, stack + STACK);
        seen[2][i] = measure(uthread_switch, stack + STACK);
        seen[3][i] = yields();
    }
    stop = 1;
    uthread_join(thread);
    for (int way = 0; way < 4; way++) {
        qsort(seen[way], ROUNDS, sizeof(double), ascending);
        printf("%f ", seen[way][ROUNDS / 2]);
    }
    return 0;
}
