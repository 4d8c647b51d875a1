# %% id="early-return" why="step in two parts, join with an endless loop"
def step(thread):
    try:
        next(thread.body)
        return
    except StopIteration as end:
        thread.result = end.value
    except Exception as error:
        thread.error = error
    thread.done = True


def join(thread):
    while True:
        if thread.done:
            if thread.error:
                raise thread.error
            return thread.result
        yield

# %% id="match-and-base" why="catches everything, and tells the two ends apart afterwards"
def step(thread):
    try:
        next(thread.body)
    except BaseException as end:
        thread.done = True
        if isinstance(end, StopIteration):
            thread.result = end.value
        else:
            thread.error = end


def join(thread):
    if not thread.done:
        yield
        return (yield from join(thread))
    if thread.error is None:
        return thread.result
    raise thread.error
