# %% id="never-checks-should-stop" why="kthread_stop ends a thread, whatever it does"
def serve(box):
    while True:
        wait_event_interruptible(box.door, lambda: box.items)
        while box.items:
            box.take()


# %% id="ends-when-empty" why="nothing to do means done"
def serve(box):
    wait_event_interruptible(box.door, lambda: box.items or kthread_should_stop())
    count = 0
    while box.items:
        box.take()
        count += 1
    return count


# %% id="state-after-test" why="test first, then say that you sleep"
def serve(box):
    entry = DEFINE_WAIT()
    while box.items or not kthread_should_stop():
        if box.items:
            box.take()
            continue
        prepare_to_wait(box.door, entry, TASK_INTERRUPTIBLE)
        schedule()
        finish_wait(box.door, entry)
    return len(box.done)


# %% id="drops-what-is-left" why="told to stop means stop at once"
def serve(box):
    while not kthread_should_stop():
        wait_event_interruptible(box.door, lambda: box.items or kthread_should_stop())
        if box.items and not kthread_should_stop():
            box.take()
    return len(box.done)


# %% id="polls" why="looking every few milliseconds is as good as sleeping"
def serve(box):
    while box.items or not kthread_should_stop():
        if box.items:
            box.take()
        else:
            msleep_interruptible(4)
    return len(box.done)


# %% id="spins" why="a loop that yields does no harm"
def serve(box):
    while box.items or not kthread_should_stop():
        if box.items:
            box.take()
        else:
            schedule()
    return len(box.done)


# %% id="one-item-a-wake-up" why="each wake-up stands for one item"
def serve(box):
    entry, count = DEFINE_WAIT(), 0
    while not kthread_should_stop():
        prepare_to_wait(box.door, entry, TASK_INTERRUPTIBLE)
        if not kthread_should_stop():
            schedule()
        finish_wait(box.door, entry)
        if box.items:
            box.take()
            count += 1
    return count


# %% id="stop-is-not-in-the-condition" why="kthread_stop breaks the wait off, so the condition need not know of it, nor the result be read"
def serve(box):
    count = 0
    while True:
        wait_event(box.door, lambda: box.items)
        if kthread_should_stop():
            return count
        box.take()
        count += 1


# %% id="returns-nothing" why="the count is in the box, there is no need to return it"
def serve(box):
    while box.items or not kthread_should_stop():
        wait_event_interruptible(box.door, lambda: box.items or kthread_should_stop())
        while box.items:
            box.take()


# %% id="newest-first" why="the order does not matter"
def serve(box):
    while box.items or not kthread_should_stop():
        wait_event_interruptible(box.door, lambda: box.items or kthread_should_stop())
        while box.items:
            box.items.reverse()
            box.take()
            box.items.reverse()
    return len(box.done)
