# %% id="dictionary" why="records by number in a dictionary, the oldest number remembered"
class Ring:
    def __init__(self, size_bytes):
        self.room = self.size_bytes = size_bytes
        self.records, self.overwritten, self.next, self.cleared = {}, 0, 0, 0

    def append(self, level, text):
        data = text.encode("utf-8")
        self.room -= len(data)
        while self.room < 0:
            self.room += len(self.records.pop(self.overwritten)[2].encode("utf-8"))
            self.overwritten += 1
        self.records[self.next] = (self.next, level, text)
        self.next += 1
        return self.next - 1

    def read(self, seq):
        at = max(seq, self.overwritten)
        if at >= self.next:
            return None, 0
        return self.records[at], at - seq

    def clear(self):
        self.cleared = self.next

    def dmesg(self):
        first = max(self.cleared, self.overwritten)
        return [self.records[seq][2] for seq in range(first, self.next)]

# %% id="list-of-everything" why="keeps a plain list of all and an index of the oldest"
from bisect import bisect_left

class Ring:
    def __init__(self, size_bytes):
        self.size, self.all, self.overwritten, self.mark = size_bytes, [], 0, 0

    def append(self, level, text):
        seq = len(self.all)
        self.all.append((seq, level, text))
        while sum(len(bytes(t, "utf8")) for _, _, t in self.all[self.overwritten:]) > self.size:
            self.overwritten += 1
        return seq

    def read(self, seq):
        there = self.all[self.overwritten:]
        place = bisect_left([record[0] for record in there], seq)
        return (there[place], there[place][0] - seq) if place < len(there) else (None, 0)

    def clear(self):
        self.mark = len(self.all)

    def dmesg(self):
        return [text for seq, _, text in self.all[self.overwritten:] if not seq < self.mark]
