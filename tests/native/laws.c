/* Four threads add to one counter under a mutex, giving the processor away in the middle, and say in which order. */
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, ROUNDS = 25 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counter, inside, most;

static void *work(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&lock);
        if (++inside > most)
            most = inside;
        long read = counter;
        sched_yield();
        counter = read + 1;
        inside--;
        pthread_mutex_unlock(&lock);
        sched_yield();
    }
    return (void *)((long)arg * 10);
}

int main(void)
{
    pthread_t thread[THREADS];
    for (long i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(thread[i], &result);
        printf("%ld ", (long)result);
    }
    printf("counter %ld most %ld\n", counter, most);
    return 0;
}
