# %% id="adds-up-on-the-way" why="need first, the chain from it"
def need(name, sizes, calls, above=frozenset()):
    """Bytes of the most expensive chain."""
    if name in above:
        raise ValueError("recursion")
    deepest = 0
    for callee in calls[name]:
        deepest = max(deepest, need(callee, sizes, calls, above | {name}))
    return sizes[name] + deepest


def worst_chain(name, sizes, calls):
    """Names on it."""
    need(name, sizes, calls)
    chain = [name]
    while calls[chain[-1]]:
        best = calls[chain[-1]][0]
        for callee in calls[chain[-1]][1:]:
            if need(callee, sizes, calls) > need(best, sizes, calls):
                best = callee
        chain.append(best)
    return chain


def depth_limit(frame, used):
    """Calls that fit."""
    depth = 0
    while used + frame <= THREAD_SIZE:
        used += frame
        depth += 1
    return depth


def fits(name, sizes, calls):
    """Whether it stays on its stack."""
    return THREAD_SIZE - ENTRY >= need(name, sizes, calls)


# %% id="all-chains-listed" why="every chain is written down, and the most expensive one taken"
def all_chains(path, calls):
    if len(set(path)) < len(path):
        raise ValueError("recursion: " + " ".join(path))
    if not calls[path[-1]]:
        return [path]
    return [chain for callee in calls[path[-1]] for chain in all_chains([*path, callee], calls)]


def worst_chain(name, sizes, calls):
    best = None
    for chain in all_chains([name], calls):
        cost = sum(map(sizes.__getitem__, chain))
        if best is None or cost > best[0]:
            best = (cost, chain)
    return best[1]


def need(name, sizes, calls):
    return max(sum(sizes[each] for each in chain) for chain in all_chains([name], calls))


def depth_limit(frame, used):
    return 0 if used >= THREAD_SIZE else (THREAD_SIZE - used) // frame


def fits(name, sizes, calls):
    return not ENTRY + need(name, sizes, calls) > THREAD_SIZE
