# %% id="as-it-was" why="it loads, so it works"
def lab_init():
    lab["pump"] = kthread_create(pump, None, "pump")
    lab["greeter"] = kthread_run(greeter, None, "greeter")
    if not lab["pump"] or not lab["greeter"]:
        return -ENOMEM
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])


# %% id="null-check" why="a function that cannot give a task gives NULL"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if not lab["pump"]:
        return -ENOMEM
    lab["greeter"] = kthread_create(greeter, None, "greeter")
    if not lab["greeter"]:
        kthread_stop(lab["pump"])
        return -ENOMEM
    get_task_struct(lab["greeter"])
    wake_up_process(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])
    put_task_struct(lab["greeter"])
    kthread_stop(lab["pump"])


# %% id="forgets-wake-up" why="kthread_create starts the thread"
def lab_init():
    lab["pump"] = kthread_create(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_create(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    get_task_struct(lab["greeter"])
    wake_up_process(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])
    put_task_struct(lab["greeter"])
    kthread_stop(lab["pump"])


# %% id="no-reference" why="whoever made a task may use it for ever"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_run(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])
    kthread_stop(lab["pump"])


# %% id="reference-never-given-back" why="a reference costs nothing"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_create(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    get_task_struct(lab["greeter"])
    wake_up_process(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])
    kthread_stop(lab["pump"])


# %% id="first-one-forgotten" why="an init that fails is undone by the kernel"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_create(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        return PTR_ERR(lab["greeter"])
    get_task_struct(lab["greeter"])
    wake_up_process(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])
    put_task_struct(lab["greeter"])
    kthread_stop(lab["pump"])


# %% id="greeter-ends-by-itself" why="a thread that returns by itself need not be waited for"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_run(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["pump"])


# %% id="double-stop" why="twice is safer"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_create(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    get_task_struct(lab["greeter"])
    wake_up_process(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])
    put_task_struct(lab["greeter"])
    kthread_stop(lab["pump"])
    kthread_stop(lab["pump"])


# %% id="stop-in-init" why="greeter is short, so wait for it in init"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_run(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    kthread_stop(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["pump"])


# %% id="create-in-a-loop" why="if it fails try again, and keep the last one"
def lab_init():
    for _ in range(3):
        lab["pump"] = kthread_create(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    wake_up_process(lab["pump"])
    lab["greeter"] = kthread_create(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    get_task_struct(lab["greeter"])
    wake_up_process(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])
    put_task_struct(lab["greeter"])
    kthread_stop(lab["pump"])


# %% id="reference-too-late" why="the reference may be taken at any time before exit"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return PTR_ERR(lab["pump"])
    lab["greeter"] = kthread_run(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return PTR_ERR(lab["greeter"])
    return 0


def lab_exit():
    get_task_struct(lab["greeter"])
    kthread_stop(lab["greeter"])
    put_task_struct(lab["greeter"])
    kthread_stop(lab["pump"])


# %% id="positive-errno" why="an errno is a positive number"
def lab_init():
    lab["pump"] = kthread_run(pump, None, "pump")
    if IS_ERR(lab["pump"]):
        return ENOMEM
    lab["greeter"] = kthread_create(greeter, None, "greeter")
    if IS_ERR(lab["greeter"]):
        kthread_stop(lab["pump"])
        return ENOMEM
    get_task_struct(lab["greeter"])
    wake_up_process(lab["greeter"])
    return 0


def lab_exit():
    kthread_stop(lab["greeter"])
    put_task_struct(lab["greeter"])
    kthread_stop(lab["pump"])
