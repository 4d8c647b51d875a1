# %% [markdown] id="title"
# # 11 · printk, the ring buffer, dmesg
#
# After this you can
#
# - print from kernel code, and say who will see it: the log, the console, or both,
# - read a record of `/dev/kmsg` field by field, and notice when records are missing,
# - choose among the options of `dmesg`, and say which of them hide something from you,
# - find the story in a kernel's log after a crash: who, where, and what came before.
#
# You need lessons 3 to 5. About 90 minutes. Some cells run a real Linux kernel, version 6.1, in a virtual machine; `labkit
# kernel setup` fetches it once. Its time is virtual too, so its log repeats to the byte.

# %% [markdown] id="no-terminal"
# ## The kernel keeps a diary
#
# A program prints to its terminal. The kernel has none: it runs before any terminal exists, in the middle of interrupts, and
# after everything else has crashed. Whoever prints there must not wait for a slow screen.
#
# So **printk** writes into memory, and is done. The memory is a **ring buffer**: when it is full, the newest record takes the
# place of the oldest. Whoever wants to know reads it later: that is what `dmesg` does.
#
# First on our pretend kernel, the **simkernel**. `program(talk)` makes a labkit program of kernel code:

# %% id="first-printk" tags=["demo"]
from labkit import run
from labkit.simkernel import KERN_INFO, dmesg, pr_cont, pr_debug, pr_err, pr_info, pr_warn, printk, program, the_kernel

def talk():
    pr_info("queue: started, %d places\n", 8)
    pr_warn("queue: nearly full\n")
    pr_err("queue: lost an item\n")
    return dmesg()

print(run(program(talk)).result)

# %% [markdown] id="levels"
# ## Eight levels
#
# In brackets stands the time since boot in seconds. Each record also has a **level**, which that picture hides. The lower the
# number, the worse the news:
#
# | | | | |
# |---|---|---|---|
# | 0 emerg | 1 alert | 2 crit | 3 err |
# | 4 warn | 5 notice | 6 info | 7 debug |
#
# `pr_err(...)` is short for `printk(KERN_ERR ...)`. What if somebody writes plain `printk` and gives no level? And `pr_debug`?
# `dmesg -x` shows levels in words; `-t` leaves the time out.

# %% id="predict-no-level" tags=["predict"]
from labkit.course import predict, reveal

predict("printk-no-level", 'printk("queue: hello\\n") gives no level. Which one does the record get?',
        ["info", "warn", "debug", "none: it is not kept"])

# %% id="run-no-level" tags=["demo"]
def talk():
    pr_info("queue: started\n")
    printk("queue: hello\n")
    pr_debug("queue: nobody sees this\n")
    pr_err("queue: lost an item\n")
    return dmesg("-x -t")

print(run(program(talk)).result)
reveal("printk-no-level", "warn",
       because="Without a level the kernel takes its default, 4. And pr_debug is compiled out unless DEBUG is defined.")

# %% [markdown] id="in-c"
# ## The same in a real kernel
#
# Now in C. A **module** is code that is loaded into the running kernel: `insmod` calls its `start`, `rmmod` its `stop`. A cell
# that begins with `%%kmodule queue` holds a module, and keeps what happened in the variable `queue`. It runs in a fresh Linux
# 6.1, in a virtual machine, in a second or two.
#
# Below the cell you get the log, with the options of `dmesg` as buttons. You know two of them. Before you look: how many of the
# four records will be there, and with which levels? Then press `-x` and `-t` on and off.

# %% id="queue-in-c" tags=["demo", "needs-qemu"] language="kmodule" magic_args="queue --dmesg '-x -t'"
# #include <linux/module.h>
#
# static int __init start(void)
# {
# 	pr_info("queue: started\n");
# 	printk("queue: hello\n");
# 	pr_debug("queue: nobody sees this\n");
# 	pr_err("queue: lost an item\n");
# 	return 0;
# }
# static void __exit stop(void) { }
# module_init(start); module_exit(stop); MODULE_LICENSE("GPL");

# %% [markdown] id="compare-the-two"
# The last three lines agree word for word. The first two are the real kernel's own: it notes that somebody loaded a module
# which it did not come with and which nobody signed.
#
# ## Who hears it at once: the console
#
# The log keeps every record. Some are *also* shown at once on the **console**, the screen or serial line where the machine
# speaks. The rule has one number, the **console level**: a record goes there if its level is **less than** that number.
#
# Our virtual machine was booted with `quiet`, which sets it to 4.

# %% id="predict-console" tags=["predict"]
predict("printk-console", "The console level is 4. Which records of queue (info, warn, err) reach the console?",
        ["info, warn and err", "warn and err", "only err"])

# %% id="console" tags=["demo", "needs-qemu"]
def talk():
    dmesg("-n 4")                       # sets the console level
    pr_info("queue: started\n")
    printk("queue: hello\n")
    pr_err("queue: lost an item\n")
    return [record.text for record in the_kernel().log.console]

print("simkernel:", run(program(talk)).result)
print("Linux 6.1:", queue.console)      # what came out of the real kernel's serial line
reveal("printk-console", "only err", because="warn is 4, and 4 is not less than 4.")

# %% [markdown] id="four-numbers"
# Four numbers govern this. `/proc/sys/kernel/printk` shows them: the console level, the level of a printk without one, the
# lowest console level that may be set, and the console level at boot. `dmesg -n 5` sets the first; `dmesg -D` sets it to the
# lowest, `-E` puts it back.
#
# Silence on the console says nothing about the log: the record is kept in any case.

# %% [markdown] id="a-record"
# ## A record, field by field
#
# `dmesg` is only a reader that makes records pretty. The kernel gives them out through the file `/dev/kmsg`, one record a line:
#
#     6,335,11062675,-;queue: started
#
# In front of the `;`: the **priority**, the **sequence number** (one more for each record since boot, never used twice), the
# time since boot in **microseconds**, and a flag. Behind it: the text. The priority holds two numbers: `facility * 8 + level`.
# The **facility** says who spoke: 0 is the kernel, 1 a user.

# %% id="predict-user" tags=["predict"]
predict("printk-priority", "A record begins with 12. Who spoke, and at which level?",
        ["the kernel, level 12", "a user (facility 1), level 4: warn", "facility 2, level 1: alert"])

# %% id="run-user" tags=["demo"]
from labkit.kmsg import format_kmsg
from labkit.simkernel import dev_kmsg_write

def talk():
    dev_kmsg_write("tea is ready\n")            # as root would: echo tea is ready > /dev/kmsg
    dev_kmsg_write("<3>no more tea\n")          # a level of the user's own
    pr_info("two\nlines, a tab\there, caf\u00e9 and back\\slash\n")
    return [format_kmsg(record) for record in the_kernel().log.records()], dmesg("-x -t")

print(*run(program(talk)).result[0], sep="\n")
reveal("printk-priority", "B", because="12 = 1 * 8 + 4. Users may write to the log too; as kernel, facility 0, they cannot.")

# %% [markdown] id="escapes"
# Look at the last line. A record is *one* line, so a newline inside the text must be hidden: `\x0a`. Every byte below 32 and
# from 127 on is written as `\x` and two digits; `é` is two bytes in UTF-8. The backslash becomes `\x5c`: otherwise nobody could
# tell a text that contains `\x0a` from a newline.
#
# `dmesg` turns them back, but not blindly: it escapes what could upset a terminal. No device may paint your screen.
#
# ## One record, or two?
#
# In C one often prints a line in pieces. What does the kernel make of that?

# %% id="predict-pieces" tags=["predict"]
predict("printk-pieces", 'printk("mill: ") and then printk("ready\\n"): how many records?',
        ["one: mill: ready", "two: mill: and ready", "one: the second replaces the first"])

# %% id="run-pieces" tags=["break-it"]
def talk():
    printk("mill: ")
    printk("ready\n")                   # BUG (on purpose): this does not continue the line above
    printk(KERN_INFO + "mill: ")
    pr_cont("ready\n")                  # this does
    return dmesg("-r")

print(run(program(talk)).result)
reveal("printk-pieces", "B", because="Each printk begins a record, newline or not. Only pr_cont goes on with the one before.")

# %% [markdown] id="cont-races"
# `-r` is the raw form: the number in `<>` is the priority.
#
# Why is `pr_cont` not the cure for everything? Between two pieces another thread may run. Here two kthreads (threads inside the
# kernel) print one line each, in pieces, and sleep a millisecond in between.

# %% id="two-in-pieces" tags=["break-it"]
from labkit.simkernel import kthread_run, msleep

def mill(name):
    printk(KERN_INFO + "%s:", name)
    msleep(1)                           # the other one prints here
    pr_cont(" ready\n")

def talk():
    for name in ("rye", "oats"):
        kthread_run(mill, name, name)
    msleep(10)
    return dmesg("-t")

print(run(program(talk)).result)

# %% [markdown] id="whole-lines"
# The pieces are torn apart: which mill is ready first? It is the race of lesson 4, in a log. **The fix:** one call prints one
# whole line: `pr_info("%s: ready\n", name)`.
#
# A text of two lines in one call is fine: it is *one* record, and dmesg moves its second line under the first.
#
# Now the real kernel, with the same two mills. Then look at the flag, the field before `;`. A piece that came too late for its
# line has a `c` there, and not even its level is what was meant: it is 4, as without a level.

# %% id="mills-in-c" tags=["demo", "needs-qemu"] language="kmodule" magic_args="mills --show dmesg --dmesg '-t'"
# #include <linux/delay.h>
# #include <linux/kthread.h>
# #include <linux/module.h>
#
# static int mill(void *name) { printk(KERN_INFO "%s:", (char *)name); msleep(1); pr_cont(" ready\n"); return 0; }
# static int __init start(void)
# {
# 	kthread_run(mill, "rye", "rye"); kthread_run(mill, "oats", "oats");
# 	msleep(10);
# 	pr_info("first line\nsecond line\n");
# 	pr_info("a \x1b[31mred\x1b[0m alarm, caf\xc3\xa9\n");
# 	return 0;
# }
# static void __exit stop(void) { } module_init(start); module_exit(stop); MODULE_LICENSE("GPL");

# %% id="mills-raw" tags=["demo", "needs-qemu"]
# As /dev/kmsg gives them; then who ran when. Step through the picture to the end of rye:
# how often has rye the CPU, and who runs in between?
print(*[format_kmsg(record) for record in mills.dmesg[2:]], sep="\n")
mills.timeline()

# %% [markdown] id="the-ring"
# `msleep` in the middle of a line: rye sleeps, oats runs, and the line is torn.
#
# ## When the ring is full
#
# Debian's ring has 128 KiB (`LOG_BUF_SHIFT=17`). We take one of 192 bytes. Ten records go in, with the numbers 351 to 360. Guess
# first: which is the oldest in the end? Then step through it. Each new record lies behind the one before; when
# there is no room, the oldest go. Move the console level, too: the rim tells who reaches the console. With which level do
# exactly three reach it?
#
# The numbers go on for ever. That is their use: a gap between the numbers you have *is* the news that something was lost.

# %% id="the-ring-view" tags=["demo"]
from labkit.draw import draw
from labkit.kmsg import Record

lines = [(6, "queue: started with 8 places"), (7, "queue: empty, going to sleep"),
         (4, "queue: nearly full, 7 of 8"), (6, "item 1 done after 12 ms"), (3, "item 2 lost: out of memory"),
         (6, "item 3 done after 11 ms"), (6, "item 4 done after 12 ms"), (4, "item 5 is late, 40 ms by now"),
         (6, "item 5 done after 55 ms"), (6, "queue: empty, all is done, bye")]
records = [Record(level, 0, seq, 1000 * seq, "-", text) for seq, (level, text) in enumerate(lines, 351)]
draw("ring_buffer", records, size_bytes=192, console_level=4)

# %% [markdown] id="who-missed-what"
# `dmesg -w` stays and waits for more, and so do the programs that write the log to a disk. Each **reader** has a place of its
# own: the number it wants next. What if it is slower than the writer? In this ring there is room for a handful of short
# records. `reader.read()` gives the next record, and `reader.overwritten` counts those that it never saw.

# %% id="predict-slow-reader" tags=["predict"]
predict("printk-slow-reader", "A reader reads record 0. Then 20 more are written; only the last 4 fit. What does it read next?",
        ["record 1: the kernel keeps it until all have read it", "the oldest that is still there", "nothing: it lost its place"])

# %% id="slow-reader" tags=["break-it"]
from labkit.simkernel.ringbuffer import LogBuffer

log = LogBuffer(128)
log.append(6, "item 0 done")
reader = log.reader()
print("read:", reader.read().text)
for n in range(1, 21):
    log.append(6, f"item {n} done")
print("read:", reader.read().text, "| missed:", reader.overwritten, "| kept:", [r.seq for r in log.records()])
reveal("printk-slow-reader", "the oldest that is still there",
       because="Nobody waits for a reader. The real /dev/kmsg answers EPIPE once, and goes on after the gap.")

# %% id="flood-in-c" tags=["break-it", "needs-qemu"] language="kmodule" magic_args="flood --show none"
# #include <linux/module.h>
#
# static int __init start(void) { int i; for (i = 0; i < 6000; i++) pr_info("item %d\n", i); return 0; }
# static void __exit stop(void) { }
# module_init(start); module_exit(stop); MODULE_LICENSE("GPL");

# %% id="what-the-flood-left" tags=["break-it", "needs-qemu"]
first, last = flood.dmesg[0], flood.dmesg[-1]
print(len(flood.dmesg), "records were kept")
print("first:", first.text, "| last:", last.text, "| numbers without a gap:", last.seq - first.seq == len(flood.dmesg) - 1)

# %% [markdown] id="flood-says-why"
# The flood washed away everything older: its own beginning, the loader's two lines, and the whole boot. Whatever you wanted to
# find there is gone. (The ring has room for 128 KiB of text, and for some 4,000 records. Short ones fill the second first.)
#
# So kernel code must not chatter: `pr_debug` for details, `printk_ratelimited` (ten in five seconds, then
# it counts) for what may happen often.
#
# **How could this pass and be wrong?** Somebody tests "the log has no error in it". After a flood that test passes, whatever
# happened. Compare the first number that you have with the one that you expected.
#
# ## Does `dmesg -C` erase the log?

# %% id="predict-clear" tags=["predict"]
predict("printk-clear", "After dmesg -C, dmesg prints nothing. What does somebody get who opens /dev/kmsg now?",
        ["nothing: the ring is empty", "every record that was not overwritten", "only records of level err and worse"])

# %% id="clear-sim" tags=["demo"]
def talk():
    pr_info("before\n")
    dmesg("-C")
    pr_info("after\n")
    return dmesg("-t"), [record.text for record in the_kernel().log.reader().log.records()]

shown, kept = run(program(talk)).result
print("dmesg:", shown.split(), "| /dev/kmsg:", kept)
reveal("printk-clear", "B", because="-C moves a mark, from which later dmesgs begin. Nothing is erased.")

# %% id="clear-in-c" tags=["demo", "needs-qemu"] language="kmodule" magic_args="cleared --show dmesg --dmesg '-x -t'"
# // call_usermodehelper() starts a program. It clears the log, and counts the lines that dmesg still shows.
# #include <linux/module.h>
# #include <linux/umh.h>
# static void shell(char *line)
# { call_usermodehelper("/bin/sh", (char *[]){"sh", "-c", line, NULL}, (char *[]){"PATH=/bin", NULL}, UMH_WAIT_PROC); }
# static int __init start(void)
# {
# 	pr_info("before\n");
# 	shell("dmesg -c > /all; dmesg > /left; wc -l < /left > /dev/kmsg");
# 	pr_info("after\n");
# 	return 0;
# }
# static void __exit stop(void) { } module_init(start); module_exit(stop); MODULE_LICENSE("GPL");

# %% [markdown] id="clear-verdict"
# dmesg showed 0 lines, says the user's record. Yet `before` came home: labkit reads `/dev/kmsg`. Clearing hides nothing.
#
# ## One log, many faces
#
# | option | shows |
# |---|---|
# | `-t`, `-T`, `-d` | no time; the time of day; the time since the record before |
# | `-x`, `-r` | facility and level in words; raw, as `<priority>` |
# | `-l err,warn` | these levels: a **set**, not "err and worse" |
# | `-k`, `-u` | only the kernel; only users |
# | `-C`, `-c` | clear; show, then clear |
# | `-w` | stay and wait for more |
#
# (util-linux 2.38. `-T` counts from the time of boot; a laptop that slept makes it wrong.)

# %% id="many-faces" tags=["demo", "needs-qemu"]
# The log of that run, once more. How long did the shell take, from "before" to its 0?
# Which button leaves only the user's record?
draw("dmesg", cleared.dmesg, options="-d")

# %% [markdown] id="claim-f5"
# ## What people say: F5
#
# > "The module prints with printk; that goes to the kernel's log, and you read it with dmesg."
#
# **Verdict: true**, and you have run it on both kernels. One thing to add: *who* may read it. A log holds addresses and names
# that help an attacker. So Debian sets `dmesg_restrict` to 1: only root (exactly: who has the capability CAP_SYSLOG) may read
# it. Here an ordinary user, Ann, tries on the real kernel:

# %% id="claim-f5-run" tags=["demo", "needs-qemu"] language="kmodule" magic_args="ann --show dmesg --dmesg '-t -u'"
# #include <linux/module.h>
# #include <linux/umh.h>
# static void shell(char *line)
# { call_usermodehelper("/bin/sh", (char *[]){"sh", "-c", line, NULL}, (char *[]){"PATH=/bin", NULL}, UMH_WAIT_PROC); }
# static int __init start(void)
# {
# 	shell("mkdir -p /etc; echo ann:x:1000:1000::/:/bin/sh > /etc/passwd");
# 	shell("echo restricted: $(cat /proc/sys/kernel/dmesg_restrict) > /dev/kmsg; su ann -c dmesg 2>&1 | head -n 1 > /dev/kmsg");
# 	shell("echo 0 > /proc/sys/kernel/dmesg_restrict; echo $(su ann -c dmesg | head -n 1 | cut -c 1-35) > /dev/kmsg");
# 	return 0;
# }
# static void __exit stop(void) { } module_init(start); module_exit(stop); MODULE_LICENSE("GPL");

# %% [markdown] id="the-story"
# Operation not permitted; and with `dmesg_restrict` at 0, Ann reads the very first line since boot.
#
# ## Find the story
#
# Now for what the log is there for. A kthread is given an address that leads nowhere, `NULL`, and reads from it. In a program
# of yours that is a segmentation fault. In the kernel it is an **oops**: the kernel ends that one task and tells everything it
# knows.
#
# Somebody watches this machine with `dmesg -l err`.

# %% id="miller-in-c" tags=["break-it", "needs-qemu"] language="kmodule" magic_args="miller --show none"
# #include <linux/kthread.h>
# #include <linux/module.h>
#
# static noinline int grind(int *sack) { return READ_ONCE(*sack); }
# static int mill(void *sack)
# {
# 	pr_info("mill: opening the next sack\n");
# 	pr_info("mill: %d grains\n", grind(sack));
# 	return 0;
# }
# static int __init start(void) { return PTR_ERR_OR_ZERO(kthread_run(mill, NULL, "miller/0")); }
# static void __exit stop(void) { }
# module_init(start); module_exit(stop); MODULE_LICENSE("GPL");

# %% id="predict-watch-err" tags=["predict", "needs-qemu"]
print("oopsed:", miller.oopsed, "| panicked:", miller.panicked, "|", len(miller.dmesg), "records")
predict("printk-watch-err", "The kernel has just oopsed. What does dmesg -l err show?",
        ["the whole oops", "its first line, the one that says BUG", "nothing at all"])

# %% id="watch-with-l-err" tags=["break-it", "needs-qemu"]
print("dmesg -l err:", miller.dmesg.dmesg("-l err").splitlines())
print("dmesg -l emerg,alert,crit,err:", *miller.dmesg.dmesg("-t -l emerg,alert,crit,err").splitlines(), sep="\n   ")
reveal("printk-watch-err", "C",
       because="The first lines are alert, worse than err, and -l is a set. The rest has no level, so it is warn.")

# %% id="read-the-oops" tags=["demo", "needs-qemu"]
import re

telling = re.compile(r"mill: |BUG|Oops|CPU: \d|RIP|Call Trace| \w+\+0x|---|note")
end = next(i for i, record in enumerate(miller.dmesg) if "end trace" in record.text)
print(*[record.text for record in miller.dmesg[2 : end + 1] if telling.search(record.text)], sep="\n")

# %% [markdown] id="how-to-read"
# Read an oops in this order:
#
# 1. **What**: the line `BUG:`. An address near 0 means a NULL pointer.
# 2. **Where**: `RIP`, the instruction: `grind+0x…/0x… [miller]` is so many bytes into `grind`, in the module `miller`.
# 3. **Who**: `PID` and `Comm`, the task's name. `Tainted: … O` says that a foreign module is loaded.
# 4. **How it came there**: `Call Trace`, innermost first. A `?` marks what may be only left over on the stack.
# 5. **What came before**: the last lines above `BUG`.
#
# `[#1]` counts oopses. Begin with the first: later ones are often its children. And the kernel goes on: what the dead task
# held, a lock say, nobody gives back.

# %% [markdown] id="keep-this"
# ## Keep this
#
# 1. printk writes records into a ring: each has a level, a number that is never used twice, a time; the newest overwrite the
#    oldest, and nobody waits for a reader.
# 2. A record reaches the console only if its level is less than the console level, but it is in the log in any case; `dmesg -C`
#    erases nothing, and `-l` is a set.
# 3. One call, one whole line; and an empty answer proves nothing until you know what was overwritten or filtered out.
#
# [Exercises 11](../exercises/11_printk_and_dmesg.ipynb). Next: [12. Kernel stacks, preemption,
# workqueues](12_stacks_preemption_workqueues.ipynb). Words: [glossary](../GLOSSARY.md).
