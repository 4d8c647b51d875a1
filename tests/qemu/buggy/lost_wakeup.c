/* The consumer looks first and says only then that it sleeps: a wake-up between the two is lost. */
#include "pair.h"
static volatile bool ready;
static bool served;

static int consume(void *data)
{
#ifdef RIGHT
	set_current_state(TASK_INTERRUPTIBLE);
	while (!ready && !kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
#else
	if (!ready) {
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
#endif
	served = !kthread_should_stop();
	return until_stop();
}

static int produce(void *data)
{
	ready = true;
	wake_up_process(pair[0]);
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(consume, produce); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("served %d\n", served); }
module_init(buggy_init);
module_exit(buggy_exit);
