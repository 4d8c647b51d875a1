"""dmesg in the guest and labkit's dmesg print the same records in the same way."""

from __future__ import annotations

import pytest

from labkit import qemu
from labkit.kmsg import Records

SOURCE = """
#include <linux/module.h>
#include <linux/umh.h>

static char *script = "dmesg %s | grep @@ | while read -r line; do echo \\"<14>$line\\" > /dev/kmsg; done";

static int __init start(void)
{
	char *argv[] = { "/bin/sh", "-c", script, NULL };
	char *envp[] = { "PATH=/bin", NULL };

	pr_info("@@ plain\\n");
	pr_err("@@ two\\n@@ lines\\n");
	printk(KERN_DEBUG "@@ continued");
	pr_cont(" @@\\n");
	printk("@@ back\\\\slash\\n");
	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
"""


@pytest.mark.requires("kernel")
@pytest.mark.parametrize("raw", [False, True])
def test_the_guests_dmesg_prints_what_ours_prints(raw: bool) -> None:
    run = qemu.boot().run_module(SOURCE.replace("%s", "-r" if raw else ""), wait_s=0.0, trace=False)
    records = Records(record for record in run.dmesg if record.facility == 0 and "@@" in record.text)
    theirs = [record.text for record in run.dmesg if record.facility]
    assert len(records) == 4
    assert theirs == records.dmesg("-p -r" if raw else "-p").splitlines()
