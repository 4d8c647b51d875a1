"""What a kworker does: as long as it is needed do works, then sleep, idle (kernel/workqueue.c)."""

from __future__ import annotations

from labkit import here
from labkit.simkernel.kthread import kthread_create
from labkit.simkernel.pool import Pool, Token, Worker, pools
from labkit.simkernel.preempt import check_off, cond_resched
from labkit.simkernel.sched import leave, set_user_nice, wake_up_process
from labkit.simkernel.task import Exited, enter, task_struct
from labkit.taskinfo import TASK_IDLE, TASK_RUNNING


def worker_thread(worker: Worker) -> int:
    """A kworker's loop: as long as it is needed do works, then sleep, idle."""
    pool = worker.pool
    while True:
        machine = enter("worker_thread", pool)
        token = None
        with machine.no_preempt:
            if pool.needs_more():
                if not any(w.idle and w is not worker for w in pool.workers) and not pool.creating:
                    pool.creating = True
                else:
                    token = _take(worker)
            else:
                worker.idle = True
                worker.idle_since = max(w.idle_since for w in pool.workers) + 1
                worker.task.state = TASK_IDLE
                leave(worker.task.kernel, worker.task, pool)
        check_off()
        if token is not None:
            process_one_work(worker, token)
        elif pool.creating:
            create_worker(pool)


def _take(worker: Worker) -> Token:
    """The next work that may start. Called inside no_preempt."""
    pool = worker.pool
    token = next(t for t in pool.works if pool.may_start(t))
    pool.works.remove(token)
    worker.idle = False
    pool.running += 1
    worker.token, worker.desc = token, token.wq.name
    token.worker = worker
    work = token.work
    work.pending, work.running = False, token
    pool.wake_one()
    return token


def process_one_work(worker: Worker, token: Token) -> None:
    """Call the work's function. Whoever waits for it is told when it returns; by then the work may be gone."""
    me = worker.task
    me.module = token.work.module
    try:
        if token.work.func is not None:
            token.work.func(token.work)
        machine = enter("work_done", token.work)
    except Exited:  # an oops: this kworker is dead, and the work is never done
        with here.machine.no_preempt:
            worker.pool.running -= 1
            worker.pool.workers.remove(worker)
            worker.pool.wake_one()
        raise
    me.module = None
    with machine.no_preempt:
        worker.token = None
        worker.idle = True
        worker.task.state = TASK_RUNNING
        worker.pool.running -= 1
        if token.work.running is token:
            token.work.running = None
        token.finish()
        worker.pool.wake_one()
        for pool in {t.pool for t in pools().tokens}:
            pool.wake_one()
    cond_resched()


def create_worker(pool: Pool) -> None:
    """A pool always has an idle kworker in reserve: create it before doing what may sleep."""
    worker = Worker(pool, max((w.number for w in pool.workers), default=-1) + 1)
    task = kthread_create(worker_thread, worker, "%s", pool.name(worker.number))
    with here.machine.no_preempt:
        pool.creating = False
        if not isinstance(task, task_struct):
            return
        pool.add(worker, task)
    if pool.highpri:
        set_user_nice(task, -20)
    wake_up_process(task)
