"""Small modules, right and wrong, that tests run in the real kernel and that the recorded consoles come from."""

from __future__ import annotations

HEAD = "#include <linux/delay.h>\n#include <linux/kthread.h>\n#include <linux/module.h>\n"
THREAD = """static struct task_struct *t;
static int w(void *d) { while (!kthread_should_stop()) msleep(20); return 7; }
"""


def module(init: str, leave: str = "", before: str = "") -> str:
    """C text of a module from the bodies of its init and exit."""
    return (
        f"{HEAD}{before}static int __init a(void)\n{{ {init} }}\nstatic void __exit b(void)\n{{ {leave} }}\n"
        'module_init(a);\nmodule_exit(b);\nMODULE_LICENSE("GPL");\n'
    )


STOPPED = module(
    't = kthread_run(w, NULL, "w/%d", 0); return PTR_ERR_OR_ZERO(t);', 'pr_info("got %d\\n", kthread_stop(t));', THREAD
)
LEFT = module('t = kthread_run(w, NULL, "left/%d", 1); return PTR_ERR_OR_ZERO(t);', "", THREAD)
PANIC_IN_INIT = module('pr_err("about to\\n"); panic("boom"); return 0;')
PANIC_IN_EXIT = module("return 0;", 'panic("late");')
OOPS = module("*(volatile int *)0 = 1; return 0;")
SLEEPS = module("msleep(1000000); return 0;")
LOOPS = module("for (;;) cpu_relax(); return 0;")
REFUSES = module("return -EINVAL;")
FLOOD = module('int i; for (i = 0; i < 60000; i++) pr_info("line %d %070d\\n", i, 0); return 0;')  # 5 MB
OVERFLOW = module(
    "return rec(1);", "", "static noinline int rec(int n) { volatile char b[512]; b[0] = n; return rec(n + 1) + b[0]; }\n"
)
COUNTER = """static volatile int counter;
static struct completion done[2];
static struct task_struct *t[2];
static int w(void *d)
{
	int i;

	for (i = 0; i < 200000; i++) { int v = counter; barrier(); v = v + 1; counter = v; }
	complete(&done[(long)d]);
	while (!kthread_should_stop()) schedule_timeout_interruptible(1);
	return 0;
}
"""
LOST_UPDATE = module(
    'long i; for (i = 0; i < 2; i++) { init_completion(&done[i]); t[i] = kthread_create(w, (void *)i, "inc/%ld", i); } '
    "for (i = 0; i < 2; i++) wake_up_process(t[i]); for (i = 0; i < 2; i++) wait_for_completion(&done[i]); "
    'pr_info("counter %d\\n", counter); return 0;',
    "int i; for (i = 0; i < 2; i++) kthread_stop(t[i]);",
    COUNTER,
)
RECORDED = {"stopped": STOPPED, "left": LEFT, "panic": PANIC_IN_INIT, "oops": OOPS, "overflow": OVERFLOW, "sleeps": SLEEPS}
