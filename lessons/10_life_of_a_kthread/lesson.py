# %% [markdown] id="title"
# # 10 · The life of a kthread
#
# After this you can …
#
# - create a kthread, wake it, park it and stop it, in Python on the simkernel and in C on a real Linux 6.1;
# - say what `kthread_stop` returns, before it returns;
# - put a thread to sleep without losing the wake-up that comes a moment too early;
# - unload a module without killing its thread's code under its feet.
#
# You have done lessons 3 to 5. You need to read a little C: we explain each new word. Every run on the real kernel takes
# about a second, and each gets a *fresh* kernel, so that you may break it as often as you like.

# %% id="imports"
from collections import Counter
from inspect import getsource
from itertools import zip_longest

from IPython.display import display

from labkit import qemu, run
from labkit.course import predict, reveal
from labkit.simkernel import (DECLARE_WAIT_QUEUE_HEAD, ENOMEM, IS_ERR, TASK_INTERRUPTIBLE, TASK_RUNNING, current, dmesg,
                              get_task_struct, kthread_create, kthread_park, kthread_parkme, kthread_run, kthread_should_park,
                              kthread_should_stop, kthread_stop, msleep, msleep_interruptible, pr_info, program,
                              put_task_struct, schedule, set_current_state, the_kernel, wait_event_interruptible,
                              wake_up_process)

# %% [markdown] id="two-kernels"
# ## Two kernels, one program
#
# The **simkernel** is a pretend kernel in Python. Its functions have Linux's own names, and each follows the real one step by
# step. It runs on labkit's machines, so every order of events can be tried.
#
# Below, `work` is a **threadfn**: the function that a kthread runs. `insmod` is the command that loads a module. It calls
# `kthread_run`, lives on for a while, and then asks the kthread to end: `kthread_stop` waits for it and brings back what
# threadfn returned. `pr_info` writes to the kernel's log, and `dmesg` prints that log (lesson 11).


# %% id="first-kthread" tags=["demo"]
def work(data):
    pr_info("parent %d\n", current().ppid)
    while not kthread_should_stop():
        msleep(100)
    return 7


def insmod():
    k = kthread_run(work, None, "worker/%d", 0)
    msleep(350)
    pr_info("%s: the kthread returned %d\n", current().comm, kthread_stop(k))
    return dmesg()


simulated_life = run(program(insmod))
print(simulated_life.result)

# %% [markdown] id="who-ends-whom"
# Two things to notice. The parent is not insmod but pid 2, **kthreadd**: insmod only asked it. And nobody *ended* the kthread.
# `kthread_stop` sets a flag, wakes it, and waits; the kthread must look at the flag and return by itself. There is no kill:
# a thread torn away in the middle of kernel code would take its locks with it.
#
# ## Birth
#
# `kthread_run` is two calls in one: `kthread_create` and then `wake_up_process`. What is there between the two?

# %% id="predict-created" tags=["predict"]
predict(
    "kt-created",
    "kthread_create(work, …), and no wake_up_process. Half a minute later, what has work done?",
    ["it ran, as kthread_create starts it", "nothing: the task exists and sleeps", "there is no task yet"],
)


# %% id="created-not-woken" tags=["demo"]
def create_only():
    k = kthread_create(work, None, "sleepy")
    msleep_interruptible(30_000)
    return k.comm, hex(k.state), k.ppid, dmesg(), the_kernel().load.text(), kthread_stop(k)


print(run(program(create_only)).result)
reveal("kt-created", "B", because="No line of work in the log. State 2 is TASK_UNINTERRUPTIBLE: only a wake-up gets it out.")

# %% [markdown] id="the-real-one"
# Is the pretend kernel honest? Ask the real one. A **module** is a piece of C that is loaded into the running kernel:
# `lab_init` is called by insmod, `lab_exit` by rmmod. A cell that begins with `%%kmodule` is such a module.
#
# It is compiled and loaded into a booted Debian kernel in QEMU, lives there for 0.35 s of the guest's time, and is unloaded. The
# guest's clock counts instructions, so the run repeats exactly. (No kernel here? `labkit kernel setup`, once.)
#
# You get the log, the kthreads while it was loaded, and who ran when. Find four answers in them: sleepy's state, its parent, what
# kthread_stop returned; and if `work` never runs, does sleepy never get the CPU?

# %% id="created-for-real" tags=["demo", "needs-qemu"] language="kmodule" magic_args="sleepy"
# #include <linux/kthread.h>
# #include <linux/module.h>
#
# static struct task_struct *k;
# static int work(void *data) { pr_info("I run\n"); return 7; }
# static int __init lab_init(void)
# {
# 	k = kthread_create(work, NULL, "sleepy");
# 	return 0;
# }
# static void __exit lab_exit(void) { pr_info("kthread_stop: %d\n", kthread_stop(k)); }
# module_init(lab_init);
# module_exit(lab_exit);
# MODULE_LICENSE("GPL");

# %% [markdown] id="claim-c4"
# `D` is how ps writes TASK_UNINTERRUPTIBLE. Same state, same parent, same −4. (The first two lines are the loader's.) In the
# timeline sleepy has the CPU twice: at its birth it says that it is there; after `kthread_stop` it sees the flag, and ends.
#
# > **Claim C4.** "Make one with `structure task_struct *kthread_create(int (*threadfn)(void *data), …)`."
# > **Verdict: true, with a slip.**
#
# C says `struct`. It is a macro over `kthread_create_on_node` (include/linux/kthread.h, 6.1). The thread is born **stopped**. It
# returns the task, or an errno dressed up as a pointer, never NULL.
#
# A thread left like this is not free: the load average counts `D`. That is the `0.34` above; a real 6.1 said 0.39.

# %% id="err-ptr" tags=["break-it"]
# How could this pass and be wrong? `if not k` is the test that everybody writes first. Let memory run out:
def no_memory():
    the_kernel().faults["kthread_create"] = [-ENOMEM]
    k = kthread_create(work, None, "unborn")
    return f"{k}: `not k` says {not k}, IS_ERR(k) says {IS_ERR(k)}"


print(run(program(no_memory)).result)

# %% [markdown] id="claim-f4"
# ## A whole life
#
# > **Claim F4.** "Start it with `kthread_run` in a module; see the book *Linux Device Drivers*."
# > **Verdict: true for the call, outdated for the book.**
#
# The third edition describes 2.6.10, of 2005. Read the comments in `include/linux/kthread.h` and `kernel/kthread.c`
# instead, and then doubt those too: see below.
#
# Here is the first program of this lesson again, in C. `PTR_ERR_OR_ZERO` takes the errno out of a pointer that is one, and gives
# 0 for a good one; a module whose init returns an errno is not loaded.

# %% id="claim-f4-run" tags=["demo", "needs-qemu"] language="kmodule" magic_args="life --wait 0.3 --source LIFE_C --show dmesg"
# #include <linux/delay.h>
# #include <linux/kthread.h>
# #include <linux/module.h>
#
# static struct task_struct *k;
# static int work(void *data) {
# 	pr_info("parent %d\n", current->real_parent->pid);
# 	while (!kthread_should_stop())
# 		msleep(100);
# 	return 7;
# }
# static int __init lab_init(void) { k = kthread_run(work, NULL, "worker/%d", 0); return PTR_ERR_OR_ZERO(k); }
# static void __exit lab_exit(void) { pr_info("%s: the kthread returned %d\n", current->comm, kthread_stop(k)); }
# module_init(lab_init); module_exit(lab_exit); MODULE_LICENSE("GPL");

# %% id="side-by-side" tags=["demo", "needs-qemu", "predict"]
def beside(python, c):
    for left, right in zip_longest(python.splitlines(), c.splitlines(), fillvalue=""):
        print(f"{left:44} | {right.expandtabs(4)}".rstrip())


beside(getsource(work), LIFE_C[LIFE_C.index("static int work") : LIFE_C.index("static int __init")])
predict("kt-asked", "kthread_stop is called in the middle of a nap of 100 ms. When does it come back?",
        ["at once: the thread is ended", "at once: the nap is cut short", "when the nap is over"])

# %% id="two-timelines" tags=["demo", "needs-qemu"]
# The axis is time: a nap is as wide as it is long. (In the simkernel insmod is called main.)
display(simulated_life.timeline(axis="time", title="simkernel"))
display(life.timeline(axis="time", title="Linux 6.1"))
print("worker/0 sleeps in:", life.stack("worker/0"))
reveal("kt-asked", "C", because="The stop does wake it: the short bar. But msleep looks at the clock and sleeps on.")

# %% [markdown] id="read-the-stack"
# The stack, innermost first: `msleep` was called by our `work`, that by `kthread`, and below that is `ret_from_fork`,
# where every new task begins. There is no user program under it.
#
# ## Two children of kthreadd
#
# > **Claim F3.** "Two kthreads both have kthreadd as parent, and are independent of each other."
#
# The first half you have seen. Now the second. `victim` has a local variable, `mine`, on **its own stack**, and leaves its
# address on the door. `thief` is a stranger; nobody told it anything.
#
# From here on `load` adds the head and tail that all modules have; `said` gives only our own lines.

# %% id="a-module" tags=["needs-qemu", "predict"]
HEAD = "#include <linux/delay.h>\n#include <linux/kthread.h>\n#include <linux/module.h>\n#include <linux/sched/task.h>\n"
TAIL = '\nmodule_init(lab_init);\nmodule_exit(lab_exit);\nMODULE_LICENSE("GPL");\n'
kernel = qemu.boot(tell=str)  # silent


def load(body, **options):
    return kernel.run_module(HEAD + body + TAIL, name="lab", **options)


def said(run):
    return [record.text for record in run.dmesg if record.level == 6]


predict("kt-thief", "thief writes 99 through the pointer into victim's stack. What happens?",
        ["a fault: the stack belongs to another thread", "thief writes into a copy; victim returns 1", "victim returns 99"])

# %% id="claim-f3-run" tags=["break-it", "needs-qemu"]
robbed = load(r"""
static struct task_struct *a, *b;
static int *door;
static int nap(int rc) { while (!kthread_should_stop()) msleep(10); return rc; }
static int victim(void *data) { int mine = 1; door = &mine; nap(0); return mine; }
static int thief(void *data) { msleep(100); *door = 99; return nap(0); }
static int lab_init(void) { a = kthread_run(victim, NULL, "victim"); b = kthread_run(thief, NULL, "thief"); return 0; }
static void lab_exit(void) { pr_info("victim returned %d\n", kthread_stop(a)); kthread_stop(b); }""")
print([(task.comm, task.ppid) for task in robbed.tasks if task.comm in ("victim", "thief")], said(robbed))
reveal("kt-thief", "C", because="All kthreads live in one address space, the kernel's. Nothing guards one from another.")

# %% [markdown] id="claim-f3"
# F3 is **true**, and not the whole truth. They are independent as *tasks*: pids, states and stacks of their own, and neither is
# told when the other ends. They are not independent as *memory*. A kthread that writes where it should not breaks others,
# and one that faults leaves its locks held for ever.
#
# ## The map
#
# All states, all calls. Step through this life with the buttons; then start again and take another way. At the bottom stands
# what `kthread_stop` returns there: five different answers, by where the thread was when it was asked.

# %% id="states" tags=["demo"]
from labkit.views import KthreadStates

KthreadStates("create wake cpu sleep event stop")

# %% [markdown] id="eight-lives"
# ## Eight lives
#
# Now predict. A life is a short word: **w** is `wake_up_process`, **p** `kthread_park`, **s** `kthread_stop`, and a dot
# lets 50 ms go by. `life(polite, "w.s")` creates a kthread, wakes it, lets it run, stops it, and lists what each call returned.
# `get_task_struct` holds a reference, so that we may still ask a thread that has ended.
#
# Three threadfns: `polite` naps, parks and stops when it is told to and returns 7; `early` returns 42 at once; `sleeper` waits
# for an event that never comes and returns what the waiting returned.


# %% id="three-threadfns"
def polite(data):
    while not kthread_should_stop():
        if kthread_should_park():
            kthread_parkme()
        else:
            msleep_interruptible(10)
    return 7


def early(data):
    return 42


def sleeper(data):
    return wait_event_interruptible(DECLARE_WAIT_QUEUE_HEAD("door"), lambda: False)


# %% id="life" tags=["predict"]
CALLS = {"w": wake_up_process, "p": kthread_park, "s": kthread_stop, ".": lambda k: msleep(50)}


def life(threadfn, calls):
    k = get_task_struct(kthread_create(threadfn, None, "k"))
    returned = [CALLS[call](k) for call in calls]
    put_task_struct(k)
    return f"{calls:6}" + " ".join(str(value) for value in returned if value is not None)


predict("kt-s", "polite, s: stopped without ever being woken", ["7", "-4 (-EINTR)", "it waits for ever"])
predict("kt-ws", "polite, ws: woken and stopped at once", ["1 7", "1 -4", "1 7 or 1 -4"])
predict("kt-ps", "polite, ps: parked before the first wake-up, then stopped", ["0 7", "0 -4", "it waits for ever"])
predict("kt-early", "early, w.s: it returned 42 long before the stop", ["1 42", "1 -4", "1 -3 (-ESRCH)"])
predict("kt-sleeper", "sleeper, w.s: stopped in its sleep", ["it waits for ever", "1 0", "1 -512 (-ERESTARTSYS)"])


# %% id="eight-lives-simulated" tags=["demo"]
LIVES = [(polite, "s"), (polite, "ws"), (polite, "w.s"), (polite, "ww.s"), (polite, "ps"), (polite, "w.pps"),
         (early, "w.s"), (sleeper, "w.s")]


def eight():
    return [life(threadfn, calls) for threadfn, calls in LIVES]


simulated = run(program(eight)).result
simulated


# %% id="threadfns-in-c" tags=["needs-qemu"]
# The same in C. Compare line by line. (`for (const char *c = calls; *c; c++)`, below, is `for call in calls`.)
THREADFNS = r"""static DECLARE_WAIT_QUEUE_HEAD(door);
static int polite(void *data)
{
	while (!kthread_should_stop())
		if (kthread_should_park())
			kthread_parkme();
		else
			msleep_interruptible(10);
	return 7;
}
static int early(void *data) { return 42; }
static int sleeper(void *data) { return wait_event_interruptible(door, false); }"""

# %% id="life-in-c" tags=["needs-qemu"]
LIFE = r"""
static void life(int (*fn)(void *), const char *calls)
{
	struct task_struct *k = get_task_struct(kthread_create(fn, NULL, "k"));
	char line[80], *end = line + sprintf(line, "%-5s", calls);
	for (const char *c = calls; *c; c++)
		if (*c == '.')
			msleep(50);
		else
			end += sprintf(end, " %d", *c == 'w' ? wake_up_process(k) : *c == 'p' ? kthread_park(k) : kthread_stop(k));
	put_task_struct(k); pr_info("%s\n", line);
}"""

# %% id="eight-lives-for-real" tags=["demo", "needs-qemu"]
calls = "\n".join(f'\tlife({threadfn.__name__}, "{calls}");' for threadfn, calls in LIVES)
init = f"\nstatic int lab_init(void)\n{{\n{calls}\n\treturn 0;\n}}\nstatic void lab_exit(void) {{ }}"
real = load(THREADFNS + LIFE + init)
print("\n".join(said(real)))
print("the two kernels agree:", said(real) == simulated)
reveal("kt-s", "B", because="kthread() looks at the stop flag before it calls threadfn.")
reveal("kt-ws", "C", because="Both kernels said -4 here. See the next cells.")
reveal("kt-ps", "A", because="To park, it was woken and got past the look at the flag. kthread_stop unparks it: threadfn runs.")
reveal("kt-early", "A", because="The result was kept for us: we hold a reference. Without it: use after free.")
reveal("kt-sleeper", "C", because="Since 6.1 kthread_stop breaks an interruptible sleep off, as a signal does.")


# %% [markdown] id="the-manual-is-wrong"
# ## The manual is wrong too
#
# The comment above `kthread_stop` (kernel/kthread.c, 6.1) says that it returns the result of threadfn, or −EINTR
# "if wake_up_process() was never called". In `ws` it *was* called, it even returned 1: the thread was woken. And threadfn did
# not run.
#
# Awake is not the same as running. The thread was put in the run queue; insmod went on, and set the flag first. So
# run-then-stop at once is a race, and **two** answers are allowed. Let the simkernel draw lots at every scheduling point,
# with 200 seeds:


# %% id="both-outcomes" tags=["demo"]
def outcomes(init, seeds=200):
    with_lots = {"machine": "preemptive", "policy": "lottery", "timeslice_points": 1}
    return Counter(run(program(init), seed=seed, **with_lots).result for seed in range(seeds))


for calls in ("s", "ws", "w.s"):
    print(outcomes(lambda calls=calls: life(polite, calls)))

# %% id="never-entered" tags=["demo", "needs-qemu"]
hurried = load(r"""
static int entered, eintr;
static int fn(void *data) { entered++; return 7; }
static int lab_init(void)
{
	for (int i = 0; i < 200; i++)
		eintr += kthread_stop(kthread_run(fn, NULL, "k%d", i)) == -EINTR;
	pr_info("woken 200 times, -EINTR %d times, threadfn entered %d times\n", eintr, entered);
	return 0;
}
static void lab_exit(void) { }""")
print(said(hurried))

# %% [markdown] id="why-it-matters"
# The manual is refuted by a run: 200 threads woken, 200 times −EINTR. (One CPU; on two free-running CPUs we counted 139 to
# 155 of 200, so there your test passes sometimes.) So never put into threadfn what *must* happen, such as giving back what
# init took: it may never run.
#
# ## Falling asleep takes two steps
#
# First say what may wake you: `set_current_state(TASK_INTERRUPTIBLE)`. Then leave: `schedule()`. A wake-up sets the state
# back to TASK_RUNNING; one that comes between the two steps makes `schedule` return at once. Below, post comes for a worker
# that tests first, as anybody would.


# %% id="lost-wake-up" tags=["break-it", "predict"]
def fetch_broken(box):
    while not box["post"]:  # BUG (on purpose): the post may come right after this test
        set_current_state(TASK_INTERRUPTIBLE)
        schedule()
    box["fetched"] = True


predict("kt-lost", "The worker tests, sets its state, sleeps. 200 orders. Does it always fetch the post?",
        ["always", "in most orders", "never"])


# %% id="lost-wake-up-run" tags=["break-it"]
def postman(fetch):
    box = {"post": False, "fetched": False}
    k = kthread_run(fetch, box, "worker")
    pr_info("the post is here\n")
    box["post"] = True
    wake_up_process(k)
    msleep(1000)
    return "fetched" if box["fetched"] else "asleep, with post in the box"


print("one run, no preemption:", run(program(lambda: postman(fetch_broken))).result)
print(outcomes(lambda: postman(fetch_broken)))
reveal("kt-lost", "B", because="Between test and set the wake-up finds a running task, does nothing, and is lost.")


# %% id="state-first" tags=["demo"]
def fetch_fixed(box):
    set_current_state(TASK_INTERRUPTIBLE)  # first say what may wake you,
    while not box["post"]:  # then look,
        schedule()  # then leave: a wake-up in between turns this into a no-op
        set_current_state(TASK_INTERRUPTIBLE)
    set_current_state(TASK_RUNNING)
    box["fetched"] = True


outcomes(lambda: postman(fetch_fixed))

# %% id="lost-in-c" tags=["break-it", "needs-qemu"]
# The same loss in C. mdelay(50) holds the window open, between the test and what follows.
# In which of the two pictures does insmod wake the worker, after its own sleep? Step through both.
POST = r"""
static int lab_init(void) { k = kthread_run(fetch, NULL, "worker"); msleep(20); post = true; wake_up_process(k); return 0; }
static void lab_exit(void) { pr_info("post %d, fetched %d\n", post, fetched); kthread_stop(k); }"""
FETCH = r"""static bool post, fetched; static struct task_struct *k;
static int fetch(void *data) { while (!kthread_should_stop()) { STEPS schedule(); } return 0; }"""
TEST, SET = "if (post) fetched = true; mdelay(50);", "set_current_state(TASK_INTERRUPTIBLE);"
for name, steps in (("test first", TEST + SET), ("state first", SET + TEST)):
    got = load(FETCH.replace("STEPS", steps) + POST)
    print(f"{name:11}", said(got), got.task("worker").state)
    display(got.timeline(title=name))



# %% [markdown] id="parking"
# In the first picture nobody wakes the worker: it is awake, so `wake_up_process` does nothing. In the second the state is set:
# the wake-up sets it back, and `schedule` returns at once.
#
# `wait_event_interruptible(queue, condition)` is this loop, in the right order. Since 6.1 (commit a7c01fa93aeb) `kthread_stop`
# breaks it off, and it **returns** −ERESTARTSYS. A loop that ignores this may spin. (Before 6.1 it slept on.)
#
# ## Parking
#
# Stop is final. **Park** is a pause, in `kthread_parkme`, in state TASK_PARKED (`P`). The kernel parks its per-CPU threads
# when a CPU is taken away.
#
# The manual, on `kthread_should_park` (6.1): `kthread_unpark` "restarts" the thread and "calls the thread function again".
# If so, a local `n` starts over from 0 below. Guess first.


# %% id="park-for-real" tags=["demo", "needs-qemu"]
parked = load(r"""
static struct task_struct *k;
static int count(void *data)
{
	for (int n = 0; !kthread_should_stop(); n++) {
		if (kthread_should_park()) { pr_info("parking n=%d\n", n); kthread_parkme(); pr_info("unparked n=%d\n", n); }
		msleep(10);
	} return 7;
}
static int lab_init(void) { k = kthread_run(count, NULL, "count"); msleep(25); kthread_park(k); return 0; }
static void lab_exit(void) { kthread_unpark(k); msleep(50); kthread_stop(k); }""")
print(parked.task("count").state, said(parked))
# It went on behind kthread_parkme, and all its variables are where they were: the manual is refuted again.

# %% [markdown] id="unloading"
# ## Pulling the floor away
#
# `rmmod` removes the module's code from memory. A kthread holds no reference to its module, so nothing stops rmmod. Here
# `lab_exit` forgets `kthread_stop`, and the thread is asleep in `msleep`, which is the kernel's own code and stays.

# %% id="predict-orphan" tags=["predict"]
predict(
    "kt-orphan",
    "rmmod while a kthread of the module is asleep. What happens?",
    ["rmmod refuses: the module is in use", "rmmod ends the thread", "rmmod succeeds; the thread faults when it wakes"],
)

# %% id="orphan" tags=["break-it", "needs-qemu"]
orphan = load(r"""
static int work(void *data) { while (!kthread_should_stop()) msleep(4); return 7; }
static int lab_init(void) { return PTR_ERR_OR_ZERO(kthread_run(work, NULL, "orphan")); }
static void lab_exit(void) { }  /* BUG (on purpose): who stops the thread? */""")
print("rmmod:", orphan.rmmod_rc, "| panicked:", orphan.panicked)
lines = [record.text for record in orphan.dmesg]
print(*[line.split(" for address")[0] for line in lines if line.startswith(("BUG", "#PF", "Oops", "Modules"))], sep="\n")
reveal("kt-orphan", "C", because="An instruction fetch: the processor went back to code that is not there. This is an oops.")

# %% [markdown] id="read-the-oops"
# Read it as a sentence. *Page fault … instruction fetch*: the processor wanted to go on where there is no code. *last
# unloaded: lab*: whose code it was. An **oops** kills the thread that ran; the rest lives on, until somebody needs a lock
# that it held.
#
# The cure is one line in exit: `kthread_stop(k)`. It returns only when the thread is out of your code for good. But
# many invent a **handshake** instead: one flag says *stop*, the other *I have stopped*.


# %% id="two-flags" tags=["break-it", "predict", "needs-qemu"]
FLAGS = r"""
static bool stop, stopped;
static int work(void *data)
{
	while (!stop) msleep(10);
	stopped = true;	/* BUG (on purpose): it says so while it is still here */
	DELAY return 7;
}
static int lab_init(void) { return PTR_ERR_OR_ZERO(kthread_run(work, NULL, "worker")); }
static void lab_exit(void) { stop = true; while (!stopped) msleep(1); }"""
predict("kt-flags", "Three runs with no DELAY and other seeds, then one with msleep(20) there. Which oops?",
        ["none: exit waits for the flag", "all four", "only the one with the delay"])

# %% id="two-flags-run" tags=["break-it", "needs-qemu"]
for delay, seed in (("", 1), ("", 2), ("", 3), ("msleep(20);", 1)):
    print(f"seed {seed}, {delay or 'no delay':12} oops: {load(FLAGS.replace('DELAY', delay), seed=seed).oopsed}")
reveal("kt-flags", "C", because="Between the flag and the end of return the thread still stands on the module's code.")

# %% [markdown] id="pass-and-wrong"
# **How could this pass and be wrong?** It just did, three times. The window is one instruction wide, and no number of loads
# and unloads proves that it is shut. No flag of your own can shut it: whoever sets it must still *execute* something
# afterwards, in your module.
#
# `kthread_stop` waits for the end itself. For a thread that ends by itself there is `kthread_complete_and_exit`, whose last
# steps lie in the kernel's code. And hold a reference, or do not return before you are told: the task may be gone before
# `kthread_stop` looks at it.

# %% [markdown] id="keep-this"
# ## Keep this
#
# 1. A kthread is born asleep, woken by its maker, and never ended from outside: it is asked, looks, and returns.
# 2. First the state, then the test, then `schedule`; and read what an interruptible wait returned.
# 3. A module may go only after `kthread_stop` has come back for each of its threads.
#
# [Exercises 10](../exercises/10_life_of_a_kthread.ipynb). Next: [11 · printk, the ring buffer, dmesg](11_printk_and_dmesg.ipynb).
# Words: [glossary](../GLOSSARY.md).
