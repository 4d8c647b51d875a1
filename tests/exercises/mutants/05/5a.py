# %% id="callback-freed-early" why="C has the address, so Python need not keep the object"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    error = posix.pthread_create(ctypes.byref(thread.handle), None, Callback(body), None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread.result


# %% id="callback-kept-in-one-place" why="one variable is enough to keep the callback of every thread"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


kept = None


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    global kept
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    kept = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, kept, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread.result


# %% id="callback-dropped-before-join" why="once the thread has begun, its callback is no longer needed"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    del thread.callback
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread.result


# %% id="never-joins" why="when the result is there, the thread is gone"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()
    thread.done = threading.Event()

    def body():
        thread.result = fn()
        thread.done.set()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    if not hasattr(thread, "done"):
        raise OSError(errno.ESRCH, "joined already")
    thread.done.wait()
    del thread.done
    return thread.result


# %% id="joins-twice" why="joining once more makes sure"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    posix.pthread_join(thread.handle, None)
    return thread.result


# %% id="joins-at-once" why="whoever starts a thread waits for it"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    posix.pthread_join(thread.handle, None)
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    return thread.result


# %% id="error-of-join-ignored" why="pthread_join returns nothing of interest"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    posix.pthread_join(thread.handle, None)
    return thread.result


# %% id="error-of-create-ignored" why="a thread can always be created"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread.result


# %% id="error-expected-as-minus-one" why="C functions return -1 and set errno"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error == -1:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    error = posix.pthread_join(thread.handle, None)
    if error == -1:
        raise OSError(error, os.strerror(error))
    return thread.result


# %% id="one-result-for-all" why="there is one result, as there is one function"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        MyThread.result = fn()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    return MyThread.result


# %% id="calls-instead-of-passing" why="the function is called and its result handed to C"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()
    thread.result = fn()

    def body():
        return thread.result

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread.result


# %% id="handle-of-the-last" why="one handle is enough"
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    thread = MyThread()

    def body():
        thread.result = fn()

    MyThread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread.result
