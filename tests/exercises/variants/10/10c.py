# %% id="by-hand" why="the loop that wait_event hides, state first"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		break;
	}
	__set_current_state(TASK_RUNNING);
	for (;;) {
		DEFINE_WAIT(entry);

		prepare_to_wait(&door, &entry, TASK_INTERRUPTIBLE);
		if (!atomic_read(&items) && !kthread_should_stop())
			schedule();
		finish_wait(&door, &entry);
		while (atomic_read(&items))
			take();
		if (kthread_should_stop() && !atomic_read(&items))
			return done;
	}
}
"""


# %% id="idle-wait" why="does not count as load, and one item a round"
def worker_in_c():
    return r"""
static int serve(void *data)
{
	while (1) {
		wait_event_idle(door, atomic_read(&items) > 0 || kthread_should_stop());
		if (atomic_read(&items) == 0)
			break;
		take();
	}
	return done;
}
"""


# %% id="reads-what-the-wait-returns" why="being broken off is the word to stop"
def worker_in_c():
    return """
static int serve(void *unused)
{
    while (wait_event_interruptible(door, atomic_read(&items)) == 0)
        take();
    while (atomic_read(&items))
        take();
    return done;
}
"""
