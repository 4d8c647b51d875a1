"""Small programs in ordinary Python: threads that wait for a change. meeting_models.py says the same for the oracle."""

from __future__ import annotations

from labkit import Barrier, Channel, Condition, Event, Mutex
from tests.explore.programs import Main, gather

# ---- conditions


def handover(consumers: int, all_of_them: bool) -> Main:
    def main():
        ready, box = Condition(), 0

        def consumer():
            nonlocal box
            with ready:
                while box == 0:
                    ready.wait()
                box -= 1

        def producer():
            nonlocal box
            with ready:
                box += consumers
                if all_of_them:
                    ready.notify_all()
                else:
                    ready.notify()

        return gather(*[consumer] * consumers, producer), box

    return main


def lost_wakeup() -> Main:
    def main():
        ready, done = Condition(), False

        def waiter():
            if not done:
                with ready:
                    ready.wait()

        def waker():
            nonlocal done
            done = True
            with ready:
                ready.notify()

        return (gather(waiter, waker),)

    return main


def if_for_while() -> Main:
    def main():
        ready, box = Condition(), 0

        def consumer():
            nonlocal box
            with ready:
                if box == 0:
                    ready.wait()
                box -= 1

        def producer():
            nonlocal box
            with ready:
                box += 1
                ready.notify()

        return gather(consumer, consumer, producer, producer), box

    return main


def bounded_buffer(items: int, room: int) -> Main:
    def main():
        lock = Mutex()
        not_full, not_empty = Condition(lock), Condition(lock)
        size = 0

        def producer():
            nonlocal size
            for _ in range(items):
                with lock:
                    while size == room:
                        not_full.wait()
                    size += 1
                    not_empty.notify()

        def consumer():
            nonlocal size
            for _ in range(items):
                with lock:
                    while size == 0:
                        not_empty.wait()
                    size -= 1
                    not_full.notify()

        return gather(producer, consumer), size

    return main


def one_condition_for_both(producers: int, consumers: int) -> Main:
    def main():
        changed, size = Condition(), 0

        def producer():
            nonlocal size
            with changed:
                while size == 1:
                    changed.wait()
                size += 1
                changed.notify()

        def consumer():
            nonlocal size
            with changed:
                while size == 0:
                    changed.wait()
                size -= 1
                changed.notify()

        return gather(*[producer] * producers, *[consumer] * consumers), size

    return main


# ---- barriers, events, channels


def barrier_once(n: int) -> Main:
    def main():
        gate = Barrier(n)
        return (gather(*[gate.wait] * n),)

    return main


def barrier_phases(n: int, rounds: int) -> Main:
    def main():
        gate, x = Barrier(n), [0] * n

        def worker(i):
            for _ in range(rounds):
                x[i] += 1
                gate.wait()
            return x[(i + 1) % n]

        return (gather(*[(worker, i) for i in range(n)]),)

    return main


def barrier_too_few() -> Main:
    def main():
        gate = Barrier(3)
        return (gather(gate.wait, gate.wait),)

    return main


def latch(n: int) -> Main:
    def main():
        go, x = Event(), 0

        def worker():
            go.wait()
            return x

        def starter():
            nonlocal x
            x = 1
            go.set()

        return (gather(starter, *[worker] * n),)

    return main


def cleared_too_soon() -> Main:
    def main():
        go = Event()

        def waker():
            go.set()
            go.clear()

        return (gather(waker, go.wait),)

    return main


def event_polled(n: int) -> Main:
    def main():
        stop = Event()
        return (gather(stop.set, *[stop.is_set] * n),)

    return main


def channel_pairs(n: int, capacity: int) -> Main:
    def main():
        pipe = Channel(capacity)
        return (gather(*[(pipe.send, i) for i in range(n)], *[pipe.receive] * n)[n:],)

    return main


def pipeline(items: int) -> Main:
    def main():
        first, second = Channel(), Channel()

        def source():
            for i in range(items):
                first.send(i)

        def double():
            for _ in range(items):
                second.send(2 * first.receive())

        def sink():
            return tuple([second.receive() for _ in range(items)])

        return (gather(source, double, sink)[2],)

    return main


def closed_channel(items: int) -> Main:
    def main():
        pipe = Channel(1)

        def source():
            for i in range(items):
                pipe.send(i)
            pipe.close()

        def sink():
            return (*pipe,)

        return (gather(source, sink)[1],)

    return main
