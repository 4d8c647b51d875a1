/* Threads of our own: many of them on one thread of the operating system (N:1).
 *
 * A thread is a stack and a struct. While it runs, its registers are the processor's; while it does not, they lie on its
 * stack, and the struct knows where. To switch is to put one set away and take another: uthread_switch, in assembly, or
 * the C library's swapcontext, which does the same and one system call for the signal mask. Nobody but this file decides
 * who runs next: the run queue is first come, first served.
 *
 * With UTHREAD_TIMER_US in the environment a timer sends SIGALRM that often, and the handler switches: then a thread may
 * lose the processor between any two instructions of the program. Without it, threads run until they give it up.
 *
 * At first reading skip what begins with record_, count_call and TOOL_: that is for traces and tools.
 * Not done: priorities, condition variables, sleeping, blocking system calls (one stops all threads: that is N:1).
 */
#define _GNU_SOURCE
#include "uthread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "inside.h"
#include "registers.h"
#include "tools.h"

enum { STACK_BYTES = 64 << 10, STACK_MIN = 16 << 10 /* a signal saves up to 11 KiB of registers there */ };

struct thread {
    uthread_t tid;
    enum state state;
    void *sp;            /* uthread_switch: where its registers lie while it does not run */
    ucontext_t *context; /* swapcontext: the registers themselves */
    ucontext_t *frame;   /* if the timer took the processor away: all registers, as the kernel put them on its stack */
    int no_preempt;      /* how deep it is in critical sections, while it does not run */
    void *(*fn)(void *);
    void *arg, *result;
    char *stack; /* lowest address: the guard page, then stack_bytes of stack */
    size_t stack_bytes;
    struct thread *next;          /* behind it in the run queue or in a wait queue */
    uthread_t joins;              /* whose end it waits for, */
    const uthread_mutex_t *wants; /* or which mutex */
    struct queue joiner;          /* who waits for its end: nobody or one, */
    uthread_t joined_by;          /* and who that was, even when it waits no more; 0: nobody yet */
    void *tool;                   /* what a sanitizer keeps for it: tools.h */
};

size_t uthread_stack_bytes = STACK_BYTES;
const int machine_number = 1;

static struct thread *slots;              /* a thread's slot is its tid modulo ROWS */
static struct thread *current, *previous; /* who runs; who ran before it, */
static enum cause why;                    /* and why that one stopped */
static struct queue runq;
static int last_tid, alive = 1 /* threads that have not ended */, by_swapcontext, timer_us;

/* ---- Critical sections: while no_preempt is not 0, the timer only leaves a note that it was there. */

static volatile sig_atomic_t no_preempt, tick_pending;

static void preempt(void), deadlock(void);

void enter(void)
{
    no_preempt++;
    atomic_signal_fence(memory_order_seq_cst); /* Why: the compiler must not move what follows to before this line */
    /* Stacks are only changed by switch_to: whoever has come here on another's has used longjmp, and would spoil both. */
    if (current->stack && (size_t)((char *)__builtin_frame_address(0) - current->stack) > rec->page_bytes + current->stack_bytes)
        fail(__builtin_return_address(0), "runs on a stack that is not its own: longjmp cannot go from thread to thread");
}

void leave(void)
{
    atomic_signal_fence(memory_order_seq_cst);
    while (--no_preempt == 0 && tick_pending) { /* a tick has come meanwhile: now it is served */
        no_preempt = 1;
        preempt();
    }
}

void uthread_no_preempt_begin(void) { no_preempt++; }

void uthread_no_preempt_end(void)
{
    if (no_preempt == 0)
        fail(__builtin_return_address(0), "ends a critical section that it has not begun");
    leave();
}

/* ---- The switch. Invariant: no_preempt is at least 1 from the choice of the next thread until it has arrived. */

static void append(struct queue *queue, struct thread *thread)
{
    thread->next = NULL;
    if (queue->first)
        queue->last->next = thread;
    else
        queue->first = thread;
    queue->last = thread;
}

static struct thread *take_first(struct queue *queue)
{
    struct thread *first = queue->first;
    if (first)
        queue->first = first->next;
    return first;
}

static uint64_t registers_of(const struct thread *thread, uint64_t *registers)
{
    if (thread->frame || by_swapcontext)
        return registers_of_context(thread->frame ? thread->frame : thread->context, registers, thread->frame != NULL);
    return registers_of_switch(thread->sp, registers);
}

/* The first thing a thread does when it has the processor again: say who had it before, whose registers are now at rest. */
static void arrive(void)
{
    TOOL_ARRIVE(current->tool);
    no_preempt = current->no_preempt;
    /* The kernel blocks SIGALRM until its handler returns, lest ticks pile up on a stack. The mask is the OS thread's: who comes
     * after a thread that was interrupted, and returns from no handler itself, must lift it. (swapcontext has done so.) */
    if (previous->frame && !current->frame && !by_swapcontext)
        unblock(SIGALRM);
    if (recording()) {
        struct event *event = record(SWITCH, previous->tid);
        event->other = current->tid;
        event->cause = why;
        event->state = previous->state;
        event->known = registers_of(previous, event->registers);
        walk(event->registers[REG_FRAME], event->registers[REG_PC], row_of(previous->tid), event->frames, CALLERS);
        publish(event);
    }
}

static void switch_to(struct thread *next, enum cause cause)
{
    struct thread *me = current;
    next->state = RUNNING;
    if (next == me)
        return;
    me->no_preempt = no_preempt;
    previous = me; /* Invariant: previous and why are all that crosses over: behind the switch stands another thread */
    why = cause;
    current = next;
    TOOL_LEAVE(me->state == EXITED ? NULL : &me->tool, next->tool, next->tid);
    if (by_swapcontext) {
        count_call(RT_SIGPROCMASK);
        swapcontext(me->context, next->context);
    } else {
        uthread_switch(&me->sp, next->sp);
    }
    arrive(); /* some time later: another thread has switched to us */
}

/* Let the next runnable thread run. The caller has said by its state, and by a queue, what is to become of it. */
static void give_up(enum cause cause)
{
    struct thread *next = take_first(&runq);
    next ? switch_to(next, cause) : deadlock();
}

static void preempt(void)
{
    tick_pending = 0;
    current->state = RUNNABLE;
    append(&runq, current);
    give_up(PREEMPT);
}

void wait_in(struct queue *queue, const uthread_mutex_t *mutex)
{
    append(queue, current);
    current->state = BLOCKED;
    current->wants = mutex;
    give_up(BLOCK);
}

uthread_t wake_first(struct queue *queue)
{
    struct thread *thread = take_first(queue);
    if (!thread)
        return 0;
    thread->state = RUNNABLE;
    append(&runq, thread);
    record_text(WAKEUP, thread->tid, current->tid, NULL, NULL);
    return thread->tid;
}

/* ---- The timer. */

static void on_tick(int number, siginfo_t *info, void *context)
{
    int kept = errno; /* one errno for all our threads: it belongs to the OS thread */
    uint64_t registers[REGISTERS];
    registers_of_context(context, registers, 1);
    count_call(RT_SIGRETURN);
    record_text(TIMER, current->tid, 0, NULL, NULL);
    /* Why in_program: a thread inside printf or malloc has the C library's data half changed, and its locks belong to the
     * OS thread, so they would let our other threads in. Go's isAsyncSafePoint asks the same of a program counter. */
    /* current->frame: it is still on its way out of its last handler, and who ran before it has let SIGALRM through. */
    if (no_preempt || current->frame || !in_program(registers[REG_PC])) {
        tick_pending = 1;
    } else {
        enter();
        current->frame = context;
        preempt();
        no_preempt = 0; /* not leave(): a tick that came meanwhile waits for the next one, not on this stack */
        errno = kept;
        current->frame = NULL;
    }
}

static void start_timer(void)
{
    struct sigaction action = { .sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART };
    struct timeval interval = { timer_us / 1000000, timer_us % 1000000 };
    struct itimerval every = { interval, interval };
    sigaction(SIGALRM, &action, NULL);
    count_call(SETITIMER);
    setitimer(ITIMER_REAL, &every, NULL);
}

/* ---- A thread's life. */

static struct thread *find(uthread_t tid)
{
    struct thread *thread = &slots[(unsigned)tid % ROWS];
    return tid > 0 && thread->tid == tid && thread->state != FREE ? thread : NULL;
}

/* Where every thread begins: on its own stack, with no_preempt held by whoever switched to it. */
static void entry(void)
{
    arrive();
    leave();
    uthread_exit(current->fn(current->arg));
}

/* A stack of its own, with a page below it that nobody may touch: whoever needs more stack than there is runs into it. */
static int make_stack(struct thread *thread)
{
    size_t page = rec->page_bytes, wanted = uthread_stack_bytes < STACK_MIN ? STACK_MIN : uthread_stack_bytes;
    thread->stack_bytes = (wanted + page - 1) / page * page;
    char *low = mmap(NULL, page + thread->stack_bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (thread->stack_bytes == 0 || low == MAP_FAILED || mprotect(low, page, PROT_NONE))
        return 0;
    count_call(MMAP), count_call(MPROTECT);
    thread->stack = low;
    char *high = low + page + thread->stack_bytes;
    TOOL_NEW_STACK(thread->tool, low + page, high);
    if (by_swapcontext) {
        thread->context = (ucontext_t *)(high - (sizeof(ucontext_t) + 15) / 16 * 16);
        getcontext(thread->context);
        count_call(RT_SIGPROCMASK);
        thread->context->uc_stack = (stack_t){ .ss_sp = low + page, .ss_size = (char *)thread->context - (low + page) };
        makecontext(thread->context, entry, 0);
    } else {
        thread->sp = registers_make(high, entry);
    }
    return 1;
}

uthread_t uthread_create(const char *name, void *(*fn)(void *), void *arg)
{
    enter();
    struct thread *thread = NULL;
    if (!fn)
        fail(__builtin_return_address(0), "creates a thread that has no function to run");
    for (int i = 0; i < ROWS && (!thread || thread->state != FREE); i++)
        thread = &slots[++last_tid % ROWS];
    if (thread->state != FREE)
        fail(__builtin_return_address(0), "creates a thread while %d are there: join some first", ROWS);
    *thread = (struct thread){ .tid = last_tid, .no_preempt = 1, .fn = fn, .arg = arg };
    if (!make_stack(thread))
        fail(__builtin_return_address(0), "creates a thread: no memory for its stack of %zu bytes", uthread_stack_bytes);
    thread->state = RUNNABLE;
    alive++;
    record_thread(thread->tid, name, current->tid, fn, thread->stack, thread->stack_bytes);
    append(&runq, thread);
    if (timer_us && last_tid == 2)
        start_timer();
    leave();
    return thread->tid;
}

void uthread_exit(void *result)
{
    enter();
    current->result = result;
    current->state = EXITED;
    record_maps(); /* Why here: now all stacks are still there */
    record_stack_use(current->tid);
    record_text(EXIT, current->tid, 0, NULL, NULL);
    wake_first(&current->joiner);
    if (--alive == 0)
        exit(0); /* main has left with uthread_exit, and this was the last thread */
    give_up(ENDED);
    __builtin_unreachable();
}

void *uthread_join(uthread_t tid)
{
    const void *caller = __builtin_return_address(0);
    enter();
    struct thread *thread = find(tid);
    if (!thread)
        fail(caller, "joins thread '%s' (tid %d), which %s", uthread_name(tid), tid,
             tid > 0 && tid <= last_tid ? "was joined before" : "was never created");
    if (thread == current)
        fail(caller, "joins itself: it would wait for its own end for ever");
    if (thread->joined_by)
        fail(caller, "joins thread '%s', which '%s' joins already", uthread_name(tid), uthread_name(thread->joined_by));
    thread->joined_by = current->tid;
    if (thread->state != EXITED) {
        record_text(WAIT, current->tid, tid, NULL, NULL);
        current->joins = tid;
        wait_in(&thread->joiner, NULL);
    }
    void *result = thread->result;
    if (thread->stack && munmap(thread->stack, rec->page_bytes + thread->stack_bytes) == 0) /* main has none of ours */
        count_call(MUNMAP);
    TOOL_OLD_STACK(thread->tool);
    thread->state = FREE;
    leave();
    return result;
}

void uthread_yield(void)
{
    enter();
    current->state = RUNNABLE;
    append(&runq, current);
    give_up(YIELD);
    leave();
}

void uthread_yield_to(uthread_t tid)
{
    enter();
    struct thread *thread = find(tid), **link = &runq.first, *before = NULL;
    if (!thread || thread->state == EXITED)
        fail(__builtin_return_address(0), "wants to switch to thread %d, which has ended or was never created", tid);
    while (*link && *link != thread)
        before = *link, link = &(*link)->next;
    if (thread != current && *link) { /* not blocked: take it out of the queue */
        *link = thread->next;
        if (runq.last == thread)
            runq.last = before;
        current->state = RUNNABLE;
        append(&runq, current);
        switch_to(thread, YIELD);
    }
    leave();
}

uthread_t uthread_self(void) { return current->tid; }

__attribute__((constructor(103))) static void begin(void)
{
    static ucontext_t mains;
    const char *timer = getenv("UTHREAD_TIMER_US"), *by = getenv("UTHREAD_SWITCH");
    by_swapcontext = by && strcmp(by, "swapcontext") == 0;
    timer_us = timer ? atoi(timer) : 0;
    slots = calloc(ROWS, sizeof *slots);
    last_tid = 1;
    current = &slots[1]; /* main runs already, on the stack that the kernel gave the process */
    *current = (struct thread){ .tid = 1, .state = RUNNING, .context = &mains };
    record_thread(1, "main", 0, NULL, NULL, 0);
}

static void deadlock(void)
{
    for (struct thread *t = slots; t < slots + ROWS; t++)
        if (t->state == BLOCKED && !t->wants) {
            say("; '%s' waits for the end of '%s'", uthread_name(t->tid), uthread_name(t->joins));
        } else if (t->state == BLOCKED) {
            const struct thread *owner = find(t->wants->owner);
            say("; '%s' waits for %s, which '%s' %s", uthread_name(t->tid), mutex_name(t->wants),
                uthread_name(t->wants->owner), owner && owner->state != EXITED ? "has" : "had when it ended");
        }
    fail_as(DEADLOCK, NULL, "no thread can run");
}

void machine_look(void)
{
    for (struct thread *t = slots; t < slots + ROWS; t++)
        if (t->state != FREE) {
            struct row *row = row_of(t->tid);
            uint64_t registers[REGISTERS];
            row->state = t->state;
            if (t != current && t->state != EXITED) {
                registers_of(t, registers);
                row->sp = registers[REG_STACK];
                walk(registers[REG_FRAME], registers[REG_PC], row, row->frames, FRAMES);
            }
        }
}
