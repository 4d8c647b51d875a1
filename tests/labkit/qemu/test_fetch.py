"""Packages are fetched, checked and unpacked without root: with a pretended apt, without the net."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from labkit.errors import LabError
from labkit.qemu import fetch, image
from labkit.qemu.config import Config
from labkit.qemu.fetch import Apt, Package
from labkit.qemu.initramfs import initramfs, write_port

BODY = b"a package"
PACKAGE = Package("thing", "thing_1_amd64.deb", len(BODY), hashlib.sha256(BODY).hexdigest())


def quiet(what: str, done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Apt]:
    """An apt of which apt-get is the given shell script."""

    def make(script: str) -> Apt:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        for tool in ("apt-get", "apt-cache", "dpkg"):
            (folder / tool).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            (folder / tool).chmod(stat.S_IRWXU)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return Apt(tmp_path / "apt")

    return make


def test_a_system_without_apt_is_told_what_to_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LabError, match=r"no apt-get.*docker run -it debian:12"):
        Apt(tmp_path)


def test_what_is_fetched_is_compared_with_the_index(pretend: Callable[[str], Apt], tmp_path: Path) -> None:
    apt = pretend(f"printf '%s' 'a package' > {PACKAGE.file}")
    apt.download([PACKAGE], tmp_path / "debs", quiet)
    apt = pretend(f"printf '%s' 'something' > {PACKAGE.file}")
    (tmp_path / "debs" / PACKAGE.file).write_bytes(b"too short")
    with pytest.raises(LabError, match="not what apt's index says: thing_1"):
        apt.download([PACKAGE], tmp_path / "debs", quiet)


def test_what_has_arrived_is_not_fetched_again(pretend: Callable[[str], Apt], tmp_path: Path) -> None:
    apt = pretend("exit 1")
    (tmp_path / "debs").mkdir()
    (tmp_path / "debs" / PACKAGE.file).write_bytes(BODY)
    apt.download([PACKAGE], tmp_path / "debs", quiet)


def test_a_failing_apt_is_quoted(pretend: Callable[[str], Apt], tmp_path: Path) -> None:
    apt = pretend("echo 'E: the mirror is down'; exit 100")
    with pytest.raises(LabError, match="the mirror is down"):
        apt.download([PACKAGE], tmp_path / "debs", quiet)


def test_a_full_disk_is_told_before_anything_is_fetched(pretend: Callable[[str], Apt], tmp_path: Path) -> None:
    apt = pretend("echo must not run; exit 1")
    with pytest.raises(LabError, match="LABKIT_CACHE_DIR"):
        apt.download([PACKAGE._replace(size=1 << 60)], tmp_path / "debs", quiet)


def test_an_interrupted_unpack_leaves_no_root(pretend: Callable[[str], Apt], tmp_path: Path) -> None:
    pretend("exit 1")
    with pytest.raises(LabError, match="dpkg -x thing_1"):
        fetch.unpack([PACKAGE], tmp_path, tmp_path / "root", quiet)
    assert not (tmp_path / "root").exists()


def test_a_kernel_that_is_not_set_up_says_how(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(tmp_path))
    with pytest.raises(image.NoKernel, match="labkit kernel setup"):
        image.find_image()


def test_another_kind_of_machine_is_told_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    with pytest.raises(LabError, match="docker run --platform linux/amd64"):
        image.set_up(quiet)


def test_the_initramfs_has_no_time_no_owner_and_one_order() -> None:
    archive = initramfs(b"busybox")
    assert archive == initramfs(b"busybox")
    heads = [archive[i : i + 110] for i in range(0, len(archive), 4) if archive[i : i + 6] == b"070701"]
    assert {head[22:38] for head in heads} == {b"0" * 16}  # uid and gid
    assert {head[46:54] for head in heads} == {b"0" * 8}  # mtime


@pytest.mark.requires("linux")
def test_the_tiny_program_is_an_elf_that_ends() -> None:
    program = write_port(0x505, 1)
    assert program[:4] == b"\x7fELF"
    assert len(program) < 200
    assert program[24:32] == (0x400000 + 120).to_bytes(8, "little")  # entry point, just behind the headers


@pytest.mark.parametrize("bad", [{"cpus": 0}, {"cpus": 5, "exact": False}, {"preempt": "some"}, {"cpus": 2}])
def test_configurations_that_make_no_sense_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(LabError):
        Config(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(("has", "release"), [("6.1.0-56", "6.1.0-56"), ("6.1.0-99", "6.1.0-99")])
def test_the_kernel_of_the_lessons_is_taken_where_apt_has_it_else_the_newest(
    pretend: Callable[[str], Apt], has: str, release: str
) -> None:
    """apt-cache here knows one release, on which the meta-packages depend; asked for others it says so as apt does."""
    apt = pretend(f"""
        case "$1 $2" in
        "policy linux-image-{has}-cloud-amd64") printf '  Candidate: 1\n  Candidate: 1\n' ;;
        "policy"*) printf '  Candidate: (none)\n' ;;
        "depends linux-image-cloud-amd64") echo '  Depends: linux-image-{has}-cloud-amd64' ;;
        "depends linux-headers-cloud-amd64") echo '  Depends: linux-headers-{has}-cloud-amd64' ;;
        "depends linux-headers-{has}-cloud-amd64") echo '  Depends: linux-kbuild-6.1' ;;
        "--print-uris"*) shift 2; for name; do echo "'x' ${{name}}_1.deb 1 SHA256:{"0" * 64}"; done ;;
        esac""")
    assert [p.name for p in fetch.plan(apt, {})][:2] == [
        f"linux-image-{release}-cloud-amd64",
        f"linux-headers-{release}-cloud-amd64",
    ]
