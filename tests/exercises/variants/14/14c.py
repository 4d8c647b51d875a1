# %% id="scoreboard" why="only semaphores: each pusher looks for the other thing, as in Parnas' answer"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.lock = Semaphore(1, "scoreboard")
        self.there = dict.fromkeys("TPM", False)
        self.turn = {thing: Semaphore(0, f"turn of {thing}") for thing in "TPM"}

    def push(self, thing):
        self.on_table[thing].acquire()
        self.lock.acquire()
        others = [other for other in "TPM" if other != thing]
        for other, smoker in (others, others[::-1]):
            if self.there[other]:
                self.there[other] = False
                self.turn[smoker].release()
                break
        else:
            self.there[thing] = True
        self.lock.release()

    def wait_for_rest(self, mine):
        self.turn[mine].acquire()


# %% id="mutex-and-condition" why="a list of what is on the table; all look when something comes"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.seen = ""
        self.lock = Mutex("seen")
        self.changed = Condition(self.lock, "changed")

    def push(self, thing):
        self.on_table[thing].acquire()
        with self.lock:
            self.seen += thing
            if len(self.seen) == 2:
                self.changed.notify_all()

    def wait_for_rest(self, mine):
        with self.lock:
            while len(self.seen) < 2 or mine in self.seen:
                self.changed.wait()
            self.seen = ""
