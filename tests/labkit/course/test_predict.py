from __future__ import annotations

import threading
from pathlib import Path

import pytest

from labkit.course import predict, progress, reveal
from labkit.course import predict as predict_function
from labkit.course.predict import Question, record
from labkit.errors import LabError

Text = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def student(progress_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are asked, as in a student's notebook."""
    monkeypatch.delenv("LABKIT_PREDICT", raising=False)
    monkeypatch.setattr(progress, "_in_memory", None)


def ask(answer: object = None) -> None:
    predict("who-first", "Who runs first?", ["the first spawned", "the last spawned"], answer=answer)


def recorded() -> dict[str, object]:
    return dict(progress.read_progress()["predictions"]["who-first"])


def test_the_text_twin_lists_question_and_options(capsys: Text) -> None:
    ask()
    assert capsys.readouterr().out == "Predict: Who runs first?\n  A. the first spawned\n  B. the last spawned\n"


def test_nothing_is_revealed_before_a_prediction(capsys: Text) -> None:
    ask()
    reveal("who-first", "A", because="the run queue is first in, first out")
    assert "Choose above first, then run this cell again" in capsys.readouterr().out
    ask(answer="b")
    capsys.readouterr()
    reveal("who-first", "A", because="first in, first out")
    wanted = "You predicted B (the last spawned); it was A (the first spawned).\nfirst in, first out\n"
    assert capsys.readouterr().out == wanted


@pytest.mark.parametrize("answer", ["A", "a", "the first spawned"])
def test_a_choice_is_a_letter_or_the_words_of_an_option(answer: str, capsys: Text) -> None:
    ask(answer=answer)
    assert "Recorded: A." in capsys.readouterr().out
    assert recorded()["choice"] == "A"
    reveal("who-first", "the first spawned")
    assert capsys.readouterr().out == "You predicted A (the first spawned); so it was.\n"


def test_the_first_prediction_stands_once_the_answer_was_seen(capsys: Text) -> None:
    ask(answer="B")
    ask(answer="A")
    assert recorded()["choice"] == "A"
    reveal("who-first", "A")
    ask(answer="B")
    assert "your prediction stays A" in capsys.readouterr().out
    assert recorded()["choice"] == "A"


def test_a_student_may_see_the_answer_without_a_prediction(capsys: Text) -> None:
    ask(answer="skip")
    capsys.readouterr()
    reveal("who-first", "B")
    assert capsys.readouterr().out == "You made no prediction; it was B (the last spawned).\n"


def test_an_open_question_takes_any_answer(capsys: Text) -> None:
    predict("how-many", "How many switches?", answer=7)
    capsys.readouterr()
    reveal("how-many", 7)
    assert capsys.readouterr().out == "You predicted 7; so it was.\n"


def test_options_may_bring_their_own_names(capsys: Text) -> None:
    predict("which", "Which?", {"X": "the first", "Y": "the second"}, answer="y")
    reveal("which", "X")
    assert "You predicted Y (the second); it was X (the first)." in capsys.readouterr().out


def test_the_build_sees_every_answer_and_records_nothing(capsys: Text, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_PREDICT", "skip")
    ask()
    reveal("who-first", "A", because="so it is")
    assert capsys.readouterr().out.endswith("It was A (the first spawned).\nso it is\n")
    assert progress.read_progress()["predictions"] == {}


def test_a_click_may_be_handled_in_another_thread() -> None:
    ask()
    thread = threading.Thread(target=record, args=("who-first", "B"))
    thread.start()
    thread.join()
    assert recorded()["choice"] == "B"


@pytest.mark.parametrize(
    ("id", "options", "says"),
    [("Who First", ["a", "b"], "lower case"), ("who", ["a"], "two options or more"), ("who", "ab", "two options or more")],
)
def test_a_question_that_cannot_be_asked_is_named(id: str, options: list[str], says: str) -> None:
    with pytest.raises(LabError, match=says):
        predict_function(id, "?", options)


def test_an_answer_that_is_no_choice_is_answered_with_the_choices() -> None:
    with pytest.raises(LabError, match="choose one of A, B, or 'skip'"):
        ask(answer="C")


def test_texts_are_shown_as_text_not_as_markup() -> None:
    shown = Question("who", "Is 1 < 2?", ["<b>", "&"])._repr_html_()
    assert "1 &lt; 2" in shown
    assert "A. &lt;b&gt;" in shown
