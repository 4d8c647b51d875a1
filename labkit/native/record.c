/* Keeps what happened: see record.h. Everything here may be called from a signal handler, and on several processors at once. */
#define _GNU_SOURCE
#include "record.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct recording *rec;

/* Addresses that the linker knows. */
extern const char __executable_start[], etext[], edata[], end[];

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* no system call: the vDSO answers, vdso(7) */
    return (uint64_t)t.tv_sec * 1000000000u + t.tv_nsec;
}

enum { WRITING = 63 }; /* this bit of an event's number is set until the event is whole */
enum { TRIES = 16 };

/* The next place in the ring whose last event is whole. Race: a writer may be held up in the middle of its event until the
 * others have come round to it. Then they go past: its place is given to nobody before it is ready. */
static struct event *take_place(void)
{
    static __thread struct event dropped; /* a tiny ring, and all of it held up: this event is lost */
    for (int i = 0; i < TRIES; i++) {
        uint64_t place = atomic_fetch_add_explicit(&rec->next, 1, memory_order_relaxed);
        struct event *event = &rec->ring[place & (rec->capacity - 1)];
        uint64_t before = atomic_load_explicit(&event->number, memory_order_acquire);
        if (!(before >> WRITING) && before <= place &&
            atomic_compare_exchange_strong(&event->number, &before, (place + 1) | 1ull << WRITING))
            return event;
    }
    return &dropped;
}

struct event *record(enum kind kind, uthread_t tid)
{
    struct event *event = take_place();
    atomic_thread_fence(memory_order_release); /* first the number with its bit, then what it protects */
    event->t_ns = now_ns() - rec->start_ns;
    event->kind = kind;
    event->cause = event->state = 0;
    event->cpu = machine_number == 1 ? 0 : sched_getcpu();
    event->tid = tid;
    event->other = 0;
    event->address = event->known = 0;
    return event;
}

void publish(struct event *event)
{
    uint64_t number = atomic_load_explicit(&event->number, memory_order_relaxed);
    atomic_store_explicit(&event->number, number & ~(1ull << WRITING), memory_order_release);
}

void record_text(enum kind kind, uthread_t tid, uthread_t other, const void *address, const char *text)
{
    if (!recording())
        return;
    struct event *event = record(kind, tid);
    event->other = other;
    event->address = (uint64_t)address;
    event->text[0] = 0;
    if (text)
        strncat(event->text, text, sizeof event->text - 1);
    publish(event);
}

/* ---- A row for each thread. */

struct row *row_of(uthread_t tid) { return &rec->rows[(unsigned)tid % ROWS]; }

const char *uthread_name(uthread_t tid) { return tid > 0 && row_of(tid)->tid == tid ? row_of(tid)->name : "?"; }

void uthread_set_name(uthread_t tid, const char *name)
{
    char *own = row_of(tid)->name;
    snprintf(own, NAME_BYTES, "%s", name ? name : "?");
    for (; *own; own++)
        if ((unsigned char)*own < ' ')
            *own = '?'; /* no line breaks in messages */
}

static __thread char thread_local_byte; /* its address says where this OS thread's thread-local variables are */

struct row *record_thread(uthread_t tid, const char *name, uthread_t parent, void *(*fn)(void *), char *stack, size_t bytes)
{
    struct row *row = row_of(tid);
    uint64_t low = (uint64_t)stack + (stack ? rec->page_bytes : 0);
    *row = (struct row){ .tid = tid, .state = RUNNABLE, .parent = parent, .fn = (uint64_t)fn,
                         .guard_bytes = stack ? rec->page_bytes : 0, .stack_low = low, .stack_high = low + bytes };
    int n = tid - 2; /* the first after main is A */
    if (name)
        uthread_set_name(tid, name);
    else
        snprintf(row->name, NAME_BYTES, n < 26 ? "%c" : "%c%d", 'A' + n % 26, n / 26);
    for (uint32_t last = rec->last_tid; last < (uint32_t)tid;) /* two pthreads may create at the same time */
        if (atomic_compare_exchange_weak(&rec->last_tid, &last, tid))
            break;
    if (tid == 1)
        record_os_thread(1);
    record_text(SPAWN, tid, parent, fn, row->name);
    return row;
}

void record_os_thread(uthread_t tid)
{
    row_of(tid)->tls = (uint64_t)&thread_local_byte;
    row_of(tid)->os_tid = syscall(SYS_gettid);
}

/* How much of its stack a thread has used: a stack begins as zeros, so the lowest word that is none was in use.
 * The kernel measures its own stacks so (stack_not_used, CONFIG_DEBUG_STACK_USAGE). */
void record_stack_use(uthread_t tid)
{
    struct row *row = row_of(tid);
    if (!recording() || !row->guard_bytes)
        return;
    const uint64_t *word = (const uint64_t *)row->stack_low, *high = (const uint64_t *)row->stack_high;
    while (word < high && *word == 0)
        word++;
    row->stack_used = (const char *)high - (const char *)word;
}

/* Switches of the calling OS thread: the two counters of /proc/self/task/TID/status, which vanishes with the thread. */
void record_rusage(uthread_t tid)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    row_of(tid)->voluntary = usage.ru_nvcsw;
    row_of(tid)->involuntary = usage.ru_nivcsw;
}

/* ---- What the program itself wants told. */

void uthread_note(const char *text) { record_text(NOTE, uthread_self(), 0, NULL, text); }

/* The frames of those who called the function at `frame`, as walk() finds them; but here for main too, of whose stack we know
 * no bounds: the chain ends where it leaves the program. */
static void callers_of(uint64_t frame, uint64_t *pcs, uint64_t *bases)
{
    for (int n = 0; n < FRAMES; n++) {
        const uint64_t *at = (const uint64_t *)frame;
        if (!in_program(at[1]) || at[0] <= frame)
            return;
        pcs[n] = at[1];
        bases[n] = frame = at[0];
    }
}

void uthread_show_as(const char *name, const volatile void *address, size_t size, int type)
{
    if (!recording())
        return;
    struct event *event = record(PLACE, uthread_self());
    event->other = (int32_t)size;
    event->address = (uint64_t)address;
    memset(&event->place, 0, sizeof event->place);
    strncat(event->place.name, name, PLACE_BYTES - 1);
    event->place.type = type | LOCALS_BELOW << 8;
    if (type) /* Why: an address that was given by hand may be one that nobody can read, as in a guard page */
        memcpy(&event->known, (const void *)address, size < sizeof event->known ? size : sizeof event->known);
    callers_of((uint64_t)__builtin_frame_address(0), event->place.pcs, event->place.bases);
    publish(event);
}

void uthread_show(const char *name, const volatile void *address, size_t size)
{
    uthread_show_as(name, address, size, 0);
}

/* A copy of /proc/self/maps: the last one asked for, else the first that was taken by itself. */
static void copy_maps(int asked)
{
    static atomic_flag busy = ATOMIC_FLAG_INIT; /* pthreads may end at the same time, each on a processor of its own */
    if (!recording() || (rec->maps_bytes && !asked))
        return;
    while (atomic_flag_test_and_set(&busy))
        if (asked)
            sched_yield();
        else
            return;
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    uint64_t bytes = 0;
    ssize_t n;
    while (fd >= 0 && (n = read(fd, rec->maps + bytes, MAPS_BYTES - bytes)) > 0)
        bytes += n;
    rec->maps_bytes = bytes;
    if (fd >= 0)
        close(fd);
    atomic_flag_clear(&busy);
}

void record_maps(void) { copy_maps(0); }

void uthread_show_maps(void)
{
    uthread_no_preempt_begin(); /* Why: another of our threads would wait here for ever */
    copy_maps(1);
    uthread_no_preempt_end();
}

int in_program(uint64_t pc) { return pc >= (uint64_t)__executable_start && pc < (uint64_t)etext; }

/* ---- The beginning and the end. LABKIT_RECORD_FD is a file of labkit's, as long as struct recording and its ring. */

__attribute__((constructor(102))) static void begin(void)
{
    const char *fd = getenv("LABKIT_RECORD_FD"), *capacity = getenv("LABKIT_RECORD_EVENTS");
    size_t events = fd && capacity ? strtoul(capacity, NULL, 10) : 0;
    size_t bytes = sizeof *rec + events * sizeof(struct event);
    rec = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
               events ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, events ? atoi(fd) : -1, 0);
    if (rec == MAP_FAILED) {
        perror("labkit: no memory to keep what happens");
        _exit(1);
    }
    if (events) {
        close(atoi(fd));
        if (madvise(rec, bytes, MADV_REMOVE)) /* a run before this one may have used the same file: begin with zeros */
            memset(rec, 0, bytes);
    }
    rec->capacity = events;
    rec->format = RECORD_FORMAT;
    rec->page_bytes = sysconf(_SC_PAGESIZE);
    rec->machine = machine_number;
    rec->start_ns = now_ns();
    rec->text = (uint64_t)__executable_start;
    rec->text_end = (uint64_t)etext;
    rec->data_end = (uint64_t)edata;
    rec->bss_end = (uint64_t)end;
}

__attribute__((destructor)) static void finish(void)
{
    uthread_no_preempt_begin(); /* the C library goes about its last work */
    record_maps();
    record_where(uthread_self()); /* whoever called exit */
    record_text(EXIT, uthread_self(), 0, NULL, NULL);
    record_rusage(uthread_self());
}
