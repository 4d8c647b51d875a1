# %% id="last-oops" why="the last oops is the news"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = max((i for i, text in enumerate(texts) if text.startswith("BUG: ")), default=None)
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

# %% id="bug-anywhere" why="a text with BUG: in it begins the report"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if "BUG: " in text), None)
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

# %% id="oops-line" why="the report begins with Oops:"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if text.startswith("Oops: ")), None)
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

# %% id="to-the-end-of-the-log" why="all that comes after belongs to the report"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if text.startswith("BUG: ")), None)
    if begin is None:
        return None
    report = "\n".join(texts[begin:])
    pid, who = re.search(r"PID: (\d+) Comm: (.+?) (?:Tainted|Not tainted)", report).groups()
    rip = re.search(r"(?s).*RIP: \w+:(\S+)", report)[1]
    trace = report.partition("<TASK>\n")[2].partition("</TASK>")[0]
    return {
        "what": texts[begin].removeprefix("BUG: "),
        "who": who,
        "pid": int(pid),
        "where": None if rip.startswith("0x") else rip.split("+")[0],
        "path": [line.split("+")[0].strip() for line in trace.splitlines() if "+" in line and "?" not in line],
        "before": texts[begin - 1] if begin else None,
    }

# %% id="name-is-a-word" why="a name has no spaces"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if text.startswith("BUG: ")), None)
    if begin is None:
        return None
    report = "\n".join(texts[begin:]).split("end trace")[0]
    pid, who = re.search(r"PID: (\d+) Comm: (\S+)", report).groups()
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

# %% id="always-tainted" why="the line always says Tainted"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if text.startswith("BUG: ")), None)
    if begin is None:
        return None
    report = "\n".join(texts[begin:]).split("end trace")[0]
    pid, who = re.search(r"PID: (\d+) Comm: (.+?) Tainted", report).groups()
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

# %% id="address-is-a-name" why="what stands at RIP is the function"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
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
        "where": rip.split("+")[0],
        "path": [line.split("+")[0].strip() for line in trace.splitlines() if "+" in line and "?" not in line],
        "before": texts[begin - 1] if begin else None,
    }

# %% id="guesses-too" why="every line of the trace was called"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
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
        "path": [line.split("+")[0].strip() for line in trace.splitlines() if "+" in line],
        "before": texts[begin - 1] if begin else None,
    }

# %% id="offsets-kept" why="the name is the whole word"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
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
        "path": [line.split()[-1] for line in trace.splitlines() if "+" in line and "?" not in line],
        "before": texts[begin - 1] if begin else None,
    }

# %% id="pid-as-text" why="a number is text in a text"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
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
        "pid": pid,
        "where": None if rip.startswith("0x") else rip.split("+")[0],
        "path": [line.split("+")[0].strip() for line in trace.splitlines() if "+" in line and "?" not in line],
        "before": texts[begin - 1] if begin else None,
    }

# %% id="before-from-the-end" why="there is always a record before"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
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
        "before": texts[begin - 1],
    }

# %% id="traces-of-all" why="TASK to TASK"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if text.startswith("BUG: ")), None)
    if begin is None:
        return None
    report = "\n".join(texts[begin:]).split("end trace")[0]
    pid, who = re.search(r"PID: (\d+) Comm: (.+?) (?:Tainted|Not tainted)", report).groups()
    rip = re.search(r"RIP: \w+:(\S+)", report)[1]
    trace = "\n".join(texts).partition("<TASK>\n")[2].rpartition("</TASK>")[0]
    return {
        "what": texts[begin].removeprefix("BUG: "),
        "who": who,
        "pid": int(pid),
        "where": None if rip.startswith("0x") else rip.split("+")[0],
        "path": [line.split("+")[0].strip() for line in trace.splitlines() if "+" in line and "?" not in line],
        "before": texts[begin - 1] if begin else None,
    }

# %% id="always-an-oops" why="there is an oops in every log"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if text.startswith("BUG: ")), None)
    begin = begin or 0
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

# %% id="alert-is-the-beginning" why="the report begins with the first alert, whatever it says"
def story(records):
    """The first oops: what, who, pid, where, path and before; None if there was none."""
    texts = [record.text for record in records]
    begin = next((i for i, text in enumerate(texts) if "BUG" in text or "DEBUG" in text), None)
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
