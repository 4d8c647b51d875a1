/* Ten thousand threads that live at once: ns for each to be created, to be joined, and bytes of memory while all of them wait. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "uthread.h"

enum { MANY = 10000 };
static uthread_mutex_t gate = UTHREAD_MUTEX("gate");
static volatile int waiting;
static uthread_t threads[MANY];

static void *work(void *arg)
{
    __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    uthread_mutex_lock(&gate);
    uthread_mutex_unlock(&gate);
    return arg;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static long resident(void)
{
    long whole = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld", &whole, &pages) != 2)
        return 0;
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

int main(void)
{
    uthread_mutex_lock(&gate);
    long before = resident();
    double start = now();
    for (int i = 0; i < MANY; i++)
        threads[i] = uthread_create("t", work, NULL);
    double made = now();
    while (waiting < MANY)
        uthread_yield();
    long after = resident();
    uthread_mutex_unlock(&gate);
    double let_go = now();
    for (int i = 0; i < MANY; i++)
        uthread_join(threads[i]);
    double joined = now();
    printf("%f %f %f\n", (made - start) / MANY, (joined - let_go) / MANY, (double)(after - before) / MANY);
    return 0;
}
