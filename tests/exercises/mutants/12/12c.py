# %% id="queues-twice" why="every queue_work() runs the work once"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="clears-the-mark-after" why="a work is pending until it is done"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.func(work)
    work.pending = False
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="newest-first" why="the newest work is the most urgent"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.insert(0, work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="flush-waits-for-pending-only" why="a work that has begun is as good as done"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: not work.pending)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="flush-waits-for-idle" why="flush waits until the work is neither pending nor running"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: not work.pending and q.running is not work)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="flush-waits-for-all" why="flush waits until the queue is empty"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: not q.works and q.running is None)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="flush-misses-the-running" why="there is nothing to wait for if it is not pending"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if not work.pending:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="flush-always-says-true" why="flush did its duty even if there was nothing to do"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return True
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="cancel-not-sync" why="a work that is out of the queue is gone"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="cancel-lets-it-requeue" why="a work that queues itself while it is cancelled may do so"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="cancelled-for-ever" why="a work that was cancelled once may never be queued again"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="cancel-says-it-ran" why="cancel returns True if it stopped anything, a running work too"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending or q.running is work
    if work.pending:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="cancel-empties-the-queue" why="cancel clears the queue"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.clear()
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="cancel-forgets-the-count" why="a work that was taken out was still queued"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    wake_up_all(q.wait)
    return was


# %% id="cancel-waits-for-the-worker" why="cancel waits until the worker is idle"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is None)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="forgets-to-wake-the-worker" why="a worker looks at its queue by itself"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1
    wake_up_all(q.wait)


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was


# %% id="forgets-to-wake-who-waits" why="who waits for a work looks again by itself"
def queue_work(q, work):
    """Queue the work once: False if it is pending already or is being cancelled."""
    if work.pending or work.canceling:
        return False
    work.pending = True
    work.queued += 1
    q.works.append(work)
    wake_up_all(q.wait)
    return True


def run_one(q):
    """Do the first work of the queue."""
    work = q.running = q.works.pop(0)
    work.pending = False
    work.func(work)
    q.running = None
    work.done += 1


def flush_work(q, work):
    """Wait for the work as it was queued last before this call; False if there is nothing to wait for."""
    last = work.queued
    if work.done >= last:
        return False
    wait_event(q.wait, lambda: work.done >= last)
    return True


def cancel_work_sync(q, work):
    """Take the work out and wait until it does not run; True if it was pending."""
    was = work.pending
    if was:
        q.works.remove(work)
        work.pending = False
    work.canceling = True
    wait_event(q.wait, lambda: q.running is not work)
    work.canceling = False
    work.done = work.queued
    wake_up_all(q.wait)
    return was
