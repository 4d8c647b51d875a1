/* Variables of every kind, shown by two threads, with pointers from one to another. main holds a mutex until all stacks are there
 * and the map of them is copied. */
#include <stdlib.h>

#include "uthread.h"

static const int limit = 3;
static int begun = 2;
static int counter;
static double ratio = 0.5;
static __thread int own = 4;
static int *made;
static uthread_mutex_t begin = UTHREAD_MUTEX("begin");

static void wait_for_all(void)
{
    uthread_mutex_lock(&begin);
    uthread_mutex_unlock(&begin);
}

static void deeper(int n, int *up)
{
    int local = n * 10;
    UTHREAD_SHOW(local);
    UTHREAD_SHOW(up);
    if (n > 1) {
        uthread_yield();
        deeper(n - 1, &local);
    }
}

static void *work(void *arg)
{
    int mine = 1;
    int *p = arg;
    wait_for_all();
    UTHREAD_SHOW(mine);
    UTHREAD_SHOW(p);
    UTHREAD_SHOW(*p);
    UTHREAD_SHOW(own);
    UTHREAD_SHOW(counter);
    deeper(3, &mine);
    return NULL;
}

static void *returns(void *arg)
{
    wait_for_all();
    deeper(1, arg);
    uthread_yield();
    int after = 6;
    UTHREAD_SHOW(after);
    return arg;
}

static void *silent(void *arg)
{
    wait_for_all();
    return arg;
}

int main(void)
{
    int x = 4, *nothing = NULL;
    const char *word = "hello";
    void *(*function)(void *) = work;
    made = malloc(sizeof *made);
    *made = 77;
    UTHREAD_SHOW(limit);
    UTHREAD_SHOW(begun);
    UTHREAD_SHOW(counter);
    UTHREAD_SHOW(ratio);
    UTHREAD_SHOW(own);
    UTHREAD_SHOW(x);
    UTHREAD_SHOW(nothing);
    UTHREAD_SHOW(word);
    UTHREAD_SHOW(function);
    UTHREAD_SHOW(made);
    UTHREAD_SHOW(*made);
    uthread_mutex_lock(&begin);
    uthread_t all[] = { uthread_create("A", work, &x), uthread_create("B", work, &x), uthread_create("C", returns, &begun),
                        uthread_create("D", silent, NULL) };
    uthread_show_maps();
    uthread_mutex_unlock(&begin);
    for (int i = 0; i < 4; i++)
        uthread_join(all[i]);
    free(made);
    return 0;
}
