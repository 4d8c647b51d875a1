/* The kthread is started before that is there which it uses. */
#include "pair.h"
struct thing { int value; };
static struct thing *thing;

static int use(void *data)
{
	pr_info("value %d\n", READ_ONCE(thing)->value);
	return until_stop();
}

static int prepare(void)
{
	thing = kzalloc(sizeof(*thing), GFP_KERNEL);
	thing->value = 42;
	return 0;
}

static int __init buggy_init(void)
{
#ifdef RIGHT
	prepare();
	pair[0] = kthread_run(use, NULL, "user");
#else
	pair[0] = kthread_run(use, NULL, "user");
	prepare();
#endif
	return 0;
}

static void __exit buggy_exit(void)
{
	kthread_stop(pair[0]);
	kfree(thing);
}
module_init(buggy_init);
module_exit(buggy_exit);
