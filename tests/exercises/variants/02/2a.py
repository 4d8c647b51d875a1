# %% id="by-neighbours" why="find the line first, then look at its neighbours"
def where_is(maps, address):
    lines = read_maps(maps)
    own = lines[0][3]
    found = [i for i, (start, end, _, _) in enumerate(lines) if start <= address < end]
    if not found:
        return "nowhere"
    here = found[0]
    start, end, perms, path = lines[here]

    def is_guard(i):
        return 0 <= i < len(lines) - 1 and lines[i][2:] == ("---p", "") and lines[i + 1][0] == lines[i][1]

    if path == own:
        return {"x": "text", "w": "data"}.get("x" if "x" in perms else "w" if "w" in perms else "", "rodata")
    if path.startswith("/"):
        return "library"
    if path:
        return {"[heap]": "heap", "[stack]": "stack"}.get(path, "other")
    if is_guard(here):
        return "guard"
    below = lines[here - 1] if here and lines[here - 1][1] == start else (0, 0, "", "")
    if below[3] == own and "w" in below[2]:
        return "bss"
    return "stack" if is_guard(here - 1) and below[1] == start else "other"


# %% id="a-table" why="name all lines first, then look the address up"
def named(lines):
    names = []
    for i, (start, end, perms, path) in enumerate(lines):
        mate = bool(i) and lines[i - 1][1] == start
        following = lines[i + 1][0] if i + 1 < len(lines) else None
        match path:
            case "":
                if mate and names[-1] == "data":
                    name = "bss"
                elif mate and names[-1] == "guard":
                    name = "stack"
                else:
                    name = "guard" if perms.startswith("---") and following == end else "other"
            case "[heap]" | "[stack]":
                name = path[1:-1]
            case _ if path == lines[0][3]:
                name = "text" if perms[2] == "x" else "data" if perms[1] == "w" else "rodata"
            case _:
                name = "library" if path[0] == "/" else "other"
        names.append(name)
    return names


def where_is(maps, address):
    lines = read_maps(maps)
    for (start, end, *_), name in zip(lines, named(lines), strict=True):
        if address in range(start, end):
            return name
    return "nowhere"
