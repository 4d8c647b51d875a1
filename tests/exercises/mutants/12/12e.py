# %% id="all-true" why="what many people say is true"
def verdicts():
    return dict.fromkeys(IDS, "T")


# %% id="without-the-advice" why="advice needs no verdict"
def verdicts():
    return {id: letter for id, letter in zip(IDS, "TTTXOTPTPPATTTPTTTPOPXPPTOTTTTTTTT") if id != "E3"}


# %% id="in-words" why="a verdict is a word"
def verdicts():
    return {id: {"T": "true", "P": "partly", "O": "old", "X": "wrong", "A": "?"}[letter] for id, letter in zip(IDS, "TTTXOTPTPPATTTPTTTPOPXPPTOTTTTTTTT")}


# %% id="always-preemptable" why="preemptable is preemptable, whatever the boot"
def verdicts():
    """Your verdict on every claim, one capital letter each: {"A1": "T", "A2": …}."""
    letters = "TTTXOTPTPPATTTPTTTPOPXPTTOTTTTTTTT"
    return dict(zip(IDS, letters, strict=True))
