/* The calls of uthread.h, each handed on to the C library: every thread is a thread of the operating system (1:1).
 *
 * The operating system schedules them, on several processors at once, and tells nobody. So the trace has what the program
 * itself did: threads begin, wait, are woken and end. Who could run and did not is in the kernel's counters.
 * Beside the pthread calls this file keeps what messages and traces need: names, owners, who waits for whom.
 */
#define _GNU_SOURCE
#include "uthread.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

_Static_assert(sizeof(pthread_mutex_t) <= sizeof(((uthread_mutex_t *)0)->room), "a pthread mutex has room in ours");

size_t uthread_stack_bytes = 64 << 10;
const int machine_number = 2;

struct thread {
    pthread_t handle;
    void *(*fn)(void *);
    void *arg;
    uthread_t tid;
    atomic_int joiner; /* who joins it, or has joined it; 0: nobody yet */
    int joined;        /* all is over: its slot may be taken */
};
static struct thread *slots; /* a thread's slot is its tid modulo ROWS */
static atomic_int last_tid = 1;
static __thread struct thread *me;

uthread_t uthread_self(void) { return me ? me->tid : 1; }

/* sched_switch of one processor: from a thread to nobody, or from nobody to a thread. */
static void record_switch(uthread_t from, uthread_t to, enum state state, enum cause cause)
{
    if (!recording())
        return;
    struct event *event = record(SWITCH, from);
    event->other = to;
    event->state = state;
    event->cause = cause;
    publish(event);
}

static void sleep_begins(uthread_t for_thread, uthread_mutex_t *mutex)
{
    uthread_t self = uthread_self();
    record_text(WAIT, self, for_thread, mutex, mutex ? mutex->name : NULL);
    row_of(self)->state = BLOCKED;
    record_switch(self, 0, BLOCKED, BLOCK);
}

static void sleep_ends(void)
{
    uthread_t self = uthread_self();
    row_of(self)->state = RUNNING;
    record_text(WAKEUP, self, 0, NULL, NULL);
    record_switch(0, self, RUNNABLE, WAKE);
}

static void at_end(void *ignored)
{
    (void)ignored;
    uthread_t self = uthread_self();
    struct row *row = row_of(self);
    record_maps(); /* Why here: now all stacks are still there */
    record_stack_use(self);
    record_rusage(self);
    record_text(EXIT, self, 0, NULL, NULL);
    row->state = EXITED;
    record_switch(self, 0, EXITED, ENDED);
}

static void *body(void *self)
{
    me = self;
    void *result;
    pthread_attr_t attributes;
    struct row *row = row_of(me->tid);
    record_os_thread(me->tid);
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) { /* what the C library really gave it */
        void *low;
        size_t bytes, guard;
        pthread_attr_getstack(&attributes, &low, &bytes);
        pthread_attr_getguardsize(&attributes, &guard);
        pthread_attr_destroy(&attributes);
        row->stack_low = (uint64_t)low;
        row->stack_high = (uint64_t)low + bytes;
        row->guard_bytes = guard;
    }
    alternate_stack();
    pthread_setname_np(pthread_self(), row->name);
    row->state = RUNNING;
    record_switch(0, me->tid, RUNNABLE, START);
    pthread_cleanup_push(at_end, NULL);
    result = me->fn(me->arg);
    pthread_cleanup_pop(1);
    return result;
}

static size_t most(size_t a, size_t b) { return a > b ? a : b; }

uthread_t uthread_create(const char *name, void *(*fn)(void *), void *arg)
{
    uthread_t tid = 0;
    struct thread *thread = NULL;
    pthread_attr_t attributes;
    if (!fn)
        fail(__builtin_return_address(0), "creates a thread that has no function to run");
    for (int i = 0; i < ROWS && (!thread || (thread->tid && !thread->joined)); i++) {
        tid = atomic_fetch_add(&last_tid, 1) + 1;
        thread = &slots[tid % ROWS];
    }
    if (thread->tid && !thread->joined)
        fail(__builtin_return_address(0), "creates a thread while %d are there: join some first", ROWS);
    *thread = (struct thread){ .fn = fn, .arg = arg, .tid = tid };
    record_thread(tid, name, uthread_self(), fn, NULL, 0);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, most((size_t)PTHREAD_STACK_MIN, uthread_stack_bytes));
    int error = pthread_create(&thread->handle, &attributes, body, thread);
    pthread_attr_destroy(&attributes);
    if (error)
        fail(__builtin_return_address(0), "creates a thread: %s", strerror(error));
    return tid;
}

/* Do we wait for a thread that waits for us, itself or through others? Everybody says whom it joins before it looks here, so
 * the last one of a circle sees it. */
static void find_circle(uthread_t tid, const void *caller)
{
    uthread_t self = uthread_self(), who = self;
    while (who && who != tid)
        who = slots[who % ROWS].joiner;
    if (!who)
        return;
    for (who = self; who != tid; who = slots[who % ROWS].joiner)
        say("; '%s' waits for the end of '%s'", uthread_name(slots[who % ROWS].joiner), uthread_name(who));
    say("; '%s' waits for the end of '%s'", uthread_name(self), uthread_name(tid));
    fail_as(DEADLOCK, caller, "threads join each other in a circle");
}

void *uthread_join(uthread_t tid)
{
    struct thread *thread = &slots[(unsigned)tid % ROWS];
    const void *caller = __builtin_return_address(0);
    if (tid <= 0 || tid > last_tid)
        fail(caller, "joins thread '?' (tid %d), which was never created", tid);
    if (tid == uthread_self())
        fail(caller, "joins itself: it would wait for its own end for ever");
    int nobody = 0;
    if (thread->tid != tid || thread->joined)
        fail(caller, "joins thread '%s' (tid %d), which was joined before", uthread_name(tid), tid);
    if (!atomic_compare_exchange_strong(&thread->joiner, &nobody, uthread_self()))
        fail(caller, "joins thread '%s', which '%s' joins already", uthread_name(tid), uthread_name(thread->joiner));
    void *result;
    int waits = pthread_tryjoin_np(thread->handle, &result) != 0;
    if (waits) {
        sleep_begins(tid, NULL);
        find_circle(tid, caller);
        int error = pthread_join(thread->handle, &result);
        if (error)
            fail(caller, "joins thread '%s': %s", uthread_name(tid), strerror(error));
        sleep_ends();
    }
    row_of(tid)->os_tid = 0;
    thread->joined = 1;
    return result;
}

void uthread_exit(void *result)
{
    if (uthread_self() == 1)
        at_end(NULL);
    pthread_exit(result);
}

void uthread_yield(void) { sched_yield(); }

void uthread_yield_to(uthread_t tid)
{
    if (tid <= 0 || tid > last_tid || row_of(tid)->state == EXITED)
        fail(__builtin_return_address(0), "wants to switch to thread %d, which has ended or was never created", tid);
    sched_yield();
}

static pthread_mutex_t *inner(uthread_mutex_t *mutex) { return (pthread_mutex_t *)mutex->room; }

/* Who has it is asked by those who have it not, too: at the same time. */
static uthread_t owner_of(const uthread_mutex_t *mutex) { return __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED); }
static void set_owner(uthread_mutex_t *mutex, uthread_t tid) { __atomic_store_n(&mutex->owner, tid, __ATOMIC_RELAXED); }

int uthread_mutex_trylock(uthread_mutex_t *mutex)
{
    int ours = pthread_mutex_trylock(inner(mutex)) == 0;
    record_text(ours ? ACQUIRE : CONTEND, uthread_self(), owner_of(mutex), mutex, mutex->name);
    if (ours)
        set_owner(mutex, uthread_self());
    return ours;
}

void uthread_mutex_lock(uthread_mutex_t *mutex)
{
    if (owner_of(mutex) == uthread_self())
        fail(__builtin_return_address(0), "locks %s, which it has locked already", mutex_name(mutex));
    if (uthread_mutex_trylock(mutex))
        return;
    sleep_begins(0, mutex);
    pthread_mutex_lock(inner(mutex));
    set_owner(mutex, uthread_self());
    sleep_ends();
    record_text(ACQUIRE, uthread_self(), 0, mutex, mutex->name);
}

void uthread_mutex_unlock(uthread_mutex_t *mutex)
{
    uthread_t owner = owner_of(mutex);
    if (owner != uthread_self())
        fail(__builtin_return_address(0), "unlocks %s, which %s has locked", mutex_name(mutex),
             owner ? uthread_name(owner) : "nobody");
    record_text(RELEASE, uthread_self(), 0, mutex, mutex->name);
    set_owner(mutex, 0);
    pthread_mutex_unlock(inner(mutex));
}

void uthread_no_preempt_begin(void) {}
void uthread_no_preempt_end(void) {}
void machine_look(void) {}

__attribute__((constructor(103))) static void begin(void)
{
    slots = calloc(ROWS, sizeof *slots);
    me = &slots[1];
    *me = (struct thread){ .handle = pthread_self(), .tid = 1 };
    record_thread(1, "main", 0, NULL, NULL, 0);
    row_of(1)->state = RUNNING;
}
