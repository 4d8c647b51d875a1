/* Everything at once: threads that create and join others, lock, allocate, print, note and yield, in an order drawn by lot. Reads:
 * a seed, rounds. Prints how often the locked counter was raised, and how often it should have been. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uthread.h"

enum { LOCKS = 3, DEEPEST = 3, PARENTS = 4 };
static uthread_mutex_t locks[LOCKS] = { UTHREAD_MUTEX("p"), UTHREAD_MUTEX("q"), UTHREAD_MUTEX("r") };
static volatile long counters[LOCKS];
static int rounds;

struct task {
    unsigned seed;
    int deep;
    long raised; /* how often this one and those that it has made have raised a counter */
};

static unsigned drawn(struct task *task) /* not rand(): that has a lock of the C library's */
{
    task->seed = task->seed * 1103515245u + 12345u;
    return task->seed >> 16;
}

static void *work(void *arg);

static void one(struct task *task)
{
    unsigned which = drawn(task) % LOCKS;
    switch (drawn(task) % 7) {
    case 0:
        uthread_yield();
        break;
    case 1:
    case 2:
        uthread_mutex_lock(&locks[which]);
        for (long seen = counters[which], i = drawn(task) % 2000; i >= 0; i--)
            counters[which] = seen + 1;
        if (drawn(task) % 4 == 0)
            uthread_yield();
        uthread_mutex_unlock(&locks[which]);
        task->raised++;
        break;
    case 3: {
        size_t bytes = drawn(task) % 5000 + 1;
        char *room = malloc(bytes);
        memset(room, 1, bytes);
        free(room);
        break;
    }
    case 4:
        uthread_note("on we go");
        break;
    case 5:
        uthread_no_preempt_begin();
        for (volatile int i = 0; i < 2000; i++)
            ;
        uthread_no_preempt_end();
        break;
    default:
        if (task->deep < DEEPEST) {
            struct task child = { drawn(task), task->deep + 1, 0 };
            uthread_join(uthread_create(NULL, work, &child));
            task->raised += child.raised;
        }
    }
}

static void *work(void *arg)
{
    struct task *task = arg;
    int times = rounds >> 2 * task->deep;
    for (int i = 0; i < times; i++)
        one(task);
    return arg;
}

int main(void)
{
    unsigned seed;
    struct task tasks[PARENTS];
    uthread_t parents[PARENTS];
    long raised = 0, counted = 0;
    if (scanf("%u %d", &seed, &rounds) != 2)
        return 1;
    for (unsigned i = 0; i < PARENTS; i++) {
        tasks[i] = (struct task){ seed + i, 0, 0 };
        parents[i] = uthread_create(NULL, work, &tasks[i]);
    }
    for (int i = 0; i < PARENTS; i++) {
        uthread_join(parents[i]);
        raised += tasks[i].raised;
    }
    for (int i = 0; i < LOCKS; i++)
        counted += counters[i];
    printf("%ld %ld\n", counted, raised);
    return 0;
}
