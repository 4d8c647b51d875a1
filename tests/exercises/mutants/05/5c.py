# %% id="gil-never-released" why="PyDLL is the C library for Python"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(spans) for b in spans[:i])


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    ctypes.PyDLL(None).poll(wish(fd), 1, 1500)
    return start, now()


# %% id="pythonapi-keeps-it-too" why="ctypes.pythonapi finds poll as well"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(spans) for b in spans[:i])


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    ctypes.pythonapi.poll(wish(fd), 1, 1500)
    return start, now()


# %% id="waits-after-its-span" why="the span is over when the call begins"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(spans) for b in spans[:i])


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    end = now()
    ctypes.CDLL(None).poll(wish(fd), 1, 1500)
    return start, end


# %% id="stamps-after-the-call" why="a span begins when the call is over"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(spans) for b in spans[:i])


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    ctypes.CDLL(None).poll(wish(fd), 1, 300)
    start = now()
    started.append(start)
    return start, now()


# %% id="does-not-wait" why="starting is enough"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(spans) for b in spans[:i])


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    return start, now()


# %% id="touching-counts" why="spans that touch overlap"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(a[0] <= b[1] and b[0] <= a[1] for i, a in enumerate(spans) for b in spans[:i])


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    ctypes.CDLL(None).poll(wish(fd), 1, 1500)
    return start, now()


# %% id="neighbours-only" why="only spans that follow each other can overlap"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    spans = sorted(spans)
    return sum(b[0] < a[1] for a, b in zip(spans, spans[1:]))


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    ctypes.CDLL(None).poll(wish(fd), 1, 1500)
    return start, now()


# %% id="each-pair-twice" why="a with b and b with a are two"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(spans) for b in spans[:i] + spans[i + 1 :])


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    ctypes.CDLL(None).poll(wish(fd), 1, 1500)
    return start, now()


# %% id="order-taken-for-time" why="the list is in order of start"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(a[0] < b[1] for i, a in enumerate(spans) for b in spans[:i])


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    ctypes.CDLL(None).poll(wish(fd), 1, 1500)
    return start, now()


# %% id="spans-not-pairs" why="count the spans that overlap another one"
def overlaps(spans):
    """How many pairs of spans have time in common."""
    return sum(any(a is not b and a[0] < b[1] and b[0] < a[1] for b in spans) for a in spans)


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    start = now()
    started.append(start)
    ctypes.CDLL(None).poll(wish(fd), 1, 1500)
    return start, now()
