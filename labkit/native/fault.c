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
static const int FATAL[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP, SIGTERM };
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

/* Where the calling thread was interrupted, and who called that. First by what cannot go wrong, as a stack may be in ruins;
 * then the C library is asked, which can look through its own functions too. */
static void frames_here(const uint64_t *registers, struct row *row)
{
    void *all[FRAMES + 4];
    uint64_t pc = registers[REG_PC];
    walk(registers[REG_FRAME], pc ? pc : 1, row, row->frames, FRAMES); /* 0 would be no frame at all */
    if (!in_program(pc)) { /* it has jumped to nowhere, or is in the C library: whoever called may be told by the call alone */
        memmove(row->frames + 2, row->frames + 1, (FRAMES - 2) * sizeof *row->frames);
        row->frames[1] = return_address(registers, row->stack_low, row->stack_high);
    }
    int n = backtrace(all, FRAMES + 4), first = 0;
    while (first < n && (uint64_t)all[first] != pc)
        first++;
    if (first + 1 >= n)
        return;
    for (int i = 1; i < FRAMES; i++) {
        int interrupted = first + i < n && returns_from_signal((uint64_t)all[first + i - 1]);
        row->frames[i] = first + i < n ? (uint64_t)all[first + i] + interrupted : 0; /* Why: whoever reads takes 1 away */
    }
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
    rec->fault.registers[REG_FRAME] = (uint64_t)__builtin_frame_address(0);
    frames_here(rec->fault.registers, row);
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

/* Whose stack was here? Of threads that have ended: "" if nobody's. */
static const char *once_stack_of(uint64_t address)
{
    for (uint32_t i = 1; i <= rec->last_tid && i < ROWS; i++)
        if (rec->rows[i].guard_bytes && address >= rec->rows[i].stack_low && address < rec->rows[i].stack_high)
            return rec->rows[i].name;
    return "";
}

/* SIGSEGV and SIGBUS: what was done to which address. */
static void describe_access(const siginfo_t *info, const uint64_t *registers, enum access access, const char *name)
{
    unsigned long address = (unsigned long)info->si_addr;
    const char *gone = once_stack_of(address), *did = access == WRITES ? "writes to" : access == READS ? "reads" : "touches";
    if (info->si_code == SEGV_MAPERR && *gone)
        say("thread '%s' %s address 0x%lx: there was the stack of thread '%s', which has ended", name, did, address, gone);
    else if (info->si_code != SI_KERNEL && address == registers[REG_PC])
        say("thread '%s' jumps to address 0x%lx, where no code is: %s", name, address, strsignal(info->si_signo));
    else if (info->si_code != SI_KERNEL)
        say("thread '%s' %s address 0x%lx, where it may not: %s", name, did, address, strsignal(info->si_signo));
    else if (in_program(registers[REG_PC]) && returns(registers))
        say("thread '%s' returns to an address that is none: its stack was overwritten", name);
    else if (in_program(registers[REG_PC]) && privileged(registers))
        say("thread '%s' has an instruction that only the kernel may use: %s", name, strsignal(info->si_signo));
    else
        say("thread '%s' uses an address that no memory can have: %s", name, strsignal(info->si_signo));
}

/* The kernel could not put a signal's registers onto this stack: too little of it is left. */
static int no_room(const siginfo_t *info, const struct row *row, uint64_t sp)
{
    return info->si_code == SI_KERNEL && row->guard_bytes && sp >= row->stack_low && sp < row->stack_low + NEAR / 4;
}

static void describe(int number, const siginfo_t *info, const uint64_t *registers, enum access access)
{
    int by_processor = info->si_code > 0; /* not by raise or kill */
    uint64_t sp = registers[REG_STACK], address = number == SIGSEGV && by_processor ? (uint64_t)info->si_addr : 0;
    uthread_t self = uthread_self(), guard = address ? guarded_by(address, sp) : 0;
    struct row *row = row_of(guard ? guard : self);
    if (number == SIGSEGV && no_room(info, row, sp))
        guard = self;
    rec->fault.signal = number;
    rec->fault.tid = self;
    rec->fault.address = address;
    rec->fault.said[0] = 0;
    rec->fault.trouble = guard == self && guard ? OVERFLOW : SIGNAL;
    if (guard == self && guard)
        say("thread '%s' has used up its stack of %lu KiB: ", row->name,
            (unsigned long)(row->stack_high - row->stack_low) >> 10);
    if (guard == self && guard && address)
        say("address 0x%lx is in its guard page", (unsigned long)address);
    else if (guard == self && guard)
        say("no room is left for the registers that a signal saves");
    else if (guard)
        say("thread '%s' touches 0x%lx, the guard page of thread '%s'", row_of(self)->name, (unsigned long)address, row->name);
    else if ((number == SIGSEGV || number == SIGBUS) && by_processor)
        describe_access(info, registers, access, row->name);
    else if (number == SIGSYS)
        say("thread '%s' starts or signals another process, which is refused here (system call %d)", row->name,
            info->si_syscall);
    else if (number == SIGFPE && info->si_code == FPE_INTDIV)
        say("thread '%s' divides a whole number by zero: %s", row->name, strsignal(number));
    else
        say("thread '%s': %s", row->name, strsignal(number));
}

void record_where(uthread_t tid)
{
    uint64_t registers[REGISTERS] = { [REG_FRAME] = (uint64_t)__builtin_frame_address(0),
                                      [REG_PC] = (uint64_t)__builtin_return_address(0) };
    frames_here(registers, row_of(tid));
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
    if (atomic_exchange(&first, 1)) { /* another OS thread is telling it already */
        frames_here(registers, row);
        rec->fault.looked++;
        for (;;)
            pause();
    }
    memcpy(rec->fault.registers, registers, sizeof registers);
    describe(number, info, registers, access_of_context(context));
    if (number != SIGTERM)
        tell();
    frames_here(registers, row); /* Why so late: on a stack in ruins even this may fail, and then all is said already */
    record_maps();
    if (number == SIGTERM)
        look_around();
    signal(number, SIG_DFL);
    raise(number); /* the default action ends the process once this handler returns: it is masked until then */
}

__attribute__((constructor(104))) static void begin(int argc, char **argv)
{
    (void)argc;
    void *ignored[1];
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    struct rlimit stack = { 0, 0 };
    struct row *row = row_of(1);
    sigaddset(&action.sa_mask, SIGALRM);
    backtrace(ignored, 1); /* Why: the first call loads a library; in a signal handler that would be too late */
    getrlimit(RLIMIT_STACK, &stack);
    row->stack_high = ((uint64_t)argv | 0xfff) + 1; /* above argv stands only what main was called with */
    row->stack_low = row->stack_high - (stack.rlim_cur == RLIM_INFINITY ? 8 << 20 : stack.rlim_cur);
    alternate_stack();
    for (size_t i = 0; i < sizeof FATAL / sizeof *FATAL; i++)
        sigaction(FATAL[i], &action, NULL);
    prctl(PR_SET_NAME, "main"); /* for ps; and whoever counts system calls sees here that the program itself begins */
}
