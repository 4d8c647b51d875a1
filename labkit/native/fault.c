/* What is said when a program goes wrong: which thread, what it did, and where everybody was.
 *
 * One line on stderr for a person; the same, with registers and return addresses, into the recording, from which labkit
 * finds function and line. A thread that has used up its stack cannot even call a signal handler on it: handlers run on an
 * alternate stack, one for each OS thread, sigaltstack(2).
 */
#define _GNU_SOURCE
#include <execinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "record.h"
#include "registers.h"

enum { ALTERNATE_BYTES = 128 << 10, EXIT_MISUSE = 70, LOOK_MS = 200 };
static const int FATAL[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTERM };
static const uint64_t NEAR = 1 << 16;

void unblock(int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    count_call(RT_SIGPROCMASK);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void alternate_stack(void)
{
    stack_t stack = { .ss_size = ALTERNATE_BYTES };
    stack.ss_sp = mmap(NULL, ALTERNATE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack.ss_sp != MAP_FAILED)
        sigaltstack(&stack, NULL);
}

const char *mutex_name(const uthread_mutex_t *mutex)
{
    static __thread char text[64];
    if (mutex->name)
        snprintf(text, sizeof text, "mutex %s", mutex->name);
    else
        snprintf(text, sizeof text, "mutex at %p", (void *)mutex);
    return text;
}

static void add(const char *what, va_list values)
{
    size_t n = strlen(rec->fault.said);
    vsnprintf(rec->fault.said + n, SAID_BYTES - n, what, values);
}

void say(const char *what, ...)
{
    va_list values;
    va_start(values, what);
    add(what, values);
    va_end(values);
}

static void tell(void)
{
    char line[SAID_BYTES + 64];
    int n = snprintf(line, sizeof line, "uthread: %s\n", rec->fault.said);
    if (write(STDERR_FILENO, line, n < (int)sizeof line ? n : (int)sizeof line - 1) < 0)
        return; /* nobody listens */
}

static void fail_with(enum trouble trouble, const void *caller, const char *what, va_list values)
{
    struct row *row = row_of(uthread_self());
    char rest[SAID_BYTES];
    strcpy(rest, rec->fault.said); /* what say() has gathered comes last */
    rec->fault.said[0] = 0;
    say("thread '%s' ", row->name);
    if (trouble == DEADLOCK)
        strcpy(rec->fault.said, "deadlock: ");
    add(what, values);
    say("%s", rest);
    rec->fault.tid = uthread_self();
    rec->fault.registers[REG_PC] = (uint64_t)caller;
    record_maps();
    machine_look();
    walk((uint64_t)__builtin_frame_address(0), 0, row, row->frames, FRAMES);
    rec->fault.trouble = trouble;
    fflush(stdout);
    tell();
    _exit(EXIT_MISUSE);
}

void fail(const void *caller, const char *what, ...)
{
    va_list values;
    va_start(values, what);
    fail_with(MISUSE, caller, what, values);
    __builtin_unreachable();
}

void fail_as(enum trouble trouble, const void *caller, const char *what, ...)
{
    va_list values;
    va_start(values, what);
    fail_with(trouble, caller, what, values);
    __builtin_unreachable();
}

/* Return addresses of a thread that rests, along the chain of frame pointers: each points to the caller's, and above it lies the
 * return address. All our code, and the program's, is compiled with -fno-omit-frame-pointer for this. */
void walk(uint64_t frame, uint64_t pc, const struct row *row, uint64_t *frames, int most)
{
    int n = 0;
    frames[n++] = pc;
    uint64_t low = row->stack_low, high = row->stack_high;
    while (n < most && frame >= low && frame + 16 <= high && frame % 8 == 0) {
        const uint64_t *at = (const uint64_t *)frame;
        if (at[1])
            frames[n++] = at[1];
        if (at[0] <= frame)
            break;
        frame = at[0];
    }
    while (n < most)
        frames[n++] = 0;
}

/* Return addresses of the calling thread, interrupted at pc: the C library can look through its own functions too. */
static void frames_here(uint64_t pc, uint64_t *frames)
{
    void *all[FRAMES + 4];
    int n = backtrace(all, FRAMES + 4), first = 0;
    while (first < n && (uint64_t)all[first] != pc)
        first++;
    frames[0] = pc;
    for (int i = 1; i < FRAMES; i++)
        frames[i] = first + i < n ? (uint64_t)all[first + i] : 0;
}

/* Whose guard page is this? 0: nobody's. main's is the gap that the kernel leaves below the process's stack. */
static uthread_t guarded_by(uint64_t address, uint64_t sp)
{
    for (uint32_t tid = 1; tid <= rec->last_tid; tid++) {
        struct row *row = row_of(tid);
        if (row->guard_bytes && address >= row->stack_low - row->guard_bytes && address < row->stack_low)
            return row->tid;
    }
    int at_the_end = address < row_of(1)->stack_low + 4 * NEAR && address + NEAR > sp && address < sp + NEAR;
    return uthread_self() == 1 && at_the_end;
}

static void describe(int number, const siginfo_t *info, uint64_t sp)
{
    uint64_t address = number == SIGSEGV || number == SIGBUS ? (uint64_t)info->si_addr : 0;
    uthread_t self = uthread_self(), guard = number == SIGSEGV ? guarded_by(address, sp) : 0;
    struct row *row = row_of(guard ? guard : self);
    rec->fault.signal = number;
    rec->fault.tid = self;
    rec->fault.address = address;
    rec->fault.said[0] = 0;
    if (guard == self && guard)
        say("thread '%s' has used up its stack of %lu KiB: address 0x%lx is in its guard page", row->name,
            (unsigned long)(row->stack_high - row->stack_low) >> 10, (unsigned long)address);
    else if (guard)
        say("thread '%s' touches 0x%lx, the guard page of thread '%s'", row_of(self)->name, (unsigned long)address, row->name);
    else if (address || number == SIGSEGV || number == SIGBUS)
        say("thread '%s' touches address 0x%lx, where it may not: %s", row->name, (unsigned long)address, strsignal(number));
    else if (number == SIGSYS)
        say("thread '%s' starts or signals another process, which is refused here (system call %d)", row->name,
            info->si_syscall);
    else
        say("thread '%s': %s", row->name, strsignal(number));
    rec->fault.trouble = guard == self && guard ? OVERFLOW : SIGNAL;
}

/* Every OS thread writes down where it is: the first one that gets here asks the others, and waits for them a moment. */
static void look_around(void)
{
    const struct timespec ms = { .tv_nsec = 1000000 };
    int others = 0, self = syscall(SYS_gettid);
    machine_look();
    for (uint32_t tid = 1; tid <= rec->last_tid; tid++) {
        struct row *row = row_of(tid);
        if (row->os_tid && row->os_tid != self && row->state != EXITED)
            others += syscall(SYS_tgkill, getpid(), row->os_tid, SIGTERM) == 0;
    }
    for (int i = 0; i < LOOK_MS && others > 0 && (int)rec->fault.looked < others; i++)
        nanosleep(&ms, NULL);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    static atomic_int first = 0;
    uint64_t registers[REGISTERS] = { 0 };
    uthread_no_preempt_begin();
    registers_of_context(context, registers, 1);
    struct row *row = row_of(uthread_self());
    row->sp = registers[REG_STACK];
    frames_here(registers[REG_PC], row->frames);
    if (atomic_exchange(&first, 1)) { /* another OS thread is telling it already */
        rec->fault.looked++;
        for (;;)
            pause();
    }
    memcpy(rec->fault.registers, registers, sizeof registers);
    describe(number, info, registers[REG_STACK]);
    record_maps();
    if (number == SIGTERM)
        look_around();
    else
        tell();
    signal(number, SIG_DFL);
    raise(number); /* the default action ends the process once this handler returns: it is masked until then */
}

__attribute__((constructor(104))) static void begin(void)
{
    void *ignored[1];
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    struct rlimit stack = { 0, 0 };
    struct row *row = row_of(1);
    sigaddset(&action.sa_mask, SIGALRM);
    backtrace(ignored, 1); /* Why: the first call loads a library; in a signal handler that would be too late */
    getrlimit(RLIMIT_STACK, &stack);
    row->stack_high = ((uint64_t)__builtin_frame_address(0) | 0xfff) + 1;
    row->stack_low = row->stack_high - (stack.rlim_cur == RLIM_INFINITY ? 8 << 20 : stack.rlim_cur);
    alternate_stack();
    for (size_t i = 0; i < sizeof FATAL / sizeof *FATAL; i++)
        sigaction(FATAL[i], &action, NULL);
    prctl(PR_SET_NAME, "main"); /* for ps; and whoever counts system calls sees here that the program itself begins */
}
