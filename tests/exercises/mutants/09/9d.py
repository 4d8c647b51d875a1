# %% id="splits-at-the-last-dash" why="the work is behind the last -"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:.*[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"


# %% id="plus-forgotten" why="a - comes before the work"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:-(.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"


# %% id="pool-taken-for-a-cpu" why="the first number is the CPU"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"


# %% id="h-anywhere" why="an H in the name means urgent"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": "H" in name or "h" in name, "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"


# %% id="one-digit" why="numbers have one digit"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d):(\d)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"


# %% id="none-for-no-work" why="no work is None"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5]}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"


# %% id="flush-anywhere" why="what has flush in its name writes to disk"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    return [name.split("flush-")[-1] for name in names if "flush" in name]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"


# %% id="compares-versions-as-texts" why="versions are texts and texts can be compared"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    return "pdflush" if version < "2.6.32" else "flush" if version < "3.10" else "kworker"


# %% id="compares-versions-as-fractions" why="3.10 is 3.1"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = float(".".join(version.split("-")[0].split(".")[:2]))
    return "pdflush" if number < 3 and int(version.split(".")[2]) < 32 else "flush" if number < 3.10 else "kworker"


# %% id="still-pdflush" why="pdflush writes pages to disk"
import re


def read_kworker(name):
    found = re.fullmatch(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if True or number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"


# %% id="matches-in-the-middle" why="a kworker has kworker in its name"
import re


def read_kworker(name):
    found = re.search(r"kworker/(u?)(\d+):(\d+)(H?)(?:[-+](.*))?", name)
    if found is None:
        return None
    unbound, number = found[1] == "u", int(found[2])
    cpu, pool = (None, number) if unbound else (number, None)
    return {"cpu": cpu, "pool": pool, "id": int(found[3]), "high": found[4] == "H", "work": found[5] or ""}


def flushing(names):
    works = [worker["work"] for worker in map(read_kworker, names) if worker]
    return [work.removeprefix("flush-") for work in works if work.startswith("flush-")]


def writer(version):
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return "pdflush" if number < (2, 6, 32) else "flush" if number < (3, 10) else "kworker"
