"""The claims are the course's backbone: every one is in its lesson, shown by a cell, and asked for before and after."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from labkit.course import claims_test, progress
from labkit.course.claims import CLAIMS_FILE, MARKS, VERDICTS, Claim, claim, load_claims
from labkit.course.claimstest import chosen, keep, marks
from labkit.course.syllabus import CourseError
from labkit.errors import LabError

Text = pytest.CaptureFixture[str]

ROOT = Path(__file__).parents[3]
CLAIMS = load_claims()
PARTS = {"A": 11, "B": 4, "C": 4, "D": 7, "E": 3, "F": 5}

# Places where a lesson should take up a claim and does not yet; the list may only become shorter.
MISSING: set[tuple[str, int]] = set()

LETTERS = {"true": "T", "partly": "P", "outdated": "O", "wrong": "X"}


def lesson_ids(number: int) -> set[str] | None:
    """The ids of a lesson's cells; None while that lesson is not written."""
    folders = list((ROOT / "lessons").glob(f"{number:02d}_*"))
    if not folders:
        return None
    text = (folders[0] / "lesson.py").read_text(encoding="utf-8")
    return set(re.findall(r'^# %%.*?\bid="([^"]+)"', text, re.MULTILINE))


def test_all_34_claims_are_there_in_order() -> None:
    assert [each.id for each in CLAIMS] == [f"{part}{n}" for part, many in PARTS.items() for n in range(1, many + 1)]
    assert len(CLAIMS) == 34


def test_the_verdicts_are_what_the_course_found() -> None:
    found = Counter(each.verdict for each in CLAIMS)
    assert found == {"true": 18, "partly": 7, "outdated": 3, "wrong": 2, "ambiguous": 1, "advice": 1, "slip": 1, "mixed": 1}
    assert set(found) == set(VERDICTS)


@pytest.mark.parametrize("each", CLAIMS, ids=lambda each: each.id)
def test_a_claim_is_one_line_with_one_sentence_of_truth_and_a_source(each: Claim) -> None:
    assert len(each.says) <= 120
    assert each.says.endswith(".")
    assert len(each.treatment) <= 150
    assert each.treatment.count(". ") == 0
    assert each.treatment.endswith(".")
    assert each.source
    assert list(each.lessons) == sorted(set(each.lessons))


def test_every_lesson_that_exists_has_the_anchors_of_its_claims() -> None:
    lacking = {
        (each.id, number)
        for each in CLAIMS
        for number in each.lessons
        if (ids := lesson_ids(number)) is not None and each.anchor not in ids
    }
    assert lacking == MISSING, "a cell of the lesson needs the id claim-…; what was mended goes out of MISSING"


def test_every_anchor_in_a_lesson_is_a_claim_that_names_that_lesson() -> None:
    for number in range(1, 13):
        for anchor in lesson_ids(number) or ():
            if found := re.match(r"claim-([a-f]\d+)", anchor):
                assert number in claim(found[1]).lessons, anchor


@pytest.mark.parametrize("each", CLAIMS, ids=lambda each: each.id)
def test_the_experiment_is_a_cell_that_exists(each: Claim) -> None:
    number, _, cell = each.experiment.partition("/")
    ids = lesson_ids(int(number))
    assert ids is None or cell in ids


def test_exercise_12e_says_the_same() -> None:
    text = (ROOT / "lessons/12_stacks_preemption_workqueues/exercises.py").read_text(encoding="utf-8")
    course, lessons = (re.search(rf'^{name} = dict\(zip\(IDS, "([^"]+)"', text, re.MULTILINE) for name in ("COURSE", "LESSONS"))
    assert course
    assert lessons
    for each, letters, number in zip(CLAIMS, course[1].split(), lessons[1].split(), strict=True):
        assert int(number) in each.lessons, each.id
        assert {LETTERS[mark] for mark in each.marks} & set(letters) or each.verdict == "ambiguous", each.id


def test_a_claim_is_found_by_its_id_in_either_case() -> None:
    assert claim("a4").says == claim("A4").says
    assert claim("A4").marks == ("wrong", "partly")
    assert claim("A11").marks == ("partly",)
    with pytest.raises(LookupError, match="there are A1, A2"):
        claim("Z9")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('id = "A2"', "claim A2 is there twice"),
        ('id = "Q1"', "claim Q1: id is a letter and a number"),
        ('verdict = "maybe"', "claim A1: verdict 'maybe' is none of true, partly"),
        ('also = ["perhaps"]', "also: marks are true, partly"),
        ('experiment = "07/claim-a1"', "is no cell of its lessons"),
        ('source = ""', "source is '', not what is meant"),
        ('colour = "red"', "unknown field 'colour'"),
        ("lessons =", "Invalid value"),
    ],
)
def test_what_is_written_wrongly_is_named(tmp_path: Path, change: str, says: str) -> None:
    text = CLAIMS_FILE.read_text(encoding="utf-8")
    head, _, rest = text.partition("[[claim]]\n")
    first, _, others = rest.partition("[[claim]]\n")
    field = change.split(" =", maxsplit=1)[0]
    first = re.sub(rf"^{field} =.*\n", "", first, flags=re.MULTILINE)
    path = tmp_path / "claims.toml"
    path.write_text(f"{head}[[claim]]\n{change}\n{first}[[claim]]\n{others}", encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(says)):
        load_claims(path)


@pytest.fixture
def student(progress_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are asked, as in a student's notebook."""
    monkeypatch.delenv("LABKIT_PREDICT", raising=False)
    monkeypatch.setattr(progress, "_in_memory", None)


@pytest.mark.usefixtures("student")
def test_before_the_course_no_verdict_is_shown(capsys: Text) -> None:
    claims_test("before", answers={each.id: "true" for each in CLAIMS})
    assert keep("before", "A4", "wrong") == "A4: wrong. Kept; you will meet it in lesson 4."
    claims_test("before")
    out = capsys.readouterr().out
    assert "34 of 34 marked and kept. You will meet each in its lesson" in out
    assert not any(each.treatment in out for each in CLAIMS)
    assert "✓" not in out
    assert "→" not in out


@pytest.mark.usefixtures("student")
def test_after_the_course_both_are_shown_side_by_side(capsys: Text) -> None:
    claims_test("before", answers={"A4": "true", "A5": "true", "A6": "wrong"})
    capsys.readouterr()
    claims_test("after", answers={"A4": "partly", "A5": "true"}, only="A4 A5 A6")
    out = capsys.readouterr().out
    assert "A4  Userland threads are faster, since a switch need not go into kernel mode. (lesson 4)" in out
    assert "before: ✗ true   after: ✓ partly" in out
    assert "→ wrong as said. A switch by SIGALRM" in out
    assert "before: ✗ wrong   after: –" in out
    assert out.splitlines()[-1] == "You agree with the course on 1 of 3; before it, on 0. Changed: 1."


@pytest.mark.usefixtures("student")
def test_marks_are_kept_by_name_and_may_be_changed() -> None:
    keep("before", "A1", "wrong")
    keep("before", "A1", "true")
    keep("after", "A1", "partly")
    assert marks("before") == {"A1": "true"}
    assert "your first mark of A1 stays true" in keep("before", "A1", "wrong")
    assert marks("before") == {"A1": "true"}, "what one believed before is not made up afterwards"
    assert marks("after") == {"A1": "partly"}
    assert progress.read_progress()["predictions"] == {}


@pytest.mark.parametrize(("id", "mark"), [("A1", "maybe"), ("Z1", "true")])
def test_what_is_no_mark_is_answered_with_the_marks(id: str, mark: str, progress_dir: Path) -> None:
    with pytest.raises(LabError, match="say one of true, partly, outdated, wrong"):
        keep("before", id, mark)
    assert marks("before") == {}


def test_some_claims_are_chosen_by_part_or_id() -> None:
    assert [each.id for each in chosen("b E3")] == ["B1", "B2", "B3", "B4", "E3"]
    assert chosen() == CLAIMS
    with pytest.raises(LabError, match="no claim Z1"):
        chosen("Z1")
    with pytest.raises(LabError, match="before"):
        claims_test("during")


def test_the_build_sees_the_list_and_after_the_course_the_verdicts(progress_dir: Path, capsys: Text) -> None:
    keep("before", "A1", "wrong")
    claims_test("before")
    before = capsys.readouterr().out
    claims_test("after")
    after = capsys.readouterr().out
    assert not any(each.treatment[:40] in before for each in CLAIMS)
    assert all(each.treatment[:40] in after for each in CLAIMS)
    assert "wrong   after" not in after, "nobody's marks are in what is stored"
    assert max(map(len, (before + after).splitlines())) <= 130
    assert set(MARKS) <= set(VERDICTS)
