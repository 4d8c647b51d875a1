/* One variable of each kind, shown by two threads: labkit must find each in the region where it belongs. */
#include <stdlib.h>

#include "uthread.h"

static const int constant = 1;
static int begun = 2;
static int zero;
static __thread int own = 3;
static int *made;

static void *work(void *arg)
{
    int local = (int)(long)arg;
    UTHREAD_SHOW(local);
    UTHREAD_SHOW(own);
    UTHREAD_SHOW(begun);
    uthread_yield();
    return (void *)(long)(local + own);
}

int main(void)
{
    int mains = 4;
    made = malloc(100);
    uthread_show("constant", &constant, sizeof constant);
    UTHREAD_SHOW(begun);
    UTHREAD_SHOW(zero);
    UTHREAD_SHOW(own);
    UTHREAD_SHOW(mains);
    uthread_show("made", made, 100);
    uthread_show("work", (void *)work, 1);
    uthread_t a = uthread_create("A", work, UTHREAD_ARG(1)), b = uthread_create("B", work, UTHREAD_ARG(2));
    uthread_join(a);
    uthread_join(b);
    free(made);
    return mains - 4 + zero;
}
