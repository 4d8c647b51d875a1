# %% id="callbacks-in-a-table" why="a table keyed by the handle holds callback and result until the join"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


alive = {}


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    results = []
    callback = Callback(lambda: results.append(fn()))
    handle = ctypes.c_size_t()
    number = posix.pthread_create(ctypes.byref(handle), None, callback, None)
    if number != 0:
        raise OSError(number, os.strerror(number))
    alive[id(handle)] = callback
    return handle, results


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    handle, results = thread
    number = posix.pthread_join(handle, None)
    if number != 0:
        raise OSError(number, os.strerror(number))
    del alive[id(handle)]
    return results.pop()


# %% id="methods-of-a-class" why="the thread knows how to begin and to end"
def must(error):
    """0 is good; all else is an error number."""
    if error:
        raise OSError(error, os.strerror(error))


class MyThread:
    """What you need to remember of one pthread: fill it as you like."""

    def __init__(self, fn):
        self.fn, self.handle, self.callback = fn, ctypes.c_size_t(), Callback(self.body)
        must(posix.pthread_create(ctypes.byref(self.handle), None, self.callback, None))

    def body(self):
        self.result = self.fn()


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    return MyThread(fn)


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    must(posix.pthread_join(thread.handle, None))
    return thread.result


# %% id="callbacks-kept-for-ever" why="a list that only grows is wasteful and right"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


kept = []


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = {"handle": ctypes.c_size_t()}
    kept.append(Callback(lambda: thread.update(result=fn())))
    if error := posix.pthread_create(ctypes.byref(thread["handle"]), None, kept[-1], None):
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    if error := posix.pthread_join(thread["handle"], None):
        raise OSError(error, os.strerror(error))
    return thread["result"]
