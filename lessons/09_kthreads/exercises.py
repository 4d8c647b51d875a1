# %% [markdown] id="title"
# # Exercises 9 · What a kernel thread is
#
# Five exercises, 5 to 15 lines each. You read what /proc says of a task, and tell kthreads from what looks like them.
#
# The data was recorded in Debian's Linux 6.1, booted under QEMU with one CPU, with a few guests that were invited to make it
# hard (the census of 9c is put together from several runs). So nothing here needs a kernel, and a right answer is right
# every time.
#
# Stuck? `hint("9a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
from labkit.course import check, hint

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("9a")

# %% [markdown] id="9a-text"
# ## 9a · Decode the flags of stat
#
# `/proc/PID/stat` is one line of fields: pid, name in round brackets, state, parent, … The **flags** are field 9, in decimal. The
# lines below are cut after field 20.
#
# The bits have their names in a C header. Write
#
# - `read_bits(header)`: `{"PF_IDLE": 2, …}` from the `#define` lines;
# - `flags_of(line)`: field 9 as a number. A name may hold spaces and brackets: any program may choose its own;
# - `decode(line, bits)`: the names of the bits that are set, lowest bit first. What is left over comes last, as one text like
#   `"0x100"`.

# %% id="9a-stat"
STAT = """1 (init) S 0 0 0 0 -1 4194560 194 943 0 0 0 123 5 29 20 0 1
2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1
7 (kworker/0:0-rcu_gp) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1
22 (kauditd) S 2 0 0 0 -1 2097216 0 0 0 0 0 0 0 0 20 0 1
37 (kswapd0) S 2 0 0 0 -1 2230336 0 0 0 0 0 0 0 0 20 0 1
100 (iou-wrk-99) S 1 0 0 0 -1 4194384 0 0 0 0 0 0 0 0 20 0 2
101 (sleep) S 2 0 0 0 -1 4194304 89 0 0 0 0 0 0 0 20 0 1
102 (sh) Z 101 0 0 0 -1 4227148 25 0 0 0 0 0 0 0 20 0 1
103 (my (odd) S 2) S 1 0 0 0 -1 4194304 47 0 0 0 0 0 0 0 20 0 1
104 ([kworker/9:9]) S 1 0 0 0 -1 4194304 46 0 0 0 0 0 0 0 20 0 1
105 (a) S 2 0 0 0 -1) S 1 0 0 0 -1 4194304 46 0 0 0 0 0 0 0 20 0 1"""
STAT = {int(line.split()[0]): line for line in STAT.splitlines()}

# %% id="9a-header"
HEADER = """
/* Per process flags: a part of include/linux/sched.h, Linux 6.1 */
#define PF_IDLE            0x00000002      /* pid 0, one on each CPU */
#define PF_EXITING         0x00000004      /* on its way out */
#define PF_IO_WORKER       0x00000010      /* works for a program's io_uring */
#define PF_WQ_WORKER       0x00000020      /* a kworker */
#define PF_FORKNOEXEC      0x00000040      /* has not called exec */
#define PF_NOFREEZE        0x00008000      /* not frozen before suspend */
#define PF_KSWAPD          0x00020000      /* frees memory */
#define PF_KTHREAD         0x00200000      /* a kthread */
#define PF_RANDOMIZE       0x00400000      /* its addresses are randomized */
#define PF_NO_SETAFFINITY  0x04000000      /* bound to its CPUs */
"""


# %% id="9a-solution" tags=["exercise"]
def read_bits(header):
    """Name → number, for each #define of the header."""
    ### BEGIN SOLUTION
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number, 16) for _, name, number, *_ in words}
    ### END SOLUTION


def flags_of(line):
    """Field 9 of a line of /proc/PID/stat, as a number."""
    ### BEGIN SOLUTION
    after_the_name = line.rpartition(")")[2].split()  # state is field 3, so it is [0] here
    return int(after_the_name[6])
    ### END SOLUTION


def decode(line, bits):
    """Names of the flags that are set, lowest bit first, and what is left over as a hexadecimal number."""
    ### BEGIN SOLUTION
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items(), key=lambda item: item[1]):
        if left & bit:
            names.append(name)
            left -= bit
    return names + ([hex(left)] if left else [])
    ### END SOLUTION


# %% id="9a-check" tags=["check"]
check('read_bits(HEADER)["PF_KTHREAD"]', 2097152, why="0x is base 16: the sixth digit from the right counts 16 to the 5th each")
check("flags_of(STAT[2])", 2129984, why="pid 1, name 2, state 3, parent 4, … flags 9")
check("flags_of(STAT[103])", 4194304, why="a name may hold spaces, so the fields before it cannot be counted by spaces")
check("flags_of(STAT[105])", 4194304, why="a name may hold `)`: it ends at the last one of the line")
check("decode(STAT[2], read_bits(HEADER))", ["PF_FORKNOEXEC", "PF_NOFREEZE", "PF_KTHREAD"], why="2129984 is 0x208040")
check("decode(STAT[1], read_bits(HEADER))", ["PF_RANDOMIZE", "0x100"], why="0x100 has no name in this header; do not lose it")
### BEGIN HIDDEN TESTS
check("len(read_bits(HEADER))", 10, why="ten lines define a bit; the comment above them does not")
check('read_bits("#define A 0x10 /* a */\\n#define B 0x8\\n")', {"A": 16, "B": 8}, why="a line needs no comment behind it")
check("[flags_of(STAT[pid]) for pid in (100, 102, 104)]", [4194384, 4227148, 4194304], why="field 9, whatever the name is")
check(
    "decode(STAT[7], read_bits(HEADER))",
    ["PF_WQ_WORKER", "PF_FORKNOEXEC", "PF_NOFREEZE", "PF_KTHREAD", "PF_NO_SETAFFINITY"],
    why="69238880 is 0x4208060: a kworker, bound to its CPU",
)
check("decode(STAT[100], read_bits(HEADER))", ["PF_IO_WORKER", "PF_FORKNOEXEC", "PF_RANDOMIZE"], why="4194384 is 0x400050")
check('decode(STAT[7], {"PF_KTHREAD": 0x200000, "LOW": 0x20})', ["LOW", "PF_KTHREAD", "0x4008040"], why="lowest bit first")
check('decode(STAT[2], {"ALL": 0x208040})', ["ALL"], why="nothing left over: nothing to add")
### END HIDDEN TESTS

# %% [markdown] id="9b-text"
# ## 9b · Is it a kthread?
#
# `status` says in lines what `stat` says in one, and more. Below, the telling lines, recorded. A task that has no memory of its
# own has no `Vm` lines.
#
# - `is_kthread(status, stat)`: True or False.
# - `kind(status, stat)`: `"kthread"`; or `"worker"`, for a thread of a program that runs only kernel code (its flag is
#   PF_IO_WORKER); or `"ended"`, for a zombie; or `"program"`.
#
# Use what decides, not what usually goes with it. `flags_of` from 9a is there.

# %% id="9b-status"
def status(name, state, tgid, ppid, *memory):
    """The telling lines of /proc/PID/status."""
    return f"Name:\t{name}\nState:\t{state}\nTgid:\t{tgid}\nPPid:\t{ppid}\n" + "".join(f"VmSize:\t{m} kB\n" for m in memory)


STATUS = {1: status("init", "S (sleeping)", 1, 0, 2260), 2: status("kthreadd", "S (sleeping)", 2, 0)}
STATUS |= {7: status("kworker/0:0-rcu_gp", "I (idle)", 7, 2), 22: status("kauditd", "S (sleeping)", 22, 2)}
STATUS |= {37: status("kswapd0", "S (sleeping)", 37, 2), 100: status("iou-wrk-99", "S (sleeping)", 99, 1, 1000)}
STATUS |= {101: status("sleep", "S (sleeping)", 101, 2, 2260), 102: status("sh", "Z (zombie)", 102, 101)}
STATUS |= {103: status("my (odd) S 2", "S (sleeping)", 103, 1, 980), 104: status("[kworker/9:9]", "S (sleeping)", 104, 1, 980)}
STATUS |= {105: status("a) S 2 0 0 0 -1", "S (sleeping)", 105, 1, 980)}


# %% id="9b-solution" tags=["exercise"]
def is_kthread(status, stat):
    """Whether the task was made by the kthread interface."""
    ### BEGIN SOLUTION
    return bool(flags_of(stat) & 0x00200000)
    ### END SOLUTION


def kind(status, stat):
    """ "kthread", "worker", "ended" or "program"."""
    ### BEGIN SOLUTION
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"
    ### END SOLUTION


# %% id="9b-check" tags=["check"]
check("is_kthread(STATUS[2], STAT[2])", True, why="kthreadd is one too, though its parent is 0")
check("is_kthread(STATUS[101], STAT[101])", False, why="a program that the kernel started: its parent is 2, and it is no kthread")
check("is_kthread(STATUS[102], STAT[102])", False, why="a zombie has no memory any more; that makes no kthread of it")
check("is_kthread(STATUS[104], STAT[104])", False, why="anybody may call himself [kworker/9:9]")
check("is_kthread(STATUS[22], STAT[22])", True, why="kauditd may be frozen, so it lacks PF_NOFREEZE; PF_KTHREAD it has")
check("kind(STATUS[100], STAT[100])", "worker", why="an io_uring worker belongs to process 99 and has its memory")
check("kind(STATUS[102], STAT[102])", "ended", why="state Z")
### BEGIN HIDDEN TESTS
check("[pid for pid in STAT if is_kthread(STATUS[pid], STAT[pid])]", [2, 7, 22, 37], why="PF_KTHREAD decides, and nothing else")
check(
    "[kind(STATUS[pid], STAT[pid]) for pid in STAT]",
    ["program", "kthread", "kthread", "kthread", "kthread", "worker", "program", "ended", "program", "program", "program"],
    why="the flags say what runs kernel code only; the state says what has ended",
)
check(
    "is_kthread(status('lent', 'S (sleeping)', 9, 2, 980), '9 (lent) S 2 0 0 0 -1 2129984 0 0')",
    True,
    why="PF_KTHREAD decides, also where some kernel should show lent memory",
)
check(
    "kind(status('State:\\tZ', 'S (sleeping)', 9, 1, 980), '9 (State:\\tZ) S 1 0 0 0 -1 4194304 0 0')",
    "program",
    why="a name may look like a line of status",
)
check(
    "kind(status('kworker/0:1', 'R (running)', 9, 1), '9 (kworker/0:1) R 1 0 0 0 -1 69238880 0 0')",
    "kthread",
    why="neither the parent nor the state decides",
)
### END HIDDEN TESTS

# %% [markdown] id="9c-text"
# ## 9c · The trees
#
# Below is a census: pid, parent, flags, name, in the order in which a shell lists /proc: as *texts*, 10 before 2. Nobody lists
# PID 0.
#
# - `tree(tasks, pid)`: the task and all that descend from it, one line each, as `"2 kthreadd"`; children under their parent,
#   by number, two spaces deeper.
# - `top(tasks, pid)`: the ancestor (or the task itself) whose parent is 0.
# - `strangers(tasks)`: the names of those who descend from kthreadd (2) and are no kthreads, by number.

# %% id="9c-tasks"
CENSUS = """1 0 4194560 init|100 2 2129984 never_woken|101 2 4194304 sleep|102 101 4227148 sh|14 2 69238848 ksoftirqd/0
16 2 69238848 migration/0|2 0 2129984 kthreadd|26 2 69238880 writeback|27 2 69238880 kworker/u2:2-flush-1:0
3 2 69238880 rcu_gp|37 2 2230336 kswapd0|89 1 4194304 sh|9 2 69238880 kworker/u2:0-ftrace_check_wq|95 89 4194304 sleep"""
TASKS = [line.split(" ", 3) for line in CENSUS.replace("|", "\n").splitlines()]
TASKS = [(int(pid), int(ppid), int(flags), name) for pid, ppid, flags, name in TASKS]


# %% id="9c-solution" tags=["exercise"]
def tree(tasks, pid):
    """Lines: the task, and under it, two spaces deeper, the trees of its children by number."""
    ### BEGIN SOLUTION
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)]
    ### END SOLUTION


def top(tasks, pid):
    """The pid of the ancestor, or of the task itself, whose parent is 0."""
    ### BEGIN SOLUTION
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return pid
    ### END SOLUTION


def strangers(tasks):
    """Names of those who descend from kthreadd and are no kthreads, by number."""
    ### BEGIN SOLUTION
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]
    ### END SOLUTION


# %% id="9c-check" tags=["check"]
check("tree(TASKS, 1)", ["1 init", "  89 sh", "    95 sleep"], why="children stand under their parents, two spaces deeper")
check("tree(TASKS, 2)[:3]", ["2 kthreadd", "  3 rcu_gp", "  9 kworker/u2:0-ftrace_check_wq"], why="by number: 9 before 14")
check("len(tree(TASKS, 2))", 11, why="kthreadd counts, its ten descendants count, and one of those is a grandchild")
check("top(TASKS, 95)", 1, why="95 is a child of 89, and 89 of 1")
check("top(TASKS, 2)", 2, why="kthreadd's parent is 0, which is in no list: there the way up ends")
check("strangers(TASKS)", ["sleep", "sh"], why="what a kthread has started descends from kthreadd too, and is a program")
### BEGIN HIDDEN TESTS
check("tree(TASKS, 101)", ["101 sleep", "  102 sh"], why="a tree may begin anywhere")
check("tree(TASKS, 37)", ["37 kswapd0"], why="a task without children is a tree of one")
check("tree(TASKS, 2)[-2:]", ["  101 sleep", "    102 sh"], why="a grandchild is two levels deep")
check("[top(TASKS, pid) for pid in (1, 102, 27)]", [1, 2, 2], why="both 1 and 2 are children of 0; all others descend from them")
check("strangers(TASKS[:1] + TASKS[6:7])", [], why="kthreadd is no stranger in its own tree")
check("strangers([(2, 0, 2129984, 'kthreadd'), (30, 2, 64, 'b'), (4, 30, 64, 'a')])", ["a", "b"], why="by number: 4 before 30")
check("top([(2, 0, 0, 'x'), (9, 7, 0, 'c'), (7, 5, 0, 'b'), (5, 2, 0, 'a')], 9)", 2, why="the way up may be long")
### END HIDDEN TESTS

# %% [markdown] id="9d-text"
# ## 9d · Where did pdflush go?
#
# Since Linux 3.10 whichever kworker is free writes changed pages to disk (claim D1). Its name tells: `kworker/`, then `CPU:id`,
# or `uPOOL:id` if it is bound to no CPU, an `H` if it is urgent; then `-` and what it served last, or `+` and what it is
# serving now.
#
# - `read_kworker(name)`: `{"cpu": 0, "pool": None, "id": 1, "high": False, "work": "rcu_gp"}`; None for what is no kworker. For
#   an unbound one `cpu` is None. No work: `""`.
# - `flushing(names)`: the disks, as `"8:0"`, whose `flush-8:0` a kworker served last or serves.
# - `writer(version)`: who wrote pages to disk in that Linux, 2.6 or later: `"pdflush"`, `"flush"` (2.6.32 to 3.9) or
#   `"kworker"`.

# %% id="9d-names"
NAMES = ["kthreadd", "kworker/0:0-rcu_gp", "kworker/0:0H-events_highpri", "kworker/u2:0-ftrace_check_wq", "slub_flushwq"]
NAMES += ["kworker/0:1-rcu_gp", "kworker/u2:1-events_unbound", "writeback", "kworker/u2:2-flush-1:0", "kworker/u2:3", "kswapd0"]


# %% id="9d-solution" tags=["exercise"]
import re


def read_kworker(name):
    """The parts of a kworker's name, or None."""
    ### BEGIN SOLUTION
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}
    ### END SOLUTION


def flushing(names):
    """The disks that kworkers write to, or wrote to last, in the order of names."""
    ### BEGIN SOLUTION
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]
    ### END SOLUTION


def writer(version):
    """Who writes changed pages to disk in this version of Linux, a text such as "2.6.31" or "6.1.0-56-cloud-amd64"."""
    ### BEGIN SOLUTION
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"
    ### END SOLUTION


# %% id="9d-check" tags=["check"]
check(
    'read_kworker("kworker/0:1H-kblockd")',
    {"cpu": 0, "pool": None, "id": 1, "high": True, "work": "kblockd"},
    why="worker 1 of CPU 0, urgent, last seen with kblockd",
)
check('read_kworker("kworker/u2:2-flush-1:0")["work"]', "flush-1:0", why="what it serves begins after the first -, not the last")
check('read_kworker("kworker/u2:3")', {"cpu": None, "pool": 2, "id": 3, "high": False, "work": ""}, why="u: a pool, not a CPU")
check('read_kworker("kswapd0")', None, why="most kthreads are no kworkers")
check("flushing(NAMES)", ["1:0"], why="slub_flushwq is another thing: only kworkers write pages back, and only with flush-")
check('[writer(v) for v in ("2.6.31", "2.6.32", "3.9", "3.10")]', ["pdflush", "flush", "flush", "kworker"], why="10 is after 9")
### BEGIN HIDDEN TESTS
check('read_kworker("kworker/3:12+events")', {"cpu": 3, "pool": None, "id": 12, "high": False, "work": "events"}, why="+ is now")
check('read_kworker("kworker/12:0H")', {"cpu": 12, "pool": None, "id": 0, "high": True, "work": ""}, why="two digits")
check('[read_kworker("kworker/" + n)["high"] for n in ("0:2-mm_wq", "u4:0-Hotplug")]', [False] * 2, why="H only behind the id")
check('read_kworker("kworker/u4:0-Hotplug+x")["work"]', "Hotplug+x", why="all that comes after the first - or + is the work")
check('[read_kworker(n) for n in ("kworker", "my kworker/0:1", "kworker/x:1")]', [None] * 3, why="the whole name must fit")
check('flushing(["kworker/u8:1+flush-8:16", "flush-8:0", "kworker/u8:2-flush-253:0"])', ["8:16", "253:0"], why="- and + count")
check('flushing(["kworker/0:0-noflush-1:0", "kworker/u2:3"])', [], why="the work is called flush-")
check('[writer(v) for v in ("2.6.9", "2.6.39", "4.2", "6.1.0-56-cloud-amd64")]', ["pdflush", "flush", "kworker", "kworker"],
      why="versions are numbers between dots: 9 is less than 32, and 6 is more than 3")
check('[writer(v) for v in ("3.0", "2.6.5", "10.0")]', ["flush", "pdflush", "kworker"], why="compare number by number")
### END HIDDEN TESTS

# %% [markdown] id="9e-text"
# ## 9e · D, S, I and the load
#
# A task's state is a set of bits; 0 means that it runs, or could run.
#
# - `letter(state)`: R, S, D, I or P, as ps shows it. `TASK_KILLABLE` is shown as D.
# - `woken_by(state)`: what wakes it, of `["event", "kill", "signal"]` in this order. An event wakes every sleeper, SIGKILL also
#   one with the bit TASK_WAKEKILL, and any signal, SIGKILL too, an interruptible one. A task with state 0 sleeps not: `[]`.
# - `counts(state)`: whether it counts in the load average: R does, D does, I does not.
#
# (A parked kthread is woken by kthread_unpark: an event.)

# %% [markdown] id="9e-load-text"
# And `load_after(load, states, samples)`: the load average after some samples, one every 5 seconds, while tasks are in these
# states. The kernel has no fractions, so it counts in 2048ths, with whole numbers only
# (`include/linux/sched/loadavg.h`, 6.1). In each sample:
#
# `load = (load * 1884 + wanted * 164 + up) // 2048`
#
# where `wanted` is 2048 for each task that counts, and `up` is 2047 when `wanted >= load`, else 0. 1884 / 2048 is e^(−5/60).

# %% id="9e-states"
from labkit.taskinfo import TASK_IDLE, TASK_INTERRUPTIBLE, TASK_KILLABLE, TASK_NOLOAD, TASK_PARKED, TASK_RUNNING
from labkit.taskinfo import TASK_UNINTERRUPTIBLE, TASK_WAKEKILL

ALL = [TASK_RUNNING, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE, TASK_KILLABLE, TASK_IDLE, TASK_PARKED]
[hex(state) for state in ALL]


# %% id="9e-solution" tags=["exercise"]
def letter(state):
    """R, S, D, I or P."""
    ### BEGIN SOLUTION
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"
    ### END SOLUTION


def woken_by(state):
    """What wakes a task in this state: some of "event", "kill", "signal", in this order."""
    ### BEGIN SOLUTION
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []
    ### END SOLUTION


def counts(state):
    """Whether a task in this state counts in the load average."""
    ### BEGIN SOLUTION
    return letter(state) in "RD"
    ### END SOLUTION


def load_after(load, states, samples):
    """The load in 2048ths after so many samples, with one task in each of these states."""
    ### BEGIN SOLUTION
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load
    ### END SOLUTION


# %% id="9e-check" tags=["check"]
check("[letter(state) for state in ALL]", ["R", "S", "D", "D", "I", "P"], why="TASK_IDLE has the D bit, and NOLOAD besides")
check("woken_by(TASK_INTERRUPTIBLE)", ["event", "kill", "signal"], why="S: whatever comes first")
check("woken_by(TASK_KILLABLE)", ["event", "kill"], why="it looks like D, but a task that will die anyway may be woken")
check("woken_by(TASK_IDLE)", ["event"], why="I differs from D in what it counts, not in what wakes it")
check("[counts(state) for state in ALL]", [True, False, True, True, False, False], why="R and D; I was invented not to count")
check("load_after(0, [TASK_UNINTERRUPTIBLE], 6)", 808, why="808 / 2048 = 0.39: what one task in D does to an idle machine")
### BEGIN HIDDEN TESTS
check("[woken_by(state) for state in (TASK_RUNNING, TASK_UNINTERRUPTIBLE, TASK_PARKED)]", [[], ["event"], ["event"]],
      why="who runs is not woken; D and parked tasks hear no signal")
check("[letter(TASK_KILLABLE | TASK_NOLOAD), counts(TASK_KILLABLE | TASK_NOLOAD)]", ["I", False], why="NOLOAD: not counted")
check("load_after(808, [TASK_IDLE, TASK_INTERRUPTIBLE], 6)", 487, why="two that do not count let the load fall")
check("load_after(0, [TASK_IDLE] * 40, 100)", 0, why="forty idle kworkers are no load")
check("load_after(0, [TASK_RUNNING, TASK_KILLABLE], 200)", 4096, why="two that want to get on: the load ends at 2, exactly")
check("load_after(2048, [TASK_RUNNING], 3)", 2048, why="at the wanted load it stays")
check("load_after(77, [TASK_RUNNING], 0)", 77, why="no sample, no change")
### END HIDDEN TESTS

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# 9b holds for Linux 6.1. The numbers of flags are no promise: PF_IO_WORKER came with 5.12 and took a number that had meant
# something else. And 9c believed its census: by the time that it is read, a task may have ended, and its number may belong to
# somebody else.
#
# **Keep this.** The name of a task is what it says of itself; its flags are what the kernel says of it. PID 0 is where the
# trees begin, and no list has it. D counts as load, I does not, and neither hears a signal.
#
# Next: [10 · The life of a kthread](10_life_of_a_kthread.ipynb) · Words: [glossary](../GLOSSARY.md)
