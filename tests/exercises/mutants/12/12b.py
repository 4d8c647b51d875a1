# %% id="voluntary-preempts" why="voluntary means that the kernel lets itself be preempted"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "bell", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return "cond_resched();"


# %% id="kthreads-are-preemptable" why="a kthread is preempted like everything else"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "bell", "voluntary": "bell", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return "cond_resched();"


# %% id="never-preempted" why="kernel code is never preempted"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "hog"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return "cond_resched();"


# %% id="takes-the-last" why="who speaks last has won"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in reversed(texts) if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return "cond_resched();"


# %% id="any-line-with-the-word" why="a line about the bell is the bell's"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next(("bell" if "bell" in text else "hog" for text in texts if "bell" in text or "hog" in text), None)


def polite():
    """A C statement for the hog's loop."""
    return "cond_resched();"


# %% id="takes-the-first-line" why="the first line of the log is by one of the two"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return texts[0].split(":")[0] if texts else None


def polite():
    """A C statement for the hog's loop."""
    return "cond_resched();"


# %% id="no-cond-resched" why="a busy loop that relaxes the CPU is polite"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return 'cpu_relax();'


# %% id="might-sleep-is-enough" why="might_sleep() offers the processor in every boot"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return 'might_sleep();'


# %% id="preempt-enable-is-enough" why="preempt_enable() is a place where preemption happens, so it happens in every boot"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return 'preempt_disable(); preempt_enable();'


# %% id="sleeps-instead" why="a loop is polite if it sleeps in every round"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return 'msleep(1);'


# %% id="rings-itself" why="the hog may as well ring"
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    return {"none": "hog", "voluntary": "hog", "full": "bell"}


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)


def polite():
    """A C statement for the hog's loop."""
    return 'WRITE_ONCE(rung, 1);'
