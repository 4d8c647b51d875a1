"""What grades one check after another: the way for each problem, and the processes that it needs.

Python is judged in a zygote. C and kernel modules are judged by what they did: the cells of the course run in a zygote too,
ask for a run (asking.py), and run again with the answer, which the workshop or a VM has given meanwhile. So no student's
Python is ever where a program may be started.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any, Final

from labkit.errors import LabError
from labkit.grading import judge, texts
from labkit.grading.asking import key_of, packed_answer
from labkit.grading.compiled import Workshop
from labkit.grading.doubts import doubts
from labkit.grading.judge import Outcome
from labkit.grading.kernelwork import KernelWork
from labkit.grading.plan import Check, Problem
from labkit.grading.pool import Zygote

BROKEN: Final = "broken"
"""State of an answer that tells of a fault of the grader's, not of the text."""
RUNS_MOST: Final = 12
"""Runs that one check may ask for; the course's own ask for three."""
SOURCE_MOST: Final = 400_000
ANSWERS_KEPT: Final = 60
WHATS: Final = {"run", "check_switch", "module"}
CURE: Final = {"NoCompiler": "a C compiler", "NoKernel": "the real kernel"}


class Zygotes:
    """One of each process that is asked for. Use it from one thread."""

    def __init__(self) -> None:
        self.of_kind: dict[str, Zygote] = {}
        self.workshop = Workshop()
        self.kernels = KernelWork(self.workshop)
        self.answers: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self.told: tuple[Any, Outcome | dict[str, str]] = None, {}
        self.ended = False

    def check(self, problem: Problem, solutions: dict[str, str], check: Check) -> Outcome:
        """Judge one check in the way that its problem needs."""
        zygote = self._zygote("open" if "proc" in problem.needs else "plain")
        if not asks(problem):
            return zygote.check(problem, solutions, check)
        told = self._texts(problem, solutions, zygote)
        if isinstance(told, Outcome):
            return replace(told, evidence=list(told.evidence))
        if texts.only_texts(problem):
            solutions = solutions | texts.stand_ins(problem, told)
        return self._asked(problem, solutions, check, told, zygote)

    def together(self, problem: Problem, solutions: dict[str, str]) -> dict[int, Outcome]:
        """See Zygote.together(); nothing is settled so where cells ask for runs of C."""
        return {} if asks(problem) else self._zygote("open" if problem.needs else "plain").together(problem, solutions)

    def _zygote(self, kind: str) -> Zygote:
        if kind not in self.of_kind:
            self.of_kind[kind] = Zygote(kind)
        return self.of_kind[kind]

    def _texts(self, problem: Problem, solutions: dict[str, str], zygote: Zygote) -> Outcome | dict[str, str]:
        """The student's texts, asked for once for all checks of a problem; or why there are none."""
        if not texts.givers(problem):
            return {}
        key = (problem.exercise.id, tuple(sorted(solutions.items())))
        if self.told[0] != key:
            self.told = key, self._ask_for_texts(problem, solutions, zygote)
        return self.told[1]

    def _ask_for_texts(self, problem: Problem, solutions: dict[str, str], zygote: Zygote) -> Outcome | dict[str, str]:
        outcome = self._asked(problem, solutions, texts.asking(problem), {}, zygote)
        found = next((each["texts"] for each in outcome.asks if _says(each, "texts") and type(each.get("texts")) is dict), None)
        if not texts.only_texts(problem):
            return {name: text for name, text in (found or {}).items() if isinstance(text, str)}
        if found is None:
            return replace(outcome, began=False)
        wrong = texts.trouble(found) or ("" if set(found) == set(texts.givers(problem)) else "a text is missing")
        return Outcome(judge.FAILED, wrong, began=False, evidence=outcome.evidence) if wrong else found

    def _asked(self, problem: Problem, solutions: dict[str, str], check: Check, told: dict[str, str], zygote: Zygote) -> Outcome:
        """Run the cells, and again with each answer that they ask for."""
        given: dict[str, dict[str, Any]] = {}
        for _ in range(RUNS_MOST):
            outcome = zygote.check(problem, solutions, check, {key: each["packed"] for key, each in given.items()})
            asked = next((each for each in outcome.asks if isinstance(each, dict) and each.get("what") in WHATS), None)
            if asked is None:
                return _explained(outcome, [given[key] for key in outcome.used if key in given], told)
            answer = self._answer(asked)
            if answer["state"] == "missing" and not _bears(problem, answer):
                why = f"not graded here: it needs {CURE[answer['kind']]}. {answer['text']}"
                return Outcome(judge.NOT_GRADED, why, began=not texts.only_texts(problem))
            if answer["state"] == BROKEN:
                return Outcome(judge.REVIEW, f"the grader could not run this C: a person has to look. {answer['text']}")
            given[key_of(asked)] = answer
        return Outcome(judge.FAILED, f"one check asks for more than {RUNS_MOST} runs")

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What a request gives; the same request gives the same answer, so it is done once."""
        key = key_of(asked)
        if key not in self.answers:
            about = {"source": str(asked.get("source")), "what": asked["what"]}
            self.answers[key] = about | self._done(asked)
            while len(self.answers) > ANSWERS_KEPT:
                self.answers.popitem(last=False)
        self.answers.move_to_end(key)
        found = self.answers[key]
        if found["state"] in ("missing", BROKEN):
            del self.answers[key]
        return found

    def _done(self, asked: dict[str, Any]) -> dict[str, Any]:
        source = asked.get("source")
        if not isinstance(source, str) or len(source) > SOURCE_MOST or source.encode("utf-8", "replace").decode() != source:
            text = "this is no C text that could be compiled"
        else:
            try:
                return self.kernels.ask(asked) if asked["what"] == "module" else self.workshop.ask(asked)
            except LabError as error:
                text = str(error)
            except (OSError, EOFError, ValueError) as error:
                if self.workshop.ended:
                    raise
                return {"kind": "BadProgram", "packed": "", "state": BROKEN, "text": f"the workshop ended twice: {error!r}"}
        return {"kind": "BadProgram", "packed": packed_answer("BadProgram", text), "state": "failed", "text": text}

    def end(self) -> None:
        """End all, from another thread."""
        self.workshop.end()
        for zygote in list(self.of_kind.values()):
            zygote.end()

    def close(self) -> None:
        """End all, from the thread that uses them."""
        self.workshop.close()
        for zygote in self.of_kind.values():
            zygote.close()


def asks(problem: Problem) -> bool:
    """Whether a problem's cells may ask for runs of C."""
    return bool({"cc", "qemu"} & set(problem.needs)) or problem.runs_c


def _says(asked: Any, what: str) -> bool:
    return isinstance(asked, dict) and asked.get("what") == what


def _bears(problem: Problem, answer: dict[str, Any]) -> bool:
    """Whether the problem's own cells know what to do without a compiler: the course has not tagged them as needing one."""
    return answer["kind"] == "NoCompiler" and "cc" not in problem.needs


def _explained(outcome: Outcome, used: list[dict[str, Any]], told: dict[str, str]) -> Outcome:
    """The outcome, with what the student's own C did where that is why it failed, and what about it is doubtful."""
    own = [each for each in used if any(text.strip() and text in each["source"] for text in told.values())]
    wrong = next((each for each in own if each["state"]), None)
    if wrong is not None and outcome.state == judge.FAILED:
        outcome.state = wrong["state"]
        outcome.reason = f"{wrong['text'].rstrip('. ')}. {outcome.reason}".strip()
    for text in told.values() if own else ():
        found = doubts(text, own[0]["what"])
        outcome.evidence += [each for each in found if each not in outcome.evidence]
    if outcome.state == judge.PASSED and outcome.evidence:
        outcome.state, outcome.reason = judge.REVIEW, "it passes, and its text does what no solution needs: a person decides"
    return outcome
