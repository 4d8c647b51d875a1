"""Pictures of a trace, in the order in which the course meets them.

To add a view: write name.py with one class and name.js beside it, and add the class to ALL.
"""

from labkit.views.base import View
from labkit.views.dmesg import Dmesg
from labkit.views.kthread_states import KthreadStates
from labkit.views.lockgraph import LockGraph
from labkit.views.memory import Memory
from labkit.views.preempt_trio import PreemptTrio
from labkit.views.ring_buffer import RingBuffer
from labkit.views.runqueue import RunQueue
from labkit.views.schedule_tree import ScheduleTree
from labkit.views.scheduler import Scheduler
from labkit.views.stack_gauge import StackGauge
from labkit.views.task_forest import TaskForest
from labkit.views.thread_map import ThreadMap
from labkit.views.timeline import Timeline
from labkit.views.waiting_room import WaitingRoom

ALL: tuple[type[View], ...] = (
    ThreadMap,
    Memory,
    RunQueue,
    Timeline,
    Scheduler,
    ScheduleTree,
    LockGraph,
    WaitingRoom,
    TaskForest,
    KthreadStates,
    RingBuffer,
    StackGauge,
    PreemptTrio,
    Dmesg,
)
"""Every view, in teaching order."""


def find(name: str) -> type[View]:
    """The view of that name: find("timeline") is Timeline.

    Raises:
        LookupError: there is no view of that name.
    """
    for view in ALL:
        if view.name == name:
            return view
    raise LookupError(f"there is no view called {name!r}; there are {', '.join(v.name for v in ALL)}")
