# %% id="believes-the-manual" why="-EINTR comes back only if wake_up_process was never called"
def stop_returns(threadfn, calls):
    own = {"polite": 7, "early": 42, "sleeper": -512}[threadfn]
    return {own} if "w" in calls or "p" in calls else {-4}


# %% id="one-run-is-enough" why="on my machine run-then-stop gave -EINTR, so it always does"
def stop_returns(threadfn, calls):
    own = {"polite": 7, "early": 42, "sleeper": -512}[threadfn]
    return {own} if "w." in calls or "p" in calls else {-4}


# %% id="parked-is-not-woken" why="a thread that was parked before its first wake-up was never woken"
def stop_returns(threadfn, calls):
    own = {"polite": 7, "early": 42, "sleeper": -512}[threadfn]
    if "w" not in calls:
        return {-4}
    return {own} if "." in calls.partition("w")[2] else {-4, own}


# %% id="any-dot" why="a dot anywhere gives threadfn time to run"
def stop_returns(threadfn, calls):
    own = {"polite": 7, "early": 42, "sleeper": -512}[threadfn]
    if "p" in calls or ("." in calls and "w" in calls):
        return {own}
    return {-4, own} if "w" in calls else {-4}


# %% id="dot-at-once" why="only a dot right behind the first w counts, and a park behind a w does not"
def stop_returns(threadfn, calls):
    own = {"polite": 7, "early": 42, "sleeper": -512}[threadfn]
    if "w." in calls or calls.startswith("p"):
        return {own}
    return {-4, own} if "w" in calls else {-4}


# %% id="eintr-for-the-sleeper" why="a sleep that is broken off returns -EINTR"
def stop_returns(threadfn, calls):
    own = {"polite": 7, "early": 42, "sleeper": -4}[threadfn]
    if "p" in calls or "." in calls.partition("w")[2]:
        return {own}
    return {-4, own} if "w" in calls else {-4}


# %% id="dead-threads-return-nothing" why="a thread that has ended already has no result any more"
def stop_returns(threadfn, calls):
    own = {"polite": 7, "early": 0, "sleeper": -512}[threadfn]
    if "p" in calls or "." in calls.partition("w")[2]:
        return {own}
    return {-4, own} if "w" in calls else {-4}
