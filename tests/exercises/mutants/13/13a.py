# %% id="waits-before-it-signals" why="first make sure that the other is there, then say that I am"
class Rendezvous:
    def __init__(self):
        self.here = {"A": Semaphore(0, "A is here"), "B": Semaphore(0, "B is here")}

    def meet(self, me, other):
        self.here[other].acquire()
        self.here[me].release()


# %% id="one-waits-only" why="if A waits for B, they are together"
class Rendezvous:
    def __init__(self):
        self.b_is_here = Semaphore(0, "B is here")

    def meet(self, me, other):
        if me == "A":
            self.b_is_here.acquire()
        else:
            self.b_is_here.release()


# %% id="one-semaphore-for-both" why="a signal is a signal: one semaphore will do"
class Rendezvous:
    def __init__(self):
        self.here = Semaphore(0, "here")

    def meet(self, me, other):
        self.here.release()
        self.here.acquire()


# %% id="begins-at-one" why="a semaphore begins at 1"
class Rendezvous:
    def __init__(self):
        self.here = {"A": Semaphore(1, "A is here"), "B": Semaphore(1, "B is here")}

    def meet(self, me, other):
        self.here[me].release()
        self.here[other].acquire()


# %% id="notify-is-not-remembered" why="a notify waits until somebody comes for it"
class Rendezvous:
    def __init__(self):
        self.lock = Mutex("door")
        self.came = Condition(self.lock, "came")

    def meet(self, me, other):
        with self.lock:
            self.came.notify()
            self.came.wait()


# %% id="spins" why="looking again and again is a way of waiting"
class Rendezvous:
    def __init__(self):
        self.here = set()

    def meet(self, me, other):
        self.here.add(me)
        while other not in self.here:
            pass


# %% id="looks-then-waits" why="a look and the wait that follows it are one step"
class Rendezvous:
    def __init__(self):
        self.here = []
        self.lock = Mutex("door")
        self.came = Condition(self.lock, "came")

    def meet(self, me, other):
        self.here.append(me)
        if other in self.here:
            with self.lock:
                self.came.notify()
        else:
            with self.lock:
                self.came.wait()


# %% id="spins-and-yields" why="who yields does not waste the processor"
class Rendezvous:
    def __init__(self):
        self.here = set()

    def meet(self, me, other):
        self.here.add(me)
        while other not in self.here:
            sched_yield()


# %% id="if-for-while" why="who wakes has been notified"
class Rendezvous:
    def __init__(self):
        self.lock = Mutex("door")
        self.somebody_came = Condition(self.lock, "somebody came")
        self.here = set()

    def meet(self, me, other):
        with self.lock:
            self.here.add(me)
            self.somebody_came.notify_all()
            if other not in self.here:
                self.somebody_came.wait()
