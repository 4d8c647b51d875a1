# %% id="one-goes-first" why="A says it and waits, B waits and says it: right, with one switch more"
class Rendezvous:
    def __init__(self):
        self.a_is_here = Semaphore(0, "A is here")
        self.b_is_here = Semaphore(0, "B is here")

    def meet(self, me, other):
        if me == "A":
            self.a_is_here.release()
            self.b_is_here.acquire()
        else:
            self.a_is_here.acquire()
            self.b_is_here.release()


# %% id="mutex-and-condition" why="a set under a lock, and a condition variable to wait for the other"
class Rendezvous:
    def __init__(self):
        self.lock = Mutex("door")
        self.somebody_came = Condition(self.lock, "somebody came")
        self.here = set()

    def meet(self, me, other):
        with self.lock:
            self.here.add(me)
            self.somebody_came.notify_all()
            while other not in self.here:
                self.somebody_came.wait()


# %% id="the-second-one-opens" why="count them; who comes second wakes who came first"
class Rendezvous:
    def __init__(self):
        self.count = 0
        self.lock = Mutex("count")
        self.both = Semaphore(0, "both are here")

    def meet(self, me, other):
        with self.lock:
            self.count += 1
            if self.count == 2:
                self.both.release(2)
        self.both.acquire()
