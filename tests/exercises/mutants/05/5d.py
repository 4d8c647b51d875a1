# %% id="exit-frees" why="a thread that has ended needs no join"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            released = released or "exit"
            continue
        if released and released != "exit":
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"


# %% id="exit-ends-joinability" why="a thread that has ended cannot be joined"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            released = released or call
            continue
        if released:
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"


# %% id="no-zombies" why="who is never joined is never missed"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released:
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine"


# %% id="join-twice-is-fine" why="as in Python, join may be called again"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released and not (call == released == "join"):
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"


# %% id="detach-twice-is-fine" why="detaching again changes nothing"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released and not (call == released == "detach"):
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"


# %% id="join-after-detach-waits" why="join waits for any thread"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released and call != "join":
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"


# %% id="detach-after-join-is-fine" why="a thread that is gone may be detached"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released and call != "detach":
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"


# %% id="created-detached-is-forgotten" why="only detach() detaches"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released:
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"


# %% id="last-mistake-counts" why="the last wrong call is the answer"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    wrong = None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released:
            wrong = f"{call} after {released}"
            continue
        if call == "join-self":
            return "joins itself"
        released = call
    return wrong or "fine" if released else "zombie"


# %% id="names-the-call-before" why="after means: after the call just before"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released:
            return f"{call} after {calls[calls.index(call) - 1]}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"


# %% id="joins-itself-waits-for-ever" why="join-self is a join"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released:
            return f"{call} after {released}"
        released = call
    return "fine" if released else "zombie"
