# %% id="priority-is-level" why="the first number is the level"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = 0, int(priority)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="facility-dropped" why="only the level matters"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = 0, int(priority) % 8
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="level-times-eight" why="level * 8 + facility"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        level, facility = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="facility-of-four-bits" why="a facility is below 16"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority) % 128, 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="splits-at-every-semicolon" why="a semicolon separates, wherever it stands"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, body = line.split(";")[:2]
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="last-semicolon" why="the text begins behind the last semicolon"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.rpartition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="unicode-escape" why="Python's own escapes are the same"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = body.encode().decode("unicode_escape").encode()
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="byte-is-a-letter" why="each escape is one character"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(r"\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), body).encode()
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="backslash-first" why="the backslash is unescaped in a pass of its own, before the others"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.replace("\\x5c", "\\").encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="newlines-only" why="only the newline is ever escaped"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = body.replace("\\x0a", "\n").encode()
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="exactly-four-fields" why="there are four fields"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="flags-take-the-rest" why="what comes after the time is the flag"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",", 3)
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="details-are-text" why="a line that is no record belongs to the text before"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" "):
            records[-1] = (*records[-1][:5], records[-1][5] + "\n" + line)
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="seconds" why="time is in seconds"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us) / 1_000_000, flags, raw.decode()))
    return records

# %% id="text-stripped" why="space around a text means nothing"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode().strip()))
    return records

# %% id="continuation-joined" why="a piece with the flag c belongs to the record before"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        if flags == "c":
            continue
        records.append((level, facility, int(seq), int(time_us), flags, raw.decode()))
    return records

# %% id="renumbered" why="numbers count the records that are read"
def read_kmsg(text):
    """Records (level, facility, seq, time_us, flags, text) from what was read from /dev/kmsg."""
    records = []
    for line in text.splitlines():
        if line.startswith(" ") or not line:
            continue
        fields, _, body = line.partition(";")
        priority, seq, time_us, flags = fields.split(",")[:4]
        facility, level = divmod(int(priority), 8)
        raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), body.encode())
        records.append((level, facility, len(records), int(time_us), flags, raw.decode()))
    return records
