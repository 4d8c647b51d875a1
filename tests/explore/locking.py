"""Small programs in ordinary Python: threads that take locks. models.py says the same in the oracle's language."""

from __future__ import annotations

from labkit import Mutex, RLock, RWLock, Spinlock
from tests.explore.programs import Main, gather


def locked_increment(n: int, lock_type: type = Mutex) -> Main:
    def main():
        x, lock = 0, lock_type()

        def worker():
            nonlocal x
            with lock:
                x += 1

        return gather(*[worker] * n), x

    return main


def spin_increment(n: int) -> Main:
    return locked_increment(n, Spinlock)


def half_locked(n: int) -> Main:
    def main():
        x, lock = 0, Mutex()

        def careless():
            nonlocal x
            x += 1

        def careful():
            nonlocal x
            with lock:
                x += 1

        return gather(careless, *[careful] * n), x

    return main


def two_locks() -> Main:
    def main():
        a, b = Mutex("a"), Mutex("b")

        def both(first, second):
            with first, second:
                pass

        return (gather((both, a, b), (both, b, a)),)

    return main


def philosophers(n: int, ordered: bool = False) -> Main:
    def main():
        forks = [Mutex(f"fork{i}") for i in range(n)]

        def eat(i):
            first, second = i, (i + 1) % n
            if ordered and first > second:
                first, second = second, first
            with forks[first], forks[second]:
                pass

        return (gather(*[(eat, i) for i in range(n)]),)

    return main


def ordered_philosophers(n: int) -> Main:
    return philosophers(n, ordered=True)


def try_locks(n: int) -> Main:
    def main():
        x, lock = 0, Mutex()

        def worker():
            nonlocal x
            if lock.acquire(blocking=False):
                x += 1
                lock.release()
                return True
            return False

        return gather(*[worker] * n), x

    return main


def polite_philosophers() -> Main:
    def main():
        forks = [Mutex("left"), Mutex("right")]

        def eat(i):
            with forks[i]:
                got = forks[1 - i].acquire(blocking=False)
                if got:
                    forks[1 - i].release()
            return got

        return (gather((eat, 0), (eat, 1)),)

    return main


def reentrant(n: int) -> Main:
    def main():
        lock = RLock()

        def worker():
            with lock, lock:
                pass

        return (gather(*[worker] * n),)

    return main


def hand_over_hand(n: int) -> Main:
    def main():
        x, first, second = 0, Mutex(), Mutex()

        def walk():
            nonlocal x
            first.acquire()
            second.acquire()
            first.release()
            x += 1
            second.release()

        return gather(*[walk] * n), x

    return main


def readers_writers(readers: int, writers: int) -> Main:
    def main():
        x, lock = 0, RWLock()

        def reader():
            with lock.read():
                return x

        def writer():
            nonlocal x
            with lock.write():
                x += 1

        return gather(*[reader] * readers, *[writer] * writers), x

    return main


def read_twice() -> Main:
    def main():
        lock = RWLock()

        def reader():
            with lock.read(), lock.read():
                pass

        def writer():
            with lock.write():
                pass

        return (gather(reader, writer),)

    return main
