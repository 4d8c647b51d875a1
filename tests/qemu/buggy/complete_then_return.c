/* The kthread says that it is done and then returns, through code that may be gone by then. */
#include "pair.h"
static DECLARE_COMPLETION(told);
static DECLARE_COMPLETION(done);

static int work(void *data)
{
	wait_for_completion(&told);
#ifdef RIGHT
	kthread_complete_and_exit(&done, 0);
#else
	complete(&done);
	return 0;
#endif
}

static int __init buggy_init(void)
{
	pair[0] = kthread_run(work, NULL, "worker");
	return 0;
}

static void __exit buggy_exit(void)
{
	complete(&told);
	wait_for_completion(&done);
	pr_info("done\n");
}
module_init(buggy_init);
module_exit(buggy_exit);
