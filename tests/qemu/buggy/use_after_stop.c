/* exit gives the buffer away before it has stopped the kthread that writes into it. */
#include "pair.h"
struct buffer { int alive, rounds; };
static struct buffer *buffer;
static bool dead;

static int write(void *data)
{
	while (!kthread_should_stop()) {
		if (!READ_ONCE(buffer->alive))
			dead = true;
		buffer->rounds++;
		usleep_range(900, 1100);
	}
	return 0;
}

static void give_away(void) { WRITE_ONCE(buffer->alive, 0); }

static int __init buggy_init(void)
{
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	buffer->alive = 1;
	pair[0] = kthread_run(write, NULL, "writer");
	return 0;
}

static void __exit buggy_exit(void)
{
#ifdef RIGHT
	kthread_stop(pair[0]);
	give_away();
#else
	give_away();
	kthread_stop(pair[0]);
#endif
	pr_info("written after it was given away: %d\n", dead);
	kfree(buffer);
}
module_init(buggy_init);
module_exit(buggy_exit);
