# %% id="at-most" why="a record of the console level is shown"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = None
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) <= level:
            shown.append(rest)
    return shown

# %% id="name-is-the-level" why="err is 3, so the console level is 3"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest)
            put_away = None
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return shown

# %% id="second-off-forgets" why="-D puts away what counts now"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = None
        elif word == "-D":
            put_away = level
            level = 1
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return shown

# %% id="on-means-default" why="-E sets the usual level, 7"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = None
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = (7 if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return shown

# %% id="on-means-all" why="-E lets everything through"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = None
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = 8, None
        elif int(word) < level:
            shown.append(rest)
    return shown

# %% id="choice-keeps-put-away" why="-n changes the level and nothing else"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return shown

# %% id="off-is-silent" why="-D lets nothing through"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = None
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 0
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return shown

# %% id="log-is-silent-too" why="-n counts for -D too: it is off until -E"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = 8
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return shown

# %% id="last-level-counts" why="the level at the end decides for all"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "-n":
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = None
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return [s.partition(' ')[2] for s in steps if s[0] != '-' and int(s.split()[0]) < level]

# %% id="option-anywhere" why="an option is one wherever it stands"
def on_console(level, steps):
    """Texts that reach the console."""
    shown, put_away = [], None
    for step in steps:
        word, _, rest = step.partition(" ")
        if "-n" in step:
            rest = rest.split()[-1]
            level = int(rest) if rest.isdigit() else LEVELS.index(rest) + 1
            put_away = None
        elif word == "-D":
            put_away = level if put_away is None else put_away
            level = 1
        elif word == "-E":
            level, put_away = (level if put_away is None else put_away), None
        elif int(word) < level:
            shown.append(rest)
    return shown
