# %% [markdown] id="title"
# # 9 · What a kernel thread is
#
# Up to now a thread was yours. The kernel has threads too, and nobody asked you about them.
#
# After this you can …
#
# - tell a kthread from everything else by one bit, and name three tests that are fooled;
# - draw the two trees of tasks that grow from PID 0, and say who made whom;
# - say what `mm == NULL` means, and name the exceptions;
# - read the states D, I and S, say which one raises the load average, and why `kill -9` does nothing.
#
# You need no C for this lesson. Where C stands beside Python, read it as the same program in other clothes.

# %% id="imports" tags=["needs-qemu", "varies"]
from IPython.display import display

from labkit import qemu, simkernel
from labkit.course import predict, reveal
from labkit.simkernel import Module, kthread_create, kthread_run, kthread_should_stop, kthread_stop, msleep_interruptible
from labkit.simkernel import pr_info, read_proc, schedule_timeout, set_current_state
from labkit.taskinfo import PF_KTHREAD, TASK_IDLE, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE
from labkit.views.task_forest import FLAGS, TaskForest

kernel = qemu.boot()  # the very first time it really boots, for some seconds; later it resumes that boot
pretend = simkernel.boot()

# %% [markdown] id="two-kernels"
# ## Two kernels in this notebook
#
# `kernel` is the real thing: Debian's Linux 6.1 in a virtual machine with one CPU and a virtual clock: its log repeats to the
# microsecond. `pretend` is a kernel in Python, with Linux's own names. What we see in one, we look for in the other.
#
# A **module** is a piece of compiled C that `insmod` loads into a running kernel and `rmmod` takes out. A cell that begins
# with `%%kmodule name` holds one. Run it: it is compiled, loaded into a fresh kernel and taken out, in about a second. What
# happened is kept in the variable `name`.
#
# The smallest module does nothing. It lets us look around.

# %% id="predict-how-many" tags=["predict"]
predict(
    "kthreads-on-a-bare-system",
    "How many kthreads does this idle machine have, before anybody loads a module of his own?",
    ["none: nobody has started any", "fewer than ten", "more than forty"],
)

# %% id="empty-module" tags=["demo", "needs-qemu"] language="kmodule" magic_args="bare --trace off --show none"
# #include <linux/module.h>
# MODULE_LICENSE("GPL");

# %% id="census" tags=["demo", "needs-qemu"]
kthreads = [task for task in bare.tasks if task.kthread]
print(len(kthreads), "kthreads,", len(bare.tasks) - len(kthreads), "tasks of users")
reveal("kthreads-on-a-bare-system", "C", because="The kernel keeps threads for its own chores. Most of them sleep nearly always.")
TaskForest(bare.tasks, title="Linux 6.1, idle")

# %% [markdown] id="claim-e2"
# > **Claim E2.** "Kernel threads do the kernel's chores: kworker, kswapd, …"
# > **Verdict: true.** You see them live: Linux 6.1, booted here.
#
# | name | what it does |
# |---|---|
# | `ksoftirqd/0` | interrupt work that was put off; the number is the CPU |
# | `migration/0` | moves tasks between CPUs |
# | `kswapd0` | frees memory when it gets scarce |
# | `kworker/0:1` | runs the work of workqueues (lesson 12) |
# | `khungtaskd` | complains about tasks too long in D |
# | `kthreadd` | makes all the others |
#
# Click on a task: the kernel's facts stand on the right. The letter is its state. Which one is most frequent?
# Keep the question.

# %% [markdown] id="who-is-the-parent"
# ## Who makes a kthread?
#
# Let us make two of our own. The module's function `arrive` is called by the process `insmod`, which runs it inside the kernel.
# It asks for one kthread that is created and never woken, and for one that is created and woken. Both would run `rest`:
# sleep, until somebody tells them to stop.
#
# While the module is loaded, labkit takes down all tasks. The picture shows those that are new, and their parents. (Checks for
# errors come in lesson 10.)

# %% id="predict-parent" tags=["predict"]
predict(
    "parent-of-our-kthread",
    "insmod calls kthread_create(). Whose child is the new task?",
    ["insmod's: it made the call", "init's (1), the parent of all", "kthreadd's (2)"],
)

# %% id="lodgers-in-c" tags=["demo", "needs-qemu"] language="kmodule" magic_args="lodgers --show tasks"
# #include <linux/delay.h>
# #include <linux/kthread.h>
# #include <linux/module.h>
#
# static struct task_struct *asleep, *awake;
# static int rest(void *data) { while (!kthread_should_stop()) msleep_interruptible(100); return 0; }
# static int __init arrive(void)
# {
# 	asleep = kthread_create(rest, NULL, "never_woken");
# 	awake = kthread_run(rest, NULL, "a_very_long_kernel_thread_name");
# 	return 0;
# }
# static void __exit leave(void) { kthread_stop(awake); kthread_stop(asleep); }
# module_init(arrive); module_exit(leave); MODULE_LICENSE("GPL");

# %% id="the-parent" tags=["demo", "needs-qemu"]
NAMES = ["never_woken", "a_very_long_kernel_thread_name"]
real = [lodgers.task(name) for name in NAMES]
for task in real:
    print(f"pid {task.pid}  tgid {task.tgid}  parent {task.ppid}  flags 0x{task.flags:08x}  state {task.state}  {task.name}")
reveal("parent-of-our-kthread", "C", because="insmod only put a request on a list, and slept until kthreadd had served it.")

# %% id="lodgers-in-python" tags=["demo"]
def rest(data):
    while not kthread_should_stop():
        msleep_interruptible(100)


def arrive():
    global asleep, awake
    asleep, awake = kthread_create(rest, None, NAMES[0]), kthread_run(rest, None, NAMES[1])


def leave():
    kthread_stop(awake)
    kthread_stop(asleep)


pretended = pretend.run_module(Module("lodgers", arrive, leave))

# %% id="side-by-side" tags=["demo", "needs-qemu"]
for fact in ("ppid", "comm", "state", "flags", "mm", "prio", "wchan"):
    both = [[getattr(run.task(name), fact) for name in NAMES] for run in (lodgers, pretended)]
    print(f"{fact:6} {both[0]!s:42} {both[1]}")

# %% [markdown] id="claim-f2"
# > **Claim F2.** "The ancestor of all kernel threads is kthreadd, and only the kernel's own functions make them."
# > **Verdict: true.**
#
# `kthread_create()` writes down what is wanted, wakes kthreadd and waits. kthreadd makes the task: so PPid is 2, whoever asked
# (`kernel/kthread.c`, Linux 6.1, booted here).
#
# And who made kthreadd? Look at the first column of the forest again: 1 and 2 are both children of **PID 0**. That is the task
# the kernel booted on. It made init, made kthreadd, and became the idle task of its CPU. Nobody lists it in /proc. So init is
# *not* the ancestor of all.

# %% [markdown] id="claim-f3"
# > **Claim F3.** "Two kernel threads have kthreadd as parent and are independent of each other."
# > **Verdict: true, with a catch.**
#
# Each has a pid of its own, and tgid = pid: it is in no group. One may end and the other goes on. But both live in *one* address
# space, the kernel's, with nothing between them: a wild pointer in one hurts all.
#
# ## One bit says it
#
# `flags` is field 9 of `/proc/PID/stat`, written there in decimal: 2129984. In hexadecimal one sees the bits. Each has a name in
# `include/linux/sched.h`; those of our lodger:

# %% id="decode-flags" tags=["demo", "needs-qemu"]
print(f"{real[0].flags} = 0x{real[0].flags:08x}")
for name, bit in FLAGS.items():
    if real[0].flags & bit:
        print(f"           0x{bit:08x}  {name}")
print("all in the forest with this bit:", sum(bool(task.flags & PF_KTHREAD) for task in bare.tasks))

# %% [markdown] id="claim-f1"
# > **Claim F1.** "A kernel thread is a task_struct without its userspace parts."
# > **Verdict: true.**
# >
# > **Claim D2.** "It is basically a new process, without an address space."
# > **Verdict: partly.** It is a task with `mm` NULL and tgid = pid; "process" promises more than there is.
#
# A task has a pointer `mm` to its address space: which memory it has, and what lies where. A program cannot live without one. A
# kthread needs none: kernel memory is mapped in *every* address space. In `/proc/PID/status` the lines that begin with `Vm`
# come from `mm`.
#
# What does a module see from inside? `current` is the task that runs.

# %% id="predict-mm" tags=["predict"]
predict(
    "mm-of-both",
    "The module's first function and then its kthread print whether current->mm is NULL. What do they say?",
    ["both NULL: both run kernel code", "first there, then NULL", "both there: the kthread inherits it"],
)

# %% id="claim-d2" tags=["demo", "needs-qemu"] language="kmodule" magic_args="lent --show dmesg --dmesg '-t -l info'"
# #include <linux/kthread.h>
# #include <linux/module.h>
# #include <linux/sched/mm.h>
# #include <linux/sched/task.h>
# #define SAY(when) pr_info("%s %s: mm %s\n", current->comm, when, current->mm ? "there" : "NULL")
# static struct mm_struct *lent;
# static struct task_struct *t;
# static int look(void *data)
# {
# 	SAY("by itself"); kthread_use_mm(lent); SAY("with a lent one"); kthread_unuse_mm(lent); SAY("afterwards"); return 0;
# }
# static int __init arrive(void)
# { SAY("in init"); mmget(lent = current->mm); t = get_task_struct(kthread_run(look, NULL, "lodger")); return 0; }
# static void __exit leave(void) { kthread_stop(t); put_task_struct(t); mmput(lent); }
# module_init(arrive); module_exit(leave); MODULE_LICENSE("GPL");

# %% id="mm-answer"
reveal("mm-of-both", "B", because="insmod is a process that runs kernel code for a while; its memory stays its own.")

# %% [markdown] id="claim-c3"
# > **Claim C3.** "Kernel threads run in kernel mode only and have no user address space."
# > **Verdict: true for kthreads, with exceptions.**
#
# The line "by itself" says it. The next one is exception one: `kthread_use_mm()` **lends** a kthread a program's memory, so
# that it can copy data there (a driver that works for a virtual machine does so). PF_KTHREAD stays on all the time, and /proc
# shows no `Vm` lines even then.
#
# Between loans, the CPU needs *some* page tables. A kthread borrows those of whoever ran before: `active_mm`. It never looks at
# the user's half, so nobody notices, and a switch to a kthread costs no change of tables.

# %% [markdown] id="claim-c1"
# > **Claim C1.** "Kernel threads run kernel code in process context."
# > **Verdict: true.**
#
# "Process context" means: with a task of its own, that the scheduler can put to sleep. An interrupt handler runs kernel code as
# well, but on top of whoever was running: it has no task and must never sleep. That is what kthreads are *for*.
#
# The proof is the stack of a sleeping kthread (innermost first). Compare it with a program's.

# %% id="two-stacks" tags=["demo", "needs-qemu"]
for task in (real[1], bare.tasks[0]):
    print(f"{task.name}:", *task.stack, sep="\n    ")

# %% [markdown] id="claim-e1"
# The kthread's stack *begins* at `ret_from_fork`, in the kernel. Init's begins with a system call: below it, there is a program.
#
# > **Claim E1.** "Kernel threads are not made by fork() or clone()." **Verdict: true.**
# >
# > **Claim D3.** "They are created with clone() and some flags." **Verdict: wrong as said.**
#
# Both can be right. fork, clone and `kernel_thread()` all end in one function inside the kernel, `kernel_clone()`
# (`kernel/fork.c`, 6.1). *clone* with small letters is a system call, and a system call comes from a program. kthreadd has no
# program: it calls the inner function.
#
# Now watch two births. insmod asks, and falls asleep. Somebody must wake it.

# %% id="predict-birth" tags=["predict"]
predict(
    "who-tells-insmod",
    "insmod sleeps until its thread is there. Who wakes it?",
    ["kthreadd, when it has made the thread", "the new thread itself", "the timer, after a while"],
)

# %% id="claim-d3" tags=["demo", "needs-qemu"]
# Move the slider to "insmod wakes kthreadd". Then press → and read the line below the picture,
# until insmod runs again.
display(lodgers.timeline(title="the lodgers' whole life, on the only CPU"))
reveal("who-tells-insmod", "B", because="A new kthread first says that it is there. Then it sleeps in D, until it is woken.")

# %% [markdown] id="names"
# In the picture kthreadd "spawns" the thread: that is `kernel_clone()`. insmod only wakes it and waits.
#
# ## Names: fifteen characters, or all of them
#
# Above we printed `comm` of our lodger: `a_very_long_ker`. `task_struct` has 16 bytes for a name, its NUL included. Since Linux
# 5.17 a kthread keeps its full name beside it, and /proc shows that one. So the same task has two names, depending on whom you
# ask: a log of the kernel says one, `ps` the other. Find a kthread of the kernel's own with two names: press `/` in the first
# forest, type `rcu_tasks`, and look at the facts.

# %% [markdown] id="states"
# ## D, S and I
#
# | letter | sleeps until | state |
# |---|---|---|
# | S | its event, or a signal | TASK_INTERRUPTIBLE |
# | D | its event only | TASK_UNINTERRUPTIBLE |
# | I | its event only; not counted | TASK_IDLE |
#
# `never_woken` is in D: so a new kthread waits for its first wake-up. The **load average** is how many tasks want to get on,
# smoothed over a minute: those that run or could run, and some that sleep. Which?
#
# Three runs: one kthread that only sleeps, in S, then D, then I. After half a minute we read the load. (By a virtual clock: you
# wait a second or two.)

# %% id="predict-load" tags=["predict"]
predict(
    "which-sleep-is-load",
    "A kthread uses no processor time at all. In which sleep does it raise the load average?",
    ["in none: it does nothing", "only in D", "in D and in I", "in all three"],
)

# %% id="sleeper-in-c" tags=["demo", "needs-qemu"]
SLEEPER = r"""
#include <linux/module.h>
#include <linux/kthread.h>
#include <linux/sched/loadavg.h>
static int how; module_param(how, int, 0);
static struct task_struct *t;
static int rest(void *data) {
    while (!kthread_should_stop()) { set_current_state(how); schedule_timeout(HZ); }
    return 0; }
static int __init arrive(void) { t = kthread_run(rest, NULL, "sleeper"); return 0; }
static void __exit leave(void) { pr_info("load %lu%%\n", avenrun[0] * 100 >> FSHIFT); kthread_stop(t); }
module_init(arrive); module_exit(leave); MODULE_LICENSE("GPL");
"""
built = kernel.build(SLEEPER, name="sleeper")

# %% id="load-for-real" tags=["demo", "needs-qemu"]
for how in (TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE, TASK_IDLE):
    slept = kernel.run_module(built, params=f"how={how}", wait_s=32, trace=False)
    print(f"how=0x{how:03x}  {slept.task('sleeper').state}  {slept.dmesg[-1].text}")
reveal("which-sleep-is-load", "B", because="D counts, whatever it waits for. The rest is left over from booting.")

# %% id="load-in-python" tags=["demo"]
def sleeper(how):
    def rest(data):
        while not kthread_should_stop():
            set_current_state(how)
            schedule_timeout(simkernel.HZ)
        pr_info("load %s\n", read_proc("/proc/loadavg").split()[0])

    def arrive():
        global t
        t = kthread_run(rest, None, "sleeper")

    return pretend.run_module(Module("sleeper", arrive, lambda: kthread_stop(t)), wait_s=32)


[sleeper(how).dmesg[-1].text for how in (TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE, TASK_IDLE)]

# %% [markdown] id="say-why-load"
# Take the real numbers for S and D: 40 % more, because of one task that does nothing. The pretend kernel starts from 0, so it
# shows that bare: one D task, and six samples in 30 seconds, make 1 − e^(−30/60) = 0.39.
#
# That is why so many kthreads in the forest are in **I**. They wait like D, for no signal may wake them. Counted as load, an
# idle machine would look desperately busy. (TASK_IDLE: commit 80ed87c8a9ca; the letter: commit 06eb61844d84.)
#
# ## kill -9
#
# Now we send a sleeping kthread the signal that no program survives. The module has the kernel run a shell for it:
# `call_usermodehelper()`.

# %% id="predict-kill" tags=["predict"]
predict(
    "kill-nine",
    "kill -9 is sent to a kthread, as root. What happens?",
    ["it dies", "kill says: not permitted", "kill reports success, and nothing happens", "it dies with the module"],
)

# %% id="kill-nine" tags=["demo", "needs-qemu"]
KILL = r"""
#include <linux/module.h>
#include <linux/kthread.h>
#include <linux/umh.h>
#include <linux/delay.h>
static struct task_struct *t;
static int rest(void *data) { while (!kthread_should_stop()) msleep_interruptible(100); pr_info("it was asked\n"); return 0; }
static int __init arrive(void) {
    char *argv[] = {"/bin/sh", "-c", "kill -9 $(pidof lodger); echo kill says $? > /dev/kmsg", NULL};
    t = kthread_run(rest, NULL, "lodger");
    return call_usermodehelper(argv[0], argv, (char *[]){"PATH=/bin", NULL}, UMH_WAIT_PROC); }
static void __exit leave(void) { kthread_stop(t); }
module_init(arrive); module_exit(leave); MODULE_LICENSE("GPL");"""
killed = kernel.run_module(KILL, name="kill")
print("still there:", killed.task("lodger").state_text, *(record.text for record in killed.dmesg[-2:]), sep="\n    ")
reveal("kill-nine", "C", because="The signal is thrown away on arrival.")

# %% [markdown] id="why-no-kill"
# Two reasons, one behind the other.
#
# 1. kthreadd ignores all signals, and its children inherit that: `SigIgn: ffffffffffffffff` in their status.
# 2. A signal is acted upon **on the way back to user mode**. There the kernel stops a program and ends it. A kthread never goes
#    there. A signal that arrives can wake it up, no more.
#
# So a kthread cannot be ended from outside. It can be *asked*. The next cell breaks reason 1: the kthread allows SIGKILL.

# %% id="allow-the-signal" tags=["break-it", "needs-qemu"]
LOOP = "while (!kthread_should_stop()) msleep_interruptible(100);"
ALLOWED = """allow_signal(SIGKILL);
    while (!kthread_should_stop()) {
        if (signal_pending(current)) { pr_info("SIGKILL came. I go on.\\n"); flush_signals(current); }
        msleep_interruptible(100); }"""
allowed = KILL.replace("#include <linux/umh.h>", "#include <linux/umh.h>\n#include <linux/sched/signal.h>").replace(LOOP, ALLOWED)
print(*(record.text for record in kernel.run_module(allowed, name="allowed").dmesg[-3:]), sep="\n")

# %% [markdown] id="impostors"
# ## Break it: three tests that are fooled
#
# How do people tell a kthread? "It stands in [brackets] in ps." "Its parent is 2." "Its command line is empty." ps writes
# brackets *because* the command line is empty, so that is one test, not two.
#
# Now we let the kernel start a shell once more and do not wait for it. The shell leaves a child behind that has ended, and turns
# into `sleep`. Which of the four tests, the columns of the table, will be right about all four tasks?

# %% id="impostors-in-c" tags=["break-it", "needs-qemu"] language="kmodule" magic_args="fooled --trace off --show none"
# #include <linux/module.h>
# #include <linux/umh.h>
#
# static int __init arrive(void)
# {
# 	char *argv[] = {"/bin/sh", "-c", "true & exec sleep 9", NULL};
# 	return call_usermodehelper(argv[0], argv, (char *[]){"PATH=/bin", NULL}, UMH_WAIT_EXEC);
# }
# static void __exit leave(void) { }
# module_init(arrive); module_exit(leave); MODULE_LICENSE("GPL");

# %% id="impostors-run" tags=["break-it", "needs-qemu"]
alike = [t for t in fooled.tasks if t.pid == 2 or t.ppid > 1 and not t.kthread] + kthreads[1:2]
print("task            parent 2  no cmdline  no mm  PF_KTHREAD")
for task in alike:
    marks = (task.ppid == 2, not task.cmdline.strip(), not task.mm, task.kthread)
    print(f"{task.pid:3} {task.name:12}" + "".join(f"{'yes' if mark else '-':>10}" for mark in marks))
TaskForest(alike, title="four that look alike")

# %% [markdown] id="fix-the-test"
# - `sleep` is a program, and its parent is 2: "parent is 2" is fooled. kthreadd itself, whose parent is 0, is missed.
# - `sh` is a **zombie**: it has ended, its memory is gone, so its command line is empty and it has no `Vm` lines. "No command
#   line" and even "no mm" are fooled.
#
# Only PF_KTHREAD is right in each line. **How could it pass and be wrong?** On most days, with no zombie and no helper around,
# all four tests agree. That is how the wrong ones get into scripts.

# %% [markdown] id="claim-d4"
# > **Claim D4.** "A kernel thread can't switch to user space."
# > **Verdict: partly.** Never for a task of the kthread interface. But `sleep` above began as a task inside the kernel, and then
# > called exec. So did PID 1. "kernel_thread() can exec", says a comment in `kernel/kthread.c` (6.1).
#
# The third exception goes the other way: an **io_uring worker**. Recorded on Linux 6.1 from a program with pid 99:
#
# ```
# 100 (iou-wrk-99) S 1 0 0 0 -1 4194384 …      Tgid: 99    VmSize: 1000 kB
# ```
#
# It runs kernel code only, all its life. Yet it is a thread of process 99, with its memory, made by nobody called kthreadd. Its
# flag is PF_IO_WORKER, 0x10; PF_KTHREAD is not set.



# %% [markdown] id="claim-d1"
# > **Claim D1.** "Examples of kernel threads are pdflush and workq."
# > **Verdict: outdated.**
#
# pdflush wrote changed pages of files to disk. Where is it? Go back to the first forest, press `/` and type `flush`, then
# `writeback`. In Linux 6.1 there is no pdflush, and `slub_flushwq` only sounds like it.
#
# - until 2.6.31: a few threads called `pdflush` for all disks;
# - 2.6.32 (commit 03ba3782e8dc): one thread per disk, `flush-8:0`;
# - 3.10 (commit 839a8e8660b6): no thread of its own at all. The job goes to a workqueue, `writeback`, and whichever kworker
#   is free does it.
#
# Recorded on 6.1 while a disk was written to: `kworker/u2:2-flush-1:0`. The kworker is *named* after what it does just now.

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# All you saw is one version, 6.1, with one CPU. On two CPUs there are two `ksoftirqd`, two `migration`, more kworkers. The bits
# of `flags` are no promise to programs: their numbers have changed between versions. And a census is a photograph: a kthread
# that lives for a millisecond is in none.

# %% [markdown] id="keep"
# ## Keep three sentences
#
# 1. A kthread is a task that the kernel made for itself: PF_KTHREAD set, no address space of its own, child of kthreadd, and it
#    runs kernel code only.
# 2. D, S and I are ways to sleep: a signal wakes S alone, and only D counts as load.
# 3. Nothing kills a kthread from outside, because it never comes to the place where a signal kills; it must be asked.
#
# Now the [exercises](../exercises/09_kthreads.ipynb). Next: [10 · The life of a kthread](10_life_of_a_kthread.ipynb), from its
# creation to the asking.
#
# The words are in the [glossary](../GLOSSARY.md).
