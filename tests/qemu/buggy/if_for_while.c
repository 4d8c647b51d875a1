/* A consumer that was woken does not look again: meanwhile somebody else may have taken the item. */
#include "pair.h"
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DEFINE_MUTEX(lock);
static volatile int items;
static struct task_struct *producer;

static int consume(void *data)
{
	mutex_lock(&lock);
#ifdef RIGHT
	while (!items && !kthread_should_stop()) {
#else
	if (!items) {
#endif
		mutex_unlock(&lock);
		wait_event(queue, items || kthread_should_stop());
		mutex_lock(&lock);
	}
	if (!kthread_should_stop())
		items--;
	mutex_unlock(&lock);
	return until_stop();
}

static int produce(void *data)
{
	msleep(5);
	mutex_lock(&lock);
	items = 1;
	mutex_unlock(&lock);
	wake_up(&queue);
	return until_stop();
}

static int __init buggy_init(void)
{
	producer = kthread_run(produce, NULL, "producer");
	return start_pair(consume, consume);
}

static void __exit buggy_exit(void) { kthread_stop(producer); stop_pair(); pr_info("items %d\n", items); }
module_init(buggy_init);
module_exit(buggy_exit);
