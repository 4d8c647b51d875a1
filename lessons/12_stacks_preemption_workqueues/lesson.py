# %% [markdown] id="title"
# # 12 · Kernel stacks, preemption, workqueues
#
# You can write a kthread, stop it and read what it printed. This lesson is about what still goes wrong: too little stack, too
# much processor, or no need for a kthread at all.
#
# After this you can …
#
# - say how large a kernel stack is, see its guard page hit, and count what a chain of calls needs;
# - say when a kthread can be preempted, and show it with three boots of one kernel;
# - hand work to the kernel's own kthreads, and say what `queue`, `flush` and `cancel` promise;
# - decide whether you need a kthread.
#
# The real kernel here is Debian's Linux 6.1 on x86-64.

# %% id="imports"
import re

from IPython.display import display

from labkit import qemu, simkernel
from labkit.course import predict, reveal
from labkit.draw import draw
from labkit.simkernel import cancel_work_sync, cond_resched, current, flush_work, kthread_run, mdelay, msleep, pr_info
from labkit.simkernel import PF_KTHREAD, PF_WQ_WORKER, schedule_work, stack_frame, work_pending, work_struct

# %% id="three-kernels" tags=["needs-qemu"]
kernels = {model: qemu.boot(preempt=model, tell=lambda text: None) for model in ("none", "voluntary", "full")}


def said(ran):
    """What a module printed: its texts, without time stamps and without the loader's own words."""
    return [record.text for record in ran.dmesg if not record.text.startswith("lab: ")]


print("three times Linux", kernels["full"].release)

# %% [markdown] id="two-stacks"
# ## A small stack
#
# A thread of a program has **two** stacks: one in its address space, usually 8 MB, and one in the kernel for system calls. A
# kthread has only the second kind. It has a fixed size and never grows.
#
# How far does one get? `rec` calls itself, and each call has a local array of 512 bytes. It measures itself at depth 2, where
# there is room. **Never** print near the end of a stack: `printk` needs stack too, as does the report of a crash. The
# machine then dies without a word.
#
# The kthread `eater` first says where it stands: `task_stack_page` is the low end of its stack, and a stack grows down.

# %% id="rec-c"
REC = r"""
static char *low, *higher;
static noinline int rec(int depth)
{
	char room[512];

	memset(room, depth, sizeof(room));
	if (depth == 2)
		pr_info("at depth 2 %ld bytes are used; one call of rec takes %ld\n", low + THREAD_SIZE - room, higher - room);
	higher = room;
	return depth < 1000 ? rec(depth + 1) + room[depth % 512] : 0;
}"""

# %% id="eater-c"
EATER = r"""
static int eater(void *data)
{
	char *frame = __builtin_frame_address(0);	/* behind eater's return address and one saved register */

	low = task_stack_page(current);
	pr_info("stack %lu bytes, in vmalloc memory: %d\n", THREAD_SIZE, is_vmalloc_addr(low));
	pr_info("before threadfn is called %ld bytes are used\n", low + THREAD_SIZE - (frame + 16));
	pr_info("irq stack %lu, exception stack %lu, thread_info in task_struct: %d\n", IRQ_STACK_SIZE,
		EXCEPTION_STKSZ, (void *)task_thread_info(current) == (void *)current);
	return rec(1) + 1;	/* the + 1 keeps eater's frame: a last call takes the caller's place */
}"""

# %% id="eater-module"
INCLUDES = r"""
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/task_stack.h>
"""
LOADS = r"""
static int __init lab_init(void)
{
	return PTR_ERR_OR_ZERO(kthread_run(eater, NULL, "eater"));
}
module_init(lab_init);
MODULE_LICENSE("GPL");
"""
STACK_MODULE = INCLUDES + REC + EATER + LOADS

# %% id="predict-depth" tags=["predict"]
predict(
    "how-deep-is-a-kernel-stack",
    "rec has 512 bytes of locals and calls itself up to 1,000 times. How deep does it get in a kthread?",
    ["about 30 calls", "about 500 calls", "to 1,000: the stack grows"],
)

# %% id="hit-the-guard-page" tags=["break-it", "needs-qemu"]
crash = kernels["full"].run_module(STACK_MODULE, trace=False)
texts = said(crash)
print(*texts[:4], sep="\n")
print("BUG:", [re.sub(r" at .*", "", text) for text in texts if "BUG" in text], " panicked:", crash.panicked)
waiting = sum(bool(re.match(r" rec\+", text)) for text in texts)
print("calls of rec in the report, the one that failed not counted:", waiting)
calls = [re.sub(r"\+0x.*", "", text).strip() for text in texts if re.match(r" \w+\+0x", text)]
print("innermost first:", " ← ".join([calls[0], "…", *calls[-4:]]))
reveal("how-deep-is-a-kernel-stack", "A", because="16,384 bytes, minus what was used on entry, divided by one call.")

# %% id="guard-page-in-the-sim" tags=["demo"]
@stack_frame(544)
def rec(depth):
    deepest.append(depth)
    return rec(depth + 1)


deepest = []
crash_sim = simkernel.boot().run_module(lambda: kthread_run(lambda data: rec(1), None, "eater") and 0)
print(len(deepest), "calls, then:", [text for text in said(crash_sim) if "BUG" in text], " panicked:", crash_sim.panicked)

# %% [markdown] id="read-the-crash"
# Look at the last words. The touch fell on the **guard page**: the page below the stack that belongs to nobody. Without it,
# `rec` would have written over whatever lies there, and the crash would come later, somewhere else, in a function that did
# nothing wrong. That is why the stack lies in vmalloc memory (`VMAP_STACK`): only there can a page be left out.
#
# Before threadfn 224 bytes are gone. 168 of them are room for a program's registers (`struct pt_regs`).
#
# Now the gauge, from the numbers of that run. Pull the depth to 29 and to 30: what is left, what is missing? In Linux 3.14 a
# stack had 8 KiB: at which depth did it end?

# %% id="gauge" tags=["demo", "needs-qemu"]
used, rec_bytes = map(int, re.findall(r"(\d+) bytes are used; .* takes (\d+)", texts[3])[0])
eater_bytes = used - 2 * rec_bytes - 224
print("eater:", eater_bytes, "bytes; calls of rec that fit:", (16_384 - 224 - eater_bytes) // rec_bytes)
draw("stack_gauge", [("eater", eater_bytes), ("rec", rec_bytes)], depth=30)

# %% [markdown] id="claim-d6"
# > **Claim D6.** "Kernel threads have their own stacks."
# > **Verdict: true.**
#
# You have just seen one end. The numbers, from the run above (Linux 6.1, x86-64): 16 KiB each, in vmalloc memory, with a
# guard page. It was 8 KiB up to 3.14 (commit 6538b8ea886e doubled it for 3.15). The same size serves the kernel half of a
# user's thread: both are made by the same function.
#
# The machine did not live on. Nothing was lost: every run here is a fresh copy of a booted kernel.

# %% [markdown] id="claim-d7"
# > **Claim D7.** "See the kernel's own text on kernel stacks" (a link to kernel-stacks).
# > **Verdict: outdated**, in three ways.
#
# The text moved, to `Documentation/arch/x86/kernel-stacks.rst`. It says that `thread_info` lies at the end of the stack: your
# run says it lies in the `task_struct`. It says that exception stacks have one page: your run says 8,192 bytes, as does the
# header `page_64_types.h` of 6.1. And it does not list the stack for #VC. Texts that speak of 8 KiB stacks are older than
# 3.15.
#
# So even the kernel's own text can be wrong. A run cannot be old.

# %% [markdown] id="the-compiler-warns"
# ## Fix it before it runs
#
# Nobody counts bytes by hand. The compiler knows the size of every frame, and the kernel's makefiles ask it to speak up. Let
# us make the array 4 KiB, a quarter of the stack in one call:

# %% id="too-big-a-frame" tags=["break-it", "needs-qemu"]
warnings = kernels["full"].build(STACK_MODULE.replace("512", "4096")).warnings
print(re.findall(r"warning: (.*?) \[", warnings))

# %% [markdown] id="rules-for-the-stack"
# Two rules follow. Large things come from `kmalloc()`, not from the stack. And recursion in the kernel needs a limit that you
# can prove: the compiler sees one frame, it does not see how many of them there will be.
#
# In exercise 12a you compute what a chain of calls needs.
#
# ## Who may take the processor away?
#
# Now the second thing that goes wrong. You know hog and bell from lesson 4: the hog spins until it hears the bell, and the
# bell needs the processor to ring. Here are both as kthreads. One CPU. After a fifth of a second the hog gives up.

# %% id="hog-and-bell-c"
HOG_AND_BELL = r"""
static int rung;
static int bell_fn(void *data) { msleep(20); WRITE_ONCE(rung, 1); pr_info("bell: rang\n"); return 0; }
static int hog_fn(void *data)
{
	unsigned long end = jiffies + HZ / 5;

	while (!READ_ONCE(rung) && time_before(jiffies, end))
		BODY;
	pr_info("hog: %s\n", READ_ONCE(rung) ? "heard the bell" : "heard nothing");
	return 0;
}"""

# %% id="ends-c"
ENDS = r"""
static struct task_struct *bell, *hog;
static int __init lab_init(void)
{ /* both return by themselves: keep a reference, so that kthread_stop() finds them (lesson 10) */
	bell = get_task_struct(kthread_run(bell_fn, NULL, "bell"));
	hog = get_task_struct(kthread_run(hog_fn, NULL, "hog"));
	return 0;
}
static void __exit lab_exit(void) { kthread_stop(hog); put_task_struct(hog); kthread_stop(bell); put_task_struct(bell); }
module_init(lab_init); module_exit(lab_exit); MODULE_LICENSE("GPL");"""


# %% id="hog-and-bell-sim"
def hog_and_bell(turn):
    rung, turns = [], []

    def hog_fn(data):
        while not rung and len(turns) < 50:
            turns.append(turn())
        pr_info("hog: %s\n", "heard the bell" if rung else "heard nothing")

    def bell_fn(data):
        msleep(20)
        rung.append(1)
        pr_info("bell: rang\n")

    return bool(kthread_run(bell_fn, None, "bell") and kthread_run(hog_fn, None, "hog")) - 1


# %% [markdown] id="same-program-twice"
# The same program twice: in C for the real kernel, in Python for the simkernel. Where C says `BODY` the Python says `turn`:
# what the hog does in each round of its loop. First it only works.
#
# A kernel has one more choice, made when it boots: the parameter `preempt=`. It says when a task that runs **in the kernel**
# may lose the processor. (A task that runs a program may lose it at any tick, whatever is chosen.)

# %% id="predict-three-boots" tags=["predict"]
predict(
    "hog-in-three-boots",
    "One CPU, three boots: preempt=none, voluntary, full. In which of them does the hog hear the bell?",
    ["in all three: kthreads are preempted like everything else", "in voluntary and full", "in full only"],
)

# %% id="three-boots" tags=["demo", "needs-qemu"]
# Some seconds: three kernels, and in two of them the hog really spins to its end.
module = INCLUDES + HOG_AND_BELL + ENDS
boots = {model: kernel.run_module(module.replace("BODY", "cpu_relax()")) for model, kernel in kernels.items()}
for model, ran in boots.items():
    ran_sim = simkernel.boot(preempt=model).run_module(lambda: hog_and_bell(lambda: mdelay(4)))
    print(f"preempt={model:9}  {said(ran)!s:42}  the simkernel too: {said(ran) == said(ran_sim)}")
reveal("hog-in-three-boots", "C", because="Only preempt=full lets a tick stop a task in the middle of kernel code.")

# %% id="trio" tags=["demo", "needs-qemu"]
draw("preempt_trio", {model: ran.trace for model, ran in boots.items()}, sleeper="bell")

# %% [markdown] id="claim-d5"
# > **Claim D5.** "Kernel threads are schedulable and preemptable as normal processes."
# > **Verdict: partly.** Schedulable: always. Preemptable: it depends on the boot.
#
# With `preempt=none` and `preempt=voluntary` the hog kept the only CPU until it ended. The bell was due, the tick came, and
# nothing happened. Debian boots this kernel with voluntary unless told otherwise, so there the claim fails as said.
#
# Below are two of the runs, step by step. Find "hog wakes bell": that is the timer's interrupt, which came in hog's time. Who
# runs next, in each?
#
# Not only the bell waited: everything did. (On two CPUs the bell would have run on the other. That is why such a bug survives
# on your desk.)

# %% id="the-moment" tags=["demo", "needs-qemu"]
display(boots["none"].timeline(title="preempt=none"))
boots["full"].timeline(title="preempt=full")

# %% [markdown] id="polite"
# With none the hog runs on, and bell can only wait. With full bell runs at the very next step.
#
# ## Fix it: ask
#
# A loop in the kernel that may be long must offer the processor by itself. There are two words for it. `might_sleep()` marks a
# place where a function could sleep. `cond_resched()` asks: "does somebody else need the CPU? then let them."
#
# Is each of them enough?

# %% id="predict-polite" tags=["predict"]
predict(
    "which-word-is-enough",
    "The hog says might_sleep() in its loop. In which boots does it hear the bell?",
    ["in all three", "in voluntary and full", "in full only"],
)

# %% id="polite-boots" tags=["demo", "needs-qemu"]
# Six runs, some seconds.
for word in ("might_sleep()", "cond_resched()"):
    for model, kernel in kernels.items():
        print(f"{word:15} preempt={model:9}", said(kernel.run_module(module.replace("BODY", word), trace=False))[-1])
ran = simkernel.boot(preempt="none").run_module(lambda: hog_and_bell(lambda: (mdelay(4), cond_resched())))
print("simkernel:      preempt=none     ", said(ran)[-1])
reveal("which-word-is-enough", "B", because="voluntary turns each might_sleep() into a scheduling point; none does not.")

# %% [markdown] id="say-why-preempt"
# That is the whole meaning of the three words. **none**: a task in the kernel leaves the processor when it sleeps, when it
# returns to a program, or when it says `cond_resched()`. **voluntary**: also at every `might_sleep()`. **full**: at any
# instruction, unless it holds a spinlock or has said `preempt_disable()`.
#
# It is lesson 3 against lesson 4, inside the kernel. The prize is the same as there: more preemption, shorter waits, and more
# places where a race can strike. Write as if it were *full*, and loop as if it were *none*.

# %% [markdown] id="claim-e3"
# ## Do you need a kthread?
#
# > **Claim E3.** "Do not implement one if you don't know what you are doing."
# > **Verdict: good advice, but it names no rule.** Here is one:
#
# **Workqueue first.** If you want a function called later, in process context, hand it to the kernel's own kthreads, the
# **kworkers**. Nothing to create, nothing to stop, no stack of its own, no loop that could hog. Write a kthread only for
# something that lives long and must be a task of its own: with a priority, a name, a state, a place on one CPU, or an endless
# wait.

# %% [markdown] id="what-work-is"
# A **work** (`work_struct`) is a function and a mark: *pending* or not. `schedule_work(work)` sets the mark and puts the work
# into a queue; it returns false if the mark was set already. A kworker takes it out, **clears the mark**, and calls the
# function.
#
# `flush_work()` waits until the work, as queued last, is done. `cancel_work_sync()` takes it out of the queue and waits until
# it does not run either; it returns whether it was pending.
#
# Note the order: the mark is cleared *before* the function runs.

# %% id="predict-pending" tags=["predict"]
predict(
    "queued-three-times",
    "A work is queued twice in a row. It begins to run; while it runs, it is queued again. How often does it run in all?",
    ["once", "twice", "three times"],
)


# %% id="work-in-the-sim" tags=["demo"]
def tidy(work):
    pr_info("%.9s begins\n", current().comm)
    msleep(20)
    pr_info("%.9s ends\n", current().comm)


def work_story():
    w = work_struct(tidy)
    pr_info("queued %d, again %d\n", schedule_work(w), schedule_work(w))
    msleep(5)
    pr_info("it runs: pending %d, again %d\n", work_pending(w), schedule_work(w))
    pr_info("flushed %d, then %d\n", flush_work(w), flush_work(w))


# %% id="cancel-in-the-sim" tags=["demo"]
def cancel_story():
    v = work_struct(tidy)
    schedule_work(v)
    msleep(5)
    schedule_work(v)
    pr_info("it runs and is pending: cancelled %d\n", cancel_work_sync(v))
    pr_info("after that: pending %d, cancelled %d\n", work_pending(v), cancel_work_sync(v))


# %% id="run-both-stories" tags=["demo"]
def both_stories():
    work_story()
    cancel_story()
    return 0


stories = simkernel.boot().run_module(both_stories)
in_the_sim = said(stories)
print(*in_the_sim, sep="\n")
reveal("queued-three-times", "B", because="The second time it was pending already. The third time it was not: it ran again.")
# Who runs tidy, and what does insmod do meanwhile?
stories.timeline(title="both stories, simkernel")

# %% [markdown] id="claim-d1"
# Who ran it? `kworker/0:…`: a kthread of the **pool** of CPU 0. There are two pools for each CPU (the second, with an H, for
# urgent work), and some for work that may run anywhere: `kworker/u…`. When a work sleeps, the next kworker of the pool takes
# over: the CPU is not idle while work waits.
#
# > **Claim D1.** "Examples of kernel threads are pdflush and workq."
# > **Verdict: outdated.** What pdflush did is a work now (`wb_workfn`, Linux 6.1), on the workqueue `writeback` (since 3.10):
# > lesson 9 saw a `kworker/u2:2-flush-1:0` do it.
#
# Now the same story in C.

# %% id="work-c"
WORK = r"""
static void tidy(struct work_struct *work)
{
	pr_info("%.9s begins\n", current->comm);
	msleep(20);
	pr_info("%.9s ends\n", current->comm);
}"""
LOADS_WORK = r"""
static int __init lab_init(void) { work_story(); cancel_story(); return 0; }
static void __exit lab_exit(void) { }
module_init(lab_init); module_exit(lab_exit); MODULE_LICENSE("GPL");"""

# %% id="work-story-c"
STORY = r"""
static DECLARE_WORK(w, tidy);
static void work_story(void)
{
	bool a = schedule_work(&w), b = schedule_work(&w);
	pr_info("queued %d, again %d\n", a, b);
	msleep(5);
	a = work_pending(&w); b = schedule_work(&w);
	pr_info("it runs: pending %d, again %d\n", a, b);
	a = flush_work(&w); b = flush_work(&w);
	pr_info("flushed %d, then %d\n", a, b);
}"""

# %% id="cancel-story-c"
CANCEL = r"""
static DECLARE_WORK(v, tidy);
static void cancel_story(void)
{
	bool a, b;
	schedule_work(&v);
	msleep(5);
	schedule_work(&v);
	pr_info("it runs and is pending: cancelled %d\n", cancel_work_sync(&v));
	a = work_pending(&v); b = cancel_work_sync(&v);
	pr_info("after that: pending %d, cancelled %d\n", a, b);
}"""

# %% id="work-in-linux" tags=["demo", "needs-qemu"]
worked = kernels["full"].run_module(INCLUDES + WORK + STORY + CANCEL + LOADS_WORK, trace=False)
print("the real kernel says the same, line by line:", said(worked) == in_the_sim)
print("left behind after rmmod:", worked.left_behind)
kworkers = [task for task in worked.tasks if task.comm.startswith("kworker/")]
print("the parents of the kworkers:", {task.ppid for task in kworkers}, " an address space:", {task.mm for task in kworkers})
print("PF_KTHREAD and PF_WQ_WORKER:", all(task.flags & PF_KTHREAD and task.flags & PF_WQ_WORKER for task in kworkers))

# %% [markdown] id="claim-c2"
# > **Claim C2.** "Kernel threads are the basis of the workqueue."
# > **Verdict: true.** A kworker is a kthread: its parent is kthreadd, it has no address space, and its flags say
# > `PF_WQ_WORKER` (0x20) beside `PF_KTHREAD`.
#
# Nothing was left behind, with no stop code at all. But one duty: the function lies in the module. If a work
# is still queued when the module goes away, a kworker will call a function that is no longer there. So the exit function says
# `cancel_work_sync()` for every work that it ever queued. (Here it could be empty: both stories end with nothing queued.)

# %% [markdown] id="the-rule"
# | you want … | take |
# |---|---|
# | a function called soon, which may sleep | `schedule_work()` |
# | the same, later or again and again | `schedule_delayed_work()` |
# | works one after the other, never two at once | `alloc_ordered_workqueue()` |
# | a function at a moment, no sleeping | a timer |
# | what waits for ever, or has a priority | a kthread |
#
# And if it is a kthread, three questions before you load it. Who stops it, and who waits until it has stopped? Can its loop
# run for long without sleeping? What lies on its stack? You can answer all three now: that is "knowing what you are doing".

# %% [markdown] id="pass-and-wrong"
# ## How could this pass and be wrong?
#
# Our hog met one bell, on one CPU. On two it would pass every test. The stack held for the path that we ran; an
# interrupt or a rarer branch may need more. And each work story was *one* order of events: the machine was exact, so you saw
# the same order every time, and no other. A run shows that something can happen. It never shows that something cannot.

# %% [markdown] id="keep-this"
# **Keep this.** A kernel stack is 16 KiB and ends at a guard page: large things belong elsewhere. A loop in the kernel gives
# the processor away by itself, for only `preempt=full` would take it. Workqueue first; a kthread only for what must be a task
# of its own.
#
# You have come up the whole ladder: `yield`, SIGALRM, a pthread, a kthread. In exercise 12e you take the claims test again.
#
# Next: [the exercises](../exercises/12_stacks_preemption_workqueues.ipynb) · Back to
# [11 · printk and dmesg](11_printk_and_dmesg.ipynb) ·
# For the evenings: [puzzles](13_puzzles.ipynb) · Words: [glossary](../GLOSSARY.md)
