# %% id="smoker-takes-what-comes" why="a smoker waits for two things, one after the other; no pusher is needed"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table

    def push(self, thing):
        pass

    def wait_for_rest(self, mine):
        for thing in "TPM":
            if thing != mine:
                self.on_table[thing].acquire()


# %% id="looks-without-a-mutex" why="each pusher adds its own thing, so they do not meet"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.seen = ""
        self.turn = {thing: Semaphore(0, f"turn of {thing}") for thing in "TPM"}

    def push(self, thing):
        self.on_table[thing].acquire()
        self.seen += thing
        if len(self.seen) == 2:
            for mine in "TPM":
                if mine not in self.seen:
                    self.turn[mine].release()
            self.seen = ""

    def wait_for_rest(self, mine):
        self.turn[mine].acquire()


# %% id="both-tell-the-smoker" why="every pusher tells those who may lack this thing"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.turn = {thing: Semaphore(0, f"turn of {thing}") for thing in "TPM"}

    def push(self, thing):
        self.on_table[thing].acquire()
        for mine in "TPM":
            if mine != thing:
                self.turn[mine].release()

    def wait_for_rest(self, mine):
        self.turn[mine].acquire()


# %% id="two-permits" why="two of my things have come, so the two I lack are there"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.turn = {thing: Semaphore(0, f"turn of {thing}") for thing in "TPM"}

    def push(self, thing):
        self.on_table[thing].acquire()
        for mine in "TPM":
            if mine != thing:
                self.turn[mine].release()

    def wait_for_rest(self, mine):
        self.turn[mine].acquire()
        self.turn[mine].acquire()


# %% id="table-is-never-cleared" why="the smoker takes the things, so the pushers need not forget them"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.seen = ""
        self.lock = Mutex("seen")
        self.turn = {thing: Semaphore(0, f"turn of {thing}") for thing in "TPM"}

    def push(self, thing):
        self.on_table[thing].acquire()
        with self.lock:
            self.seen += thing
            if len(self.seen) == 2:
                for mine in "TPM":
                    if mine not in self.seen:
                        self.turn[mine].release()

    def wait_for_rest(self, mine):
        self.turn[mine].acquire()


# %% id="waits-with-the-mutex" why="the whole push is one step, so it is done under the mutex"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.seen = ""
        self.lock = Mutex("seen")
        self.turn = {thing: Semaphore(0, f"turn of {thing}") for thing in "TPM"}

    def push(self, thing):
        with self.lock:
            self.on_table[thing].acquire()
            self.seen += thing
            if len(self.seen) == 2:
                for mine in "TPM":
                    if mine not in self.seen:
                        self.turn[mine].release()
                self.seen = ""

    def wait_for_rest(self, mine):
        self.turn[mine].acquire()


# %% id="wakes-one" why="one smoker can smoke, so one is woken"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.seen = ""
        self.changed = Condition(name="changed")

    def push(self, thing):
        self.on_table[thing].acquire()
        with self.changed:
            self.seen += thing
            self.changed.notify()

    def wait_for_rest(self, mine):
        with self.changed:
            while len(self.seen) < 2 or mine in self.seen:
                self.changed.wait()
            self.seen = ""


# %% id="if-for-while" why="who is woken has got the rest"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.seen = ""
        self.changed = Condition(name="changed")

    def push(self, thing):
        self.on_table[thing].acquire()
        with self.changed:
            self.seen += thing
            self.changed.notify_all()

    def wait_for_rest(self, mine):
        with self.changed:
            if len(self.seen) < 2 or mine in self.seen:
                self.changed.wait()
            self.seen = ""


# %% id="only-the-match-smokes" why="tobacco and paper were on the table when I tried it"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.turn = Semaphore(0, "things")

    def push(self, thing):
        self.on_table[thing].acquire()
        self.turn.release()

    def wait_for_rest(self, mine):
        self.turn.acquire()
        self.turn.acquire()


# %% id="spins" why="looking again and again is a way of waiting"
class Pushers:
    def __init__(self, on_table):
        self.on_table = on_table
        self.seen = ""
        self.lock = Mutex("seen")

    def push(self, thing):
        self.on_table[thing].acquire()
        with self.lock:
            self.seen += thing

    def wait_for_rest(self, mine):
        while len(self.seen) < 2 or mine in self.seen:
            sched_yield()
        self.seen = ""
