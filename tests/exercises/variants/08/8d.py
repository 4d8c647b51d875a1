# %% id="counts-and-depth-first" why="counts in a dict, and a walk from each lock back to itself"
def order(events):
    counts, pairs = {}, set()
    for thread, op, lock in events:
        mine = counts.setdefault(thread, {})
        if op == "release":
            mine[lock] -= 1
        else:
            if op == "acquire" and not mine.get(lock):
                for other, count in mine.items():
                    if count:
                        pairs.add((other, lock))
            mine[lock] = mine.get(lock, 0) + 1
    return pairs


def suspects(events):
    after = {}
    for held, taken in order(events):
        after.setdefault(held, []).append(taken)
    found = []
    for start in after:
        seen, todo = set(), list(after[start])
        while todo:
            lock = todo.pop()
            if lock not in seen:
                seen.add(lock)
                todo += after.get(lock, [])
        if start in seen:
            found.append(start)
    return sorted(found)


# %% id="prune-and-keep" why="a recursive search for a path, and one list of (thread, lock) for all that is held"
def order(events):
    held, pairs = [], set()
    for thread, op, lock in events:
        if op == "release":
            held.remove((thread, lock))
        else:
            if op == "acquire" and (thread, lock) not in held:
                pairs.update((other, lock) for who, other in held if who == thread)
            held.append((thread, lock))
    return pairs


def path(pairs, start, end, seen):
    for held, taken in pairs:
        if held == start and taken not in seen:
            if taken == end or path(pairs, taken, end, seen | {taken}):
                return True
    return False


def suspects(events):
    pairs = order(events)
    return [lock for lock in sorted({a for a, b in pairs}) if path(pairs, lock, lock, set())]
