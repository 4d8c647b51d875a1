/* The producer wakes first and sets the flag after that: a quick consumer sees none and sleeps on. */
#include "pair.h"
static volatile bool ready;
static bool served;

static int consume(void *data)
{
	set_current_state(TASK_INTERRUPTIBLE);
	while (!ready && !kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	served = ready && !kthread_should_stop();
	return until_stop();
}

static int produce(void *data)
{
#ifdef RIGHT
	ready = true;
	wake_up_process(pair[0]);
#else
	wake_up_process(pair[0]);
	ready = true;
#endif
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(consume, produce); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("served %d\n", served); }
module_init(buggy_init);
module_exit(buggy_exit);
