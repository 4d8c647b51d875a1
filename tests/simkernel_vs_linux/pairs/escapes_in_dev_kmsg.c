/* /dev/kmsg escapes control characters, bytes from 127 on and the backslash; a shell copies the records as it reads them. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/umh.h>

static char *script =
	"echo @end > /dev/kmsg; echo @over > /dev/kmsg;"
	"sed -n '/;#/p; /;@end/q' < /dev/kmsg | while read -r line; do"
	" echo \"<14>${line%%,*} ;${line#*;}\" > /dev/kmsg; done";

static int __init start(void)
{
	char *argv[] = { "/bin/sh", "-c", script, NULL };
	char *envp[] = { "PATH=/bin", NULL };

	pr_info("#tab\tbell\a esc\033[31m\n");
	pr_info("#back\\slash \303\251 \377 \177\n");
	pr_err("#first\nsecond\n");
	pr_info("shell: %d\n", call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
