/* After dmesg -c a new dmesg shows nothing; a reader of /dev/kmsg still gets every record. */
#include <linux/module.h>
#include <linux/umh.h>

static void shell(char *script)
{
	char *argv[] = { "/bin/sh", "-c", script, NULL };
	char *envp[] = { "PATH=/bin", NULL };

	call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static int __init start(void)
{
	pr_info("before\n");
	shell("echo \"<14>seen $(dmesg | grep -c before)\" > /dev/kmsg");
	shell("dmesg -c > /dev/null; echo \"<14>seen $(dmesg | grep -c before)\" > /dev/kmsg");
	pr_info("after\n");
	shell("echo \"<14>seen $(dmesg | grep -c after)\" > /dev/kmsg");
	shell("cat /dev/kmsg > /tmp_kmsg & read -t 0.05 nothing <> /never; kill $!; "
	      "echo \"<14>read $(grep -c before /tmp_kmsg)\" > /dev/kmsg");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
