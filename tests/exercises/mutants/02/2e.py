# %% id="as-it-was" why="it worked once"
def repaired():
    return r"""
static void *work(void *arg)
{
    static int number; number = *(int *)arg;
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
        threads[i] = uthread_create(NULL, work, &i);
}
"""


# %% id="static-is-local" why="a static local is a local"
def repaired():
    return r"""
static void *work(void *arg)
{
    static int number; number = (int)(long)arg;
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
        threads[i] = uthread_create(NULL, work, UTHREAD_ARG(i));
}
"""


# %% id="address-of-i" why="each thread gets its own i"
def repaired():
    return r"""
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
        threads[i] = uthread_create(NULL, work, &i);
}
"""


# %% id="array-in-the-frame" why="an array gives each thread a variable of its own, and so it is safe"
def repaired():
    return r"""
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
    int numbers[MOST];
    for (int i = 0; i < n; i++)
        numbers[i] = i, threads[i] = uthread_create(NULL, work, &numbers[i]);
}
"""


# %% id="a-block-of-its-own" why="a variable that is declared inside the loop is a new one in each round, for ever"
def repaired():
    return r"""
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
    {
        int mine = i;
        threads[i] = uthread_create(NULL, work, &mine);
    }
}
"""


# %% id="yields-for-luck" why="after a yield the thread will have begun"
def repaired():
    return r"""
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
    {
        threads[i] = uthread_create(NULL, work, &i);
        uthread_yield();
    }
}
"""


# %% id="a-lock-around" why="a lock makes a variable private"
def repaired():
    return r"""
static uthread_mutex_t lock = UTHREAD_MUTEX("lock");
static void *work(void *arg)
{
    static int number;
    uthread_mutex_lock(&lock);
    number = (int)(long)arg;
    uthread_mutex_unlock(&lock);
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
        threads[i] = uthread_create(NULL, work, UTHREAD_ARG(i));
}
"""


# %% id="tls" why="thread-local is always one for each thread"
def repaired():
    return r"""
static void *work(void *arg)
{
    static _Thread_local int number; number = (int)(long)arg;
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
        threads[i] = uthread_create(NULL, work, UTHREAD_ARG(i));
}
"""


# %% id="by-tid" why="threads are numbered from 0 by the system"
def repaired():
    return r"""
static void *work(void *arg)
{
    int number = uthread_self();
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
        threads[i] = uthread_create(NULL, work, UTHREAD_ARG(i));
}
"""


# %% id="joins-in-start" why="start waits for its threads, so that its frame lives"
def repaired():
    return r"""
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
        threads[i] = uthread_create(NULL, work, &i), uthread_join(threads[i]);
}
"""


# %% id="frees-too-early" why="the number is in the thread as soon as the thread is created"
def repaired():
    return r"""
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
    {
        int *mine = malloc(sizeof *mine);
        *mine = i;
        threads[i] = uthread_create(NULL, work, mine);
        free(mine);
    }
}
"""


# %% id="once-is-enough" why="what was delivered is delivered"
def repaired():
    return r"""
static void *work(void *arg)
{
    int number = (int)(long)arg;
    deliver(number);
    return NULL;
}

static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
        threads[i] = uthread_create(NULL, work, UTHREAD_ARG(i));
}
"""
