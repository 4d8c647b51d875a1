# %% id="a-walk" why="goes through the calls letter by letter and keeps what may have happened"
def stop_returns(threadfn, calls):
    may = {"asleep"}
    for call in calls[:-1]:
        if call == "w" and may == {"asleep"}:
            may = {"past the flag", "before the flag"}
        elif call == "p" or (call == "." and may != {"asleep"}):
            may = {"past the flag"}
    own = dict(polite=7, early=42, sleeper=-512)[threadfn]
    return {own if state == "past the flag" else -4 for state in may}


# %% id="a-pattern" why="the words as patterns"
import re


def stop_returns(threadfn, calls):
    values = set()
    if not re.search(r"p|w.*\.", calls):
        values.add(-4)
    if re.search(r"p|w", calls):
        values |= {{"polite": 7, "early": 42}.get(threadfn, -512)}
    return values
