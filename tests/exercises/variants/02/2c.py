# %% id="by-tid" why="a tid is unique among those who live, and the entry goes at the end"
class PerThread:
    def __init__(self):
        self.kept = dict()

    def set(self, value):
        tid = current_thread().tid
        fresh = tid not in self.kept
        self.kept[tid] = value
        if fresh:
            at_end(lambda: self.kept.__delitem__(tid))

    def get(self, default=None):
        try:
            return self.kept[current_thread().tid]
        except KeyError:
            return default

    def __len__(self):
        return sum(1 for _ in self.kept)


# %% id="a-list-of-pairs" why="pairs of thread and value, found by identity"
class PerThread:
    def __init__(self):
        self.pairs = []

    def mine(self):
        return next((pair for pair in self.pairs if pair[0] is current_thread()), None)

    def set(self, value):
        if pair := self.mine():
            pair[1] = value
            return
        pair = [current_thread(), value]
        self.pairs.append(pair)
        at_end(lambda: self.pairs.remove(pair))

    def get(self, default=None):
        pair = self.mine()
        return pair[1] if pair else default

    def __len__(self):
        return len(self.pairs)
