# %% id="floats" why="a float formatted to twelve places, which grow when they must"
def visible(text):
    out = ""
    for c in text:
        if c in "\n\t" or (32 <= ord(c) < 127):
            out += c
        else:
            out += "".join("\\x%02x" % byte for byte in c.encode("utf-8"))
    return out


def dmesg(records, letters="", levels="", boot_time=0):
    wanted = set(levels.split(",")) if levels else set(LEVELS)
    shown = [r for r in records if LEVELS[r.level] in wanted]
    out = []
    for before, r in zip([None, *shown], shown):
        seconds = r.time_us / 1e6
        inside = "%12.6f" % seconds
        if "T" in letters:
            d = datetime.fromtimestamp(int(boot_time) + int(seconds), UTC)
            inside = f"{d:%a %b} {d.day:2d} {d:%H:%M:%S} {d.year}"
        if "d" in letters:
            inside += " <%12.6f>" % ((r.time_us - before.time_us) / 1e6 if before else 0)
        head = "" if "t" in letters else f"[{inside}] "
        if "r" in letters:
            head = f"<{r.facility << 3 | r.level}>" + head
        if "x" in letters:
            head = "%-6s:%-6s: " % (FACILITIES[r.facility], LEVELS[r.level]) + head
        first, *further = visible(r.text).split("\n")
        out += [head + first, *(" " * len(head) + line for line in further)]
    return "\n".join(out)

# %% id="pieces-in-a-table" why="the regular expression finds what must not be seen"
def visible(text):
    hidden = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f-\xff]")
    return hidden.sub(lambda m: b"\\x" + m[0].hex().encode(), text.encode()).decode("ascii")


def stamp_of(record, letters, boot_time, since_us):
    seconds, micros = divmod(record.time_us, 10**6)
    if "t" in letters:
        return ""
    time = str(seconds).rjust(5) + "." + str(micros).zfill(6)
    if "T" in letters:
        time = datetime.fromtimestamp(boot_time + seconds, tz=UTC).ctime()
    if "d" in letters:
        time += f" <{since_us // 10**6:5}.{since_us % 10**6:06}>"
    return "[" + time + "] "


def dmesg(records, letters="", levels="", boot_time=0):
    result, last = "", None
    for r in records:
        if levels == "" or LEVELS[r.level] in levels.split(","):
            since = r.time_us - (r.time_us if last is None else last)
            last = r.time_us
            head = stamp_of(r, letters, boot_time, since)
            if "r" in letters:
                head = "<" + str(r.priority) + ">" + head
            elif "x" in letters:
                head = FACILITIES[r.facility].ljust(6) + ":" + LEVELS[r.level].ljust(6) + ": " + head
            result += head + ("\n" + " " * len(head)).join(visible(r.text).split("\n")) + "\n"
    return result[:-1]
