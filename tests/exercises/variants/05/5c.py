# %% id="combinations-and-select" why="select.poll waits in C and releases the GIL as well"
import itertools
import select


def overlaps(spans):
    """How many pairs of spans have time in common."""
    count = 0
    for (a, b), (c, d) in itertools.combinations(spans, 2):
        if max(a, c) < min(b, d):
            count += 1
    return count


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    began = now()
    started.append(began)
    select.select([fd], [], [], 2)
    return began, now()


# %% id="sweep-over-time" why="walk through the stamps and add how many are there when one comes"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    there = pairs = 0
    for _, step in sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans]):
        if step == 1:
            pairs += there
        there += step
    return pairs


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    os.read(fd, 1)
    end = now()
    return (start, end)
