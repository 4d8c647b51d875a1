# %% id="reports-reentrant" why="every acquire of a held lock is a cycle"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire":
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="reentrant-orders-others" why="who takes a held lock again after another one has taken both orders"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire":
            pairs |= {(other, lock) for other in held if other != lock}
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="only-pairs-of-two" why="a deadlock is two locks in two orders"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    pairs = order(events)
    return sorted({a for a, b in pairs if (b, a) in pairs})


# %% id="three-at-most" why="two or three locks make a cycle, longer ones do not happen"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    pairs = order(events)
    longer = pairs | {(a, d) for a, b in pairs for c, d in pairs if b == c}
    return sorted({a for a, b in longer if (b, a) in pairs})


# %% id="one-list-for-all" why="a lock is held or not held, by whom does not matter"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault("all", [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="last-in-first-out" why="locks are released in the opposite order in which they were taken"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.pop()
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="free-at-the-first-release" why="one release frees a lock, however often it was taken"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            if lock in held:
                held.remove(lock)
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        if lock not in held:
            held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="a-try-waits" why="a try is an acquire"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="a-try-holds-nothing" why="what was got by a try does not count"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            if lock in held:
                held.remove(lock)
            continue
        if op == "try":
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="only-the-last-lock" why="only the lock that was taken just before matters"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held[-1:]}
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="whatever-leads-there" why="a lock from which a cycle can be reached is part of it"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    cycle = {a for a, b in reach if a == b}
    return sorted(cycle | {a for a, b in reach if b in cycle})


# %% id="two-threads-or-none" why="one thread cannot deadlock with itself, so its own two orders are harmless"
def order(events):
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs


def suspects(events):
    if len({thread for thread, op, lock in events}) < 2:
        return []
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)


# %% id="only-real-waiting" why="a lock that was free when it was taken tells nothing"
def order(events):
    holder, holds, pairs = {}, {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            holder.pop(lock, None)
            continue
        if op == "acquire" and holder.get(lock, thread) != thread:
            pairs |= {(other, lock) for other in held}
        holder[lock] = thread
        held.append(lock)
    return pairs


def suspects(events):
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)
