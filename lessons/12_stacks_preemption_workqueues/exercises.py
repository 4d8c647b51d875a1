# %% [markdown] id="title"
# # Exercises 12 · Kernel stacks, preemption, workqueues
#
# Five exercises. You count the stack that a chain of calls needs, let three boots of the real kernel decide who rings first,
# write a small workqueue in the simkernel, and at last a whole module for the real kernel: a logger with its kthread, its
# queue, and a stop that loses nothing.
#
# 12b and 12d need the real kernel (`labkit kernel setup`, once). Every run there is a fresh copy of it: what you break is gone
# with the run. Stuck? `hint("12a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
import re
from functools import cache

from labkit import qemu, run
from labkit.course import check, claims_test, hint
from labkit.simkernel import DECLARE_WAIT_QUEUE_HEAD, kthread_run, kthread_should_stop, kthread_stop, msleep, program, wait_event
from labkit.simkernel import wake_up_all

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("12a")

# %% [markdown] id="12a-text"
# ## 12a · A stack budget
#
# A stack of `THREAD_SIZE` bytes; `ENTRY` of them are used before threadfn is called. `sizes` says what one call of each function
# takes, `calls` whom it calls. What does the worst chain need?
#
# - `need(name, sizes, calls)`: bytes of the most expensive chain that begins with `name`. Recursion has no budget: raise
#   ValueError.
# - `worst_chain(name, sizes, calls)`: the names on it. If two cost the same, the one whose callee stands first.
# - `depth_limit(frame, used)`: how many calls of `frame` bytes fit when `used` bytes are taken.
# - `fits(name, sizes, calls)`: whether a kthread with this threadfn has stack enough. The last byte may be used.

# %% id="12a-data"
THREAD_SIZE, ENTRY = 16_384, 224

SIZES = {"worker": 96, "handle": 160, "parse": 1104, "send": 1500, "log": 320, "format": 640}
CALLS = {"worker": ["handle", "log"], "handle": ["send", "parse"], "parse": ["log"], "log": ["format"], "send": [], "format": []}


# %% id="12a-solution" tags=["exercise"]
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    ### BEGIN SOLUTION
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]
    ### END SOLUTION


def need(name, sizes, calls):
    """Bytes of that chain."""
    ### BEGIN SOLUTION
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))
    ### END SOLUTION


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    ### BEGIN SOLUTION
    return max(0, (THREAD_SIZE - used) // frame)
    ### END SOLUTION


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    ### BEGIN SOLUTION
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE
    ### END SOLUTION


# %% id="12a-check" tags=["check"]
check("need('log', SIZES, CALLS)", 960, why="log's own frame stays on the stack while format runs")
check("need('worker', SIZES, CALLS)", 2320, why="only one chain is on the stack at a time: the most expensive one counts")
check("worst_chain('handle', SIZES, CALLS)", ["handle", "parse", "log", "format"], why="send costs more, its chain less")
check("depth_limit(544, 240)", 29, why="what the real kernel reported: 29 calls of rec fitted below eater")
check("fits('worker', SIZES, CALLS)", why="2,320 bytes are far less than what is left")
check("fits('a', {'a': 8000, 'b': 8161}, {'a': ['b'], 'b': []})", False, why="with the entry, one byte too many")
check("need('f', {'f': 8, 'g': 8}, {'f': ['g'], 'g': ['f']})", raises=ValueError, why="f calls g calls f")
### BEGIN HIDDEN TESTS
check("fits('a', {'a': 8000, 'b': 8160}, {'a': ['b'], 'b': []})", why="exactly full is not over: the guard page is not touched")
check("depth_limit(544, 16_000)", 0, why="no call fits")
check("depth_limit(544, 20_000)", 0, why="not fewer than none")
check("depth_limit(8, 0)", 2048, why="a stack that is exactly full")
check("worst_chain('format', SIZES, CALLS)", ["format"], why="a function that calls nobody is a chain of one")
check("worst_chain('f', {'f': 1, 'g': 5, 'h': 5}, {'f': ['g', 'h'], 'g': [], 'h': []})", ["f", "g"], why="equal: the first one")
check(
    "need('a', {'a': 1, 'b': 2, 'c': 4, 'd': 8}, {'a': ['b', 'c'], 'b': ['d'], 'c': ['d'], 'd': []})",
    13,
    why="d is called on two ways, which is no recursion",
)
check("need('f', {'f': 8}, {'f': ['f']})", raises=ValueError, why="a function that calls itself")
### END HIDDEN TESTS

# %% [markdown] id="12b-text"
# ## 12b · Three boots
#
# Hog and bell from the lesson, in the real kernel, one CPU. Three parts:
#
# - `predicted()`: who speaks first in each boot when the hog's loop only works? Write it down *before* you run the check.
# - `first(texts)`: who spoke first, "hog" or "bell", according to the log. Other lines may stand in it. None if neither spoke.
# - `polite()`: a C statement for the hog's loop, so that the bell rings in every boot. The hog must not sleep: when nobody
#   else needs the CPU, it goes on at once.

# %% id="12b-includes"
INCLUDES = r"""
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
"""

# %% id="12b-hog"
HOG = r"""
static int rung;
static int hog_fn(void *data)
{
	unsigned long end = jiffies + HZ / 10, slept = current->nvcsw;

	while (!READ_ONCE(rung) && time_before(jiffies, end)) {
		BODY
	}
	pr_info("hog: %s, slept %lu times\n", READ_ONCE(rung) ? "heard" : "nothing", current->nvcsw - slept);
	return 0;
}"""

# %% id="12b-bell"
BELL = r"""
static int bell_fn(void *data)
{
	msleep(20);
	WRITE_ONCE(rung, 1);
	pr_info("bell: rang\n");
	return 0;
}"""

# %% id="12b-ends"
ENDS = r"""
static struct task_struct *bell, *hog;
static int __init lab_init(void)
{
	bell = get_task_struct(kthread_run(bell_fn, NULL, "bell"));
	hog = get_task_struct(kthread_run(hog_fn, NULL, "hog"));
	return 0;
}
static void __exit lab_exit(void) { kthread_stop(hog); put_task_struct(hog); kthread_stop(bell); put_task_struct(bell); }
module_init(lab_init); module_exit(lab_exit); MODULE_LICENSE("GPL");"""


# %% id="12b-measure"
def load(source, preempt="full", **options):
    """One run of a module in a fresh copy of the real kernel."""
    kernel = qemu.boot(preempt=preempt, tell=lambda text: None)
    return kernel.run_module(source, trace=False, limit_s=3.0, timeout_s=15.0, **options)


def log_of(body, preempt):
    """What the kernel logged with this body in the hog's loop."""
    return [record.text for record in load(INCLUDES + HOG.replace("BODY", body) + BELL + ENDS, preempt, wait_s=0.2).dmesg]


def measure(body):
    """Who spoke first, in each of the three boots."""
    return {preempt: first(log_of(body, preempt)) for preempt in ("none", "voluntary", "full")}


# %% id="12b-solution" tags=["exercise"]
def predicted():
    """Who speaks first when the hog only works: {"none": …, "voluntary": …, "full": …}, each "hog" or "bell"."""
    ### BEGIN SOLUTION
    return {"none": "hog", "voluntary": "hog", "full": "bell"}
    ### END SOLUTION


def first(texts):
    """Who spoke first: "hog", "bell", or None."""
    ### BEGIN SOLUTION
    return next((text.split(":")[0] for text in texts if text.startswith(("hog:", "bell:"))), None)
    ### END SOLUTION


def polite():
    """A C statement for the hog's loop."""
    ### BEGIN SOLUTION
    return "cond_resched();"
    ### END SOLUTION


# %% id="12b-check" tags=["check", "needs-qemu"]
check("first(['lab: loading', 'bell: rang', 'hog: heard, slept 0 times'])", "bell", why="the first of these two")
check("predicted()", {"none": "hog", "voluntary": "hog", "full": "bell"}, why="only full takes the CPU from kernel code")
check("measure('cpu_relax();')", {"none": "hog", "voluntary": "hog", "full": "bell"}, why="what three real boots did", limit_s=60)
check("measure(polite())", {"none": "bell", "voluntary": "bell", "full": "bell"}, why="the loop must ask", limit_s=60)
### BEGIN HIDDEN TESTS
check("first([])", None, why="nobody spoke")
check("first(['hog: nothing, slept 0 times', 'bell: rang'])", "hog", why="the first one counts, not the last")
check("first(['the bell: said a hog', 'lab: hog: no', 'bell: rang'])", "bell", why="the name stands at the beginning")
check("first(['doorbell: rang', 'hog: heard, slept 0 times'])", "hog", why="a name is a whole word")
check(
    "[text for text in log_of(polite(), 'none') if not text.startswith('lab:')]",
    ["bell: rang", "hog: heard, slept 0 times"],
    why="without a sleep",
    limit_s=60,
)
### END HIDDEN TESTS

# %% [markdown] id="12c-text"
# ## 12c · A workqueue of your own
#
# In the simkernel, one kthread serves one queue. Write what makes it a workqueue.
#
# - `queue_work(q, work)`: False if it is pending already, or being cancelled; else put it last, wake the worker, True.
# - `run_one(q)`: take the first work, clear its mark, call `work.func(work)`, count it, wake those who wait.
# - `flush_work(q, work)`: wait until the work, **as queued last before the flush**, is done. False if there is nothing to
#   wait for.
# - `cancel_work_sync(q, work)`: take it out; it must not be queued meanwhile; wait until it does not run. True if it was
#   pending.
#
# One CPU and `preempt=none`: what does not sleep is not torn apart.


# %% id="12c-queue"
class Work:
    """A function and its mark. queued and done count how often it was put into a queue, and how often it left one."""

    def __init__(self, func):
        self.func, self.pending, self.canceling, self.queued, self.done = func, False, False, 0, 0


class Queue:
    """Works in order, the work that runs now, and one wait queue for everybody who waits for a change."""

    def __init__(self):
        self.works, self.running, self.wait = [], None, DECLARE_WAIT_QUEUE_HEAD("wait")
        self.task = kthread_run(worker, self, "worker/0")


# %% id="12c-worker"
def worker(q):
    """The kthread of a queue: it ends when it is told to stop and nothing is queued any more."""
    while True:
        wait_event(q.wait, lambda: q.works or kthread_should_stop())
        if not q.works:
            return 0
        run_one(q)


# %% id="12c-solution" tags=["exercise"]
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    ### BEGIN SOLUTION
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True
    ### END SOLUTION


def run_one(q):
    """Do the first work of the queue."""
    ### BEGIN SOLUTION
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)
    ### END SOLUTION


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    ### BEGIN SOLUTION
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True
    ### END SOLUTION


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    ### BEGIN SOLUTION
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was
    ### END SOLUTION


# %% id="12c-lab"
def lab(story):
    """Act out story(q, say) in a simkernel; everything that was said, in order."""
    told = []

    def init():
        q = Queue()
        msleep(1)  # the worker begins: a kthread that is stopped before that never calls its function
        story(q, told.append)
        kthread_stop(q.task)
        told.append("stopped")

    run(program(init, preempt="none"))
    return told


def before(what, told):
    """What was said before that."""
    return told[: told.index(what)]


# %% id="12c-stories"
def slow(say, name="", again=0):
    """A work that takes 20 ms and says when it begins and ends; it queues itself `again` times. Its queue is work.q."""

    def func(work):
        nonlocal again
        say(f"{name}begins")
        msleep(20)
        if again:
            again -= 1
            say(f"again {queue_work(work.q, work)}")
        say(f"{name}ends")

    return Work(func)


# %% id="12c-act"
def act(script, again=0):
    """A story in letters: q queue, f flush, c cancel, 5 = let 5 ms pass, m = 500 ms; Q F C for a second work, B."""

    def story(q, say):
        works = {"": slow(say, again=again), "B": slow(say, "B ")}
        for work in works.values():
            work.q = q
        for letter in script:
            if letter in "5m":
                msleep(5 if letter == "5" else 500)
            else:
                do = {"q": queue_work, "f": flush_work, "c": cancel_work_sync}[letter.lower()]
                say(f"{letter} {do(q, works['B' if letter.isupper() else ''])}")

    return lab(story)


# %% id="12c-check" tags=["check"]
check("act('qq')", ["q True", "q False", "begins", "ends", "stopped"], why="pending is a mark, not a count: it runs once")
check("act('q5qf')", ["q True", "begins", "q True", "ends", "begins", "ends", "f True", "stopped"], why="cleared before it runs")
check("act('q5c')", ["q True", "begins", "ends", "c False", "stopped"], why="it ran: sync means to wait for its end")
check("act('qcm')", ["q True", "c True", "stopped"], why="a work that is taken out does not run")
check("act('q5qc')", ["q True", "begins", "q True", "ends", "c True", "stopped"], why="it ran, and was pending")
check("act('q5cm', again=9)", ["q True", "begins", "again False", "ends", "c False", "stopped"], why="this ends it")
check("act('qf', again=1)[:4]", ["q True", "begins", "again True", "ends"], why="a work may queue itself while it runs")
check("before('f True', act('qfc', again=9)).count('ends')", 1, why="what is queued later is not waited for")
### BEGIN HIDDEN TESTS
check("act('fc')", ["f False", "c False", "stopped"], why="nothing to wait for, nothing to take out")
check("act('q5f')", ["q True", "begins", "ends", "f True", "stopped"], why="running is not done")
check("act('qff')", ["q True", "begins", "ends", "f True", "f False", "stopped"], why="a second flush finds it done")
check("act('qQ')", ["q True", "Q True", "begins", "ends", "B begins", "B ends", "stopped"], why="first queued, first run")
check("before('f True', act('qQf')).count('B ends')", 0, why="flush waits for its own work, not for the whole queue")
check("act('qQF')[-2:]", ["F True", "stopped"], why="flush waits also while another work runs")
check("act('qQC')", ["q True", "Q True", "C True", "begins", "ends", "stopped"], why="that work and no other")
check("act('qcqf')", ["q True", "c True", "q True", "begins", "ends", "f True", "stopped"], why="it may come again")
check("act('qcf')", ["q True", "c True", "f False", "stopped"], why="a work that was taken out is nothing to wait for")
check("act('qQ5C5')[:4]", ["q True", "Q True", "begins", "C True"], why="cancel waits only if that very work runs")
check("act('qmqm')", ["q True", "begins", "ends", "q True", "begins", "ends", "stopped"], why="a sleeping worker is woken")
### END HIDDEN TESTS

# %% [markdown] id="12d-text"
# ## 12d · The last module: a logger
#
# In C, for the real kernel. Anybody may `say()` a line; a kthread called `logger` prints it, in order, and rests a little
# after each line, as a slow disk would (`msleep(1)`).
#
# - `say(text)`: `line_new()`, put it at the **end** of `queue`, wake the logger. 0, or -ENOMEM.
# - `logger_fn`: print each line as `pr_info("%s: %s\n", current->comm, line->text)`, `line_free()` it. With nothing to do,
#   sleep interruptibly. Told to stop: print what is still queued, then return how many lines were printed.
# - `logger_start()`: 0 or an error. `logger_stop()`: what logger_fn returned.
#
# Remember lesson 10: a kthread that is stopped before it began never calls its function.

# %% id="12d-lines"
LINES = r"""
struct line { struct list_head node; char text[32]; };
static atomic_t alive; /* lines that were made and not freed */
static struct line *line_new(const char *text)
{
	struct line *line = kmalloc(sizeof(*line), GFP_ATOMIC);
	if (line) { strscpy(line->text, text, sizeof(line->text)); atomic_inc(&alive); }
	return line;
}
static void line_free(struct line *line) { kfree(line); atomic_dec(&alive); }
static LIST_HEAD(queue); static DEFINE_SPINLOCK(lock); static DECLARE_WAIT_QUEUE_HEAD(wait);"""

# %% [markdown] id="12d-driver-text"
# The driver starts and stops your logger 20 times in one load of the module, and lets time pass at a different place in each
# cycle: before the first line, between lines, before the stop, or nowhere. Then it starts the logger once more, lets it idle
# until `rmmod`, says a last line and stops it. Each check that loads the module does so in a fresh kernel.

# %% id="12d-cycle"
CYCLE = r"""
static void cycle(int n)
{
	char text[32]; int i, got;
	logger_start();
	for (i = 0; i < 3; i++) {
		if (n % 5 == i) msleep(1 + n);
		snprintf(text, sizeof(text), "cycle %d line %d", n, i); say(text);
	}
	if (n % 5 == 3) msleep(1 + n);
	if ((got = logger_stop()) != 3) pr_info("driver: cycle %d stopped with %d\n", n, got);
}"""

# %% id="12d-driver"
DRIVER = r"""
static int __init lab_init(void)
{
	int n; for (n = 0; n < 20; n++) cycle(n); pr_info("driver: 20 cycles, %d lines alive\n", atomic_read(&alive));
	n = logger_start(); msleep(20); say("first of two"); return n;
}
static void __exit lab_exit(void)
{
	int got; pr_info("driver: leaving\n"); say("second of two"); got = logger_stop();
	pr_info("driver: stopped with %d, %d lines alive\n", got, atomic_read(&alive));
}
module_init(lab_init); module_exit(lab_exit); MODULE_LICENSE("GPL");"""


# %% id="12d-observe"
@cache
def observe(source, preempt, seed):
    """What one run of the module showed; the same source, boot and seed give the same run, so it is made once."""
    ran = load(source, preempt, seed=seed)
    texts = [record.text for record in ran.dmesg]
    return {
        "trouble": [text for text in texts if re.search("BUG|WARNING|Oops|hung|Call Trace", text)][:2] + [ran.verdict()],
        "driver": [text[8:] for text in texts if text.startswith("driver: ")],
        "lines": [text for text in texts if re.match(r"[^:]*: (cycle|first|second)", text)],
        "idle": [task.state for task in ran.tasks if task.comm == "logger"],
        "in time": "logger: first of two" in "\n".join(texts).partition("driver: leaving")[0],
    }


# %% id="12d-seen"
def seen(what, preempt="full", seed=1):
    """One fact of a run of your module."""
    return observe(INCLUDES + LINES + say_c() + logger_c() + start_and_stop_c() + CYCLE + DRIVER, preempt, seed)[what]


# %% id="12d-solution" tags=["exercise"]
def say_c():
    """C: static int say(const char *text)."""
    ### BEGIN SOLUTION
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""
    ### END SOLUTION


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    ### BEGIN SOLUTION
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""
    ### END SOLUTION


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    ### BEGIN SOLUTION
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""
    ### END SOLUTION


# %% id="12d-check" tags=["check", "needs-qemu"]
LINES_SAID = [f"logger: cycle {n} line {i}" for n in range(20) for i in range(3)]
LINES_SAID += ["logger: first of two", "logger: second of two"]
DRIVER_SAYS = ["20 cycles, 0 lines alive", "leaving", "stopped with 2, 0 lines alive"]
check("seen('trouble')", [""], why="the kernel has nothing to complain of, and nothing is left behind", limit_s=60)
check("seen('lines')", LINES_SAID, why="each line once, in order, printed by the logger")
check("seen('driver')", DRIVER_SAYS, why="each stop returns how many lines were printed, and every line is freed")
check("seen('idle')", ["S"], why="a logger with nothing to do sleeps interruptibly: R burns the CPU, D counts as load")
check("seen('in time')", why="a line is printed when it was said, not only when somebody stops the logger")
### BEGIN HIDDEN TESTS
check("seen('trouble', 'none')", [""], why="the same when nobody is preempted", limit_s=60)
check("seen('lines', 'none')", LINES_SAID, why="no line is lost with preempt=none")
check("seen('driver', 'none')", DRIVER_SAYS, why="the counts are right with preempt=none")
check("seen('trouble', seed=7)", [""], why="the same when the timer ticks elsewhere", limit_s=60)
check("seen('lines', seed=7)", LINES_SAID, why="no line is lost with another phase of the timer")
check("seen('driver', seed=7)", DRIVER_SAYS, why="the counts are right with another phase of the timer")
### END HIDDEN TESTS

# %% [markdown] id="12d-what-was-graded"
# What was graded: 20 start and stop cycles in one load, and in all three loads and unloads, each in a fresh kernel, two boots
# and two phases of the timer. Not graded: two CPUs, several threads that say lines at once, a failing `kmalloc()`. (Your
# `say()` may not be called from an interrupt: why? Which word would change that?)

# %% [markdown] id="12e-text"
# ## 12e · The claims, again
#
# The course took popular answers apart. Here they are, in short. Give each a verdict: **T**
# true, **P** partly or on a condition, **O** outdated, **X** wrong as said, **A** ambiguous. Graded are only the four that
# this lesson showed; the rest is for you: after the checks you see where you and the course differ, and in which lesson to
# look.

# %% [markdown] id="12e-claims-a"
# **A1** normal threads are implemented in the kernel; **A2** userland threads use SIGALRM, whose handler saves and restores
# registers; **A3** several systems did so before kernels had threads; **A4** they are faster: no kernel mode; **A5** they
# faded away; **A6** a cooperative thread runs until it yields; **A7** that switch works like SIGALRM's; **A8** the program is
# in total control; **A9** you need not care much about thread safety; **A10** only one thread runs at a time, so it is
# uncommon; **A11** the most common use of kernel threads is pthread_create
#
# **B1** each thread has its own stack; **B2** threads share .data and .bss; **B3** shared globals need a mutex; **B4** locals
# need none

# %% [markdown] id="12e-claims-b"
# **C1** kthreads run kernel code; **C2** they are the basis of the workqueue; **C3** only kernel mode, no user
# address space; **C4** kthread_create's prototype, with `structure task_struct`
#
# **D1** examples: pdflush; **D2** a new process without address space; **D3** created by clone() with flags; **D4** cannot
# switch to user space; **D5** preemptable as normal processes; **D6** they have their own stacks; **D7** see kernel-stacks
#
# **E1** not made by fork() or clone(); **E2** kworker and kswapd are some; **E3** leave it if you do not know how
#
# **F1** a task_struct without the userspace parts; **F2** their ancestor is kthreadd; **F3** two of them are independent;
# **F4** kthread_run, see LDD; **F5** dmesg prints printk's log

# %% id="12e-key"
IDS = "A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 B1 B2 B3 B4 C1 C2 C3 C4 D1 D2 D3 D4 D5 D6 D7 E1 E2 E3 F1 F2 F3 F4 F5".split()


# %% id="12e-solution" tags=["exercise"]
def verdicts():
    """Your verdict on every claim, one capital letter each: {"A1": "T", "A2": …}."""
    ### BEGIN SOLUTION
    letters = "TTTXOTPTPPATTTPTTTPOPXPPTOTTTTTTTT"
    return dict(zip(IDS, letters, strict=True))
    ### END SOLUTION


# %% id="12e-compare"
COURSE = dict(zip(IDS, "T T T XP O T P T P PO A T T T P T T T PX O P X P P T O T T TPOXA T T T TO T".split(), strict=True))
LESSONS = dict(zip(IDS, "5 4 1 4 4 3 4 3 3 5 5 2 2 6 6 9 12 9 10 9 9 9 9 12 12 12 9 9 12 9 9 10 10 11".split(), strict=True))


def compare(mine):
    """Where you and the course differ."""
    apart = [id for id in IDS if mine[id] not in COURSE[id]]
    return [f"{id}: you say {mine[id]}, the course {COURSE[id][0]}, lesson {LESSONS[id]}" for id in apart]


# %% id="12e-check" tags=["check"]
check("sorted(verdicts()) == sorted(IDS)", why="a verdict for every claim, and for nothing else")
check("set(verdicts().values()) <= set('TPOXA')", why="the five letters")
check("verdicts()['C2']", "T", why="a kworker is a kthread: you saw its parent and its flags")
check("verdicts()['D5']", "P", why="true of preempt=full only: three boots said so")
check("verdicts()['D6']", "T", why="you hit the end of one")
check("verdicts()['D7']", "O", why="the text moved, and the kernel that you ran contradicts it")
print(*compare(verdicts()), sep="\n")
### BEGIN HIDDEN TESTS
check("sum(verdict == 'T' for verdict in verdicts().values()) < 34", why="not every claim is true")
check("len(verdicts())", 34, why="thirty-four claims")
check("sorted({type(verdict).__name__ for verdict in verdicts().values()})", ["str"], why="letters")
### END HIDDEN TESTS

# %% [markdown] id="claims-after-text"
# And the test of lesson 1, once more. It is not graded. When you have marked the claims, *compare* shows what you believed
# before the course beside what you believe now, and what the runs said.

# %% id="claims-after" tags=["demo"]
claims_test("after")

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# 12a believes your numbers: an interrupt, or a function that is called through a pointer, is in no table. 12c relies on one
# CPU that nobody takes away; on two it would need a lock. 12d saw three loads. You know what it takes to try more: other
# boots, other seeds, more CPUs, and a second reader.
#
# **Keep this.** One chain at a time is on the stack. Whoever waits for a work must know which queueing of it he waits for. A
# clean stop is one that loses nothing, leaves nobody, and knows when it is over.
#
# Back to [the lesson](../notebooks/12_stacks_preemption_workqueues.ipynb) · Words: [glossary](../GLOSSARY.md)
