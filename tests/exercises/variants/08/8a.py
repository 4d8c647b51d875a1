# %% id="other-ways-of-equal-length" why="the same number of steps in another order"
def shortest():
    return {"ring": "C B A", "gated": None, "late": "B B A", "rounds": "A A A A B B A B"}


# %% id="written-short" why="what follows by itself need not be written; * repeats a step"
def shortest():
    answers = dict.fromkeys(("ring", "gated", "late", "rounds"))
    answers["ring"] = "B A C"
    answers["late"] = "B*2 A*2"
    answers["rounds"] = "B*2 A*5 B"
    return answers
