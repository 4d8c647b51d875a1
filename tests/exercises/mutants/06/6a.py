# %% id="only-whole-threads" why="a thread runs to its end once it has begun"
from itertools import permutations


def schedules(program):
    return sorted("".join(name * len(program[name]) for name in order) for order in permutations(program))


def play(program, schedule):
    box, remembers, done = 0, {}, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box


def bad(program):
    right = "".join(program.values()).count("w")
    return sum(play(program, schedule) != right for schedule in schedules(program))


# %% id="in-turn-only" why="threads take turns, one step each"
def schedules(program):
    if not any(program.values()):
        return [""]
    name = next(name for name in program if program[name])
    others = {other: steps for other, steps in program.items() if other != name}
    return [name + rest for rest in schedules(others | {name: program[name][1:]})]


def play(program, schedule):
    box, remembers, done = 0, {}, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box


def bad(program):
    right = "".join(program.values()).count("w")
    return sum(play(program, schedule) != right for schedule in schedules(program))


# %% id="forgets-who-is-left" why="when one thread has ended, the schedule has ended"
def schedules(program):
    if not all(program.values()):
        return [""]
    found = []
    for name, steps in program.items():
        found += [name + rest for rest in schedules(program | {name: steps[1:]})]
    return sorted(found)


def play(program, schedule):
    box, remembers, done = 0, {}, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box


def bad(program):
    right = "".join(program.values()).count("w")
    return sum(play(program, schedule) != right for schedule in schedules(program))


# %% id="steps-of-a-thread-change-places" why="every order of the letters is another schedule"
from itertools import permutations


def schedules(program):
    letters = "".join(name * len(steps) for name, steps in program.items())
    return sorted("".join(order) for order in permutations(letters))


def play(program, schedule):
    box, remembers, done = 0, {}, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box


def bad(program):
    right = "".join(program.values()).count("w")
    return sum(play(program, schedule) != right for schedule in schedules(program))


# %% id="one-memory-for-all" why="the threads share what they remember"
def schedules(program):
    if not any(program.values()):
        return [""]
    found = []
    for name, steps in program.items():
        if steps:
            found += [name + rest for rest in schedules(program | {name: steps[1:]})]
    return sorted(found)


def play(program, schedule):
    box, remembers, done = 0, 0, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers = box
        elif step == "w":
            box = remembers + 1
    return box


def bad(program):
    right = "".join(program.values()).count("w")
    return sum(play(program, schedule) != right for schedule in schedules(program))


# %% id="reads-when-it-writes" why="adding is one step"
def schedules(program):
    if not any(program.values()):
        return [""]
    found = []
    for name, steps in program.items():
        if steps:
            found += [name + rest for rest in schedules(program | {name: steps[1:]})]
    return sorted(found)


def play(program, schedule):
    box, done = 0, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "w":
            box += 1
    return box


def bad(program):
    right = "".join(program.values()).count("w")
    return sum(play(program, schedule) != right for schedule in schedules(program))


# %% id="first-step-again" why="a thread does its first step at each turn"
def schedules(program):
    if not any(program.values()):
        return [""]
    found = []
    for name, steps in program.items():
        if steps:
            found += [name + rest for rest in schedules(program | {name: steps[1:]})]
    return sorted(found)


def play(program, schedule):
    box, remembers = 0, {}
    for name in schedule:
        step = program[name][0]
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box


def bad(program):
    right = "".join(program.values()).count("w")
    return sum(play(program, schedule) != right for schedule in schedules(program))


# %% id="every-mix-is-bad" why="a schedule is bad as soon as the threads mix"
def schedules(program):
    if not any(program.values()):
        return [""]
    found = []
    for name, steps in program.items():
        if steps:
            found += [name + rest for rest in schedules(program | {name: steps[1:]})]
    return sorted(found)


def play(program, schedule):
    box, remembers, done = 0, {}, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box


def bad(program):
    found = schedules(program)
    whole = [s for s in found if sum(x != y for x, y in zip(s, s[1:])) == len(program) - 1]
    return len(found) - len(whole)


# %% id="one-for-each-thread" why="the right number is the number of threads"
def schedules(program):
    if not any(program.values()):
        return [""]
    found = []
    for name, steps in program.items():
        if steps:
            found += [name + rest for rest in schedules(program | {name: steps[1:]})]
    return sorted(found)


def play(program, schedule):
    box, remembers, done = 0, {}, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box


def bad(program):
    return sum(play(program, schedule) != len(program) for schedule in schedules(program))


# %% id="counts-wrong-results" why="equal wrong results count once"
def schedules(program):
    if not any(program.values()):
        return [""]
    found = []
    for name, steps in program.items():
        if steps:
            found += [name + rest for rest in schedules(program | {name: steps[1:]})]
    return sorted(found)


def play(program, schedule):
    box, remembers, done = 0, {}, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box


def bad(program):
    right = "".join(program.values()).count("w")
    return len({play(program, schedule) for schedule in schedules(program)} - {right})
