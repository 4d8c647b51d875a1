# %% id="with-a-stack" why="no recursion: a list of what is still to be told"
def tree(tasks, pid):
    names = {p: n for p, _, _, n in tasks}
    lines, todo = [], [(0, pid)]
    while todo:
        depth, at = todo.pop()
        lines.append("  " * depth + str(at) + " " + names[at])
        for child in sorted((p for p, parent, _, _ in tasks if parent == at), reverse=True):
            todo.append((depth + 1, child))
    return lines


def top(tasks, pid):
    for p, parent, _, _ in tasks:
        if p == pid:
            return pid if parent == 0 else top(tasks, parent)


def strangers(tasks):
    pids = sorted(int(line.split()[0]) for line in tree(tasks, 2))
    return [n for pid in pids for p, _, f, n in tasks if p == pid and f & 0x200000 == 0]


# %% id="children-first" why="sorts once and keeps a table of children"
def tree(tasks, pid, depth=0):
    family = {}
    for task in sorted(tasks):
        family.setdefault(task[1], []).append(task[0])
    lines = []
    for task in tasks:
        if task[0] == pid:
            lines.append(f"{'  ' * depth}{pid} {task[3]}")
    for child in family.get(pid, []):
        lines.extend(tree(tasks, child, depth + 1))
    return lines


def top(tasks, pid):
    parent = {}
    for task in tasks:
        parent[task[0]] = task[1]
    while True:
        above = parent[pid]
        if above == 0:
            return pid
        pid = above


def strangers(tasks):
    found = []
    for task in sorted(tasks, key=lambda task: task[0]):
        if not task[2] >> 21 & 1 and top(tasks, task[0]) != 1:
            found.append(task[3])
    return found
