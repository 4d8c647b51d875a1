# %% id="lost-result" why="a thread that ended has nothing left to give"
def step(thread):
    try:
        next(thread.body)
    except StopIteration:
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result

# %% id="join-on-finished-hangs" why="join waits for the moment of the end, so it must see it"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    before = thread.done
    while thread.done == before:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result

# %% id="exception-swallowed" why="an exception ends the thread, and that is all"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception:
        thread.done = True


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result

# %% id="exception-returned" why="the exception is the result"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        return thread.error
    return thread.result

# %% id="exception-hits-the-scheduler" why="only StopIteration ends a thread"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result

# %% id="new-exception" why="any exception will do"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        raise type(thread.error)(*thread.error.args)
    return thread.result

# %% id="wrapped-exception" why="tell the joiner in words"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        raise RuntimeError(str(thread.error))
    return thread.result

# %% id="failed-never-done" why="a thread that failed did not finish"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result

# %% id="waits-for-a-true-result" why="a thread is done when it has a result"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.result and not thread.error:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result

# %% id="result-taken-away" why="a result is fetched once"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        raise thread.error
    result, thread.result = thread.result, None
    return result

# %% id="join-waits-one-turn" why="by the next turn the thread will have ended"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    if not thread.done:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result

# %% id="busy-join" why="join waits in a loop, and gives no turn to the others"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.done:
        pass
    if thread.error is not None:
        raise thread.error
    return thread.result
    yield

# %% id="join-steps-by-itself" why="join runs the thread to its end at once"
def step(thread):
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.done:
        step(thread)
    if thread.error is not None:
        raise thread.error
    return (yield thread.result)

# %% id="yielded-value-is-the-result" why="what next() gives is the result"
def step(thread):
    try:
        thread.result = next(thread.body)
    except StopIteration:
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True


def join(thread):
    while not thread.done:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result
