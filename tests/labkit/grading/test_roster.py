"""A class list of any origin is read, and each submission finds its student, or nobody."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import LabError
from labkit.grading.matching import Matcher, match
from labkit.grading.roster import Roster, Student, read_roster
from tests.labkit.grading.test_tables import grade

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Lesson 6 (99),Current Score
    Points Possible,,,,,25.0,(read only)
"Lovelace, Ada",4711,s1,ada@x.org,A,3,12
"Student, Test",1,,,A,,
"""
WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments
Participant 4711,Ada Lovelace,ada@x.org,Submitted,,25.00,-,
"""


def roster(tmp_path: Path, text: str | bytes) -> Roster:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_roster(path)


@pytest.mark.parametrize(
    "text",
    [
        "id,email,name\n4711,ada@x.org,Ada Lovelace\n",
        "Name;Email;ID\r\nAda Lovelace;ada@x.org;4711\r\n",
        "First name\tLast name\tID number\tEmail address\nAda\tLovelace\t4711\tada@x.org\n",
        "\ufeffStudent number,Student name,E-mail\n\n4711,Ada Lovelace,ada@x.org\n,,\n",
        "id,email,name\n4711,ada@x.org,Ada Lovelace\n".encode("utf-16"),
        WORKSHEET,
    ],
)
def test_rosters_of_many_origins_say_the_same(tmp_path: Path, text: str | bytes) -> None:
    (ada,) = roster(tmp_path, text).students
    assert (ada.id, ada.email, ada.name) == ("4711", "ada@x.org", "Ada Lovelace")


def test_gradebook_of_canvas_is_a_roster_without_its_lines_that_are_no_students(tmp_path: Path) -> None:
    read = roster(tmp_path, CANVAS)
    (ada,) = read.students
    assert (ada.id, ada.sis, ada.login, ada.section, ada.name) == ("4711", "s1", "ada@x.org", "A", "Lovelace, Ada")
    assert read.points["Lesson 6 (99)"] == "25.0"
    assert (read.canvas, read.worksheet) == (True, False)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("id,name\n", "no student"),
        ("colour,size\nred,3\n", "no column says who somebody is"),
        ("id,name\n7,Ada\n7,Bob\n", "the id 7 is there twice"),
        ("email,name\na@x,Ada\na@x,Bob\n", "the email a@x is there twice"),
        (b"id,name\n1,Zo\xeb\n", "UTF-8"),
        (b"PK\x03\x04\x00\xff", "UTF-8"),
        ('id,name\n1,"' + "x" * 200_000 + '"\n', "field larger"),
    ],
)
def test_what_is_no_roster_is_told_with_its_cure(tmp_path: Path, text: str | bytes, why: str) -> None:
    with pytest.raises(LabError, match=why):
        roster(tmp_path, text)


def test_roster_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="No such file"):
        read_roster(tmp_path / "none.csv")


def of(*students: Student, columns: tuple[str, ...] = ()) -> Roster:
    return Roster(Path("r.csv"), columns, students)


ADA = Student("17", "Ada@x.org", "Ada Lovelace", login="al17")
JOHN = Student("18", "jvn@x.org", "John von Neumann")
ZOE = Student("19", "zoe@x.org", "Müller-Lüdenscheidt, Zoë")


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("17", ADA), ("ada@x.org", ADA), ("AL17", ADA), ("ada", ADA), ("Ada Lovelace", ADA), ("Lovelace, Ada", ADA),
        ("lovelaceada (99)", ADA), ("lovelace_ada", ADA), ("ADA  LOVELACE", ADA), ("Lovelace Ada (17)", ADA),
        ("vonneumannjohn (18)", JOHN), ("von Neumann, John", JOHN), ("Neumann John von", JOHN),
        ("mullerludenscheidtzoe (5)", ZOE), ("Zoe Muller-Ludenscheidt", ZOE),
        ("bob (17)", None), ("", None), ("()", None), ("...", None), ("Love", None), ("von", None),
    ],
)  # fmt: skip
def test_submission_finds_its_student(name: str, student: Student | None) -> None:
    assert Matcher(of(ADA, JOHN, ZOE)).find(name) is student


def test_number_alone_counts_only_where_it_is_the_systems_own() -> None:
    canvas = of(ADA, JOHN, columns=("Student", "ID", "Section"))
    assert Matcher(canvas).find("al (17)") is ADA
    assert Matcher(of(ADA, JOHN)).find("al (17)") is None
    assert Matcher(of(ADA, JOHN)).find("johnvonneumann (17)") is JOHN


def test_two_of_one_name_are_told_apart_by_number_or_not_at_all() -> None:
    other = Student("20", "al@y.org", "Lovelace, Ada")
    matcher = Matcher(of(ADA, other))
    assert matcher.find("lovelaceada") is None
    assert [matcher.find(f"lovelaceada ({id})") for id in ("17", "20")] == [ADA, other]


words = st.text(st.characters(categories=["L"]), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.lists(st.tuples(words, words), min_size=1, max_size=6), st.data())
def test_match_by_name_is_never_somebody_else(names: list[tuple[str, str]], data: st.DataObject) -> None:
    """Whatever the order of the words, the accents or the capitals: a name finds one of its own, or nobody."""
    students = [Student(str(1000 + i), "", f"{first} {last}") for i, (first, last) in enumerate(names)]
    first, last = data.draw(st.sampled_from(names))
    written = data.draw(st.sampled_from([f"{first} {last}", f"{last}, {first}", f"{last} {first}".upper()]))
    written = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), written)
    found = Matcher(of(*students)).find(written)

    def plain(text: str) -> str:
        return "".join(sorted(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum()))

    if found is not None:
        assert plain(found.name) == plain(written)
    elif written == f"{first} {last}":
        same = [each for each in students if plain(each.name) == plain(written)]
        assert len(same) != 1


def test_whoever_cannot_be_matched_is_told_on_both_sides() -> None:
    grades = [grade("ada", 6, {"6a": 2.0}), grade("Ada Lovelace", 6, {"6a": 0.0}), grade("Lovelace, Ada", 5, {"5a": 2.0}),
              grade("nobody", 6, {"6a": 2.0}), grade("nobody", 5, {"5a": 2.0}), grade("zoe", 6, {"6a": 2.0})]  # fmt: skip
    found = match(grades, of(ADA, JOHN, ZOE))
    assert found.strangers == ["nobody"]
    assert found.absent == [JOHN]
    assert found.doubled == [(ADA, 6, ["ada", "Ada Lovelace"])]
    assert [(student, sorted(lessons)) for student, lessons in found.pairs] == [(ADA, [5]), (ZOE, [6])]
