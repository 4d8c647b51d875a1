# %% id="loop-in-one-place" why="a helper that switches as long as a note is there"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.depth = 0
        self.pending = False

    def preempt_disable(self):
        self.depth = self.depth + 1

    def preempt_enable(self):
        if self.depth < 1:
            raise RuntimeError("enable without disable")
        self.depth = self.depth - 1
        self.deliver()

    def tick(self):
        self.pending = True
        self.deliver()

    def deliver(self):
        while self.pending and not self.depth:
            self.pending = False
            self.depth += 1
            self.switch()
            self.depth -= 1


# %% id="a-list-of-asks" why="who asked is kept in a list, and a flag of its own says that a switch is going on"
class Guard:
    def __init__(self, switch):
        self.switch = switch
        self.asked = []
        self.pending = False
        self.switching = False

    def preempt_disable(self):
        self.asked.append("somebody")

    def preempt_enable(self):
        if not self.asked:
            raise RuntimeError("nobody had asked")
        self.asked.pop()
        if self.pending and not self.asked:
            self.go()

    def tick(self):
        if self.asked or self.switching:
            self.pending = True
        else:
            self.go()

    def go(self):
        self.switching = True
        again = True
        while again:
            self.pending = False
            self.switch()
            again = self.pending
        self.switching = False
