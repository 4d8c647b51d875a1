# %% id="guard-is-room" why="the guard page is the last page of the stack that one may use"
def frame_bytes(addresses):
    return addresses[0] - addresses[1]


def calls_that_fit(stack_bytes, first, frame):
    return (stack_bytes + 4096 - first) // frame


def stack_for(calls, first, frame):
    pages = -(-(first + calls * frame) // 4096) - 1
    return pages * 4096


# %% id="guard-is-taken-off" why="the guard page is taken from the stack"
def frame_bytes(addresses):
    return addresses[0] - addresses[1]


def calls_that_fit(stack_bytes, first, frame):
    return (stack_bytes - 4096 - first) // frame


def stack_for(calls, first, frame):
    pages = -(-(first + calls * frame) // 4096)
    return pages * 4096


# %% id="one-page-too-many" why="a guard page has to be asked for"
def frame_bytes(addresses):
    return addresses[0] - addresses[1]


def calls_that_fit(stack_bytes, first, frame):
    return (stack_bytes - first) // frame


def stack_for(calls, first, frame):
    pages = -(-(first + calls * frame) // 4096)
    return (pages + 1) * 4096


# %% id="rounds-down" why="a page that is not full is not needed"
def frame_bytes(addresses):
    return addresses[0] - addresses[1]


def calls_that_fit(stack_bytes, first, frame):
    return (stack_bytes - first) // frame


def stack_for(calls, first, frame):
    pages = (first + calls * frame) // 4096
    return pages * 4096


# %% id="always-one-more" why="rounding up is dividing and adding one"
def frame_bytes(addresses):
    return addresses[0] - addresses[1]


def calls_that_fit(stack_bytes, first, frame):
    return (stack_bytes - first) // frame


def stack_for(calls, first, frame):
    pages = (first + calls * frame) // 4096 + 1
    return pages * 4096


# %% id="grows-upwards" why="a stack grows from low addresses to high ones"
def frame_bytes(addresses):
    return addresses[1] - addresses[0]


def calls_that_fit(stack_bytes, first, frame):
    return (stack_bytes - first) // frame


def stack_for(calls, first, frame):
    pages = -(-(first + calls * frame) // 4096)
    return pages * 4096


# %% id="forgets-first" why="the stack is empty when our function is called"
def frame_bytes(addresses):
    return addresses[0] - addresses[1]


def calls_that_fit(stack_bytes, first, frame):
    return stack_bytes // frame


def stack_for(calls, first, frame):
    pages = -(-(first + calls * frame) // 4096)
    return pages * 4096


# %% id="rounds-a-frame-up" why="a frame that begins on the stack fits"
def frame_bytes(addresses):
    return addresses[0] - addresses[1]


def calls_that_fit(stack_bytes, first, frame):
    return -(-(stack_bytes - first) // frame)


def stack_for(calls, first, frame):
    pages = -(-(first + calls * frame) // 4096)
    return pages * 4096


# %% id="whole-distance" why="the frame is the distance from the first call to the last"
def frame_bytes(addresses):
    return addresses[0] - addresses[-1]


def calls_that_fit(stack_bytes, first, frame):
    return (stack_bytes - first) // frame


def stack_for(calls, first, frame):
    pages = -(-(first + calls * frame) // 4096)
    return pages * 4096


# %% id="thousands" why="a page has 4000 bytes"
def frame_bytes(addresses):
    return addresses[0] - addresses[1]


def calls_that_fit(stack_bytes, first, frame):
    return (stack_bytes - first) // frame


def stack_for(calls, first, frame):
    pages = -(-(first + calls * frame) // 4000)
    return pages * 4000
