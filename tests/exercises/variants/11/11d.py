# %% id="stack" why="what was put away lies in a list"
def on_console(level, steps):
    away, said = [], []
    for step in steps:
        if step == "-D":
            if not away:
                away.append(level)
            level = 1
        elif step == "-E":
            if away:
                level = away.pop()
        elif step.startswith("-n "):
            away.clear()
            wanted = step[3:]
            level = int(wanted) if wanted in "12345678" else list(LEVELS).index(wanted) + 1
        else:
            number, text = step.split(" ", 1)
            if level > int(number):
                said.append(text)
    return said

# %% id="match" why="a match statement, and a flag for off"
def on_console(level, steps):
    said, off = [], False
    for step in steps:
        match step.split(" ", 1):
            case ["-D"]:
                off = True
            case ["-E"]:
                off = False
            case ["-n", wanted]:
                off = False
                level = LEVELS.index(wanted) + 1 if wanted in LEVELS else int(wanted)
            case [number, text]:
                if int(number) <= (0 if off else level - 1):
                    said.append(text)
    return said
