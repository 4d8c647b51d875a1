/* Three stacks and nothing else: does a uthread_switch keep what a called function must keep? Each thread fills every such
 * register with numbers of its own, sets control words of its own, switches to one of the others, and looks.
 *
 * Nothing is known of the switch but that *keep_sp is where it finds a thread again: how it lays out what it saves is its own
 * business. So a thread begins on a chute: a stack on which every word is the same address, so that whatever is taken for the
 * return address leads to landed(). Between a switch and the look stands no other function, which might put right by
 * chance what the switch has spoilt. Three threads in no regular order: what goes well with two may be luck.
 *
 * What it prints is for switchcheck.py: "saved BYTES", "lost NAMES", "proof NUMBER", or what broke it, with the number of the
 * switch. Without the proof a text could print the rest by itself, and end.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

enum { THREADS = 3, STACK = 65536, TURNS = 300, CHUTE = 8192, CPU_US = 500000 };
static char stacks[THREADS + 1][STACK] __attribute__((aligned(64))); /* main's own is not used; the last: to tell of trouble */
static uint64_t chute[CHUTE / 8] __attribute__((aligned(64)));
static void *sp[THREADS];
static unsigned lost;
static int turns, from, to, begun = 1;
static uint32_t nonce, proof; /* what only the whole way through all switches makes of the number that was given */

/* What the assembly below reads and writes: each thread's stack pointer at its switch, that of the one who comes, and the
 * upper end of a stack for one who has not begun. */
uint64_t sp_at_switch[THREADS], expected_sp, fresh_sp, trouble_sp;

void uthread_switch(void **keep_sp, void *next_sp); /* the one that is judged */

/* switch_once(keep_sp, next_sp, own, my_sp): registers and the frame hold own + 1, own + 2, ... over the switch; my_sp gets the
 * stack pointer. Returns a bit for each that has changed. */
unsigned switch_once(void **keep_sp, void *next_sp, uint64_t own, uint64_t *my_sp);
void landed(void);

#if defined(__x86_64__)
#define KEEP(name, number) "lea " #number "(%rdx), %" #name "\n\t"
#define KEPT(name, number) "sub %rdx, %" #name "\n\t cmp $" #number ", %" #name "\n\t je 1f\n\t or $1 << " #number ", %eax\n1:\t"
#define ALL(what) what(rbx, 1) what(rbp, 2) what(r12, 3) what(r13, 4) what(r14, 5) what(r15, 6)
__asm__("switch_once:\n\t push %rbp\n\t push %rbx\n\t push %r12\n\t push %r13\n\t push %r14\n\t push %r15\n\t"
        "sub $24, %rsp\n\t mov %rdx, 16(%rsp)\n\t mov %rdx, 8(%rsp)\n\t mov %rdx, (%rsp)\n\t mov %rsp, (%rcx)\n\t"
        ALL(KEEP) "call uthread_switch\n\t"
        "cmp %rsp, expected_sp(%rip)\n\t jne 3f\n\t"
        "mov 16(%rsp), %rdx\n\t xor %eax, %eax\n\t" ALL(KEPT)
        "cmp %rdx, 8(%rsp)\n\t jne 1f\n\t cmp %rdx, (%rsp)\n\t je 2f\n1:\t or $1 << 10, %eax\n2:\t"
        "add $24, %rsp\n\t pop %r15\n\t pop %r14\n\t pop %r13\n\t pop %r12\n\t pop %rbx\n\t pop %rbp\n\t ret\n"
        "3:\t mov %rsp, %rdi\n\t mov trouble_sp(%rip), %rsp\n\t call wrong_stack\n"
        "landed:\t mov %rsp, %rdi\n\t mov fresh_sp(%rip), %rsp\n\t xor %ebp, %ebp\n\t call begin\n");
static const char *const NAMES[] = { "", "rbx", "rbp", "r12", "r13", "r14", "r15", "rsp", "mxcsr", "x87", "stack" };
enum { CONTROL = 8 };
static const uint8_t GO_ON[] = { 0x49, 0xbb, 0, 0, 0, 0, 0, 0, 0, 0, 0x41, 0xff, 0xe3 }; /* movabs $landed, %r11; jmp *%r11 */
enum { WHERE_TO = 2 };
/* The address on the chute. Why this one: a switch may take the word for control words or for flags, and must live. */
static uint8_t *const LANDING = (uint8_t *)0x037f00000080;
#define PC(context) ((context)->uc_mcontext.gregs[REG_RIP])

static uint32_t mxcsr_of(int me) { return 0x1f80 | (uint32_t)(me + 1) << 13; } /* a way of rounding for each thread, */
static uint16_t x87_of(int me) { return (uint16_t)(0x7f | (me + 1) << 10 | (me ? me + 1 : 0) << 8); } /* and a precision */

static void set_control(int me)
{
    uint32_t mxcsr = mxcsr_of(me);
    uint16_t x87 = x87_of(me);
    __asm__ volatile("fninit\n\t ldmxcsr %0\n\t fldcw %1" : : "m"(mxcsr), "m"(x87));
}
static unsigned wrong_control(int me)
{
    uint32_t mxcsr;
    uint16_t x87;
    __asm__ volatile("stmxcsr %0\n\t fnstcw %1" : "=m"(mxcsr), "=m"(x87));
    return (unsigned)((mxcsr ^ mxcsr_of(me)) >> 13 & 3 ? 1 : 0) << CONTROL | (unsigned)(x87 != x87_of(me)) << (CONTROL + 1);
}
#else
#define EACH(what) \
    what(19) what(20) what(21) what(22) what(23) what(24) what(25) what(26) what(27) what(28) what(29)
#define HALF(what) what(8) what(9) what(10) what(11) what(12) what(13) what(14) what(15)
#define KEEP(n) "add x" #n ", x2, #" #n "\n\t"
#define KEEP_HALF(n) "add x4, x2, #" #n "\n\t fmov d" #n ", x4\n\t"
#define KEPT(n) "add x3, x2, #" #n "\n\t cmp x3, x" #n "\n\t cset w3, ne\n\t orr w0, w0, w3, lsl #(" #n " - 18)\n\t"
#define KEPT_HALF(n) "fmov x3, d" #n "\n\t add x4, x2, #" #n "\n\t cmp x3, x4\n\t cset w3, ne\n\t orr w0, w0, w3, lsl #(" #n " + 4)\n\t"
#define VARIABLE(to, name) "adrp " #to ", " #name "\n\t ldr " #to ", [" #to ", :lo12:" #name "]\n\t"
__asm__("switch_once:\n\t sub sp, sp, #208\n\t stp x2, x2, [sp]\n\t str x2, [sp, #16]\n\t stp x29, x30, [sp, #32]\n\t"
        "stp x19, x20, [sp, #48]\n\t stp x21, x22, [sp, #64]\n\t stp x23, x24, [sp, #80]\n\t stp x25, x26, [sp, #96]\n\t"
        "stp x27, x28, [sp, #112]\n\t stp d8, d9, [sp, #128]\n\t stp d10, d11, [sp, #144]\n\t stp d12, d13, [sp, #160]\n\t"
        "stp d14, d15, [sp, #176]\n\t mov x4, sp\n\t str x4, [x3]\n\t"
        EACH(KEEP) HALF(KEEP_HALF) "bl uthread_switch\n\t"
        VARIABLE(x3, expected_sp) "mov x4, sp\n\t cmp x3, x4\n\t b.ne 3f\n\t"
        "ldr x2, [sp, #16]\n\t mov w0, #0\n\t" EACH(KEPT) HALF(KEPT_HALF)
        "ldp x3, x4, [sp]\n\t cmp x3, x2\n\t ccmp x4, x2, #0, eq\n\t cset w3, ne\n\t orr w0, w0, w3, lsl #22\n\t"
        "ldp x29, x30, [sp, #32]\n\t ldp x19, x20, [sp, #48]\n\t ldp x21, x22, [sp, #64]\n\t ldp x23, x24, [sp, #80]\n\t"
        "ldp x25, x26, [sp, #96]\n\t ldp x27, x28, [sp, #112]\n\t ldp d8, d9, [sp, #128]\n\t ldp d10, d11, [sp, #144]\n\t"
        "ldp d12, d13, [sp, #160]\n\t ldp d14, d15, [sp, #176]\n\t add sp, sp, #208\n\t ret\n"
        "3:\t mov x0, sp\n\t" VARIABLE(x3, trouble_sp) "mov sp, x3\n\t bl wrong_stack\n"
        "landed:\t mov x0, sp\n\t" VARIABLE(x3, fresh_sp) "mov sp, x3\n\t mov x29, #0\n\t bl begin\n");
static const char *const NAMES[] = { "", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "d8",
                                     "d9", "d10", "d11", "d12", "d13", "d14", "d15", "sp", "fpcr", "stack" };
enum { CONTROL = 21 };
static const uint32_t GO_ON[] = { 0x58000050, 0xd61f0200, 0, 0 }; /* ldr x16, 8 bytes on; br x16 */
enum { WHERE_TO = 8 };
static uint8_t *const LANDING = (uint8_t *)0x1200000080; /* some kernels give a program 512 GiB of addresses only */
#define PC(context) ((context)->uc_mcontext.pc)

static void set_control(int me)
{
    uint64_t fpcr = (uint64_t)(me + 1) << 22;
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
}
static unsigned wrong_control(int me)
{
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return (unsigned)((fpcr >> 22 & 3) != (uint64_t)(me + 1)) << CONTROL;
}
#endif

static void end(void)
{
    printf("saved %ld\nlost", (long)(sp_at_switch[0] - (uint64_t)sp[0]));
    for (unsigned i = 1; i < sizeof NAMES / sizeof *NAMES; i++)
        if (lost >> i & 1)
            printf(" %s", NAMES[i]);
    printf("\nproof %u\n", (unsigned)proof);
    fflush(stdout);
    _exit(0);
}

static void trouble(const char *what, long number)
{
    printf("trouble %s %ld %d %d %d\n", what, number, turns, from, to);
    end();
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    dprintf(1, "broke %d %llu %llu %d %d %d\n", number, (unsigned long long)PC((ucontext_t *)context),
            (unsigned long long)(uintptr_t)info->si_addr, turns, from, to);
    _exit(0);
}

/* It came back, and the stack pointer is not what it was. */
__attribute__((used)) void wrong_stack(uint64_t got)
{
    trouble(got == sp_at_switch[from] ? "stayed" : "moved", (long)(got - expected_sp));
}

static void side(int me)
{
    static uint32_t dice = 1;
    set_control(me);
    while (turns < TURNS) {
        dice = dice * 1103515245 + 12345;
        int next = turns < THREADS - 1 ? turns + 1 : (me + 1 + (int)(dice >> 16 & 1)) % THREADS;
        turns++, from = me, to = next;
        expected_sp = sp_at_switch[next];
        fresh_sp = (uint64_t)(stacks[next] + STACK - 16 * next); /* no two alike in their last bits: `and $-64` may be luck */
        unsigned wrong = switch_once(&sp[me], sp[next], (uint64_t)(me + 1) << 24, &sp_at_switch[me]);
        wrong |= wrong_control(me);
        lost |= wrong;
        proof = (proof ^ nonce) * 31 + (uint32_t)turns + wrong;
    }
    end();
}

/* A thread's first moment: got is the stack pointer with which it came off the chute. */
__attribute__((used)) void begin(uint64_t got)
{
    uint64_t kept = (uint64_t)sp[from], was = sp_at_switch[from];
    if (to != begun)
        trouble("again", 0);
    if (kept == 0 || kept > was || kept + STACK < was)
        trouble(kept ? "elsewhere" : "unwritten", (long)kept);
    long pushed = (long)(was - kept), popped = (long)(got - (uint64_t)(chute + CHUTE / 16));
    if (pushed != popped)
        trouble("moved", popped - pushed);
    begun++;
    side(to);
}

int main(void)
{
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    struct itimerval once = { .it_value = { 0, CPU_US } };
    static const int FATAL[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGVTALRM };
    for (size_t i = 0; i < sizeof FATAL / sizeof *FATAL; i++)
        sigaction(FATAL[i], &action, NULL);
    if (scanf("%u", &nonce) != 1)
        nonce = 0;
    uint8_t *page = mmap(LANDING - 0x80, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    void (*target)(void) = landed;
    if (page == MAP_FAILED)
        return 1;
    memcpy(LANDING, GO_ON, sizeof GO_ON);
    memcpy(LANDING + WHERE_TO, &target, sizeof target);
    mprotect(page, 4096, PROT_READ | PROT_EXEC);
    __builtin___clear_cache((char *)page, (char *)page + 4096);
    for (int i = 0; i < CHUTE / 8; i++)
        chute[i] = (uint64_t)LANDING;
    sp[1] = sp[2] = chute + CHUTE / 16;
    trouble_sp = (uint64_t)(stacks[THREADS] + STACK);
    setitimer(ITIMER_VIRTUAL, &once, NULL);
    side(0);
}
