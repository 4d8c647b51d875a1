# %% id="a-list-of-who-waits" why="the number of the queueing is kept, and cancel is built from small steps"
def queue_work(q, work):
    if not work.pending and not work.canceling:
        work.queued += 1
        work.pending = True
        q.works = [*q.works, work]
        wake_up_all(q.wait)
        return True
    return False


def run_one(q):
    work, *q.works = q.works
    q.running, work.pending = work, False
    try:
        work.func(work)
    finally:
        q.running = None
        work.done = work.done + 1
        wake_up_all(q.wait)


def flush_work(q, work):
    target = work.queued
    waited = False
    while work.done < target:
        waited = True
        wait_event(q.wait, lambda: work.done >= target)
    return waited


def cancel_work_sync(q, work):
    was, work.pending, work.canceling = work.pending, False, True
    q.works = [each for each in q.works if each is not work]
    if was:
        work.queued -= 1
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    return was


# %% id="looks-every-millisecond" why="who waits looks again every millisecond: slower, but not wrong"
def queue_work(q, work):
    if work.canceling or work in q.works:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    q.running = q.works[0]
    del q.works[0]
    q.running.pending = False
    q.running.func(q.running)
    q.running.done += 1
    q.running = None


def flush_work(q, work):
    goal = work.queued
    if work.done == goal:
        return False
    while work.done < goal:
        msleep(1)
    return True


def cancel_work_sync(q, work):
    was = work in q.works
    if was:
        q.works.remove(work)
        work.pending = False
        work.queued -= 1
    work.canceling = True
    while q.running is work:
        msleep(1)
    work.canceling = False
    return was
