# %% id="asks-itself" why="need_resched() and schedule(), which is what cond_resched() does"
def predicted():
    answer = dict.fromkeys(("none", "voluntary"), "hog")
    answer["full"] = "bell"
    return answer


def first(texts):
    for text in texts:
        found = re.match(r"(hog|bell):", text)
        if found:
            return found[1]
    return None


def polite():
    return "if (need_resched()) schedule();"


# %% id="works-and-asks" why="a longer body that works for a while before it asks"
def predicted():
    return {model: "bell" if model == "full" else "hog" for model in ("none", "voluntary", "full")}


def first(texts):
    who = [text.partition(":")[0] for text in texts]
    who = [name for name in who if name in ("hog", "bell")]
    return who[0] if who else None


def polite():
    return "udelay(10); cond_resched();"
