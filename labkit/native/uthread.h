/* Threads for a C program: the same few calls on two machines.
 *
 * uthread.c keeps all threads on one thread of the operating system (N:1): it switches between them itself, when a thread
 * asks for it, and with a timer at any instruction. pthreads.c hands every call on to the C library's pthreads (1:1). A
 * program is compiled once and linked with the one or the other. names/pthread.h maps pthread's own names onto these.
 *
 * Wrong use (joining twice, unlocking somebody else's mutex, a deadlock) ends the program with a message that names the
 * thread. uthread.c is read by students: see READING-ORDER.
 */
#ifndef UTHREAD_H
#define UTHREAD_H

#include <stddef.h>

typedef int uthread_t; /* a thread's number: main is 1, and no number is given twice */

/* A mutex, all zero before its first use. Its name is shown in traces and messages. */
typedef struct {
    const char *name;
    uthread_t owner; /* 0: nobody */
    long room[6];    /* what the machine keeps in it */
} uthread_mutex_t;
#define UTHREAD_MUTEX(its_name) { .name = (its_name) }

extern size_t uthread_stack_bytes; /* stack of the threads created from now on; 64 KiB at first */

uthread_t uthread_create(const char *name, void *(*fn)(void *), void *arg); /* name NULL: "A", "B", ... */
void *uthread_join(uthread_t thread);                                      /* what fn returned; once for each thread */
void uthread_exit(void *result) __attribute__((noreturn));
void uthread_yield(void);
void uthread_yield_to(uthread_t thread); /* N:1: this thread next; 1:1: a wish nobody can grant, a plain yield */
uthread_t uthread_self(void);
const char *uthread_name(uthread_t thread);
void uthread_set_name(uthread_t thread, const char *name);

void uthread_mutex_lock(uthread_mutex_t *mutex);
int uthread_mutex_trylock(uthread_mutex_t *mutex); /* 1: it is ours now */
void uthread_mutex_unlock(uthread_mutex_t *mutex);

/* Hold off the timer between the two; they nest. Nothing can hold off the operating system: on 1:1 they do nothing. */
void uthread_no_preempt_begin(void);
void uthread_no_preempt_end(void);

/* For the reader of the trace: a remark; where a variable lies and what it holds; what stands in memory just now. */
void uthread_note(const char *text);
void uthread_show(const char *name, const volatile void *address, size_t size);
void uthread_show_as(const char *name, const volatile void *address, size_t size, int type); /* of __builtin_classify_type */
void uthread_show_maps(void);
#define UTHREAD_SHOW(variable) uthread_show_as(#variable, &(variable), sizeof(variable), __builtin_classify_type(variable))

/* For a pointer as argument and result: a whole number that travels in it. */
#define UTHREAD_ARG(number) ((void *)(long)(number))

#endif
