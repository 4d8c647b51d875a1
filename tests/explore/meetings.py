"""More small programs in ordinary Python: threads that wait for each other. meeting_models.py says the same for the oracle."""

from __future__ import annotations

from labkit import Mutex, Semaphore
from labkit.sync import Atomic
from tests.explore.programs import Main, gather

# ---- atomics


def atomic_increment(n: int) -> Main:
    def main():
        x = Atomic(0)
        gather(*[(x.fetch_add, 1)] * n)
        return x.load()

    return main


def casrot(n: int) -> Main:
    def main():
        x = Atomic(0)
        return (gather(*[(x.compare_exchange, i - 1, i) for i in range(1, n + 1)]), x.load())

    return main


def cas_increment(n: int) -> Main:
    def main():
        x = Atomic(0)

        def worker():
            tries = 1
            while not x.compare_exchange(old := x.load(), old + 1):
                tries += 1
            return tries

        return gather(*[worker] * n), x.load()

    return main


def cas_once(n: int) -> Main:
    def main():
        x = Atomic(0)
        return (gather(*[(x.compare_exchange, 0, i) for i in range(1, n + 1)]), x.load())

    return main


def tickets(n: int) -> Main:
    def main():
        dispenser, sold = Atomic(0), [False] * n

        def buy():
            ticket = dispenser.fetch_add(1)
            sold[ticket] = True
            return ticket

        return (gather(*[buy] * n), dispenser.load())

    return main


def atomic_readers(n: int) -> Main:
    def main():
        x = Atomic(0)
        return (gather((x.store, 1), *[x.load] * n), x.load())

    return main


def exchange_gate(n: int) -> Main:
    def main():
        taken, x = Atomic(False), 0

        def worker():
            nonlocal x
            if not taken.exchange(True):
                x += 1
                return True
            return False

        return gather(*[worker] * n), x

    return main


# ---- semaphores


def multiplex(n: int, permits: int) -> Main:
    def main():
        room = Semaphore(permits)

        def visit():
            with room:
                pass

        return (gather(*[visit] * n),)

    return main


def try_permits(n: int, permits: int) -> Main:
    def main():
        room = Semaphore(permits)

        def visit():
            return room.acquire(blocking=False)

        return (gather(*[visit] * n),)

    return main


def rendezvous() -> Main:
    def main():
        a_arrived, b_arrived = Semaphore(0), Semaphore(0)
        a = b = 0

        def left():
            nonlocal a
            a = 1
            a_arrived.release()
            b_arrived.acquire()
            return b

        def right():
            nonlocal b
            b = 1
            b_arrived.release()
            a_arrived.acquire()
            return a

        return (gather(left, right),)

    return main


def early_rendezvous() -> Main:
    def main():
        a_arrived, b_arrived = Semaphore(0), Semaphore(0)

        def left():
            b_arrived.acquire()
            a_arrived.release()

        def right():
            a_arrived.acquire()
            b_arrived.release()

        return (gather(left, right),)

    return main


def semaphore_barrier(n: int) -> Main:
    def main():
        count, lock, gate = 0, Mutex(), Semaphore(0)

        def worker():
            nonlocal count
            with lock:
                count += 1
                if count == n:
                    gate.release()
            gate.acquire()
            gate.release()

        return gather(*[worker] * n), count

    return main


def bounded_buffer_semaphores(items: int, room: int) -> Main:
    def main():
        slots, filled, lock = Semaphore(room), Semaphore(0), Mutex()
        size = 0

        def producer():
            nonlocal size
            for _ in range(items):
                slots.acquire()
                with lock:
                    size += 1
                filled.release()

        def consumer():
            nonlocal size
            for _ in range(items):
                filled.acquire()
                with lock:
                    size -= 1
                slots.release()

        return gather(producer, consumer), size

    return main


def room_of_readers(n: int) -> Main:
    def main():
        readers, lock, empty, x = 0, Mutex(), Semaphore(1), 0

        def reader():
            nonlocal readers
            with lock:
                readers += 1
                if readers == 1:
                    empty.acquire()
            seen = x
            with lock:
                readers -= 1
                if readers == 0:
                    empty.release()
            return seen

        def writer():
            nonlocal x
            with empty:
                x += 1

        return gather(writer, *[reader] * n), x

    return main


def water() -> Main:
    def main():
        hydrogen, ready = Semaphore(2), Semaphore(0)

        def atom():
            hydrogen.acquire()
            ready.release()

        def oxygen():
            ready.acquire()
            ready.acquire()
            hydrogen.release(2)

        return (gather(atom, atom, oxygen),)

    return main


def smokers() -> Main:
    def main():
        table, paper = Semaphore(1), [Semaphore(0), Semaphore(0)]

        def agent(kind):
            table.acquire()
            paper[kind].release()

        def smoker(kind):
            paper[kind].acquire()
            table.release()

        return (gather((agent, 0), (agent, 1), (smoker, 0), (smoker, 1)),)

    return main
