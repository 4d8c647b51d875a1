"""Every constant of labkit, with its unit and its reason.

A number that appears in two places, or whose choice could be argued about, lives here and nowhere else.
"""

from typing import Final

TRACE_FORMAT: Final = 1
"""Number written into every saved trace; raised when a reader of the old number would misread the new one."""

TRACE_MAX_EVENTS: Final = 2_000_000
"""Events kept of one run (about 250 MB). Later ones are counted as lost, as ftrace's ring buffer does, never kept."""

POINT_COST_NS: Final = 1_000
"""Virtual CPU time of one step, from one scheduling point to the next: 1 µs, so that CPU shares mean something."""

TIMESLICE_MS: Final = 5.0
"""Timeslice of the preemptive machine when none is given: CPython's own switch interval, sys.getswitchinterval()."""

TIMESLICE_MIN_MS: Final = 0.1
"""Shortest timeslice accepted: below it the timer fires faster than a Python signal handler can run (about 20 µs)."""

WATCHDOG_S: Final = 5.0
"""A thread that reaches no scheduling point for this long on a machine that cannot preempt it ends the run."""

PTHREAD_STACK_BYTES: Final = 1024 * 1024
"""Stack of a pthread when none is given: deep Python calls fit, and 200 of them take 200 MB of address space, not of memory."""

POLL_S: Final = 0.2
"""How long a wait of the OS thread that called run() lasts at most before Python looks for Ctrl-C again."""

STOP_S: Final = 2.0
"""How long an ending run waits for a thread that was told to stop, before it sets it aside or names it as still running."""

STOPS_PER_THREAD: Final = 100
"""How often a thread may catch the order to stop and go on; a `finally` block or two is fine, a bare `except:` loop is not."""

MLFQ_LEVELS: Final = 3
"""Queues of the mlfq policy: OSTEP chapter 8 draws three."""

MLFQ_ALLOTMENT_SLICES: Final = 2
"""Timeslices a thread may use at one level of mlfq before it sinks: OSTEP's chapter leaves it open; 2 shows the idea."""

MLFQ_BOOST_SLICES: Final = 50
"""After so many timeslices mlfq lifts all threads to the top, so that none starves (OSTEP chapter 8, rule 5)."""

STORM_TIMESLICE_MS: Final = 0.5
"""Timeslice of the tests that preempt as often as they can: ten times the shortest handler, see TIMESLICE_MIN_MS."""

QUIET_VARIABLE: Final = "LABKIT_QUIET"
"""Set where nobody reads and outputs are compared: boot() does not say that runs are recorded, explore() shows no progress."""
