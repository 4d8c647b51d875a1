# %% id="first-to-last" why="the gap is from the first to the last"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return times[-1] - times[0] if times else 0


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="mean-gap" why="the average says how long one waits"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return (times[-1] - times[0]) // (len(times) - 1) if len(times) > 1 else 0


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="last-gap" why="remembers the last gap, not the largest"
def largest_gap_ns(trace, name):
    gap, before = 0, None
    for event in trace.of("sched_switch"):
        if trace.name(event.next_tid) == name:
            if before is not None:
                gap = event.t_ns - before
            before = event.t_ns
    return gap


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="any-thread" why="a switch is a switch"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch")]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="who-leaves" why="event.tid is the thread that runs"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="no-gap-is-an-error" why="there is always a gap"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)))


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="in-seconds" why="times are in seconds"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return 1e-9 * max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="from-zero" why="the first gap begins at 0"
def largest_gap_ns(trace, name):
    times = [0] + [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="longest-run" why="the gap is how long the thread itself ran"
def largest_gap_ns(trace, name):
    gap, began = 0, None
    for event in trace.of("sched_switch"):
        if began is not None:
            gap = max(gap, event.t_ns - began)
        began = event.t_ns if trace.name(event.next_tid) == name else None
    return gap


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="one-piece" why="a yield at the end is polite enough"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    burn(total_ms / 1000)
    sched_yield()

# %% id="last-piece-too-long" why="every piece has full length"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = piece_ms
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="rest-forgotten" why="so many pieces fit"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    for _ in range(total_ms // piece_ms):
        burn(piece_ms / 1000)
        sched_yield()

# %% id="sleeps-instead" why="to sleep is to let others run, so sleep through the work"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        sleep(piece / 1000)
        total_ms -= piece
        sched_yield()

# %% id="never-yields" why="pieces are enough"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece

# %% id="yields-first-only" why="yield once, before the work"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    sched_yield()
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece

# %% id="burns-seconds" why="burn takes milliseconds"
def largest_gap_ns(trace, name):
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)


def work(total_ms, piece_ms):
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece)
        total_ms -= piece
        sched_yield()
