# %% id="arrangements" why="schedules are the different arrangements of the letters; memory in a list of pairs"
from itertools import permutations


def schedules(program):
    return sorted({"".join(order) for order in permutations("".join(n * len(steps) for n, steps in program.items()))})


def play(program, schedule):
    left = {name: list(steps) for name, steps in program.items()}
    memory = {}
    box = 0
    for name in schedule:
        match left[name].pop(0):
            case "r":
                memory[name] = box
            case "w":
                box = memory[name] + 1
    return box


def bad(program):
    good = 0
    for schedule in schedules(program):
        good += play(program, schedule) == sum(steps.count("w") for steps in program.values())
    return len(schedules(program)) - good


# %% id="grown-step-by-step" why="a list of unfinished schedules that grows; iterators for the steps"
def schedules(program):
    found = [""]
    for _ in range(sum(map(len, program.values()))):
        found = [s + n for s in found for n in program if s.count(n) < len(program[n])]
    return sorted(found)


def play(program, schedule):
    steps = {name: iter(text) for name, text in program.items()}
    box, seen = 0, dict.fromkeys(program, 0)
    for name in schedule:
        step = next(steps[name])
        seen[name] = box if step == "r" else seen[name]
        box = seen[name] + 1 if step == "w" else box
    return box


def bad(program):
    right = len([step for steps in program.values() for step in steps if step == "w"])
    return len([s for s in schedules(program) if play(program, s) < right])
