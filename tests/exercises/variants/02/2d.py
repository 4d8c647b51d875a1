# %% id="loops" why="count frame by frame and page by page"
def frame_bytes(addresses):
    first, second, *_ = addresses
    return abs(first - second)


def calls_that_fit(stack_bytes, first, frame):
    calls = 0
    while first + (calls + 1) * frame <= stack_bytes:
        calls += 1
    return calls


def stack_for(calls, first, frame):
    size = 4096
    while calls_that_fit(size, first, frame) < calls:
        size += 4096
    return size


# %% id="divmod" why="remainders"
def frame_bytes(addresses):
    return (max(addresses) - min(addresses)) // (len(addresses) - 1)


def calls_that_fit(stack_bytes, first, frame):
    return divmod(stack_bytes - first, frame)[0]


def stack_for(calls, first, frame):
    need = first + calls * frame
    pages, rest = divmod(need, 4096)
    return 4096 * (pages + bool(rest))
