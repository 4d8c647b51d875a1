# %% id="create-both-then-wake" why="makes both before anybody runs; one that was never woken is stopped just so"
def lab_init():
    lab["pump"] = kthread_create(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_create(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    for name in ("pump", "greeter"):
        get_task_struct(lab[name])
        wake_up_process(lab[name])
    return 0


def lab_exit():
    for name in ("pump", "greeter"):
        kthread_stop(lab[name])
        put_task_struct(lab[name])


# %% id="unwinds" why="as kernel code does it: one way out, undone in reverse order"
def start(fn, name):
    k = kthread_create(fn, None, name)
    if not IS_ERR(k):
        get_task_struct(k)
        wake_up_process(k)
        lab[name] = k
    return PTR_ERR(k) if IS_ERR(k) else 0


def end(name):
    k = lab[name]
    kthread_stop(k)
    put_task_struct(k)


def lab_init():
    error = start(pump, "pump")
    if error:
        return error
    error = start(greeter, "greeter")
    if error:
        end("pump")
    return error


def lab_exit():
    end("greeter")
    end("pump")
