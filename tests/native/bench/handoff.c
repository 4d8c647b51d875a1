/* ns for each hand-off between two threads of the operating system, by semaphores. Reads: the CPU of the one and of the other. */
#define _GNU_SOURCE
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "uthread.h"

enum { HANDOFFS = 4000, ROUNDS = 10 };
static sem_t ping, pong;
static int cpus[2];

static void pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void *answer(void *arg)
{
    pin(cpus[1]);
    for (int i = 0; i < HANDOFFS / 2 * ROUNDS; i++) {
        sem_wait(&ping);
        sem_post(&pong);
    }
    return arg;
}

static int ascending(const void *a, const void *b) { return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b); }

int main(void)
{
    double seen[ROUNDS];
    if (scanf("%d %d", &cpus[0], &cpus[1]) != 2)
        return 1;
    sem_init(&ping, 0, 0);
    sem_init(&pong, 0, 0);
    uthread_t thread = uthread_create(NULL, answer, NULL);
    pin(cpus[0]);
    for (int round = 0; round < ROUNDS; round++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        for (int i = 0; i < HANDOFFS / 2; i++) {
            sem_post(&ping);
            sem_wait(&pong);
        }
        clock_gettime(CLOCK_MONOTONIC, &b);
        seen[round] = ((b.tv_sec - a.tv_sec) * 1e9 + b.tv_nsec - a.tv_nsec) / HANDOFFS;
    }
    uthread_join(thread);
    qsort(seen, ROUNDS, sizeof(double), ascending);
    printf("%f\n", seen[ROUNDS / 2]);
    return 0;
}
