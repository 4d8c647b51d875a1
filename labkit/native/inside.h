/* What uthread.c offers to those who build on it: critical sections, and waiting in a queue. mutex.c needs no more, and a
 * semaphore or a condition variable would not either. */
#ifndef INSIDE_H
#define INSIDE_H

#include "record.h"

struct queue {
    struct thread *first, *last;
};

void enter(void); /* from here on the timer only leaves a note; it nests */
void leave(void);

/* Both inside a critical section. Wait: block the current thread in the queue; it goes on when somebody has woken it.
 * Wake: make the first who waits runnable; its tid, or 0 if nobody waits. */
void wait_in(struct queue *queue, const uthread_mutex_t *mutex);
uthread_t wake_first(struct queue *queue);

#endif
