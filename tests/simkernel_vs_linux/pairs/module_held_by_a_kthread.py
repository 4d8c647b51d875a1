# ruff: noqa: F821
"""With a reference of its own, given back in kthread_complete_and_exit(), a kthread keeps its module: rmmod refuses."""

done = DECLARE_COMPLETION("done")


def work(data):
    pr_info("got %d\n", try_module_get(THIS_MODULE()))
    msleep(300)
    module_put(THIS_MODULE())
    kthread_complete_and_exit(done, 0)


def start():
    kthread_run(work, None, "holder")
    msleep(20)
    return 0


def stop():
    wait_for_completion(done)
    pr_info("stopped\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
