/* The pointer is given to others before what it points to is filled in. */
#include "pair.h"
struct thing { int value; };
static struct thing *volatile thing;
static int seen = 42;

static int publish(void *data)
{
	struct thing *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);

#ifdef RIGHT
	fresh->value = 42;
	smp_store_release(&thing, fresh);
#else
	thing = fresh;
	barrier();
	fresh->value = 42;
#endif
	return until_stop();
}

static int look(void *data)
{
	struct thing *found = smp_load_acquire(&thing);

	if (found)
		seen = READ_ONCE(found->value);
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(publish, look); }
static void __exit buggy_exit(void) { stop_pair(); kfree((void *)thing); pr_info("seen %d\n", seen); }
module_init(buggy_init);
module_exit(buggy_exit);
