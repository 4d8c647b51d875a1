# %% id="a-factory" why="a function that makes a function: a cell for each call"
def guests(names):
    book = []

    def guest(name):
        return lambda: sign(book, name)

    threads = [spawn(guest(name)) for name in names]
    [thread.join() for thread in threads]
    return book


def totals(bills):
    def adder(bill):
        total = 0

        def add_up():
            nonlocal total
            for price in bill:
                total += pay(price)
            return total

        return add_up

    threads = [spawn(adder(bill)) for bill in bills]
    return [thread.join() for thread in threads]


# %% id="slots" why="each thread has a place of its own in a shared list"
def guests(names):
    book = []

    def come(name=None):
        sign(book, name)

    threads = list(map(lambda name: spawn(come, name), names))
    while threads:
        threads.pop().join()
    return book


def totals(bills):
    sums = [0] * len(bills)

    def add_up(place):
        for price in bills[place]:
            paid = pay(price)
            sums[place] += paid

    for thread in [spawn(add_up, place) for place in range(len(bills))]:
        thread.join()
    return sums
