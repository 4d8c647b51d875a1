# %% id="never-checks-should-stop" why="kthread_stop ends a thread, whatever it does"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	for (;;) {
		wait_event(door, atomic_read(&items));
		take();
	}
	return done;
}
"""


# %% id="state-after-test" why="test first, then say that you sleep"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	while (atomic_read(&items) || !kthread_should_stop()) {
		if (atomic_read(&items)) {
			take();
			continue;
		}
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return done;
}
"""


# %% id="lost-on-the-queue" why="being on the wait queue is enough, when one got there does not matter"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	DEFINE_WAIT(entry);

	while (atomic_read(&items) || !kthread_should_stop()) {
		if (atomic_read(&items)) {
			take();
			continue;
		}
		prepare_to_wait(&door, &entry, TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		finish_wait(&door, &entry);
	}
	return done;
}
"""


# %% id="polls" why="a nap of a few milliseconds is as good as sleeping"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	while (atomic_read(&items) || !kthread_should_stop())
		if (atomic_read(&items))
			take();
		else
			msleep_interruptible(4);
	return done;
}
"""


# %% id="spins" why="with preempt=full a busy loop does no harm"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	while (atomic_read(&items) || !kthread_should_stop())
		if (atomic_read(&items))
			take();
		else
			cpu_relax();
	return done;
}
"""


# %% id="drops-what-is-left" why="told to stop means stop at once"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	while (!kthread_should_stop()) {
		wait_event_interruptible(door, atomic_read(&items) || kthread_should_stop());
		while (atomic_read(&items) && !kthread_should_stop())
			take();
	}
	return done;
}
"""


# %% id="ignores-erestartsys" why="wait_event_interruptible returns when the condition holds, and never otherwise"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	for (;;) {
		wait_event_interruptible(door, atomic_read(&items));
		take();
		if (kthread_should_stop())
			return done;
	}
}
"""


# %% id="returns-zero" why="0 means that all went well"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	while (atomic_read(&items) || !kthread_should_stop()) {
		wait_event_interruptible(door, atomic_read(&items) || kthread_should_stop());
		while (atomic_read(&items))
			take();
	}
	return 0;
}
"""
