# %% id="by-partition" why="takes the name apart from the left, no regular expression"
def read_kworker(name):
    if not name.startswith("kworker/"):
        return None
    body, work = name[8:], ""
    for place, character in enumerate(body):
        if character in "-+":
            body, work = body[:place], body[place + 1 :]
            break
    where, colon, id = body.partition(":")
    high = id.endswith("H")
    id = id.removesuffix("H")
    unbound = where.startswith("u")
    where = where.removeprefix("u")
    if not (colon and where.isdecimal() and id.isdecimal()):
        return None
    cpu = None if unbound else int(where)
    return {"cpu": cpu, "pool": int(where) if unbound else None, "id": int(id), "high": high, "work": work}


def flushing(names):
    disks = []
    for name in names:
        parts = read_kworker(name)
        if parts is not None and parts["work"][:6] == "flush-":
            disks.append(parts["work"][6:])
    return disks


def writer(version):
    numbers = [int(part) for part in version.split("-")[0].split(".")]
    if numbers[0] == 2:
        return "flush" if numbers[2] >= 32 else "pdflush"
    return "flush" if numbers[0] == 3 and numbers[1] < 10 else "kworker"


# %% id="two-patterns" why="one pattern for bound and one for unbound kworkers"
import re

BOUND = re.compile(r"kworker/(?P<cpu>\d+):(?P<id>\d+)(?P<high>H?)([-+](?P<work>.*))?\Z")
UNBOUND = re.compile(r"kworker/u(?P<pool>\d+):(?P<id>\d+)(?P<high>H?)([-+](?P<work>.*))?\Z")


def read_kworker(name):
    found = BOUND.match(name) or UNBOUND.match(name)
    if not found:
        return None
    parts = {"cpu": None, "pool": None} | found.groupdict()
    number = lambda text: None if text is None else int(text)
    return {
        "cpu": number(parts["cpu"]),
        "pool": number(parts["pool"]),
        "id": int(parts["id"]),
        "high": bool(parts["high"]),
        "work": parts["work"] or "",
    }


def flushing(names):
    return [m[1] for name in names if (w := read_kworker(name)) and (m := re.match(r"flush-(.*)", w["work"]))]


def writer(version):
    major, minor, *more = map(int, re.match(r"[\d.]+\d", version)[0].split("."))
    if (major, minor) >= (3, 10):
        return "kworker"
    if (major, minor, *more) >= (2, 6, 32):
        return "flush"
    return "pdflush"
