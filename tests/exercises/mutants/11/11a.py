# %% id="counts-characters" why="a character is a byte"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2]) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="full-is-too-full" why="when the ring is full, one must go"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes - 1:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="clear-erases" why="clear empties the ring"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.kept.clear()

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="seq-reused" why="the number is the place in the ring"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = len(self.kept)
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="clear-starts-again" why="after a clear, counting begins anew"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.kept = []
        self.next_seq = self.overwritten = 0

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="new-ones-dropped" why="when the ring is full, the new record is refused"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop()
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="loss-not-told" why="the reader gets the next record, and that is all it needs"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, 0
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="gone-is-nothing" why="a record that was overwritten cannot be read"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] == seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="one-goes" why="a new record takes the place of one old one"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        if sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="clear-counts-kept" why="the mark is a place in the ring, not a number"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = len(self.kept)

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="readers-see-the-mark" why="clear is for all who read"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten += 1
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= max(seq, self.mark):
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="counts-once" why="an append overwrites at most one"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.kept.pop(0)
            self.overwritten = seq
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]

# %% id="overwrites-a-quarter" why="making room once for several saves time"
class Ring:
    """Records (seq, level, text) in size_bytes bytes; the newest overwrite the oldest."""

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes
        self.kept = []
        self.next_seq = self.mark = self.overwritten = 0

    def append(self, level, text):
        """Keep a record; returns its number."""
        seq = self.next_seq
        self.next_seq += 1
        self.kept.append((seq, level, text))
        while sum(len(kept[2].encode()) for kept in self.kept) > self.size_bytes:
            self.overwritten += len(self.kept[:2])
            del self.kept[:2]
        return seq

    def read(self, seq):
        """The first record there with this number or a later one, and how many are missing before it."""
        for record in self.kept:
            if record[0] >= seq:
                return record, record[0] - seq
        return None, 0

    def clear(self):
        """dmesg -C."""
        self.mark = self.next_seq

    def dmesg(self):
        """Texts of the records since the last clear()."""
        return [text for seq, level, text in self.kept if seq >= self.mark]
