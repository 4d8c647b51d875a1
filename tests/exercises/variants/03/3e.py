# %% id="plain-loops" why="loops and ifs, a yield before each piece but the first"
def largest_gap_ns(trace, name):
    largest = 0
    before = None
    for event in trace:
        if event.kind == "sched_switch" and trace.name(event.next_tid) == name:
            if before is not None and event.t_ns - before > largest:
                largest = event.t_ns - before
            before = event.t_ns
    return largest


def work(total_ms, piece_ms):
    done = 0
    while done < total_ms:
        if done:
            sched_yield()
        now_ms = min(piece_ms, total_ms - done)
        burn(0.001 * now_ms)
        done += now_ms

# %% id="smallest-pieces" why="one millisecond at a time: shorter pieces than asked for are polite too"
def largest_gap_ns(trace, name):
    tids = [tid for tid, word in trace.threads.items() if word == name]
    times = [e.t_ns for e in trace.of("sched_switch") if e.next_tid in tids]
    gaps = [times[i + 1] - times[i] for i in range(len(times) - 1)]
    return max([0, *gaps])


def work(total_ms, piece_ms):
    for _ in range(total_ms):
        burn(0.001)
        sched_yield()
