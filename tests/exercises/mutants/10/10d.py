# %% id="never-parks" why="a thread that naps is as good as parked"
def watch(dev):
    dev.open()
    while not kthread_should_stop():
        dev.ticks += 1
        msleep_interruptible(10)
    dev.close()
    return dev.ticks


# %% id="parks-with-the-device-open" why="parked means that it does not count, that is enough"
def watch(dev):
    dev.open()
    while not kthread_should_stop():
        if kthread_should_park():
            kthread_parkme()
            continue
        dev.ticks += 1
        msleep_interruptible(10)
    dev.close()
    return dev.ticks


# %% id="believes-the-manual" why="kthread_unpark calls the thread function again, so this call is over"
def watch(dev):
    dev.open()
    while not kthread_should_stop():
        if kthread_should_park():
            dev.close()
            kthread_parkme()
            return dev.ticks
        dev.ticks += 1
        msleep_interruptible(10)
    dev.close()
    return dev.ticks


# %% id="starts-over" why="after unpark all begins anew, the count too"
def watch(dev):
    count = 0
    dev.open()
    while not kthread_should_stop():
        if kthread_should_park():
            dev.close()
            kthread_parkme()
            dev.open()
            count = 0
            continue
        count += 1
        dev.ticks += 1
        msleep_interruptible(10)
    dev.close()
    return count


# %% id="stays-open-when-stopped-parked" why="after a park there comes an unpark, and never a stop"
def watch(dev):
    dev.open()
    while True:
        if kthread_should_park():
            dev.close()
            kthread_parkme()
            dev.open()
            if kthread_should_stop():
                return dev.ticks
        if kthread_should_stop():
            break
        dev.ticks += 1
        msleep_interruptible(10)
    dev.close()
    return dev.ticks


# %% id="naps-instead-of-parkme" why="any sleep will do while one is to be parked"
def watch(dev):
    dev.open()
    while not kthread_should_stop():
        if kthread_should_park():
            dev.close()
            while kthread_should_park():
                msleep_interruptible(10)
            dev.open()
            continue
        dev.ticks += 1
        msleep_interruptible(10)
    dev.close()
    return dev.ticks


# %% id="forgets-to-open-again" why="the device is as it was"
def watch(dev):
    dev.open()
    while not kthread_should_stop():
        if kthread_should_park():
            dev.close()
            kthread_parkme()
            continue
        if dev.is_open:
            dev.ticks += 1
        msleep_interruptible(10)
    if dev.is_open:
        dev.close()
    return dev.ticks
