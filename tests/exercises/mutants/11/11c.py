# %% id="level-as-threshold" why="-l err means err and worse"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        if levels and record.level > max(LEVELS.index(name) for name in levels.split(",")):
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

# %% id="restamped" why="every line has its stamp"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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
        lines.append(stamp + visible(record.text).replace("\n", "\n" + stamp))
        last_us = record.time_us
    return "\n".join(lines)

# %% id="no-indent" why="the second line begins at the margin"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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
        lines.append(stamp + visible(record.text))
        last_us = record.time_us
    return "\n".join(lines)

# %% id="indent-of-the-stamp" why="the indent is 15, the stamp's width"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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
        lines.append(stamp + visible(record.text).replace("\n", "\n" + " " * 15))
        last_us = record.time_us
    return "\n".join(lines)

# %% id="seconds-cut" why="the stamp is twelve characters wide, always"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        if levels and LEVELS[record.level] not in levels.split(","):
            continue
        stamp = f"[{str(record.time_us // 1_000_000)[-5:]:>5}.{record.time_us % 1_000_000:06}] "
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

# %% id="microseconds-unpadded" why="the fraction is a number like another"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        if levels and LEVELS[record.level] not in levels.split(","):
            continue
        stamp = f"[{record.time_us // 1_000_000:5}.{record.time_us % 1_000_000}] "
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

# %% id="milliseconds" why="three digits are enough"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        if levels and LEVELS[record.level] not in levels.split(","):
            continue
        stamp = f"[{record.time_us // 1_000_000:5}.{record.time_us % 1_000_000 // 1000:03}000] "
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

# %% id="raw-level" why="the number in front is the level"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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
            stamp = f"<{record.level}>{stamp}"
        lines.append(stamp + visible(record.text).replace("\n", "\n" + " " * len(stamp)))
        last_us = record.time_us
    return "\n".join(lines)

# %% id="always-kern" why="the log is the kernel's"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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
            stamp = f"{FACILITIES[0]:6}:{LEVELS[record.level]:6}: {stamp}"
        if "r" in letters:
            stamp = f"<{record.priority}>{stamp}"
        lines.append(stamp + visible(record.text).replace("\n", "\n" + " " * len(stamp)))
        last_us = record.time_us
    return "\n".join(lines)

# %% id="names-unpadded" why="names are as long as they are"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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
            stamp = f"{FACILITIES[record.facility]}:{LEVELS[record.level]}: {stamp}"
        if "r" in letters:
            stamp = f"<{record.priority}>{stamp}"
        lines.append(stamp + visible(record.text).replace("\n", "\n" + " " * len(stamp)))
        last_us = record.time_us
    return "\n".join(lines)

# %% id="delta-to-hidden" why="the record before is the one before in the log, shown or not"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        skipped = record.time_us
        if levels and LEVELS[record.level] not in levels.split(","):
            last_us = skipped
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

# %% id="first-delta-since-boot" why="before the first record was the boot"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        if levels and LEVELS[record.level] not in levels.split(","):
            continue
        stamp = f"[{record.time_us // 1_000_000:5}.{record.time_us % 1_000_000:06}] "
        if "T" in letters:
            when = datetime.fromtimestamp(boot_time + record.time_us // 1_000_000, UTC)
            stamp = when.strftime("[%a %b %e %H:%M:%S %Y] ")
        if "d" in letters:
            since_us = record.time_us - (last_us or 0)
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

# %% id="delta-since-first" why="time since the first record"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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
        last_us = record.time_us if last_us is None else last_us
    return "\n".join(lines)

# %% id="utf8-not-escaped" why="letters are harmless"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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

# %% id="code-point" why="é is xe9"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else f"\\x{ord(c):02x}" for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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

# %% id="newline-escaped" why="a newline is below 32 too"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if  " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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

# %% id="delete-is-visible" why="127 is a character"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "\x7f" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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

# %% id="backslash-escaped" why="a backslash is escaped, as in /dev/kmsg"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or (" " <= c <= "~" and c != "\\") else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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

# %% id="text-as-it-is" why="dmesg prints what the kernel wrote"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
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
        lines.append(stamp + record.text.replace("\n", "\n" + " " * len(stamp)))
        last_us = record.time_us
    return "\n".join(lines)

# %% id="day-with-zero" why="the day has two digits"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        if levels and LEVELS[record.level] not in levels.split(","):
            continue
        stamp = f"[{record.time_us // 1_000_000:5}.{record.time_us % 1_000_000:06}] "
        if "T" in letters:
            when = datetime.fromtimestamp(boot_time + record.time_us // 1_000_000, UTC)
            stamp = when.strftime("[%a %b %d %H:%M:%S %Y] ")
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

# %% id="boot-time-only" why="-T shows when the machine booted"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        if levels and LEVELS[record.level] not in levels.split(","):
            continue
        stamp = f"[{record.time_us // 1_000_000:5}.{record.time_us % 1_000_000:06}] "
        if "T" in letters:
            when = datetime.fromtimestamp(boot_time, UTC)
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

# %% id="levels-are-numbers-of-priority" why="-l looks at the whole priority"
def visible(text):
    """The text with what could upset a terminal as \\xNN."""
    return "".join(c if c in "\n\t" or " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()) for c in text)


def dmesg(records, letters="", levels="", boot_time=0):
    """The records as dmesg -letters -l levels prints them."""
    lines, last_us = [], None
    for record in records:
        if levels and (LEVELS * 24)[record.priority if record.priority < 8 else 7] not in levels.split(","):
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
