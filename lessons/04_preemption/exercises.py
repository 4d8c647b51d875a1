# %% [markdown] id="title"
# # Exercises 4 · Preemption in userland
#
# Five exercises. You write the part of a scheduler that a timer calls, the guard that holds the timer off, a counter that
# survives both; you count what a switch costs; and at last you write the switch itself.
#
# Every tick here is exact: it comes at a place that the check chooses. So a right answer is right every time, and a wrong one
# is wrong every time. Stuck? `hint("4a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
import signal
from collections import deque

from labkit import Atomic, Mutex, current_thread, no_preempt, run, spawn
from labkit.course import check, hint
from labkit.native import check_switch

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("4a")

# %% [markdown] id="4a-text"
# ## 4a · From a timer to a yield
#
# Below is a pretend processor. Its timer is **one-shot**: `cpu.arm(steps)` makes it fire once, after so many steps; then it is
# silent until it is armed again. `cpu.runq` is the run queue, `cpu.current` the running thread (a letter) or None.
#
# Write what the scheduler does at three moments. Every thread that gets the processor gets a **whole timeslice**. When the last
# thread has ended, nobody runs and the timer is off.


# %% id="4a-cpu"
class Cpu:
    """A pretend processor with a one-shot timer. work says how many steps each thread needs: {"A": 5, "B": 3}."""

    def __init__(self, work, timeslice):
        self.work, self.timeslice = dict(work), timeslice
        self.runq, self.current, self.left, self.did = deque(work), None, None, ""

    def arm(self, steps):
        """Set the timer: it fires once, after so many steps, whoever runs then."""
        self.left = steps

    def disarm(self):
        """Switch the timer off."""
        self.left = None

    def step(self):
        """The running thread does one step of its work."""
        assert self.work[self.current] > 0, f"{self.current} has ended and cannot run"
        self.did += self.current
        self.work[self.current] -= 1


# %% id="4a-drive"
def drive(work, timeslice):
    """Run until nobody is current; cpu.did says who took each step."""
    cpu = Cpu(work, timeslice)
    on_start(cpu)
    while cpu.current:
        cpu.step()
        cpu.left = None if cpu.left is None else cpu.left - 1
        if cpu.work[cpu.current] == 0:
            on_exit(cpu)
        elif cpu.left == 0:
            on_tick(cpu)
    return cpu


# %% id="4a-solution" tags=["exercise"]
def on_start(cpu):
    """The machine starts: give the processor to the first thread of the run queue."""
    ### BEGIN SOLUTION
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice)
    ### END SOLUTION


def on_tick(cpu):
    """The timer fired, and cpu.current still has work: it goes to the end of the run queue, the next one runs."""
    ### BEGIN SOLUTION
    cpu.runq.append(cpu.current)
    on_start(cpu)
    ### END SOLUTION


def on_exit(cpu):
    """cpu.current has ended: the next one runs; if there is none, cpu.current is None and the timer is off."""
    ### BEGIN SOLUTION
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.current = None
        cpu.disarm()
    ### END SOLUTION


# %% id="4a-check" tags=["check"]
check('drive({"A": 2, "B": 1, "C": 1}, 9).did', "AABC", why="first in, first out: who ends is followed by who waited longest")
check('drive({"A": 5, "B": 3}, 2).did', "AABBAABA", why="a tick sends the running thread to the end, and the next timer is set")
check('drive({"A": 4, "B": 4, "C": 4}, 2).did', "AABBCCAABBCC", why="everyone gets a timeslice before anyone gets a second one")
check('drive({"A": 4}, 3).did', "AAAA", why="a thread that is alone goes to the end of an empty queue and comes straight back")
check('drive({"A": 1, "B": 4, "C": 2}, 3).did', "ABBBCCB", why="B must not inherit the rest of a timeslice that A began")
check(
    'drive({"A": 5, "B": 3}, 2).left', None, why="a timer that is still armed when all have ended interrupts whatever runs next"
)
### BEGIN HIDDEN TESTS
check('drive({"A": 2, "B": 2}, 2).did', "AABB", why="a thread may end on the very step on which its timeslice ends")
check('drive({"A": 2, "B": 2, "C": 1}, 1).did', "ABCAB", why="with a timeslice of 1 everyone takes one step in turn")
check('drive({"A": 3, "B": 2}, 100).did', "AAABB", why="a long timeslice is cut short by the end of the thread")
check('drive({"A": 7, "B": 1}, 2).did', "AABAAAAA", why="a thread that is left alone keeps running to its end")
check('list(drive({"A": 3, "B": 2}, 2).runq)', [], why="who has ended is in no queue")
check('drive({"A": 3, "B": 2}, 2).current', None, why="when all have ended, nobody runs")
check('drive({"A": 4}, 2).left', None, why="the timer is off when the last thread has ended")
### END HIDDEN TESTS

# %% [markdown] id="4b-text"
# ## 4b · A guard that nests
#
# `Guard` holds ticks off. `preempt_disable()` and `preempt_enable()` come in pairs, and pairs may lie inside pairs. `tick()` is
# what the timer's handler calls.
#
# - outside of every pair, a tick calls `self.switch()` at once;
# - inside, it is noted; one switch follows when the outermost pair ends, however many ticks came;
# - `switch()` itself must not be torn apart: a tick that comes *during* a switch is noted too, and one more switch follows;
# - an enable without a disable raises RuntimeError.


# %% id="4b-story"
class Story:
    """Writes down what happens; [ and ] show where a switch begins and ends. In the first `during` switches a tick comes."""

    def __init__(self, during):
        self.told, self.during, self.guard = "", during, Guard(self.switch)

    def switch(self):
        self.told += "["
        if self.during:
            self.during -= 1
            do(self, "t")
        self.told += "]"


# %% id="4b-play"
def do(story, sign):
    """One sign: ( is a disable, ) an enable, t a tick."""
    story.told += sign
    {"(": story.guard.preempt_disable, ")": story.guard.preempt_enable, "t": story.guard.tick}[sign]()


def play(script, during=0):
    """Act out a script, sign by sign; what happened, in order."""
    story = Story(during)
    for sign in script:
        do(story, sign)
    return story.told


# %% id="4b-solution" tags=["exercise"]
class Guard:
    """Holds ticks off while anybody asks for it. self.switch() changes the running thread."""

    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        """No switch from here on, until the matching preempt_enable()."""
        ### BEGIN SOLUTION
        self.depth += 1
        ### END SOLUTION

    def preempt_enable(self):
        """End one pair; at the end of the outermost, do what was held off."""
        ### BEGIN SOLUTION
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        while self.depth == 1 and self.pending:
            self.pending = False
            self.switch()  # depth is still 1: a tick that comes now is noted
        self.depth -= 1
        ### END SOLUTION

    def tick(self):
        """The timer fired: switch, or note it for later."""
        ### BEGIN SOLUTION
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()
        ### END SOLUTION


# %% id="4b-check" tags=["check"]
check('play("tt")', "t[]t[]", why="outside of every pair a tick switches at once")
check('play("(t)")', "(t)[]", why="a tick that is held off is late, not lost")
check('play("((t))")', "((t))[]", why="the inner enable ends the inner pair only; the outer one still forbids")
check('play("(ttt)t")', "(ttt)[]t[]", why="three ticks that came meanwhile ask for one thing: let somebody else run")
check('play("t", during=1)', "t[t][]", why="a tick that comes during a switch waits for its end, and is then delivered")
check('play(")")', raises=RuntimeError, why="a count below 0 would let the next critical section be torn apart")
### BEGIN HIDDEN TESTS
check('play("()()")', "()()", why="no tick, no switch")
check('play("(t)()t")', "(t)[]()t[]", why="a held tick is delivered once")
check('play("(()t())t")', "(()t())[]t[]", why="a pair that ended inside says nothing about the one around it")
check('play("(((t)t))")', "(((t)t))[]", why="three deep is still inside until the third enable")
check('play("(t)", during=1)', "(t)[t][]", why="a tick during a late switch is noted like any other")
check('play("t", during=2)', "t[t][t][]", why="each tick during a switch is followed by one more switch")
check('play("(t)t()", during=1)', "(t)[t][]t[]()", why="after a noted tick was delivered, nothing is left over")
check('play("())")', raises=RuntimeError, why="one disable allows one enable")
### END HIDDEN TESTS

# %% [markdown] id="4c-text"
# ## 4c · A counter without a lock, then with one
#
# First the signal mask, by hand. `masked(action)` blocks SIGALRM, calls `action()`, and leaves the mask **as it found it**, also
# when action raises. It returns what action returned. You need `signal.pthread_sigmask(how, signals)`: it returns the old mask,
# and SIG_BLOCK, SIG_UNBLOCK and SIG_SETMASK say how.
#
# Then the counter. In each of `times` rounds: `think()`, then add 1 to the box with `box.get()` and `box.put(number)`. Once
# guarded by `no_preempt`, once by `box.lock`. Others must be able to run while you think. `put` may raise; then nothing may
# stay locked.

# %% id="4c-act"
told = []


def send(text="t"):
    """A SIGALRM to ourselves, noted as t; the handler notes *."""
    if signal.getsignal(signal.SIGALRM) == signal.SIG_DFL:
        raise RuntimeError("no handler is set, SIGALRM would end the Jupyter kernel: write act(send)")
    told.append(text)
    signal.raise_signal(signal.SIGALRM)


def fail():
    """Sends a tick and raises."""
    send()
    raise ValueError("on purpose")


# %% id="4c-watch"
def act(action, also=()):
    """What happened while action() ran, in order; `also` is blocked from the start, and the mask is looked at in the end."""
    told.clear()
    old_handler = signal.signal(signal.SIGALRM, lambda signum, frame: told.append("*"))
    old_mask = signal.pthread_sigmask(signal.SIG_BLOCK, also)
    found = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    try:
        action()
    except ValueError:
        told.append("!")
    told.append("" if signal.pthread_sigmask(signal.SIG_SETMASK, old_mask) == found else " and another mask")
    signal.signal(signal.SIGALRM, old_handler)
    return "".join(told)


# %% id="4c-box"
class Box:
    """A number with its lock. get, put and think are scheduling points: a tick may come there."""

    def __init__(self, limit):
        self.number, self.lock, self.limit, self.who = Atomic(0), Mutex("box"), limit, ""

    def get(self):
        number = self.number.load()
        think()
        return number

    def put(self, number):
        if number > self.limit:
            raise OverflowError(f"{number} does not fit into the box")
        self.number.store(number)
        self.who += current_thread().name


# %% id="4c-meet"
def meet(add, points, limit=99):
    """Threads A and B add 3 each, with a tick after so many points: what is in the box, and who put it there, in order."""

    def main():
        box = Box(limit)
        for thread in [spawn(add, box, 3, name="A"), spawn(add, box, 3, name="B")]:
            try:
                thread.join()
            except OverflowError:
                box.who += "!"
        return box.number.load(), box.who

    return run(main, machine="preemptive", timeslice_points=points).result


# %% id="4c-think"
def think():
    """A scheduling point, and nothing else."""
    Atomic(0).load()


def took_turns(add, points):
    """Whether A came between two of B's rounds, or B between two of A's."""
    who = meet(add, points)[1]
    return "AB" in who and "BA" in who


# %% id="4c-solution" tags=["exercise"]
def masked(action):
    """Call action() with SIGALRM blocked; leave the mask as it was; return what action returned."""
    ### BEGIN SOLUTION
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)
    ### END SOLUTION


def add_guarded(box, times):
    """So many times: think(), then add 1 to the box without being preempted."""
    ### BEGIN SOLUTION
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)
    ### END SOLUTION


def add_locked(box, times):
    """So many times: think(), then add 1 to the box while holding box.lock."""
    ### BEGIN SOLUTION
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)
    ### END SOLUTION


# %% id="4c-check" tags=["check"]
check("act(lambda: masked(lambda: (send(), send())))", "tt*", why="while masked a tick waits; it comes when the mask is put back")
check("masked(lambda: 42)", 42, why="who calls masked(f) wants what f gives")
check("act(lambda: masked(lambda: (masked(send), send())))", "tt*", why="inner masked() found SIGALRM blocked and leaves it so")
check("act(lambda: masked(fail))", "t*!", why="an exception must not leave the program deaf")
check("[meet(add_guarded, k)[0] for k in range(1, 9)]", [6] * 8, why="a tick between get and put loses an update")
check("[meet(add_locked, k)[0] for k in range(1, 9)]", [6] * 8, why="who comes between get and put must wait for the lock")
check("took_turns(add_guarded, 1)", True, why="others must run while you think")
check("took_turns(add_locked, 2)", True, why="others must get the box while you think")
check("meet(add_locked, 2, limit=4)[0]", 4, why="put raised in one thread; the lock must be free for the other")
### BEGIN HIDDEN TESTS
check("act(lambda: (send(), masked(lambda: 42)))", "t*", why="outside of masked() a tick comes at once")
check("act(lambda: masked(send), also={signal.SIGUSR1})", "t*", why="the mask held SIGUSR1 before, and must hold it afterwards")
check("act(lambda: masked(send), also={signal.SIGALRM})", "t*", why="SIGALRM was blocked before, so it stays blocked afterwards")
check("act(lambda: (masked(send), send()))", "t*t*", why="after masked() ticks come as before")
check("[meet(add_guarded, k)[0] for k in range(9, 31)]", [6] * 22, why="no timeslice may lose an update")
check("[meet(add_locked, k)[0] for k in range(9, 31)]", [6] * 22, why="no timeslice may lose an update")
check("[meet(add_guarded, k, limit=4)[0] for k in range(1, 9)]", [4] * 8, why="the box takes four, whoever comes first")
check("[meet(add_locked, k, limit=4)[0] for k in range(1, 9)]", [4] * 8, why="after an exception the lock must be free")
### END HIDDEN TESTS

# %% [markdown] id="4d-text"
# ## 4d · Count the system calls of a switch
#
# Claim A4 says: "faster, since you need not go into kernel mode". Below are four logs of strace(1), recorded on Debian 12
# (x86-64, strace 6.1, Python 3.11.7, greenlet 3.5), most of their starting up left out. Each program wrote `begin`, switched
# so many times, and wrote `end`. One line is one entry into the kernel: a system call such as `rt_sigreturn(…) = 0`, or the
# delivery of a signal, `--- SIGALRM {…} ---`.
#
# Count only what stands **between** the two lines that write `begin` and `end`. The rest belongs to no switch.

# %% id="4d-log-alarm"
ALARM = """rt_sigaction(SIGALRM, {sa_handler=0x556998aba203, sa_mask=[], sa_flags=SA_RESTORER, sa_restorer=0x7f74…}, NULL, 8) = 0
setitimer(ITIMER_REAL, {it_interval={tv_sec=0, tv_usec=20000}, it_value={tv_sec=0, tv_usec=20000}}, NULL) = 0
write(1, "begin\\n", 6)                  = 6
--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---
rt_sigprocmask(SIG_SETMASK, [ALRM], [ALRM], 8) = 0
rt_sigreturn({mask=[]})                 = 6652493
--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---
rt_sigprocmask(SIG_SETMASK, [ALRM], [ALRM], 8) = 0
rt_sigreturn({mask=[]})                 = 9357760
write(1, "end\\n", 4)                    = 4
exit_group(0)                           = ?
+++ exited with 0 +++"""  # 2 switches, SIGALRM and swapcontext(3) in C

# %% id="4d-log-labkit"
LABKIT = """rt_sigprocmask(SIG_UNBLOCK, [ALRM], [], 8) = 0
write(2, "begin\\n", 6)                  = 6
--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---
rt_sigreturn({mask=[]})                 = 140290117106976
--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---
rt_sigreturn({mask=[]})                 = 137
--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---
rt_sigreturn({mask=[]})                 = 140290130581600
--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---
rt_sigreturn({mask=[]})                 = 0
write(2, "end\\n", 4)                    = 4
+++ exited with 0 +++"""  # 4 switches, labkit's preemptive machine

# %% id="4d-log-swapcontext"
SWAPCONTEXT = """rt_sigprocmask(SIG_BLOCK, NULL, [], 8)  = 0
rt_sigprocmask(SIG_SETMASK, [], NULL, 8) = 0
write(1, "begin\\n", 6)                  = 6
rt_sigprocmask(SIG_SETMASK, [], [], 8)  = 0
rt_sigprocmask(SIG_SETMASK, [], [], 8)  = 0
rt_sigprocmask(SIG_SETMASK, [], [], 8)  = 0
rt_sigprocmask(SIG_SETMASK, [], [], 8)  = 0
rt_sigprocmask(SIG_SETMASK, [], [], 8)  = 0
write(1, "end\\n", 4)                    = 4
rt_sigprocmask(SIG_SETMASK, [], [], 8)  = 0
exit_group(0)                           = ?"""  # 5 switches, swapcontext(3) by choice

# %% id="4d-log-greenlet"
GREENLET = """write(2, "begin\\n", 6)                  = 6
mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0abb7cf000
mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0abb7cb000
munmap(0x7f0abb7cf000, 16384)           = 0
write(2, "end\\n", 4)                    = 4"""  # 200,000 switches by choice, as on the cooperative machine

LOGS = {"ALARM": (ALARM, 2), "LABKIT": (LABKIT, 4), "SWAPCONTEXT": (SWAPCONTEXT, 5), "GREENLET": (GREENLET, 200_000)}


# %% id="4d-solution" tags=["exercise"]
def kernel_entries(log):
    """What entered the kernel between begin and end, as a plain dict: {"SIGALRM": 2, "rt_sigreturn": 2}."""
    ### BEGIN SOLUTION
    counts = {}
    inside = False
    for line in log.splitlines():
        if line.startswith("write(") and '"begin' in line:
            inside = True
        elif line.startswith("write(") and '"end' in line:
            inside = False
        elif inside:
            name = line.split()[1] if line.startswith("---") else line.split("(")[0]
            counts[name] = counts.get(name, 0) + 1
    return counts
    ### END SOLUTION


def per_switch(log, switches):
    """Kernel entries of one switch, a whole number; what does not come with every switch does not count."""
    ### BEGIN SOLUTION
    return sum(kernel_entries(log).values()) // switches
    ### END SOLUTION


def without_kernel(logs):
    """Names of those that switch without entering the kernel, in the order of logs: {name: (log, switches)}."""
    ### BEGIN SOLUTION
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]
    ### END SOLUTION


# %% id="4d-check" tags=["check"]
check("kernel_entries(ALARM)", {"SIGALRM": 2, "rt_sigprocmask": 2, "rt_sigreturn": 2}, why="begin to end, deliveries too")
check("kernel_entries(SWAPCONTEXT)", {"rt_sigprocmask": 5}, why="lines before begin and after end belong to no switch")
check("per_switch(*LOGS['LABKIT'])", 2, why="one delivery and one rt_sigreturn come with every switch")
check("per_switch(*LOGS['GREENLET'])", 0, why="three calls in 200,000 switches do not come with every switch")
check("without_kernel(LOGS)", ["GREENLET"], why="claim A4 holds only for those whose switch never enters the kernel")
### BEGIN HIDDEN TESTS
check("kernel_entries(LABKIT)", {"SIGALRM": 4, "rt_sigreturn": 4}, why="count deliveries and calls by name")
check("kernel_entries(GREENLET)", {"mmap": 2, "munmap": 1}, why="every call counts, under its own name")
check("[per_switch(*LOGS[name]) for name in LOGS]", [3, 2, 1, 0], why="entries divided by switches, whole ones")
check(
    "kernel_entries(ALARM.replace('rt_sigreturn', 'write(1, \"x\", 1) = 1\\nrt_sigreturn', 1))",
    {"SIGALRM": 2, "rt_sigprocmask": 2, "write": 1, "rt_sigreturn": 2},
    why="a write of something else is an ordinary system call",
)
check(
    "kernel_entries(GREENLET.replace('munmap', 'getpid'))",
    {"mmap": 2, "getpid": 1},
    why="the names come from the log, not from a list",
)
check("without_kernel({})", [], why="no logs, no names")
check("without_kernel({'x': LOGS['GREENLET'], 'y': LOGS['ALARM']})", ["x"], why="the names are those of the logs that were given")
### END HIDDEN TESTS

# %% [markdown] id="4e-text"
# ## 4e · Write the context switch
#
# `my_switch()` returns the assembly text of `void uthread_switch(void **keep_sp, void *next_sp)` for x86-64. When it is called,
# `keep_sp` is in `%rdi`, `next_sp` in `%rsi`, and the return address lies on the stack. It shall
#
# 1. put on the stack what a called function must give back: rbx, rbp, r12 to r15, and the two control words;
# 2. write the stack pointer into `*keep_sp`, and take `next_sp` as the new one;
# 3. take everything from *that* stack, and `ret`.
#
# In which order things lie there is yours to choose. It needs a C compiler, on x86_64; where there is none, the check says what
# to install. All the words that you need:

# %% [markdown] id="4e-words"
# ```
# push %rbx                             8 bytes onto the stack: rsp goes down by 8
# pop  %rbx                             takes them off again; the last ones first
# sub $8, %rsp      add $8, %rsp        room for 8 bytes; and back
# stmxcsr (%rsp)    ldmxcsr (%rsp)      control word of SSE, 4 bytes, at rsp; and back
# fnstcw 4(%rsp)    fldcw 4(%rsp)       control word of x87, 2 bytes, 4 further up; and back
# mov %rsp, (%rdi)                      into the memory to which rdi points
# mov %rsi, %rsp                        from register to register
# ret                                   takes the return address off the stack, and goes there
# ```
#
# Here is one that saves too little. The check fills every register, lets three threads switch 300 times, and looks.

# %% id="4e-too-little" tags=["needs-cc"]
too_little = """
uthread_switch:
    push %rbx
    push %rbp
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %rbp
    pop %rbx
    ret
"""
print(check_switch(too_little))

# %% id="4e-solution" tags=["exercise", "needs-cc"]
def my_switch():
    """The assembly text of uthread_switch(keep_sp, next_sp)."""
    ### BEGIN SOLUTION
    return """
uthread_switch:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)    # from here on
    mov %rsi, %rsp      # this is the other thread
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
"""
    ### END SOLUTION


# %% id="4e-check" tags=["check", "needs-cc"]
check("check_switch(my_switch()).trouble", "", limit_s=60, why="it must come back, with the other stack, exactly where that was")
check("check_switch(my_switch()).lost", (), limit_s=60, why="a compiler keeps values there while it calls a function")
### BEGIN HIDDEN TESTS
check("check_switch(my_switch()).passed", True, limit_s=60, why="nothing lost, no trouble")
### END HIDDEN TESTS

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# 4c tried many timeslices, for two threads with three rounds. Those are many orders, not all. In lesson 6 you will try *all*
# of them. And 4d counted entries, not time: whether an entry into the kernel matters depends on how often you switch. In 4e a
# switch that forgets r12 runs most programs well: their compiler just did not use it. So the check uses every register.
#
# **Keep this.** A one-shot timer must be armed again at every switch. A guard is a count, and what it holds off must not be lost.
# What you put back is what you found.
#
# Next: [5 · One thread, one pthread](05_pthreads.ipynb) · Words: [glossary](../GLOSSARY.md)
