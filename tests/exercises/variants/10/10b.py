# %% id="by-hand" why="the loop that wait_event hides, state first"
def serve(box):
    entry = DEFINE_WAIT()
    while True:
        prepare_to_wait(box.door, entry, TASK_INTERRUPTIBLE)
        if not box.items and not kthread_should_stop():
            schedule()
        finish_wait(box.door, entry)
        while box.items:
            box.take()
        if kthread_should_stop() and not box.items:
            return len(box.done)


# %% id="reads-what-the-wait-returns" why="waits for items only, and takes being broken off as the word to stop"
def serve(box):
    n = 0
    while wait_event_interruptible(box.door, lambda: box.items) == 0:
        box.take()
        n += 1
    while box.items:
        box.take()
        n += 1
    return n


# %% id="one-at-a-time" why="one loop, one item a round, uninterruptible"
def serve(box):
    n = 0
    while True:
        wait_event(box.door, lambda: bool(box.items) or kthread_should_stop())
        if not box.items:
            return n
        box.take()
        n += 1
