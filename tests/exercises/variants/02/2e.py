# %% id="on-the-heap" why="a piece of heap for each thread, freed by the thread"
def repaired():
    return r"""
static void *work(void *arg)
{
    int number = *(int *)arg;
    free(arg);
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
    {
        int *mine = malloc(sizeof *mine);
        *mine = i;
        threads[i] = uthread_create(NULL, work, mine);
    }
}
"""


# %% id="a-global-array" why="a static array lives as long as the program, and each thread has its own place in it"
def repaired():
    return r"""
static int numbers[MOST];

static void *work(void *arg)
{
    int number = *(int *)arg;
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
        numbers[i] = i, threads[i] = uthread_create(NULL, work, &numbers[i]);
}
"""


# %% id="a-handshake" why="start goes on when the thread says that it has read i"
def repaired():
    return r"""
static volatile int taken;

static void *work(void *arg)
{
    int number = *(int *)arg;
    taken = 1;
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
    {
        taken = 0;
        threads[i] = uthread_create(NULL, work, &i);
        while (!taken)
            uthread_yield();
    }
}
"""
