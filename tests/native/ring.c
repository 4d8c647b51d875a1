/* Threads that write remarks into the ring as fast as they can. Each is long, and says the same at its beginning and at its
 * end: half of one and half of another would show. Reads: threads, remarks of each. */
#include <stdio.h>
#include <string.h>

#include "uthread.h"

enum { MOST = 16, LONG = 270 };
static int threads, remarks;

static void *work(void *arg)
{
    int number = (int)(long)arg;
    char text[LONG + 1];
    for (int i = 0; i < remarks; i++) {
        memset(text, 'a' + number, LONG);
        text[LONG] = 0;
        for (int n = i, at = 0; at < 8; n /= 10, at++)
            text[7 - at] = text[LONG - 1 - at] = (char)('0' + n % 10);
        uthread_note(text);
    }
    return arg;
}

int main(void)
{
    uthread_t made[MOST];
    if (scanf("%d %d", &threads, &remarks) != 2)
        return 1;
    for (long i = 0; i < threads; i++)
        made[i] = uthread_create(NULL, work, (void *)i);
    for (int i = 0; i < threads; i++)
        uthread_join(made[i]);
    return 0;
}
