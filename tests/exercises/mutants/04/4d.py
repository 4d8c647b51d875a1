# %% id="counts-the-start-too" why="every line of the log belongs to the switches"
def kernel_entries(log):
    counts = {}
    inside = True
    for line in log.splitlines():
        if line.startswith("write(") and '"begin' in line:
            inside = True
        elif line.startswith("write(") and '"end' in line:
            pass
        elif inside:
            name = line.split()[1] if line.startswith("---") else line.split("(")[0]
            counts[name] = counts.get(name, 0) + 1
    return counts


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) // switches


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="never-stops-counting" why="after end nothing comes any more"
def kernel_entries(log):
    counts = {}
    inside = False
    for line in log.splitlines():
        if line.startswith("write(") and '"begin' in line:
            inside = True
        elif line.startswith("write(") and '"end' in line:
            pass
        elif inside:
            name = line.split()[1] if line.startswith("---") else line.split("(")[0]
            counts[name] = counts.get(name, 0) + 1
    return counts


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) // switches


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="delivery-is-free" why="a signal is no system call, so it does not enter the kernel"
def kernel_entries(log):
    counts = {}
    inside = False
    for line in log.splitlines():
        if line.startswith("write(") and '"begin' in line:
            inside = True
        elif line.startswith("write(") and '"end' in line:
            inside = False
        elif inside and not line.startswith("---"):
            name = line.split()[1] if line.startswith("---") else line.split("(")[0]
            counts[name] = counts.get(name, 0) + 1
    return counts


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) // switches


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="counts-the-marks" why="the two writes are entries like any other"
def kernel_entries(log):
    counts = {}
    inside = False
    for line in log.splitlines():
        if line.startswith("write(") and '"begin' in line:
            inside = True
            counts["write"] = 1
        elif line.startswith("write(") and '"end' in line:
            inside = False
        elif inside:
            name = line.split()[1] if line.startswith("---") else line.split("(")[0]
            counts[name] = counts.get(name, 0) + 1
    return counts


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) // switches


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="skips-every-write" why="a write never belongs to a switch"
def kernel_entries(log):
    counts = {}
    inside = False
    for line in log.splitlines():
        if line.startswith("write(") and '"begin' in line:
            inside = True
        elif line.startswith("write(") and '"end' in line:
            inside = False
        elif inside and not line.startswith("write("):
            name = line.split()[1] if line.startswith("---") else line.split("(")[0]
            counts[name] = counts.get(name, 0) + 1
    return counts


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) // switches


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="knows-three-names" why="a switch has only signal calls"
def kernel_entries(log):
    between = log.split('"begin')[1].split('"end')[0]
    counts = {name: between.count(name) for name in ("SIGALRM", "rt_sigprocmask", "rt_sigreturn")}
    counts["SIGALRM"] = between.count("--- SIGALRM")
    return {name: count for name, count in counts.items() if count}


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) // switches


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="a-fraction" why="three calls in 200,000 switches are more than none"
def kernel_entries(log):
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


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) / switches


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="rounds-up" why="what does not divide evenly is one more"
def kernel_entries(log):
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


def per_switch(log, switches):
    return -(-sum(kernel_entries(log).values()) // switches)


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="counts-kinds" why="three kinds of entry are three entries"
def kernel_entries(log):
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


def per_switch(log, switches):
    return len(kernel_entries(log))


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if per_switch(log, switches) == 0]


# %% id="by-choice-is-free" why="a switch by choice never enters the kernel"
def kernel_entries(log):
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


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) // switches


def without_kernel(logs):
    return [name for name, (log, switches) in logs.items() if "SIGALRM" not in kernel_entries(log)]


# %% id="knows-the-answer" why="only greenlet can do it"
def kernel_entries(log):
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


def per_switch(log, switches):
    return sum(kernel_entries(log).values()) // switches


def without_kernel(logs):
    return ["GREENLET"]
