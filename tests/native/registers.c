/* Each thread fills every register with numbers of its own and looks whether they are still there: SIGALRM may come at any
 * instruction in between. Reads: milliseconds, threads, rounds between yields (0: never). Prints for each thread its
 * result, its rounds, its errors and the last error. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "uthread.h"

enum { MOST = 64 };
static int threads, yield_every;
static double end;
static struct {
    long rounds, wrong;
    const char *what;
} seen[MOST];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

#if defined(__x86_64__)
/* Fill, wait about a microsecond in registers only, compare. Returns a bit for each register that is not what it was. */
__attribute__((noinline, no_sanitize("address", "undefined"))) static uint64_t check_once(uint64_t own)
{
    uint64_t wrong, x87;
    __asm__ volatile(
        "fildq %[own]\n\t" /* a value of x87 too: 64 bits of it are exact */
        "mov %[own], %%rax\n\t"
        "lea 1(%%rax), %%rbx\n\t lea 2(%%rax), %%rdx\n\t lea 3(%%rax), %%rsi\n\t lea 4(%%rax), %%rdi\n\t"
        "lea 5(%%rax), %%r8\n\t lea 6(%%rax), %%r9\n\t lea 7(%%rax), %%r10\n\t lea 8(%%rax), %%r11\n\t"
        "lea 9(%%rax), %%r12\n\t lea 10(%%rax), %%r13\n\t lea 11(%%rax), %%r14\n\t lea 12(%%rax), %%r15\n\t"
        "movq %%rbx, %%xmm0\n\t movq %%r15, %%xmm7\n\t movq %%r9, %%xmm15\n\t"
        "mov $300, %%ecx\n"
        "1: dec %%ecx\n\t jnz 1b\n\t"
        "xor %%ecx, %%ecx\n\t"
        "sub %%rax, %%rbx\n\t cmp $1, %%rbx\n\t je 2f\n\t or $1, %%ecx\n2:\t"
        "sub %%rax, %%rdx\n\t cmp $2, %%rdx\n\t je 2f\n\t or $2, %%ecx\n2:\t"
        "sub %%rax, %%rsi\n\t cmp $3, %%rsi\n\t je 2f\n\t or $4, %%ecx\n2:\t"
        "sub %%rax, %%rdi\n\t cmp $4, %%rdi\n\t je 2f\n\t or $8, %%ecx\n2:\t"
        "sub %%rax, %%r8\n\t cmp $5, %%r8\n\t je 2f\n\t or $16, %%ecx\n2:\t"
        "sub %%rax, %%r9\n\t cmp $6, %%r9\n\t je 2f\n\t or $32, %%ecx\n2:\t"
        "sub %%rax, %%r10\n\t cmp $7, %%r10\n\t je 2f\n\t or $64, %%ecx\n2:\t"
        "sub %%rax, %%r11\n\t cmp $8, %%r11\n\t je 2f\n\t or $128, %%ecx\n2:\t"
        "sub %%rax, %%r12\n\t cmp $9, %%r12\n\t je 2f\n\t or $256, %%ecx\n2:\t"
        "sub %%rax, %%r13\n\t cmp $10, %%r13\n\t je 2f\n\t or $512, %%ecx\n2:\t"
        "sub %%rax, %%r14\n\t cmp $11, %%r14\n\t je 2f\n\t or $1024, %%ecx\n2:\t"
        "sub %%rax, %%r15\n\t cmp $12, %%r15\n\t je 2f\n\t or $2048, %%ecx\n2:\t"
        "movq %%xmm0, %%rbx\n\t sub %%rax, %%rbx\n\t cmp $1, %%rbx\n\t je 2f\n\t or $4096, %%ecx\n2:\t"
        "movq %%xmm7, %%rbx\n\t sub %%rax, %%rbx\n\t cmp $12, %%rbx\n\t je 2f\n\t or $8192, %%ecx\n2:\t"
        "movq %%xmm15, %%rbx\n\t sub %%rax, %%rbx\n\t cmp $6, %%rbx\n\t je 2f\n\t or $16384, %%ecx\n2:\t"
        "fistpq %[x87]\n\t cmp %%rax, %[x87]\n\t je 2f\n\t or $32768, %%ecx\n2:\t"
        "mov %%rcx, %[wrong]"
        : [wrong] "=m"(wrong), [x87] "=m"(x87)
        : [own] "m"(own)
        : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "xmm7", "xmm15",
          "cc", "memory");
    return wrong;
}

static const char *const NAMES[] = { "rbx", "rdx", "rsi", "rdi", "r8",  "r9",   "r10",  "r11",
                                     "r12", "r13", "r14", "r15", "xmm0", "xmm7", "xmm15", "st0" };

/* Yield with numbers of our own in all registers that a called function must keep. Returns a bit for each that has changed. */
uint64_t yield_once(uint64_t own);
#define KEEP(name, number) "lea " #number "(%rdi), %" #name "\n\t"
#define KEPT(name, number) "sub %rdi, %" #name "\n\t cmp $" #number ", %" #name "\n\t je 1f\n\t or $1 << " #number ", %eax\n1:\t"
#define ALL(what) what(rbx, 1) what(rbp, 2) what(r12, 3) what(r13, 4) what(r14, 5) what(r15, 6)
__asm__("yield_once:\n\t push %rbp\n\t push %rbx\n\t push %r12\n\t push %r13\n\t push %r14\n\t push %r15\n\t"
        "sub $24, %rsp\n\t mov %rdi, 16(%rsp)\n\t" ALL(KEEP) "call uthread_yield\n\t"
        "mov 16(%rsp), %rdi\n\t xor %eax, %eax\n\t" ALL(KEPT) "shr $1, %eax\n\t"
        "add $24, %rsp\n\t pop %r15\n\t pop %r14\n\t pop %r13\n\t pop %r12\n\t pop %rbx\n\t pop %rbp\n\t ret\n");
static const char *const KEPT_NAMES[] = { "rbx", "rbp", "r12", "r13", "r14", "r15" };

static void set_control(int number)
{
    uint32_t mxcsr = 0x1f80 | (number % 4) << 13;  /* rounding: nearest, down, up, to zero */
    uint16_t x87 = 0x037f & ~(3 << 8 | 3 << 10);
    x87 |= (number % 2 ? 3 : 2) << 8 | (number % 4) << 10; /* precision and rounding */
    __asm__ volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(x87));
}

static const char *wrong_control(int number)
{
    uint32_t mxcsr;
    uint16_t x87;
    __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(x87));
    if ((mxcsr & 0x6000) != (uint32_t)(number % 4) << 13)
        return "mxcsr";
    return (x87 >> 10 & 3) != number % 4 || (x87 >> 8 & 3) != (number % 2 ? 3 : 2) ? "x87" : NULL;
}
#else
/* x1 to x28 without the platform's x18 hold own + 1 and so on, v0 to v31 own + 40 and so on: for a preemption, all of them; for a
 * yield, x19 to x28 and the lower halves of v8 to v15. x0 counts; the numbers wait on the stack. */
#define LOW(what) what(1) what(2) what(3) what(4) what(5) what(6) what(7) what(8) what(9) what(10) what(11) what(12) what(13) \
    what(14) what(15) what(16) what(17)
#define HIGH(what) what(19) what(20) what(21) what(22) what(23) what(24) what(25) what(26) what(27) what(28)
#define SAVED_V(what) what(8) what(9) what(10) what(11) what(12) what(13) what(14) what(15)
#define OTHER_V(what) what(0) what(1) what(2) what(3) what(4) what(5) what(6) what(7) what(16) what(17) what(18) what(19) \
    what(20) what(21) what(22) what(23) what(24) what(25) what(26) what(27) what(28) what(29) what(30) what(31)
#define FILL(n) "add x" #n ", x0, #" #n "\n\t"
#define FILL_V(n) "add x1, x0, #" #n "\n\t add x1, x1, #40\n\t fmov d" #n ", x1\n\t"
#define LOOK(n) "sub x" #n ", x" #n ", x0\n\t cmp x" #n ", #" #n "\n\t b.ne 9f\n\t"
#define LOOK_V(n) "fmov x1, d" #n "\n\t sub x1, x1, x0\n\t sub x1, x1, #40\n\t cmp x1, #" #n "\n\t b.ne 9f\n\t"
#define BEGIN(name) __asm__(#name ":\n\t stp x29, x30, [sp, #-192]!\n\t mov x29, sp\n\t stp x19, x20, [sp, #16]\n\t" \
        "stp x21, x22, [sp, #32]\n\t stp x23, x24, [sp, #48]\n\t stp x25, x26, [sp, #64]\n\t stp x27, x28, [sp, #80]\n\t" \
        "stp d8, d9, [sp, #96]\n\t stp d10, d11, [sp, #112]\n\t stp d12, d13, [sp, #128]\n\t stp d14, d15, [sp, #144]\n\t" \
        "str x0, [sp, #160]\n\t"
#define END "mov x0, #0\n\t b 8f\n9: mov x0, #1\n8:\t ldp x19, x20, [sp, #16]\n\t" \
        "ldp x21, x22, [sp, #32]\n\t ldp x23, x24, [sp, #48]\n\t ldp x25, x26, [sp, #64]\n\t ldp x27, x28, [sp, #80]\n\t" \
        "ldp d8, d9, [sp, #96]\n\t ldp d10, d11, [sp, #112]\n\t ldp d12, d13, [sp, #128]\n\t ldp d14, d15, [sp, #144]\n\t" \
        "ldp x29, x30, [sp], #192\n\t ret\n")
uint64_t check_once(uint64_t own), yield_once(uint64_t own);
BEGIN(check_once) OTHER_V(FILL_V) SAVED_V(FILL_V) LOW(FILL) HIGH(FILL)
    "mov x30, #300\n1:\t subs x30, x30, #1\n\t b.ne 1b\n\t" LOW(LOOK) HIGH(LOOK) OTHER_V(LOOK_V) SAVED_V(LOOK_V) END;
BEGIN(yield_once) SAVED_V(FILL_V) HIGH(FILL) "bl uthread_yield\n\t ldr x0, [sp, #160]\n\t" HIGH(LOOK) SAVED_V(LOOK_V) END;
static const char *const NAMES[] = { "a register" }, *const KEPT_NAMES[] = { "a register of the caller's" };
static void set_control(int number)
{
    uint64_t fpcr = (uint64_t)(number % 4) << 22;
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
}
static const char *wrong_control(int number)
{
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return (fpcr >> 22 & 3) != (uint64_t)(number % 4) ? "fpcr" : NULL;
}
#endif

static void note(long number, const char *what)
{
    seen[number].wrong++;
    seen[number].what = what;
}

static void *work(void *arg)
{
    long number = (long)arg;
    uint64_t wrong, own = 0x1111111111111111ull * (number + 1);
    set_control((int)number);
    if ((uintptr_t)__builtin_frame_address(0) % 16) /* where the first function keeps its frame pointer */
        note(number, "alignment");
    while (seen[number].rounds % 100 || now() < end) {
        if ((wrong = check_once(own)))
            note(number, NAMES[__builtin_ctzll(wrong)]);
        if (++seen[number].rounds, yield_every && seen[number].rounds % yield_every == 0)
            if ((wrong = yield_once(own)))
                note(number, KEPT_NAMES[__builtin_ctzll(wrong)]);
        const char *control = wrong_control((int)number);
        if (control)
            note(number, control);
    }
    return arg;
}

int main(void)
{
    int ms;
    uthread_t made[MOST];
    if (scanf("%d %d %d", &ms, &threads, &yield_every) != 3)
        return 1;
    end = now() + ms / 1e3;
    for (long i = 0; i < threads; i++)
        made[i] = uthread_create(NULL, work, (void *)i);
    for (int i = 0; i < threads; i++) {
        long result = (long)uthread_join(made[i]);
        printf("%ld %ld %ld %s\n", result, seen[i].rounds, seen[i].wrong, seen[i].what ? seen[i].what : "-");
    }
    return 0;
}
