# %% id="written-out" why="one by one, and of another opinion here and there"
def verdicts():
    mine = {f"A{n}": letter for n, letter in enumerate("TTTPOTPTPOA", 1)}
    mine |= {"B1": "T", "B2": "T", "B3": "P", "B4": "X"}
    mine |= {"C1": "T", "C2": "T", "C3": "P", "C4": "X"}
    mine |= {"D1": "O", "D2": "P", "D3": "X", "D4": "T", "D5": "P", "D6": "T", "D7": "O"}
    mine |= {"E1": "T", "E2": "T", "E3": "A"}
    mine |= {"F1": "T", "F2": "T", "F3": "P", "F4": "O", "F5": "T"}
    return mine


# %% id="only-what-is-not-true" why="all true, except those that are not"
def verdicts():
    others = {"P": "A7 A9 A10 B4 D2 D4 D5", "O": "A5 D1 D7 F4", "X": "A4 D3 C4", "A": "A11 E3"}
    return {id: next((letter for letter, ids in others.items() if id in ids.split()), "T") for id in IDS}
