# ruff: noqa: F821
"""What each atomic operation returns: the old value, the new one, or whether it is zero."""

v = ATOMIC_INIT(5)


def start():
    pr_info("fetch_add %d\n", atomic_fetch_add(3, v))
    pr_info("add_return %d\n", atomic_add_return(2, v))
    pr_info("sub_return %d\n", atomic_sub_return(4, v))
    pr_info("inc_return %d\n", atomic_inc_return(v))
    pr_info("dec_return %d\n", atomic_dec_return(v))
    pr_info("xchg %d\n", atomic_xchg(v, 1))
    pr_info("cmpxchg %d\n", atomic_cmpxchg(v, 9, 2))
    pr_info("cmpxchg %d\n", atomic_cmpxchg(v, 1, 2))
    pr_info("add_unless %d\n", atomic_add_unless(v, 1, 2))
    pr_info("read %d\n", atomic_read(v))
    pr_info("add_unless %d\n", atomic_add_unless(v, 1, 7))
    atomic_set(v, 1)
    pr_info("dec_and_test %d\n", atomic_dec_and_test(v))
    pr_info("inc_not_zero %d\n", atomic_inc_not_zero(v))
    pr_info("inc_and_test %d\n", atomic_inc_and_test(v))
    atomic_set(v, 2147483647)
    atomic_inc(v)
    pr_info("wrapped %d\n", atomic_read(v))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
