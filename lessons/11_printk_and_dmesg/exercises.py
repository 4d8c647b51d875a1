# %% [markdown] id="title"
# # Exercises 11 · printk, the ring buffer, dmesg
#
# After these you have built the ring, read its records, printed them as `dmesg` does, decided what the console shows, and found
# the cause of a crash in a real kernel's log.
#
# Five exercises, 5 to 15 lines each (11c a few more). Write where it says *write this part*, then run the check below it.
# Stuck? Run the cell `hint(...)`: it gives a nudge, then a pointer, then nearly the answer. No virtual machine is needed: what
# comes from a real kernel was recorded on Debian's Linux 6.1.192.

# %% id="doorway"
import re
from dataclasses import replace
from datetime import UTC, datetime

from labkit.course import check, hint
from labkit.kmsg import FACILITIES, LEVELS, parse_kmsg

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("11a")

# %% [markdown] id="11a-task"
# ## 11a. A ring with numbers
#
# Write a ring for records. Its texts together take at most `size_bytes` bytes in UTF-8. No single text is longer than that.
#
# - `append(level, text)` keeps a record and returns its number: 0, 1, 2 … None is ever used twice. The oldest records go, as
#   few as needed; `overwritten` counts them.
# - `read(seq)`: a reader wants record `seq`. It gets `((seq, level, text), 0)`. If that one is gone, it gets the oldest that is
#   there, and how many it missed. If there is nothing to read yet: `(None, 0)`.
# - `clear()` is `dmesg -C`, and `dmesg()` gives the list of texts that dmesg shows. Readers do not care about `clear()`.

# %% id="11a-solution" tags=["exercise"]
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        ### BEGIN SOLUTION
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0
        ### END SOLUTION

    def append(self, level, text):
        """Keep a record; returns its number."""
        ### BEGIN SOLUTION
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq
        ### END SOLUTION

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        ### BEGIN SOLUTION
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0
        ### END SOLUTION

    def clear(self):
        """dmesg -C."""
        ### BEGIN SOLUTION
        self.mark = self.next_seq
        ### END SOLUTION

    def dmesg(self):
        """Texts of the records since the last clear()."""
        ### BEGIN SOLUTION
        return [text for seq, level, text in self.kept if seq >= self.mark]
        ### END SOLUTION

# %% [markdown] id="11a-tools-task"
# `filled(10, "one", "two")` is a ring of 10 bytes with these texts. `follow(12, "5 r clear 2 show")` plays a writer and a
# reader side by side: `5` writes five records of 3 bytes each, `r` reads the next one, `clear` clears, `show` asks dmesg. It
# gives what the reader got and what dmesg showed.

# %% id="11a-tools"
def filled(size_bytes, *texts):
    ring = Ring(size_bytes)
    for text in texts:
        ring.append(6, text)
    return ring

def next_for_reader(ring, at, got):
    record, lost = ring.read(at)
    got += ([f"lost {lost}"] if lost else []) + [record[2] if record else "nothing"]
    return record[0] + 1 if record else at

# %% id="11a-more-tools"
def follow(size_bytes, script):
    ring, texts, at, got = Ring(size_bytes), (f"n{number:02}" for number in range(100)), 0, []
    for step in script.split():
        if step == "r":
            at = next_for_reader(ring, at, got)
        elif step == "clear":
            ring.clear()
        elif step == "show":
            got.append(ring.dmesg())
        for _ in range(int(step) if step.isdigit() else 0):
            ring.append(6, next(texts))
    return got

# %% id="11a-check" tags=["check"]
check("filled(10, 'one', 'two', 'three').dmesg()", ["two", "three"],
      why="11 bytes do not fit in 10, so the oldest goes; then 8 do.")
check("filled(10, 'one', 'two', 'three').overwritten", 1, why="One record had to go: one.")
check("filled(10, 'one', 'two', 'three').append(3, 'four')", 3, why="The fourth record has number 3, whatever was overwritten.")
check("filled(10, 'one', 'two').read(1)", ((1, 6, "two"), 0), why="Record 1 is there, and nothing was missed.")
check("follow(12, '9 r r')", ["lost 5", "n05", "n06"],
      why="Four records fit. The reader wanted 0 and learns that 5 are gone, once.")
check("follow(12, '2 clear 1 show r')", [["n02"], "n00"], why="clear is for dmesg only: a reader still gets every record.")
### BEGIN HIDDEN TESTS
check("filled(6, 'abc', 'def').overwritten", 0, why="Exactly full is not too full.")
check("filled(6, 'é', 'é', 'é').overwritten", 0, why="é is two bytes: three of them fill six bytes exactly.")
check("filled(5, 'é', 'é', 'é').dmesg()", ["é", "é"], why="Six bytes do not fit in five: count bytes, not characters.")
check("filled(12, 'a', 'b', 'c', 'twelve bytes').dmesg()", ["twelve bytes"], why="A long record may need the room of many.")
check("filled(12, 'a', 'b', 'c', 'twelve bytes').overwritten", 3, why="All three that went are counted.")
check("filled(10, 'one', 'two', 'three').read(0)", ((1, 6, "two"), 1),
      why="Record 0 is gone: the oldest that is there, one missed.")
check("filled(9, 'one', 'two').read(2)", (None, 0), why="Record 2 is not written yet: nothing to read, and nothing missed.")
check("filled(9).read(0)", (None, 0), why="An empty ring has nothing to read.")
check("filled(9).dmesg()", [], why="An empty ring shows nothing.")
check("[filled(3, 'a', 'b').append(level, 'c') for level in (0, 7)]", [2, 2], why="The number does not depend on the level.")
check("filled(9, 'same', 'same').dmesg()", ["same", "same"], why="Two equal texts are two records.")
check("follow(12, '2 r r r 1 r')", ["n00", "n01", "nothing", "n02"],
      why="Who comes too early gets nothing, and later what it waited for.")
check("follow(12, '3 r 9 r clear r')", ["n00", "lost 7", "n08", "n09"],
      why="Each reader has a place of its own, and clear does not move it.")
check("follow(12, '4 clear show 3 show clear show')", [[], ["n04", "n05", "n06"], []], why="dmesg begins at the last clear.")
check("follow(12, '2 clear 9 show r')", [["n07", "n08", "n09", "n10"], "lost 7", "n07"],
      why="What was overwritten is gone for dmesg too; the numbers go on after a clear.")
### END HIDDEN TESTS

# %% [markdown] id="11b-task"
# ## 11b. Read /dev/kmsg
#
# `read_kmsg(text)` gives a list of tuples `(level, facility, seq, time_us, flags, text)`, one for each record. A record is a
# line
#
#     6,335,11062675,-;queue: started
#
# - The priority is `facility * 8 + level`. All numbers become `int`.
# - Newer kernels may add fields before the `;`, such as `caller=T1`: pass over them.
# - Lines that begin with a space (` SUBSYSTEM=acpi`) tell more about the record before: leave them out.
# - In the text, `\x` and two hex digits stand for one byte. The bytes are UTF-8.
#
# The format is described in the kernel's `Documentation/ABI/testing/dev-kmsg`.

# %% id="11b-solution" tags=["exercise"]
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    ### BEGIN SOLUTION
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records
    ### END SOLUTION

# %% id="11b-check" tags=["check"]
check("read_kmsg('6,335,11062675,-;queue: started')", [(6, 0, 335, 11062675, "-", "queue: started")],
      why="Priority 6 is facility 0, the kernel, and level 6.")
check("read_kmsg('12,340,11077630,-;tea is ready')[0][:2]", (4, 1), why="12 is 1 * 8 + 4: a user, at level 4.")
check(r"read_kmsg('6,7,9,-;two\\x0alines')[0][5]", "two\nlines", why="\\x0a is the byte 10, a newline.")
check("read_kmsg('4,1,2,-;acpi: found\\n SUBSYSTEM=acpi\\n6,2,3,-;next\\n')",
      [(4, 0, 1, 2, "-", "acpi: found"), (6, 0, 2, 3, "-", "next")], why="A line that begins with a space is no record.")
### BEGIN HIDDEN TESTS
check("read_kmsg('6,1,2,-;a;b,c;d')[0][5]", "a;b,c;d", why="Only the first ; ends the fields: a text may hold ; and , too.")
check("read_kmsg('6,1,2,-,caller=T1;hello')", [(6, 0, 1, 2, "-", "hello")], why="Fields that you do not know are passed over.")
check("read_kmsg('4,337,11079653,c; ready')", [(4, 0, 337, 11079653, "c", " ready")],
      why="A late piece has the flag c, and is a record of its own; the space is part of its text.")
check(r"read_kmsg('6,1,2,-;caf\\xc3\\xa9')[0][5]", "café", why="Two bytes, one letter: decode when all bytes are there.")
check(r"read_kmsg('6,1,2,-;a\\x5cx41')[0][5]", "a\\x41", why="\\x5c is a backslash, and what comes after it is plain text.")
check(r"read_kmsg('6,1,2,-;\\x1b[31mred')[0][5]", "\x1b[31mred", why="\\x1b is the byte 27.")
check(r"read_kmsg('6,1,2,-;a\\x09b')[0][5]", "a\tb", why="\\x09 is a tab.")
check("read_kmsg('191,1,2,-;x')[0][:2]", (7, 23), why="191 is 23 * 8 + 7.")
check("read_kmsg('6,1,2,-;')", [(6, 0, 1, 2, "-", "")], why="A record may have no text.")
check("read_kmsg('')", [], why="Nothing read, no records.")
check("[record[2] for record in read_kmsg('6,9,1,-;a\\n6,12,1,-;b\\n')]", [9, 12], why="The numbers are the kernel's, gaps too.")
### END HIDDEN TESTS

# %% [markdown] id="11c-task"
# ## 11c. Write dmesg
#
# `visible(text)`: newline and tab stay; every other byte below 32 or from 127 on becomes `\xNN`, as in `caf\xc3\xa9`.
#
# `dmesg` joins the records with newlines. What stands before the visible text, by letter:
#
# - none: `[   11.062675] `: seconds, at least five places wide, and microseconds;
# - `r`: `<6>`, the priority, and that stamp; `r` comes alone;
# - `t`: nothing; `T`: `[Mon Nov 23 10:42:18 2026] `, `boot_time` plus whole seconds, in UTC;
# - `d`: ` <    0.001155>` before the `]`: seconds since the record shown before, 0 for the first;
# - `x`: `kern  :info  : ` before all that.
#
# Further lines of a text are indented to where its first begins. `levels="err,warn"` shows only these.

# %% id="11c-solution" tags=["exercise"]
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    ### BEGIN SOLUTION
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)
    ### END SOLUTION


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    ### BEGIN SOLUTION
    lines, last_us = [], None
    for record in records:
        if levels and LEVELS[record.level] not in levels.split(","):
            continue
        stamp = f"[{record.time_us // 1_000_000:5}.{record.time_us % 1_000_000:06}] "
        if "T" in letters:
            when = datetime.fromtimestamp(boot_time + record.time_us // 1_000_000, UTC)
            stamp = when.strftime("[%a %b %e %H:%M:%S %Y] ")
        if "d" in letters:
            since_us = 0 if last_us is None else record.time_us - last_us
            stamp = f"{stamp[:-2]} <{since_us / 1e6:12.6f}>] "
        if "t" in letters:
            stamp = ""
        if "x" in letters:
            stamp = f"{FACILITIES[record.facility]:6}:{LEVELS[record.level]:6}: {stamp}"
        if "r" in letters:
            stamp = f"<{record.priority}>{stamp}"
        lines.append(stamp + visible(record.text).replace("\n", "\n" + " " * len(stamp)))
        last_us = record.time_us
    return "\n".join(lines)
    ### END SOLUTION

# %% [markdown] id="11c-tools-task"
# `say("-x", "6,1,1449007,-;hello")` prints these records with your `dmesg`; after `-l` come levels. The machine was booted at
# 10:42:17 on 23 November 2026.

# %% id="11c-tools"
BOOT = int(datetime(2026, 11, 23, 10, 42, 17, tzinfo=UTC).timestamp())

def say(options, *lines):
    letters, _, levels = options.partition("-l ")
    return dmesg(parse_kmsg("\n".join(lines)), letters.strip("- "), levels, BOOT)

# %% id="11c-check" tags=["check"]
check("say('', '6,1,1449007,-;hello', '3,2,1450162,-;lost')", "[    1.449007] hello\n[    1.450162] lost", why="The plain stamp.")
check("say('-r', '12,1,1449007,-;tea')", "<12>[    1.449007] tea", why="Raw: the whole priority, facility and level.")
check("say('-x', '12,1,1449007,-;tea')", "user  :warn  : [    1.449007] tea", why="Names are filled up to six places.")
check("say('-t', '6,1,1449007,-;hello')", "hello", why="No time at all.")
check("say('-T', '6,1,1449007,-;hello')", "[Mon Nov 23 10:42:18 2026] hello", why="One whole second after boot.")
check("say('-d', '6,1,1449007,-;a', '6,2,1450162,-;b')",
      "[    1.449007 <    0.000000>] a\n[    1.450162 <    0.001155>] b", why="1155 µs lie between the two.")
check("say('-t -l err', '6,1,5,-;a', '3,2,5,-;b', '2,3,5,-;c')", "b", why="-l err is a set of one: crit is worse, and not in it.")
### BEGIN HIDDEN TESTS
check(r"say('', '6,1,1449007,-;two\\x0alines')", "[    1.449007] two\n               lines",
      why="One record has one stamp; its second line stands under its first.")
check(r"say('-x', '6,1,1449007,-;two\\x0alines')", "kern  :info  : [    1.449007] two\n" + 30 * " " + "lines",
      why="The indent is as wide as all that stands before the text.")
check(r"say('-t', '6,1,1449007,-;two\\x0alines')", "two\nlines", why="Nothing before the text, nothing to indent by.")
check("say('', '6,1,123456789012,-;late')", "[123456.789012] late", why="After 99999 s the stamp grows; five is the least.")
check("say('', '6,1,5000042,-;x')", "[    5.000042] x", why="Six digits of microseconds, with zeros in front.")
check("visible('café\\x7f')", "caf\\xc3\\xa9\\x7f", why="é is two bytes from 127 on, and 127 itself is escaped too.")
check("visible('\\x1b[31mred\\ta\\nb')", "\\x1b[31mred\ta\nb", why="ESC could paint the screen; tab and newline are harmless.")
check(r"visible('a\\b')", "a\\b", why="dmesg leaves a backslash as it is; only /dev/kmsg escapes it.")
check(r"say('-t', '6,1,5,-;\\x1b[31m')", "\\x1b[31m", why="dmesg shows every text through visible().")
check("say('-d -l warn', '4,1,1000000,-;a', '6,2,2000000,-;b', '4,3,3000000,-;c')",
      "[    1.000000 <    0.000000>] a\n[    3.000000 <    2.000000>] c", why="Since the record *shown* before; b was not.")
check("say('-d', '6,1,1000000,-;a', '6,2,1500000,-;b', '6,3,4000000,-;c')[-31:]", "[    4.000000 <    2.500000>] c",
      why="Since the record just before, not since the first.")
check("say('-Td', '6,1,1000000,-;a', '6,2,1500000,-;b')",
      "[Mon Nov 23 10:42:18 2026 <    0.000000>] a\n[Mon Nov 23 10:42:18 2026 <    0.500000>] b", why="T and d go together.")
check("say('-T', '6,1,864000000000,-;a')", "[Thu Dec  3 10:42:17 2026] a", why="The day is two places wide, filled with a space.")
check("say('-xT', '3,1,1000000,-;a')", "kern  :err   : [Mon Nov 23 10:42:18 2026] a", why="x and T go together.")
check("say('-xt', '30,1,5,-;a')", "daemon:info  : a", why="30 is 3 * 8 + 6: daemon, info.")
check("say('-t -l warn,err', '4,1,5,-;a', '3,2,5,-;b', '7,3,5,-;c', '0,4,5,-;d')", "a\nb",
      why="A set of two, in the log's order.")
check("say('-r -l err', '3,1,5,-;a', '11,2,5,-;b', '6,3,5,-;c')", "<3>[    0.000005] a\n<11>[    0.000005] b",
      why="-l looks at the level, whoever speaks.")
check("say('')", "", why="No records, no lines.")
### END HIDDEN TESTS

# %% [markdown] id="11d-task"
# ## 11d. What the console shows
#
# `on_console(level, steps)` starts with that console level, goes through the steps, and gives the texts that reach the console.
#
# - `"6 queue: started"`: a record of level 6 with this text. It is shown if its level is less than the console level.
# - `"-n 5"`: the console level is 5 (from 1 to 8). `"-n err"`: err and all that is worse shall be shown.
# - `"-D"`: the console level is 1; the one before is put away.
# - `"-E"`: what `-D` put away counts again; if nothing is put away, nothing happens. After `-n`, nothing is put away.
#
# These are the rules of Linux 6.1 (`do_syslog()` in `kernel/printk/printk.c`).

# %% id="11d-solution" tags=["exercise"]
def on_console(level, steps):
    """Texts that reach the console."""
    ### BEGIN SOLUTION
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = None
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return shown
    ### END SOLUTION

# %% [markdown] id="11d-tools-task"
# `heard(4, "-n 5")` does these steps and then prints one record of each level; it gives the levels that reach the console, as a
# text: `01234`.

# %% id="11d-tools"
def heard(level, *steps):
    return "".join(on_console(level, [*steps, *(f"{n} {n}" for n in range(8))]))

# %% id="11d-check" tags=["check"]
check("on_console(4, ['6 queue: started', '3 queue: lost an item', '4 queue: full'])", ["queue: lost an item"],
      why="3 is less than 4; 4 is not.")
check("heard(8)", "01234567", why="8 lets everything through.")
check("heard(4, '-n 5')", "01234", why="Below 5.")
check("heard(4, '-n err')", "0123", why="err is 3, and it shall be heard: so the level is 4.")
check("heard(5, '-D')", "0", why="At the lowest level, 1, only emerg is heard.")
check("heard(5, '-D', '-E')", "01234", why="-E brings back what -D put away.")
### BEGIN HIDDEN TESTS
check("heard(7, '-D', '-D', '-E')", "0123456", why="A second -D must not put the lowest level away.")
check("heard(5, '-E')", "01234", why="Nothing was put away.")
check("heard(5, '-D', '-n 3', '-E')", "012", why="-n is a new choice: what was put away is forgotten.")
check("heard(5, '-D', '-E', '-n 7', '-E')", "0123456", why="What -E has brought back is not put away any more.")
check("heard(5, '-D', '-E', '-n 7', '-D', '-E')", "0123456", why="-D puts away the level of now.")
check("heard(5, '-D', '-E', '-D', '-n 4', '-D', '-E')", "0123", why="Each -D puts away what counts then.")
check("heard(4, '-n 1')", "0", why="1 is the lowest: emerg always gets through.")
check("heard(4, '-n emerg')", "0", why="emerg is 0, so the level is 1.")
check("heard(4, '-n debug')", "01234567", why="debug is 7, so the level is 8.")
check("on_console(4, ['3 a', '-D', '3 b', '-E', '3 c'])", ["a", "c"], why="The steps count in their order.")
check("on_console(4, ['3 two words: 5', '0 -n 8', '5 x'])", ["two words: 5", "-n 8"], why="A text may look like an option.")
check("on_console(4, [])", [], why="Nobody said anything.")
### END HIDDEN TESTS

# %% [markdown] id="11e-task"
# ## 11e. The story in an oops
#
# The next two cells hold logs of a real Linux 6.1.192; only registers and machine code are left out, as the numbers tell.
#
# `story(records)` tells of the **first** oops, or gives `None` if there is none:
#
# - `"what"`: what stands behind `BUG: ` where a text *begins* with it; there the report begins;
# - `"who"` and `"pid"`: the task, from the line with `PID:` and `Comm:` (a name may hold spaces);
# - `"where"`: the function at `RIP`, up to the `+`; `None` if there is only an address, `0x…`;
# - `"path"`: the functions between `<TASK>` and `</TASK>`, not those with a `?`;
# - `"before"`: the text just before the report, or `None`.

# %% id="11e-mill" tags=["hide-input"]
def mill_log():
    r"""4,333,11062162,-;mill: loading out-of-tree module taints kernel.
5,334,11062422,-;mill: module verification failed: signature and/or required key missing - tainting kernel
12,335,11073532,-;operator: mill started
6,336,11075817,-;mill: the wind blows
6,337,11076194,-;mill: ground 60 grains
6,338,11491664,-;mill: the wind blows
6,339,11587614,-;mill: ground 40 grains
6,340,11907619,-;mill: the wind blows
1,341,12099620,-;BUG: kernel NULL pointer dereference, address: 0000000000000000
1,342,12099683,-;#PF: supervisor read access in kernel mode
1,343,12099744,-;#PF: error_code(0x0000) - not-present page
4,345,12099936,-;Oops: 0000 [#1] PREEMPT SMP NOPTI
4,346,12100009,-;CPU: 0 PID: 96 Comm: miller/0 Tainted: G           OE      6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,348,12100199,-;RIP: 0010:empty+0x5/0x10 [mill]
4,359,12101149,-;Call Trace:
4,360,12101192,-; <TASK>
4,361,12101235,-; grind+0x1d/0x50 [mill]
4,362,12101380,-; mill+0xc/0x30 [mill]
4,363,12101522,-; kthread+0xda/0x100
4,364,12101626,-; ? kthread_complete_and_exit+0x20/0x20
4,365,12101750,-; ret_from_fork+0x22/0x30
4,366,12101892,-; </TASK>
4,367,12101933,-;Modules linked in: mill(OE) qemu_fw_cfg
4,369,12102088,-;---[ end trace 0000000000000000 ]---
4,370,12102141,-;RIP: 0010:empty+0x5/0x10 [mill]
6,381,12103092,-;note: miller/0[96] exited with irqs disabled
6,382,12291613,-;mill: the baker wants flour
6,383,12323617,-;mill: the wind blows
6,384,12739699,-;mill: the wind blows
6,385,13155624,-;mill: the wind blows
6,386,13571709,-;mill: the wind blows
"""

# %% id="11e-bell" tags=["hide-input"]
def bell_log():
    r"""4,333,11059039,-;bell: loading out-of-tree module taints kernel.
5,334,11059295,-;bell: module verification failed: signature and/or required key missing - tainting kernel
5,335,11066318,-;bell: ding 1
5,336,11271637,-;bell: ding 2
5,337,11479691,-;bell: ding 3
5,338,11687628,-;bell: ding 4
4,339,11832458,-;bell: good bye
1,340,11895649,-;BUG: unable to handle page fault for address: ffffffffc0207050
1,341,11895715,-;#PF: supervisor instruction fetch in kernel mode
1,342,11895778,-;#PF: error_code(0x0010) - not-present page
4,344,11895995,-;Oops: 0010 [#1] PREEMPT SMP NOPTI
4,345,11896069,-;CPU: 0 PID: 94 Comm: bell Tainted: G           OE      6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,347,11896257,-;RIP: 0010:0xffffffffc0207050
4,358,11897128,-;Call Trace:
4,359,11897170,-; <TASK>
4,360,11897214,-; ? kthread+0xda/0x100
4,361,11897316,-; ? kthread_complete_and_exit+0x20/0x20
4,362,11897440,-; ? ret_from_fork+0x22/0x30
4,363,11897581,-; </TASK>
4,364,11897623,-;Modules linked in: qemu_fw_cfg [last unloaded: bell(OE)]
4,366,11897787,-;---[ end trace 0000000000000000 ]---
4,367,11897840,-;RIP: 0010:0xffffffffc0207050
6,378,11898711,-;note: bell[94] exited with irqs disabled
"""

# %% id="11e-tools" tags=["demo"]
MILL, BELL = parse_kmsg(mill_log.__doc__), parse_kmsg(bell_log.__doc__)

def edited(records, old, new):
    """The same records with other words in their texts."""
    return [replace(record, text=record.text.replace(old, new)) for record in records]

print(MILL.dmesg("-x"))

# %% id="11e-solution" tags=["exercise"]
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    ### BEGIN SOLUTION
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if text.startswith("BUG: ")), None)
    if begin is None:
        return None
    report = "\n".join(texts[begin:]).split("end trace")[0]
    pid, who = re.search(r"PID: (\d+) Comm: (.+?) (?:Tainted|Not tainted)", report).groups()
    rip = re.search(r"RIP: \w+:(\S+)", report)[1]
    trace = report.partition("<TASK>\n")[2].partition("</TASK>")[0]
    return {
        "what": texts[begin].removeprefix("BUG: "),
        "who": who,
        "pid": int(pid),
        "where": None if rip.startswith("0x") else rip.split("+")[0],
        "path": [line.split("+")[0].strip() for line in trace.splitlines() if "+" in line and "?" not in line],
        "before": texts[begin - 1] if begin else None,
    }
    ### END SOLUTION

# %% id="11e-check" tags=["check"]
check("story(MILL)['what']", "kernel NULL pointer dereference, address: 0000000000000000", why="The line that begins with BUG.")
check("(story(MILL)['who'], story(MILL)['pid'])", ("miller/0", 96), why="Comm and PID tell whose thread it was.")
check("(story(MILL)['where'], story(MILL)['path'])", ("empty", ["grind", "mill", "kthread", "ret_from_fork"]),
      why="It died in empty(), called by grind(); what has a ? does not count.")
check("story(MILL)['before']", "mill: the wind blows", why="The last record before the report, whoever wrote it.")
check("story(BELL)['where']", None, why="The code was gone: at RIP stands a bare address.")
check("story(MILL[:8])", None, why="Up to there nothing had happened.")
### BEGIN HIDDEN TESTS
check("story(BELL)", {"what": "unable to handle page fault for address: ffffffffc0207050", "who": "bell", "pid": 94,
                      "where": None, "path": [], "before": "bell: good bye"},
      why="rmmod took the code away while bell still ran in it: nothing on its stack is sure.")
check("story(MILL + BELL)['who']", "miller/0", why="Two oopses: begin with the first, the second may be its child.")
check("(story(BELL + MILL)['who'], story(BELL + MILL)['path'])", ("bell", []),
      why="What belongs to the second is not of the first.")
check("(story(BELL + MILL)['where'], story(BELL + MILL)['pid'])", (None, 94), why="The RIP and the PID of the first report.")
check("story(edited(MILL, 'miller/0', 'old mill 2'))['who']", "old mill 2", why="A task's name may hold spaces.")
check("story(edited(MILL, 'Tainted: G           OE     ', 'Not tainted'))['who']", "miller/0",
      why="Without foreign modules the line says: Not tainted.")
check("story(edited(MILL, 'the wind', 'DEBUG: the wind'))['what'][:12]", "kernel NULL ",
      why="DEBUG: is no BUG: at the beginning.")
check("story(edited(MILL, 'the wind', 'DEBUG: the wind'))['before']", "mill: DEBUG: the wind blows",
      why="It is only the last word before.")
check("story(MILL[:20] + edited(MILL[20:], 'empty', 'other'))['where']", "empty",
      why="After the end trace the kernel repeats a RIP, of the first oops of all; it belongs to no report.")
check("story(edited(MILL, 'empty+0x5', 'empty.constprop.0+0x5'))['where']", "empty.constprop.0",
      why="All that stands before the +.")
check("story(MILL[8:])['before']", None, why="The report may be the first that is left in the ring.")
check("story([])", None, why="An empty log tells no story.")
### END HIDDEN TESTS

# %% [markdown] id="done"
# ## Done?
#
# - What really happened in the mill: the shelf was empty, so `empty(NULL)` read address 0. And the story goes on after the
#   oops: the miller died with the lock of the hopper in its hands. The baker wanted flour, once, and was never heard of again.
#   It is the *missing* line that tells.
# - And the bell? Its module was unloaded without stopping its kthread: lesson 10.
# - A ring forgets, a reader can know what it missed, a filter hides: ask all three before you say "there was nothing in the
#   log".
#
# Back to [lesson 11](../notebooks/11_printk_and_dmesg.ipynb). Words: [glossary](../GLOSSARY.md).
