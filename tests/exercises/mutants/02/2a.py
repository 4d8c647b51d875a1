# %% id="end-belongs" why="the end of a line still belongs to it: the guard page begins one byte later"
def where_is(maps, address):
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif touches and kind == "guard":
            kind = "stack"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start <= address <= end:
            return kind
        end_below = end
    return "nowhere"


# %% id="start-excluded" why="the first byte above the guard page is still guard"
def where_is(maps, address):
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif touches and kind == "guard":
            kind = "stack"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start < address <= end:
            return kind
        end_below = end
    return "nowhere"


# %% id="every-dashes-a-guard" why="every line without permissions is a guard page"
def where_is(maps, address):
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif touches and kind == "guard":
            kind = "stack"
        elif perms == "---p":
            kind = "guard"
        else:
            kind = "other"
        if start <= address < end:
            return kind
        end_below = end
    return "nowhere"


# %% id="every-anonymous-a-stack" why="writable memory without a name is a stack"
def where_is(maps, address):
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif perms == "rw-p":
            kind = "stack"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start <= address < end:
            return kind
        end_below = end
    return "nowhere"


# %% id="bss-is-data" why="bss is the end of data, in the program's file"
def where_is(maps, address):
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "data"
        elif touches and kind == "guard":
            kind = "stack"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start <= address < end:
            return kind
        end_below = end
    return "nowhere"


# %% id="only-mains-stack" why="the kernel names all stacks [stack]"
def where_is(maps, address):
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start <= address < end:
            return kind
        end_below = end
    return "nowhere"


# %% id="code-is-text" why="what may be executed is the program's text"
def where_is(maps, address):
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if "x" in perms:
            kind = "text"
        elif path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif touches and kind == "guard":
            kind = "stack"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start <= address < end:
            return kind
        end_below = end
    return "nowhere"


# %% id="name-by-heart" why="the program is called places"
def where_is(maps, address):
    lines = read_maps(maps)
    program = "/home/ada/places"
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif touches and kind == "guard":
            kind = "stack"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start <= address < end:
            return kind
        end_below = end
    return "nowhere"


# %% id="above-data-only-unnamed" why="a line without a path that touches the one below continues it"
def where_is(maps, address):
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif touches and kind in ("guard", "stack"):
            kind = "stack"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start <= address < end:
            return kind
        end_below = end
    return "nowhere"
