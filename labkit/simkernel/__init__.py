"""A pretend Linux kernel: kthreads, wait queues, work queues and modules under Linux's own names, on labkit's machines.

>>> from labkit import run
>>> from labkit.simkernel.boot import program
>>> from labkit.simkernel.kthread import kthread_create, kthread_stop
>>> run(program(lambda: kthread_stop(kthread_create(print, None, "never_woken")))).result
-4
"""
