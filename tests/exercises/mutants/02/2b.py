# %% id="cell-is-private" why="a closure cell is private: each thread sees the name of its own round of the loop"
def guests(names):
    book, threads = [], []
    for name in names:
        threads.append(spawn(lambda: sign(book, name)))
    for thread in threads:
        thread.join()
    return book



def totals(bills):
    def add_up(bill):
        total = 0
        for price in bill:
            total += pay(price)
        return total

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]


# %% id="copies-the-book" why="an argument that is a copy is as good as the thing"
def guests(names):
    book = []
    for thread in [spawn(sign, list(book), name) for name in names]:
        thread.join()
    return book



def totals(bills):
    def add_up(bill):
        total = 0
        for price in bill:
            total += pay(price)
        return total

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]


# %% id="a-book-for-each" why="each thread makes its own book, and they become one"
def guests(names):
    book = []

    def come(name):
        book = []
        sign(book, name)

    for thread in [spawn(come, name) for name in names]:
        thread.join()
    return book



def totals(bills):
    def add_up(bill):
        total = 0
        for price in bill:
            total += pay(price)
        return total

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]


# %% id="nobody-waits" why="spawn comes back when the thread has ended"
def guests(names):
    book = []
    for name in names:
        spawn(sign, book, name)
    return book



def totals(bills):
    def add_up(bill):
        total = 0
        for price in bill:
            total += pay(price)
        return total

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]


# %% id="default-book" why="a default value is made anew for each call"
def guests(names, book=[]):
    for thread in [spawn(sign, book, name) for name in names]:
        thread.join()
    return book



def totals(bills):
    def add_up(bill):
        total = 0
        for price in bill:
            total += pay(price)
        return total

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]


# %% id="keeps-the-cell" why="nonlocal makes a local of the inner function"
def guests(names):
    book = []
    for thread in [spawn(sign, book, name) for name in names]:
        thread.join()
    return book


def totals(bills):
    total = 0

    def add_up(bill):
        nonlocal total
        total = sum(pay(price) for price in bill)
        sched_yield()
        return total

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]


# %% id="default-total" why="a list as default value belongs to one call"
def guests(names):
    book = []
    for thread in [spawn(sign, book, name) for name in names]:
        thread.join()
    return book


def totals(bills):
    def add_up(bill, total=[0]):
        total[0] = 0
        for price in bill:
            total[0] += pay(price)
        return total[0]

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]


# %% id="one-after-the-other" why="if only one thread runs at a time, nothing is shared"
def guests(names):
    book = []
    for thread in [spawn(sign, book, name) for name in names]:
        thread.join()
    return book


def totals(bills):
    def add_up(bill):
        total = 0
        for price in bill:
            total += pay(price)
        return total

    return [spawn(add_up, bill).join() for bill in bills]


# %% id="no-threads" why="the sum is what counts"
def guests(names):
    book = []
    for thread in [spawn(sign, book, name) for name in names]:
        thread.join()
    return book


def totals(bills):
    return [sum(pay(price) for price in bill) for bill in bills]


# %% id="cell-of-the-bill" why="the loop variable is the thread's own"
def guests(names):
    book = []
    for thread in [spawn(sign, book, name) for name in names]:
        thread.join()
    return book


def totals(bills):
    def add_up():
        total = 0
        for price in bill:
            total += pay(price)
        return total

    threads = []
    for bill in bills:
        threads.append(spawn(add_up))
    return [thread.join() for thread in threads]
