# %% id="table-of-states" why="a dictionary from state and call to the next state"
NEXT = {("joinable", "join"): "join", ("joinable", "detach"): "detach"}


def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    state = {"create": "joinable", "create-detached": "detach"}[calls[0]]
    for call in (c for c in calls[1:] if c != "exit"):
        if (state, call) == ("joinable", "join-self"):
            return "joins itself"
        if (state, call) not in NEXT:
            return f"{call} after {state}"
        state = NEXT[state, call]
    return "zombie" if state == "joinable" else "fine"


# %% id="first-two-that-matter" why="only the first two calls besides exit can matter"
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    said = [call for call in calls if call not in ("create", "exit")]
    said = ["detach" if call == "create-detached" else call for call in said]
    match said:
        case []:
            return "zombie"
        case ["join-self", *_]:
            return "joins itself"
        case [_]:
            return "fine"
        case [first, second, *_]:
            return f"{second} after {first}"
