# %% id="cut-then-count" why="cuts the part between the marks out, then counts with Counter"
import re
from collections import Counter


def kernel_entries(log):
    between = re.search(r'write\(\d, "begin.*?\n(.*?)write\(\d, "end', log, re.DOTALL)[1]
    return dict(Counter(re.findall(r"^(?:--- )?(\w+)", between, re.MULTILINE)))


def per_switch(log, switches):
    return int(sum(kernel_entries(log).values()) / switches)


def without_kernel(logs):
    return [name for name in logs if per_switch(*logs[name]) < 1]


# %% id="by-index" why="finds the two lines first"
def kernel_entries(log):
    lines = log.split("\n")
    first = next(i for i, line in enumerate(lines) if '"begin' in line)
    last = next(i for i, line in enumerate(lines) if '"end' in line)
    names = [line.replace("--- ", "").replace(" ", "(").partition("(")[0] for line in lines[first + 1 : last]]
    return {name: names.count(name) for name in names}


def per_switch(log, switches):
    total = 0
    for count in kernel_entries(log).values():
        total += count
    return total // switches


def without_kernel(logs):
    found = []
    for name, (log, switches) in logs.items():
        if not per_switch(log, switches):
            found.append(name)
    return found
