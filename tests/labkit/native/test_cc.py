"""The compiler: where it is found, what it says, what is kept."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from labkit.errors import LabError
from labkit.native import BadProgram, NoCompiler, build, cc, run
from labkit.native.switchcheck import HARNESS

HELLO = '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'


def fake(folder: Path, name: str, script: str) -> None:
    """A compiler that only says something."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture
def no_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it, and no ziglang."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(cc.importlib.util, "find_spec", lambda name: None)
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """Look for a compiler anew in each of these tests."""
    cc.find_compiler.cache_clear()


@pytest.mark.requires("linux")
@pytest.mark.usefixtures("no_tools")
def test_without_a_compiler_the_message_says_what_to_install() -> None:
    with pytest.raises(NoCompiler, match=r"apt-get install gcc libc6-dev.*pip install 'labkit\[native\]'"):
        run(HELLO)


@pytest.mark.requires("linux")
def test_a_compiler_without_headers_is_told_apart_from_none(no_tools: Path) -> None:
    fake(no_tools, "cc", "echo 'probe.c:1:10: fatal error: stdio.h: No such file or directory' >&2; exit 1")
    with pytest.raises(NoCompiler, match="cc is here, but: the C library's headers are missing: sudo apt-get install libc6-dev"):
        cc.find_compiler()


@pytest.mark.requires("linux")
def test_a_compiler_that_fails_without_a_word_is_none(no_tools: Path) -> None:
    fake(no_tools, "cc", "exit 1")
    with pytest.raises(NoCompiler, match="cc is here, but: it fails without a word"):
        cc.find_compiler()


def test_a_compiler_with_a_number_is_found_after_the_plain_ones(no_tools: Path) -> None:
    for name in ("gcc-12", "clang", "gccgo-12"):
        fake(no_tools, name, "exit 0")
    assert list(cc._candidates()) == [("clang",), ("gcc-12",)]


def test_condas_compiler_is_found_by_its_long_name_and_a_wish_comes_first(
    no_tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("x86_64-conda-linux-gnu-cc", "cc"):
        fake(no_tools, name, "exit 0")
    assert list(cc._candidates()) == [("cc",), ("x86_64-conda-linux-gnu-cc",)]
    monkeypatch.setenv("CC", "x86_64-conda-linux-gnu-cc -O0")
    assert next(cc._candidates()) == ("x86_64-conda-linux-gnu-cc", "-O0")
    monkeypatch.setenv("CC", "icc")  # there is none
    assert next(cc._candidates()) == ("cc",)


def test_condas_compiler_is_found_beside_python_where_nothing_was_activated(
    no_tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path / "env", "x86_64-conda-linux-gnu-cc", "exit 0")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "env" / "python"))
    assert list(cc._candidates()) == [(str(tmp_path / "env" / "x86_64-conda-linux-gnu-cc"),)]


@pytest.mark.requires("linux")
def test_a_compiler_for_another_machine_is_none(no_tools: Path) -> None:
    fake(no_tools, "cc", "printf 'not for here' > probe && /bin/chmod +x probe")
    with pytest.raises(NoCompiler, match=r"cc is here, but: .*probe"):
        cc.find_compiler()


@pytest.mark.usefixtures("no_tools")
def test_zig_is_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cc.importlib.util, "find_spec", lambda name: name == "ziglang" or None)
    assert [call[:4] for call in cc._candidates()] == [(sys.executable, "-m", "ziglang", "cc")]


@pytest.mark.requires("cc")
def test_an_error_is_shown_at_the_line_of_the_source() -> None:
    with pytest.raises(BadProgram, match=r"program\.c:3:\d+: error: .*undeclared"):
        run("int main(void)\n{\n    return x;\n}\n")


@pytest.mark.requires("cc")
def test_lines_count_from_where_the_cell_begins() -> None:
    with pytest.raises(BadProgram, match=r"cell\.c:4:\d+: error"):
        run("int main(void)\n{\n    return x;\n}\n", first_line=2, name="cell.c")


@pytest.mark.requires("cc")
def test_a_misspelt_function_is_an_error_and_not_a_crash() -> None:
    with pytest.raises(BadProgram, match="uthread_crate"):
        run('#include "uthread.h"\nint main(void) { return uthread_crate(0, 0, 0); }\n')


@pytest.mark.requires("cc")
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pthread_cond_t c; return 0;", "has create, join, exit, self, setname_np and mutexes"),
        ("pthread_t t; int a; return pthread_create(&t, &a, 0, 0);", "pass NULL, and set uthread_stack_bytes"),
    ],
)
def test_what_pthread_has_and_labkit_has_not_is_named(line: str, told: str) -> None:
    with pytest.raises(BadProgram, match=told):
        run(f"#include <pthread.h>\nint main(void) {{ {line} }}\n", flags=("-Werror=incompatible-pointer-types",))


@pytest.mark.requires("cc")
def test_a_warning_is_kept_with_the_program() -> None:
    for _ in range(2):  # the second one comes out of the cache
        assert "unused variable" in run("int main(void) { int unused; return 0; }\n").warnings


@pytest.mark.requires("cc", "linux")
@pytest.mark.parametrize("machine", ["uthread", "pthread"])
def test_a_program_may_use_the_names_that_labkits_own_functions_have(machine: str) -> None:
    """Only uthread.h's are taken."""
    names = re.findall(r"#define (\w+) labkit_", (build.HERE / "ours.h").read_text("utf-8"))
    assert {"enter", "leave", "fail", "say", "record", "walk"} <= set(names)
    source = "".join(f"int {name}(void) {{ return 0; }}\n" for name in names)
    assert run(source + "int main(void) { return enter() + fail(); }\n", machine).verdict() == ""


@pytest.mark.requires("cc", "linux")
def test_a_compiler_that_would_fill_the_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cc, "MEMORY_KB", 200 << 10)
    with pytest.raises(BadProgram):
        run('#include "/dev/zero"\nint main(void) { return 0; }\n')


@pytest.mark.requires("cc")
def test_the_same_source_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = build.build(HELLO)
    monkeypatch.setattr(build, "run_tool", lambda call, folder: pytest.fail(f"compiles again: {call}"))
    assert build.build(HELLO) == first


@pytest.mark.requires("cc")
def test_a_change_of_the_source_of_the_machine_or_of_a_flag_is_compiled(cache: Path) -> None:
    paths = [build.build(HELLO), build.build(HELLO + " "), build.build(HELLO, "pthread"), build.build(HELLO, flags=("-O3",))]
    assert len({program.path for program in paths}) == 4
    assert all(program.path.is_relative_to(cache / "native") for program in paths)


@pytest.mark.requires("cc")
def test_a_file_brings_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "mine.c").write_text("int main(void) { return y; }\n", encoding="utf-8")
    with pytest.raises(BadProgram, match=r"mine\.c:1:"):
        run(tmp_path / "mine.c")


@pytest.mark.requires("cc")
def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(tmp_path))  # the other workers leave this one alone
    with pytest.raises(BadProgram):
        build.build("int main(void) { return z; }\n")
    assert list((tmp_path / "native" / "programs").iterdir()) == []


@pytest.mark.requires("cc")
def test_a_cache_that_cannot_be_written_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(LabError, match=r"cannot be written .*set LABKIT_CACHE_DIR"):
        run(HELLO)


def test_the_oldest_programs_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "KEPT", 2)
    for age, name in enumerate(("new", "middle", "old")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age * 60,) * 2)
    build._tidy(tmp_path)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["middle", "new"]


def test_every_file_that_is_to_be_compiled_is_there_and_nothing_compiled() -> None:
    assert [name for name in c_files() if not (build.HERE / name).is_file()] == []
    assert [f.name for f in build.HERE.rglob("*") if f.suffix in (".o", ".a", ".so")] == []


def test_a_program_may_have_other_files_and_a_change_in_one_is_noticed() -> None:
    main = '#include <stdio.h>\nint other(void);\nint main(void) { printf("%d", other()); }\n'
    for number in (1, 2):
        assert run(main, also=(("other.c", f"int other(void) {{ return {number}; }}\n"),)).stdout == str(number)
    with pytest.raises(BadProgram, match=r"(?s)the compiler refuses other\.c:.*other\.c:1:"):
        run(main, also=(("other.c", "int other(void) { return missing; }\n"),))


def test_the_wheel_is_pure_python_and_brings_the_c_files_and_the_recorded_runs(tmp_path: Path) -> None:
    """hatchling packs what git would: so a wheel has what it needs only if nobody has told git to ignore it."""
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed: pip install -e '.[dev]'")
    root = build.HERE.parents[1]
    (made,) = wheel.WheelBuilder(str(root)).build(directory=str(tmp_path))
    assert made.endswith("-py3-none-any.whl")
    packed = set(zipfile.ZipFile(made).namelist())
    recorded = [str(run.relative_to(root)) for run in (root / "labkit").rglob("recorded/*/*.run")]
    assert recorded
    assert {f"labkit/native/{name}" for name in c_files()} | set(recorded) <= packed
    assert [name for name in packed if name.endswith((".o", ".a", ".so"))] == []


def c_files() -> set[str]:
    """What is compiled on a student's machine, whatever it is, and the headers."""
    parts = {
        name.format(machine=machine) for names in build.PARTS.values() for name in names for machine in ("x86_64", "aarch64")
    }
    return parts | set(build.HEADERS)


ZIG_ARM = [sys.executable, "-m", "ziglang", "cc", "-fno-sanitize=all", "-target"]


@pytest.mark.requires("zig")
def test_the_arm_half_is_accepted_by_an_assembler(tmp_path: Path) -> None:
    """x86_64 machines cannot run it; zig's clang assembles and compiles for both."""
    for name in ("switch_aarch64.S", "registers.c", "record.c", "fault.c", "limits.c", "uthread.c", "mutex.c", "pthreads.c"):
        call = [*ZIG_ARM, "aarch64-linux-gnu", *build.FLAGS, "-Werror", f"-I{build.HERE}", "-c", str(build.HERE / name)]
        done = subprocess.run([*call, "-o", str(tmp_path / "out.o")], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "out.o").read_bytes()[18:20] == b"\xb7\x00"  # e_machine: AArch64


@pytest.mark.requires("arm")
@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("this is the other thread", "as it is", ""),
        ("ldp     x21, x22, [sp, #32]", "nop", "x21 x22"),
        ("ldp     d10, d11, [sp, #128]", "nop", "d10 d11"),
        ("msr     fpcr, x4", "nop", "fpcr"),
    ],
)
def test_the_arm_switch_keeps_what_it_must_where_qemu_can_run_it(tmp_path: Path, right: str, wrong: str, named: str) -> None:
    qemu = shutil.which("qemu-aarch64") or shutil.which("qemu-aarch64-static")
    assert qemu
    switch = (build.HERE / "switch_aarch64.S").read_text("utf-8")
    assert right in switch
    (tmp_path / "switch.S").write_text(switch.replace(right, wrong), encoding="utf-8")
    call = [*ZIG_ARM, "aarch64-linux-musl", "-static", "-std=gnu11", "-O1", f"-I{build.HERE}", "-o", str(tmp_path / "check")]
    subprocess.run([*call, str(HARNESS), str(tmp_path / "switch.S")], check=True)
    done = subprocess.run([qemu, tmp_path / "check"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    assert done.stdout.partition("proof")[0].split() == ["saved", "176", "lost", *named.split()]
