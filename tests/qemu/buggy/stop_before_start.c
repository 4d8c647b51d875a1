/* exit waits for a word from the kthread, which never comes when the kthread is stopped before it has run at all. */
#include "pair.h"
static DECLARE_COMPLETION(done);

static int work(void *data)
{
	until_stop();
	complete(&done);
	return 0;
}

static int __init buggy_init(void)
{
	pair[0] = kthread_run(work, NULL, "worker");
	return 0;
}

static void __exit buggy_exit(void)
{
	int told = kthread_stop(pair[0]);

#ifdef RIGHT
	if (told == -EINTR) {
		pr_info("done\n");
		return;
	}
#endif
	wait_for_completion(&done);
	pr_info("done %d\n", told);
}
module_init(buggy_init);
module_exit(buggy_exit);
