# %% id="open-in-the-inner-loop" why="opens for each stretch of work, closes after it"
def watch(dev):
    while not kthread_should_stop():
        dev.open()
        while not kthread_should_stop() and not kthread_should_park():
            dev.ticks = dev.ticks + 1
            msleep_interruptible(10)
        dev.close()
        if kthread_should_park():
            kthread_parkme()
    return dev.ticks


# %% id="finally" why="a function for the pause, and a finally for the end"
def pause(dev):
    dev.close()
    kthread_parkme()
    dev.open()


def watch(dev):
    dev.open()
    try:
        while not kthread_should_stop():
            if kthread_should_park():
                pause(dev)
            else:
                dev.ticks += 1
                msleep_interruptible(10)
        return dev.ticks
    finally:
        dev.close()
