"""Seven programs of SCTBench in plain Python, with their bugs (P. Thomson, A. Donaldson, A. Betts, PPoPP 2014).

The names, the locks and the conditions are those of the C programs; each main is the program as it stands.
"""

from __future__ import annotations

from labkit import Mutex, spawn


def start_all(*functions):
    """Spawn a thread for each function, then join them."""
    threads = [spawn(function) for function in functions]
    for thread in threads:
        thread.join()


def account_bad():
    m = Mutex("m")
    x, y, z = 1, 2, 4
    balance = x
    deposit_done = withdraw_done = False

    def deposit():
        nonlocal balance, deposit_done
        with m:
            balance = balance + y
            deposit_done = True

    def withdraw():
        nonlocal balance, withdraw_done
        with m:
            balance = balance - z
            withdraw_done = True

    def check_result():
        with m:
            if deposit_done and withdraw_done:
                assert balance == (x - y) - z

    start_all(check_result, deposit, withdraw)


def lazy01_bad():
    mutex = Mutex("mutex")
    data = 0

    def thread1():
        nonlocal data
        with mutex:
            data += 1

    def thread2():
        nonlocal data
        with mutex:
            data += 2

    def thread3():
        with mutex:
            assert data < 3

    start_all(thread1, thread2, thread3)


def deadlock01_bad():
    a, b = Mutex("a"), Mutex("b")
    counter = 1

    def thread1():
        nonlocal counter
        with a, b:
            counter += 1

    def thread2():
        nonlocal counter
        with b, a:
            counter -= 1

    start_all(thread1, thread2)


def carter01_bad():
    m, lock = Mutex("m"), Mutex("l")
    count_a = count_b = 0

    def thread1():
        nonlocal count_a
        with m:
            count_a += 1
            if count_a == 1:
                lock.acquire()
        with m:
            count_a -= 1
            if count_a == 0:
                lock.release()

    def thread2():
        nonlocal count_b
        with m:
            count_b += 1
            if count_b == 1:
                lock.acquire()
        with m:
            count_b -= 1
            if count_b == 0:
                lock.release()

    def thread3():
        pass

    start_all(thread1, thread2, thread3, thread3)


def reorder_3_bad():
    a = b = 0

    def set_both():
        nonlocal a, b
        a = 1
        b = -1

    def check():
        assert (a == 0 and b == 0) or (a == 1 and b == -1)

    start_all(set_both, set_both, check)


def twostage_bad():
    lock1, lock2 = Mutex("lock1"), Mutex("lock2")
    data1 = data2 = 0

    def stages():
        nonlocal data1, data2
        with lock1:
            data1 = 1
        with lock2:
            data2 = data1 + 1

    def look():
        with lock1:
            if data1 == 0:
                return
            t1 = data1
        with lock2:
            t2 = data2
        assert t2 == t1 + 1

    start_all(stages, look)


SIZE = 5


class Stack:
    """A stack of at most SIZE numbers, without a lock of its own."""

    def __init__(self):
        self.items = [0] * SIZE
        self.top = 0

    def push(self, x):
        assert self.top != SIZE, "overflow"
        self.items[self.top] = x
        self.top += 1

    def pop(self):
        assert self.top != 0, "underflow"
        self.top -= 1
        return self.items[self.top]


def stack_bad():
    m = Mutex("m")
    stack = Stack()
    flag = False

    def pusher():
        nonlocal flag
        for i in range(SIZE):
            with m:
                stack.push(i)
                flag = True

    def popper():
        for _ in range(SIZE):
            with m:
                if flag:
                    stack.pop()

    start_all(pusher, popper)
