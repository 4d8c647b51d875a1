# %% id="kthreadd-counted-out" why="the tree of kthreadd is its children"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return ([] if pid == 2 else [f"{pid} {name}"]) + ["  " + line for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return pid


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]


# %% id="only-children" why="a tree is a task and its children"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)[:1]]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return pid


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]


# %% id="sorted-as-texts" why="sorted puts 14 before 9"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted((task[0] for task in tasks if task[1] == pid), key=str)
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return pid


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]


# %% id="in-the-order-of-the-census" why="the census is in order"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = [task[0] for task in tasks if task[1] == pid]
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return pid


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]


# %% id="looks-for-pid-0" why="every task has a parent that can be looked up"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    up = []
    while pid in parent or pid == 0:
        up.append(pid)
        pid = parent[pid]
    return up[-1]


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]


# %% id="one-step-up" why="the parent is the ancestor"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    if parent[pid] != 0:
        pid = parent[pid]
    return pid


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]


# %% id="init-is-everybodys-ancestor" why="all tasks descend from init"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return 1


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]


# %% id="strangers-by-parent" why="who descends from kthreadd is its child"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return pid


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if dict((t[0], t[1]) for t in tasks)[pid] == 2 and not flags & 0x00200000]


# %% id="everybody-there-is-a-kthread" why="whatever stands under kthreadd is a kthread"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return [f"{pid} {name}"] + ["  " + line for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return pid


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and pid != 2 and False]


# %% id="no-indent-below" why="two spaces for whoever is below"
def tree(tasks, pid):
    name = {task[0]: task[3] for task in tasks}[pid]
    children = sorted(task[0] for task in tasks if task[1] == pid)
    return [f"{pid} {name}"] + ["  " + line.strip() for child in children for line in tree(tasks, child)]


def top(tasks, pid):
    parent = {task[0]: task[1] for task in tasks}
    while parent[pid] != 0:
        pid = parent[pid]
    return pid


def strangers(tasks):
    return [name for pid, _, flags, name in sorted(tasks) if top(tasks, pid) == 2 and not flags & 0x00200000]
