"""An installed kontrak: its wheel is complete, and nothing is written into its own folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from kontrak.config.paths import ROOT, SUITE_SETTINGS, cache_folder, displayed
from kontrak.reporting.html.node import GET_NODE

DATA = ("suites", "schemas", "fixtures", "reports/allure")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel would put into site-packages."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own interpreter and arguments
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "site")
    return place / "site"


def tracked(*folders: str) -> set[str]:
    """The files that git keeps in some folders of the repository."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", *folders]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60).stdout  # noqa: S603 - constants
    # A file that is deleted and not yet committed is still listed.
    return {name for name in listed.decode().split("\0") if name and (ROOT / name).exists()}


def files(folder: Path) -> dict[str, bytes]:
    """The files below a folder by their paths in it, without compiled Python."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_data_file_that_git_keeps(installed: Path) -> None:
    held = files(installed / "kontrak" / "data")
    missing = tracked(*DATA) - set(held)
    assert not missing
    assert all(held[name] == (ROOT / name).read_bytes() for name in tracked(*DATA))
    assert len({name.split("/")[0] for name in held}) == len(DATA)


def test_the_wheel_holds_every_file_of_the_package(installed: Path) -> None:
    assert not tracked("kontrak") - set(files(installed))


def test_the_wheel_holds_nothing_else(installed: Path) -> None:
    tops = {path.name for path in installed.iterdir()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"kontrak"}


def run_installed(
    installed: Path, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run the installed package in a folder, with this environment's dependencies."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    command = [sys.executable, "-m", "kontrak", *arguments]
    return subprocess.run(  # noqa: S603 - our own interpreter and arguments
        command,
        cwd=folder / "work",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to work in, with a cache beside it."""
    (tmp_path / "work").mkdir()
    return tmp_path


@pytest.mark.parametrize("workers", ["0", "2"])
def test_it_judges_from_an_empty_folder_and_writes_to_its_reports_only(
    installed: Path, folder: Path, workers: str
) -> None:
    before = files(installed)
    chosen = ("--no-html", "-k", "amounts or generated", "-n", workers)
    ended = run_installed(installed, folder, "run", "-p", "iak", *chosen)
    assert ended.returncode == 0, ended.stdout
    assert f"results in {folder / 'work' / 'reports'}" in ended.stdout
    assert [path.name for path in (folder / "work").iterdir()] == ["reports"]
    assert (folder / "work" / "reports" / "conformance.json").is_file()
    assert files(installed) == before


def test_a_plan_leaves_nothing_in_the_folder(installed: Path, folder: Path) -> None:
    ended = run_installed(installed, folder, "run", "-p", "iak", "--plan")
    assert ended.returncode == 0, ended.stdout
    assert not list((folder / "work").rglob(".hypothesis"))
    assert {path.name for path in (folder / "work").iterdir()} <= {"reports"}


def test_settings_of_the_folder_change_nothing(installed: Path, folder: Path) -> None:
    (folder / "work" / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n", "utf-8")
    (folder / "work" / "conftest.py").write_text("raise SystemExit('loaded')\n", "utf-8")
    ended = run_installed(installed, folder, "run", "-p", "iak", "--no-html", "-k", "amounts")
    assert ended.returncode == 0, ended.stdout


def test_templates_are_named_where_they_are(installed: Path, folder: Path) -> None:
    ended = run_installed(installed, folder, "doctor", "--target", "missing.toml")
    assert ended.returncode == 4
    places = re.findall(r"templates are in (\S+)/", ended.stdout)
    assert Path(places[0], "iak.toml").is_file()


def test_the_settings_of_suites_are_those_of_the_project() -> None:
    ours = tomllib.loads(SUITE_SETTINGS.read_text(encoding="utf-8"))["pytest"]
    theirs = PROJECT["tool"]["pytest"]
    assert ours["strict"] == theirs["strict"]
    assert ours["addopts"] == [*theirs["addopts"], "-p", "kontrak.pytest_plugin.plugin"]


def test_what_brings_node_is_what_the_extra_brings() -> None:
    (wanted,) = PROJECT["project"]["optional-dependencies"]["report"]
    assert wanted in GET_NODE


class TestCacheFolder:
    @pytest.fixture(autouse=True)
    def asked_anew(self) -> None:
        """The folder is found once in a process."""
        cache_folder.cache_clear()

    def test_is_where_the_variable_says(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert cache_folder() == tmp_path / "kontrak"

    @pytest.mark.parametrize("value", ["", "relative"])
    def test_is_in_the_home_otherwise(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        assert cache_folder() == tmp_path / ".cache" / "kontrak"

    def test_is_a_temporary_one_for_a_user_without_home(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", "")
        monkeypatch.setattr(Path, "expanduser", no_home)
        assert cache_folder().is_dir()
        assert "kontrak-cache-" in cache_folder().name


def no_home(_: Path) -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_paths_are_displayed_from_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert displayed(tmp_path / "a" / "b.toml") == str(Path("a", "b.toml"))
    assert displayed(tmp_path.parent / "b.toml") == str(tmp_path.parent / "b.toml")
