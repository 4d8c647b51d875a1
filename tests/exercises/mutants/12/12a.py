# %% id="adds-up-everything" why="every function that is called needs room of its own at the same time"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *(each for chain in chains for each in chain)]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE


# %% id="follows-the-largest-frame" why="the largest callee leads to the most expensive chain"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sizes[chain[0]], default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE


# %% id="follows-the-longest-chain" why="the chain with the most functions needs the most"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=len, default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE


# %% id="forgets-its-own-frame" why="a function has left the stack when it calls another"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls)[1:])


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE


# %% id="forgets-what-is-used-on-entry" why="a kthread starts on an empty stack"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return need(name, sizes, calls) <= THREAD_SIZE


# %% id="may-use-the-guard-page" why="the page below the stack is room too"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE + 4096


# %% id="last-byte-is-forbidden" why="a full stack has overflowed"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) < THREAD_SIZE


# %% id="rounds-up" why="the last call fits if a part of it fits"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, -(-(THREAD_SIZE - used) // frame))


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE


# %% id="less-than-none" why="a negative number of calls says how much is missing"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return (THREAD_SIZE - used) // frame


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE


# %% id="stack-of-8-kib" why="a kernel stack has two pages"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (8192 - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= 8192


# %% id="visited-once-is-recursion" why="a function that is called on two ways calls itself"
SEEN = set()


def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if not above:
        SEEN.clear()
    if name in SEEN:
        raise ValueError(f"{name} calls itself: no limit")
    SEEN.add(name)
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE


# %% id="recursion-counts-once" why="a function that calls itself needs one frame"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        return [name]
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(chains, key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE


# %% id="last-of-equals" why="it does not matter which of two equal chains is named"
def worst_chain(name, sizes, calls, above=()):
    """Names of the most expensive chain of calls that begins with name; `above` are those that called it."""
    if name in above:
        raise ValueError(f"{name} calls itself: no limit")
    chains = [worst_chain(callee, sizes, calls, (*above, name)) for callee in calls[name]]
    return [name, *max(reversed(chains), key=lambda chain: sum(sizes[each] for each in chain), default=[])]


def need(name, sizes, calls):
    """Bytes of that chain."""
    return sum(sizes[each] for each in worst_chain(name, sizes, calls))


def depth_limit(frame, used):
    """How many calls of `frame` bytes fit into what is left of THREAD_SIZE."""
    return max(0, (THREAD_SIZE - used) // frame)


def fits(name, sizes, calls):
    """Whether a kthread with this threadfn stays on its stack."""
    return ENTRY + need(name, sizes, calls) <= THREAD_SIZE
