/* The log as dmesg -r shows it, each line with its <level>; stamps are cut off. */
#include <linux/delay.h>
#include <linux/kmsg_dump.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/string.h>

static char line[1200];

static int __init start(void)
{
	static struct kmsg_dump_iter iter;
	static char out[8][100];
	size_t len;
	int i, n = 0;

	pr_info("@@alpha\n");
	pr_err("@@beta\n");
	printk("@@gamma");
	pr_cont(" and delta\n");
	kmsg_dump_rewind(&iter);
	while (kmsg_dump_get_line(&iter, true, line, sizeof(line) - 1, &len)) {
		char *text;

		line[len] = 0;
		text = strstr(line, "@@");
		if (text && n < 8)
			snprintf(out[n++], 100, "%.3s %s", line, text);
	}
	for (i = 0; i < n; i++)
		pr_info("%s", out[i]);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
