/* Ten thousand threads that live at once: ns for each to be created and to be joined; bytes for each while all of them wait, its
 * own, and the kernel's for it: a stack inside the kernel, and page tables (of the whole machine: others may change them too). */
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

static long in_kernel(void)
{
    char line[128];
    long sum = 0, kib;
    FILE *file = fopen("/proc/meminfo", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "KernelStack: %ld", &kib) == 1 || sscanf(line, "PageTables: %ld", &kib) == 1)
            sum += kib << 10;
    if (file)
        fclose(file);
    return sum;
}

int main(void)
{
    uthread_mutex_lock(&gate);
    long before = resident(), kernels = in_kernel();
    double start = now();
    for (int i = 0; i < MANY; i++)
        threads[i] = uthread_create("t", work, NULL);
    double made = now();
    while (waiting < MANY)
        uthread_yield();
    long after = resident(), kernels_then = in_kernel();
    uthread_mutex_unlock(&gate);
    double let_go = now();
    for (int i = 0; i < MANY; i++)
        uthread_join(threads[i]);
    double joined = now();
    printf("%f %f %f %f\n", (made - start) / MANY, (joined - let_go) / MANY, (double)(after - before) / MANY,
           (double)(kernels_then - kernels) / MANY);
    return 0;
}
