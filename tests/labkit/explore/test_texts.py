"""Text that a program runs with exec() is watched like the rest of it, and sees what it would see without explore()."""

from __future__ import annotations

from typing import Any

from labkit import explore, spawn

counter = 0


def both(work: Any) -> None:
    for thread in [spawn(work), spawn(work)]:
        thread.join()


def test_text_in_a_namespace_is_watched() -> None:
    def main() -> int:
        space = {"x": 0}
        both(lambda: exec("x += 1", space))
        return space["x"]

    assert explore(main).outcomes == {1: 2, 2: 2}


def test_text_that_was_compiled_before_is_watched() -> None:
    def main() -> int:
        code, space = compile("x += 1", "<text>", "exec"), {"x": 0}
        both(lambda: exec(code, space))
        return space["x"]

    assert explore(main).outcomes == {1: 2, 2: 2}


def test_functions_and_classes_made_of_text_are_watched() -> None:
    def main() -> int:
        space: dict[str, Any] = {}
        exec("class Till:\n    money = 0\n    def earn(self):\n        self.money += 1\ntill = Till()", space)
        both(space["till"].earn)
        return space["till"].money  # type: ignore[no-any-return]

    assert explore(main).outcomes == {1: 2, 2: 2}


def test_text_that_sets_a_global_is_watched() -> None:
    def main() -> int:
        both(lambda: exec("global counter\ncounter += 1"))
        return counter

    assert explore(main).outcomes == {1: 2, 2: 2}
    assert counter == 0


def test_text_that_uses_variables_of_its_function_sees_them_and_proves_nothing() -> None:
    def main() -> Any:
        said: list[int] = []
        start = 5
        exec("said.append(start); start = 6")
        return tuple(said), start, eval("start + 1")

    verdict = explore(main)
    assert list(verdict.outcomes) == [((5,), 5, 6)]
    assert verdict.failures == []
    assert not verdict.passed


def test_text_that_sets_a_name_sets_no_global() -> None:
    def main() -> int:
        exec("counter = 7")
        return counter

    assert list(explore(main).outcomes) == [0]


def test_a_program_without_a_module_can_be_explored() -> None:
    space: dict[str, Any] = {"spawn": spawn}
    exec("def main():\n    return 1", space)
    verdict = explore(space["main"])
    assert list(verdict.outcomes) == [1]
    assert not verdict.passed
