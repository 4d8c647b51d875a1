"""The way to a zygote: what is asked in company and what alone, and what happens when something breaks."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.grading import judge, sweep
from labkit.grading.exercise import grade, unit
from labkit.grading.plan import Check
from labkit.grading.pool import Zygote
from labkit.grading.workers import Zygotes
from tests.labkit.grading import kit
from tests.labkit.grading.test_zygote import asked, problem

COUNTS = "calls = []\ndef count():\n    calls.append(1)\n    return len(calls)"


@pytest.fixture(scope="module")
def zygotes() -> Iterator[Zygotes]:
    """One of each kind, for all."""
    own = Zygotes()
    yield own
    own.close()


@pytest.fixture
def zygote(zygotes: Zygotes) -> Zygote:
    """A plain one."""
    zygotes.check(problem(""), {}, Check("True", True, ""))
    return zygotes.of_kind["plain"]


def test_what_passes_in_company_is_settled(zygotes: Zygotes) -> None:
    one = kit.problems(9)["9a"]
    settled = zygotes.together(one, kit.solutions(9))
    assert {i: outcome.state for i, outcome in settled.items()} == dict.fromkeys(range(len(one.checks)), judge.PASSED)


def test_what_fails_in_company_is_asked_again_alone(zygotes: Zygotes) -> None:
    twice = problem(COUNTS, Check("count()", 1, "first"), Check("count()", 1, "second"), Check("count()", 2, "third"))
    assert set(zygotes.together(twice, {})) == {0}
    outcomes = [zygotes.check(twice, {}, check) for check in twice.checks]
    assert [each.state for each in outcomes] == [judge.PASSED, judge.PASSED, judge.FAILED]


def test_a_crash_in_company_settles_nothing_but_what_it_was_asked_first(zygotes: Zygotes) -> None:
    crash, right = Check("os._exit(3)", True, "ends"), Check("1", 1, "one")
    assert set(zygotes.together(problem("import os", right, crash, right), {})) == set()
    settled = zygotes.together(problem("import os", crash, right), {})
    assert {i: outcome.state for i, outcome in settled.items()} == {0: judge.CRASHED}


def test_a_question_is_not_in_the_child_before_it_wishes_for_it(zygotes: Zygotes) -> None:
    look = "any('later' + '_question' in str(each) for each in gc.get_objects() if type(each) is dict)"
    find = f"import gc\ndef seen():\n    return {look}"
    checks = (Check("seen()", False, "first"), Check("'later_question'", "later_question", "second"))
    assert all(outcome.state != judge.FAILED for outcome in zygotes.together(problem(find, *checks), {}).values())


def test_output_belongs_to_the_check_that_printed_it(zygotes: Zygotes) -> None:
    checks = [Check(f"print({word!r})", None, "") for word in ("one", "two", "three")]
    settled = zygotes.together(problem("print('cell')", *checks), {})
    assert [settled[i].output.split() for i in range(3)] == [["cell", "one"], ["two"], ["three"]]


def test_a_wrong_solution_gets_the_same_states_in_company_and_alone(zygotes: Zygotes) -> None:
    one, wrong = (
        kit.problems(3)["3a"],
        kit.solutions(3) | {"3a": "class Scheduler:\n    def spawn(self, thread): self.one = thread"},
    )
    alone = [zygotes.check(one, wrong, check).state for check in one.checks]
    assert [each.state for each in grade(unit(one, wrong), zygotes).checks] == alone


def test_a_zygote_that_was_killed_is_replaced(zygote: Zygote) -> None:
    assert zygote.process is not None
    zygote.process.kill()
    zygote.process.wait()
    assert asked(zygote, "", "1", 1).state == judge.PASSED


def test_deep_folders_are_removed_and_nothing_breaks(zygote: Zygote) -> None:
    dig = "import os\nfor _ in range(400):\n    os.mkdir('deep')\n    os.chdir('deep')\nopen('file', 'w').close()"
    asked(zygote, dig, "True")
    assert os.listdir(zygote.folder) == []
    assert asked(zygote, "", "1", 1).state == judge.PASSED


def test_a_child_that_fills_the_disk_is_ended(zygote: Zygote) -> None:
    fill = "import itertools\ndef fill():\n    for i in itertools.count():\n        open(str(i % 3000), 'w').close()"
    assert asked(zygote, fill, "fill()").state == judge.OUTPUT
    assert os.listdir(zygote.folder) == []


def test_whoever_waits_learns_that_the_zygote_was_ended() -> None:
    own, heard = Zygote(), list[BaseException]()
    own.begin()

    def wait() -> None:
        try:
            asked(own, "import time", "time.sleep(1000)", limit_s=1000)
        except EOFError as error:
            heard.append(error)
        finally:
            own.close()

    thread = threading.Thread(target=wait)
    thread.start()
    own.end()
    thread.join(60)
    assert heard
    assert own.process is None


def test_the_folder_of_a_grader_that_was_killed_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    used, fd = sweep.claim()
    left = tmp_path / f"{sweep.PREFIX}left"
    (left / "1" / "deep").mkdir(parents=True)
    (left / "1" / "deep" / "link").symlink_to(used)
    sweep.sweep_old.__wrapped__()
    assert [str(each) for each in tmp_path.iterdir()] == [used]
    os.close(fd)
    sweep.sweep_old.__wrapped__()
    assert list(tmp_path.iterdir()) == []


def test_whoever_wishes_for_questions_himself_wishes_in_vain(zygotes: Zygotes) -> None:
    wish = "import os\ndef wish():\n    for _ in range(50):\n        os.write(200, bytes(4))\n    return 1"
    checks = [Check("wish()", 1, ""), Check("2", 2, ""), Check("3", 3, "")]
    settled = zygotes.together(problem(wish, *checks), {})
    assert {i: outcome.state for i, outcome in settled.items()} == dict.fromkeys(range(3), judge.PASSED)
