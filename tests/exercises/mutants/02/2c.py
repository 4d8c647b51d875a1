# %% id="keyed-by-name" why="a name says who a thread is"
class PerThread:

    def __init__(self):
        self.values = {}

    def set(self, value):
        me = current_thread().name
        if me not in self.values:
            at_end(lambda: self.values.pop(me, None))
        self.values[me] = value

    def get(self, default=None):
        return self.values.get(current_thread().name, default)

    def __len__(self):
        return len(self.values)


# %% id="one-for-all" why="the thread that set it last is the one that reads it"
class PerThread:

    def __init__(self):
        self.values = {}

    def set(self, value):
        me = 0
        if me not in self.values:
            at_end(lambda: self.values.pop(me, None))
        self.values[me] = value

    def get(self, default=None):
        return self.values.get(0, default)

    def __len__(self):
        return len(self.values)


# %% id="never-cleaned" why="a value goes when its thread goes, by itself"
class PerThread:

    def __init__(self):
        self.values = {}

    def set(self, value):
        me = current_thread()
        self.values[me] = value

    def get(self, default=None):
        return self.values.get(current_thread(), default)

    def __len__(self):
        return len(self.values)


# %% id="os-local" why="threading.local() has a drawer for each of our threads"
import threading


class PerThread:
    def __init__(self):
        self.local = threading.local()
        self.count = 0

    def set(self, value):
        if not hasattr(self.local, "value"):
            self.count += 1
            at_end(self.forget)
        self.local.value = value

    def forget(self):
        self.count -= 1
        del self.local.value

    def get(self, default=None):
        return getattr(self.local, "value", default)

    def __len__(self):
        return self.count


# %% id="shared-by-all-drawers" why="a dictionary in the class belongs to each drawer"
class PerThread:

    values = {}

    def __init__(self):
        pass

    def set(self, value):
        me = current_thread()
        if me not in self.values:
            at_end(lambda: self.values.pop(me))
        self.values[me] = value

    def get(self, default=None):
        return self.values.get(current_thread(), default)

    def __len__(self):
        return len(self.values)


# %% id="an-end-for-each-set" why="each set has an end of its own"
class PerThread:

    def __init__(self):
        self.values = {}

    def set(self, value):
        me = current_thread()
        at_end(lambda: self.values.pop(me))
        self.values[me] = value

    def get(self, default=None):
        return self.values.get(current_thread(), default)

    def __len__(self):
        return len(self.values)


# %% id="none-is-nothing" why="None means that nothing was set"
class PerThread:

    def __init__(self):
        self.values = {}

    def set(self, value):
        me = current_thread()
        if me not in self.values:
            at_end(lambda: self.values.pop(me))
        self.values[me] = value

    def get(self, default=None):
        found = self.values.get(current_thread())
        return default if found is None else found

    def __len__(self):
        return len(self.values)


# %% id="keeps-the-default" why="who asks once has set it"
class PerThread:

    def __init__(self):
        self.values = {}

    def set(self, value):
        me = current_thread()
        if me not in self.values:
            at_end(lambda: self.values.pop(me))
        self.values[me] = value

    def get(self, default=None):
        return self.values.setdefault(current_thread(), default)

    def __len__(self):
        return len(self.values)


# %% id="cleans-at-once" why="a value may go as soon as it was read"
class PerThread:

    def __init__(self):
        self.values = {}

    def set(self, value):
        me = current_thread()
        if me not in self.values:
            at_end(lambda: self.values.pop(me, None))
        self.values[me] = value

    def get(self, default=None):
        return self.values.pop(current_thread(), default)

    def __len__(self):
        return len(self.values)


# %% id="cleans-all" why="when a thread ends, the drawer is emptied"
class PerThread:

    def __init__(self):
        self.values = {}

    def set(self, value):
        me = current_thread()
        if me not in self.values:
            at_end(lambda: self.values.clear())
        self.values[me] = value

    def get(self, default=None):
        return self.values.get(current_thread(), default)

    def __len__(self):
        return len(self.values)
