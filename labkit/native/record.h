/* What happened, for whoever reads it afterwards: memory that the program shares with labkit, so that it outlives a crash.
 *
 * One struct recording: facts about the program, a row for each thread, the last fault, and a lock-free ring of events.
 * labkit/native/recording.py reads it; the two files change together, and RECORD_FORMAT with them. Without labkit beside it
 * the program runs all the same: the rows are kept for messages, and no ring is written.
 */
#ifndef RECORD_H
#define RECORD_H

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "ours.h"
#include "uthread.h"

enum { RECORD_FORMAT = 2, REGISTERS = 36, ROWS = 16384, NAME_BYTES = 24, FRAMES = 12, CALLERS = 6, PLACE_BYTES = 88 };
enum { MAPS_BYTES = 256 << 10, SAID_BYTES = 1024 };

enum kind { SWITCH = 1, WAKEUP, SPAWN, EXIT, WAIT, ACQUIRE, CONTEND, RELEASE, TIMER, NOTE, PLACE };
enum cause { START = 0, YIELD, PREEMPT, BLOCK, WAKE, ENDED };
enum state { FREE = 0, RUNNABLE, RUNNING, BLOCKED, EXITED };
enum call { RT_SIGPROCMASK, RT_SIGRETURN, SETITIMER, MMAP, MPROTECT, MUNMAP, CALLS }; /* those that a machine makes itself */
enum trouble { NONE = 0, SIGNAL, OVERFLOW, MISUSE, DEADLOCK };

/* LOCALS_BELOW: a function's variables lie below its frame pointer, else above it.
 * Registers by number: x86_64 rax rbx rcx rdx rsi rdi rbp rsp r8..r15 rip rflags, then as below; aarch64 x0..x30 sp pc pstate. */
#if defined(__x86_64__)
enum { LOCALS_BELOW = 1, REG_FRAME = 6, REG_STACK = 7, REG_PC = 16, REG_MASK = 18, REG_FLOAT = 19, REG_X87 = 20 };
#elif defined(__aarch64__)
#ifdef __clang__
enum { LOCALS_BELOW = 1 };
#else
enum { LOCALS_BELOW = 0 }; /* GCC puts the frame record at the bottom of a frame, Clang at its top */
#endif
enum { REG_FRAME = 29, REG_STACK = 31, REG_PC = 32, REG_MASK = 34, REG_FLOAT = 35 };
#else
#error "labkit's C threads know x86_64 and aarch64"
#endif

struct event {
    _Atomic uint64_t number; /* its place in the run plus 1, written last: a reader sees from it that the event is whole */
    uint64_t t_ns;
    uint16_t kind, cause, state, cpu;
    int32_t tid, other; /* other: the next thread of a switch, who woke, who holds the lock */
    uint64_t address;   /* of a lock or a place */
    uint64_t known;     /* bit n: register n was saved */
    uint64_t frames[CALLERS]; /* where the thread that leaves will go on, and its callers, innermost first */
    union {
        uint64_t registers[REGISTERS];
        char text[8 * REGISTERS];
        struct {
            char name[PLACE_BYTES];
            uint64_t type; /* __builtin_classify_type and LOCALS_BELOW << 8; type 0: not told, and no value is kept in `known` */
            uint64_t pcs[FRAMES], bases[FRAMES]; /* frames of who shows it, innermost first: return address, frame pointer */
        } place;
    };
};

struct row { /* one thread, as it was last seen */
    char name[NAME_BYTES];
    _Atomic int32_t os_tid; /* of the OS thread that carries this thread and no other; 0: none does */
    int32_t tid;
    _Atomic int32_t state;
    int32_t parent;
    uint64_t guard_bytes, stack_low, stack_high, stack_used; /* the guard page ends where the stack begins */
    uint64_t tls, fn;
    uint64_t voluntary, involuntary; /* switches of its OS thread, as the kernel counted them */
    uint64_t sp, frames[FRAMES];     /* where it was, innermost first */
};

struct recording {
    uint32_t format, machine, page_bytes;
    _Atomic uint32_t last_tid;
    uint64_t capacity; /* events in the ring, a power of two; 0: nobody reads */
    uint64_t start_ns, text, text_end, data_end, bss_end;
    _Atomic uint64_t next; /* events so far */
    _Atomic uint64_t calls[8];
    struct {
        _Atomic int32_t trouble, looked;
        int32_t signal, tid;
        uint64_t address, registers[REGISTERS];
        char said[SAID_BYTES];
    } fault;
    _Atomic uint64_t maps_bytes;
    char maps[MAPS_BYTES];
    struct row rows[ROWS];
    struct event ring[];
};

/* recording.py counts on these. */
_Static_assert(sizeof(struct event) == 384 && sizeof(struct row) == 208, "the layout that recording.py reads");
_Static_assert(offsetof(struct recording, fault) == 136 && offsetof(struct recording, maps) == 1480, "so is this");

extern struct recording *rec;

/* Begin an event: fill it, then publish it. The place in the ring is taken with one atomic addition, so a signal handler
 * or another processor that comes in between takes the next one, and nobody waits: not even for a writer who never ends. */
struct event *record(enum kind kind, uthread_t tid);
void publish(struct event *event);
static inline int recording(void) { return rec->capacity != 0; }
static inline void count_call(enum call which) { atomic_fetch_add_explicit(&rec->calls[which], 1, memory_order_relaxed); }

struct row *row_of(uthread_t tid);
struct row *record_thread(uthread_t tid, const char *name, uthread_t parent, void *(*fn)(void *), char *stack, size_t bytes);
void record_os_thread(uthread_t tid); /* the calling OS thread is, or carries, this thread */
void record_stack_use(uthread_t tid);
void record_rusage(uthread_t tid);
void record_maps(void);
void record_where(uthread_t tid); /* where the calling thread is just now, and who called that */
void record_text(enum kind kind, uthread_t tid, uthread_t other, const void *address, const char *text);

void walk(uint64_t frame_pointer, uint64_t pc, const struct row *row, uint64_t *frames, int most);
int in_program(uint64_t pc);

void unblock(int number); /* let a signal through: one system call */
void alternate_stack(void); /* where signal handlers run when a thread has used up its own stack; one for each OS thread */
const char *mutex_name(const uthread_mutex_t *mutex);
void say(const char *what, ...) __attribute__((format(printf, 1, 2))); /* add to what fail will say */
void fail(const void *caller, const char *what, ...) __attribute__((noreturn, format(printf, 2, 3)));
void fail_as(enum trouble trouble, const void *caller, const char *what, ...) __attribute__((noreturn, format(printf, 3, 4)));

void machine_look(void); /* each machine: write into the rows where its threads are */
extern const int machine_number; /* 1: uthread.c, 2: pthreads.c */

#endif
