/* What a user writes to /dev/kmsg is a record of facility user, at level 4 unless <N> says otherwise. */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct file *kmsg;
static loff_t pos;

static void write(const char *text)
{
	pr_info("wrote %zd\n", kernel_write(kmsg, text, strlen(text), &pos));
}

static int __init start(void)
{
	kmsg = filp_open("/dev/kmsg", O_WRONLY, 0);
	write("plain\n");
	write("no newline");
	write("<3>an error\n");
	write("<0>not from the kernel\n");
	write("<30>a daemon\n");
	write("<x>no number\n");
	filp_close(kmsg, NULL);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
