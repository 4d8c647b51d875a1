# %% id="disable-does-not-nest" why="preemption is either forbidden or allowed: a yes or no is enough"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth = 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        while self.depth == 1 and self.pending:
            self.pending = False
            self.switch()  # depth is still 1: a tick that comes now is noted
        self.depth -= 1

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()


# %% id="enable-allows-everything" why="an enable ends all pairs at once"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        while self.pending:
            self.pending = False
            self.switch()  # depth is still 1: a tick that comes now is noted
        self.depth = 0

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()


# %% id="loses-the-tick" why="a tick that comes in a critical section can be dropped, for the next one comes soon"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        while self.depth == 1 and self.pending:
            self.pending = False
            self.switch()  # depth is still 1: a tick that comes now is noted
        self.depth -= 1

    def tick(self):
        if self.depth == 0:
            self.pending = True
            self.preempt_disable()
            self.preempt_enable()


# %% id="handler-re-enters" why="no tick comes while the handler runs"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        while self.depth == 1 and self.pending:
            self.pending = False
            self.switch()  # depth is still 1: a tick that comes now is noted
        self.depth -= 1

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.pending = False
            self.switch()


# %% id="drops-ticks-in-a-switch" why="a tick that comes during a switch has had its switch"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        while self.depth == 1 and self.pending:
            self.switch()
            self.pending = False
        self.depth -= 1

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()


# %% id="never-clears-the-note" why="the note may stay: a switch too many does no harm"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        if self.depth == 1 and self.pending:
            self.switch()
        self.depth -= 1

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()


# %% id="one-switch-each" why="every tick that was held off gets a switch of its own"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = 0

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("too many")
        while self.depth == 1 and self.pending:
            self.pending -= 1
            self.switch()
        self.depth -= 1

    def tick(self):
        self.pending += 1
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()


# %% id="goes-below-zero" why="one enable too many is harmless"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        while self.depth == 1 and self.pending:
            self.pending = False
            self.switch()  # depth is still 1: a tick that comes now is noted
        self.depth -= 1

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()


# %% id="ignores-one-too-many" why="an enable without a disable can be passed over in silence"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            return
        while self.depth == 1 and self.pending:
            self.pending = False
            self.switch()  # depth is still 1: a tick that comes now is noted
        self.depth -= 1

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()


# %% id="switches-at-every-enable" why="a held tick is delivered at the next enable, whichever it is"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        while self.pending:
            self.pending = False
            self.switch()  # depth is still 1: a tick that comes now is noted
        self.depth -= 1

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()


# %% id="switch-after-the-count" why="the switch needs no protection once the count is back at zero"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth += 1

    def preempt_enable(self):
        if self.depth == 0:
            raise RuntimeError("preempt_enable() without preempt_disable()")
        self.depth -= 1
        if self.depth == 0 and self.pending:
            self.pending = False
            self.switch()

    def tick(self):
        self.pending = True
        if self.depth == 0:
            self.preempt_disable()
            self.preempt_enable()
