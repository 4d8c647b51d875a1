/* One kthread walks a list while the other takes the elements out. */
#include "pair.h"
struct item { struct list_head link; int value; };
static struct item items[8];
static LIST_HEAD(list);
static DEFINE_MUTEX(lock);
static volatile int sum;

static int walk(void *data)
{
	struct item *item;

#ifdef RIGHT
	mutex_lock(&lock);
#endif
	list_for_each_entry(item, &list, link)
		sum += item->value;
#ifdef RIGHT
	mutex_unlock(&lock);
#endif
	return until_stop();
}

static int empty(void *data)
{
#ifdef RIGHT
	mutex_lock(&lock);
#endif
	for (int i = 0; i < 8; i++)
		list_del(&items[i].link);
#ifdef RIGHT
	mutex_unlock(&lock);
#endif
	return until_stop();
}

static int __init buggy_init(void)
{
	for (int i = 0; i < 8; i++)
		list_add_tail(&items[i].link, &list);
	return start_pair(walk, empty);
}

static void __exit buggy_exit(void) { stop_pair(); pr_info("walked\n"); }
module_init(buggy_init);
module_exit(buggy_exit);
