"""The ready-made schedules: they are valid, and every command in them exists with its options."""

from __future__ import annotations

import re
import shlex
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from kontrak.cli import cli
from kontrak.config.paths import ROOT, TARGETS
from kontrak.config.registry import PROVIDERS

FOLDER = ROOT / "docs" / "nightly"
GITHUB, GITLAB = FOLDER / "github-actions.yml", FOLDER / "gitlab-ci.yml"
SCRIPT, CRONTAB = FOLDER / "nightly.sh", FOLDER / "crontab"
ONE_ACCOUNT = {"rqid", "httpget"}
CRON_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def loaded(path: Path) -> dict[str, Any]:
    data: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    # YAML 1.1 reads the key `on` as true.
    return {"on" if key is True else key: value for key, value in data.items()}


def commands(path: Path) -> Iterator[list[str]]:
    """Every call of kontrak in a file, as words."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        bare = re.sub(r"\$\{\{.*?\}\}", "-p iak" if "matrix.providers" in line else "x", line)
        # One substitution per word: the folder's name in `--output` is one too.
        found = re.search(r'(?:\.venv/bin/kontrak|"\$kontrak"|`kontrak) (.*)', bare)
        if found and not bare.lstrip().startswith("#"):
            yield shlex.split(re.split(r"[>|`]", found[1])[0])


@pytest.mark.parametrize(
    "path", [GITHUB, GITLAB, SCRIPT, FOLDER / "README.md"], ids=lambda one: one.name
)
def test_every_command_exists_with_its_options(path: Path) -> None:
    found = list(commands(path))
    assert found
    for name, *words in found:
        command = cli.commands.get(name)
        assert command is not None, f"{path.name}: kontrak {name}"
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        asked = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert asked <= known, f"{path.name}: kontrak {name}: {asked - known}"


@pytest.mark.parametrize("path", [GITHUB, GITLAB, SCRIPT], ids=lambda one: one.name)
def test_a_night_judges_merges_and_compares(path: Path) -> None:
    names = [words[0] for words in commands(path)]
    assert names.count("run") >= 1
    assert names[-2:] == ["merge", "diff"]
    merge = next(words for words in commands(path) if words[0] == "merge")
    asked = {merge[place + 1] for place, word in enumerate(merge) if word == "-p"}
    assert asked == set(PROVIDERS), "a shard that is lost must be missed"


def shards(path: Path) -> list[set[str]]:
    if path == GITHUB:
        rows = loaded(path)["jobs"]["judge"]["strategy"]["matrix"]["include"]
        reported = [one["providers"] for one in rows]
    elif path == GITLAB:
        reported = [one["PROVIDERS"] for one in loaded(path)["judge"]["parallel"]["matrix"]]
    else:
        reported = re.findall(r"^shard \S+ (.*) &$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [set(one.replace("-p", " ").split()) for one in reported]


@pytest.mark.parametrize("path", [GITHUB, GITLAB, SCRIPT], ids=lambda one: one.name)
def test_the_shards_are_all_providers_and_one_account_is_one_shard(path: Path) -> None:
    found = shards(path)
    assert sorted(one for shard in found for one in shard) == sorted(PROVIDERS)
    assert ONE_ACCOUNT in found


def test_every_credential_comes_from_the_secrets() -> None:
    wanted: set[str] = set()
    for path in TARGETS.glob("*.toml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        wanted |= {
            name
            for line in lines
            if not line.startswith("#")
            for name in re.findall(r'"env:(\w+)"', line)
        }
    steps = loaded(GITHUB)["jobs"]["judge"]["steps"]
    reported = next(one["env"] for one in steps if one.get("name") == "Judge")
    assert reported == {name: f"${{{{ secrets.{name} }}}}" for name in wanted}


def test_inconclusive_is_not_red_on_gitlab_and_has_a_step_of_its_own_on_github() -> None:
    assert loaded(GITLAB)["report"]["allow_failure"] == {"exit_codes": [3]}
    steps = loaded(GITHUB)["jobs"]["report"]["steps"]
    failing = {
        one["name"]: one["if"] for one in steps if str(one.get("run", "")).startswith("exit")
    }
    assert len(failing) == 3
    assert failing["The partner deviates from its document"] == "steps.night.outputs.code == '1'"
    last = list(failing)[-1]
    assert "network" in last
    assert "!= '1'" in failing[last]


def valid_cron(line: str) -> bool:
    """Whether a line's first five words are times that cron knows."""
    words = line.split()[:5]
    if len(words) < 5:
        return False
    for word, (low, high) in zip(words, CRON_RANGES, strict=True):
        for part in word.split(","):
            span = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
            if span is None:
                return False
            if not all(low <= int(one) <= high for one in span.groups()[:2] if one):
                return False
    return True


def test_the_cron_check_can_say_no() -> None:
    assert valid_cron("17 1 * * *")
    assert valid_cron("*/15 0-6 1,15 * 1-5")
    for line in ("61 1 * * *", "17 24 * * *", "17 1 * *", "17 1 0 * *", "x 1 * * *"):
        assert not valid_cron(line)


def test_the_cron_lines_are_valid() -> None:
    lines = CRONTAB.read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if line and not re.match(r"#|[A-Z]+=", line)]
    assert len(jobs) == 1
    assert valid_cron(jobs[0])
    # cron ends a command at the first percent sign.
    assert "%" not in jobs[0]
    assert "docs/nightly/nightly.sh" in jobs[0]
    assert valid_cron(loaded(GITHUB)["on"]["schedule"][0]["cron"])


def night(
    tmp_path: Path, codes: Mapping[str, int], *, leaves_results: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run the script with a stand-in that ends each command with the given exit code."""
    stand_in = tmp_path / "kontrak"
    rules = "".join(f'    "{name}") exit {code} ;;\n' for name, code in codes.items())
    leaves = "mkdir -p reports/nightly/report; touch reports/nightly/report/conformance.json"
    leaves = leaves if leaves_results else ":"
    text = f'#!/bin/sh\necho "$*" >> calls\n{leaves}\ncase "$1" in\n{rules}esac\nexit 0\n'
    stand_in.write_text(text, encoding="utf-8")
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IEXEC)
    return subprocess.run(  # noqa: S603 - the project's own script
        ["/bin/sh", str(SCRIPT), "staging.toml"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "KONTRAK": str(stand_in)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("codes", "ends"),
    [
        ({}, 0),
        ({"run": 1, "merge": 1, "diff": 1}, 1),
        ({"run": 3, "merge": 3}, 3),
        ({"merge": 3, "diff": 1}, 3),
        ({"diff": 1}, 1),
        ({"diff": 4}, 0),
        ({"run": 4}, 4),
    ],
    ids=["well", "deviates", "network", "network first", "drifted", "no baseline", "our mistake"],
)
def test_a_night_of_cron_ends_with_what_it_found(
    tmp_path: Path, codes: dict[str, int], ends: int
) -> None:
    ended = night(tmp_path, codes)
    assert ended.returncode == ends, ended.stderr
    assert not (tmp_path / "reports" / "nightly" / "running").exists()
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("run ") for line in calls) == 4


def test_a_crash_is_no_verdict(tmp_path: Path) -> None:
    assert night(tmp_path, {"merge": 1}, leaves_results=False).returncode == 4


def test_two_nights_do_not_overlap(tmp_path: Path) -> None:
    (tmp_path / "reports" / "nightly" / "running").mkdir(parents=True)
    ended = night(tmp_path, {})
    assert ended.returncode == 3
    assert "another night is running" in ended.stderr
    assert not (tmp_path / "calls").exists()


def test_the_command_line_knows_what_the_schedules_rest_on() -> None:
    assert isinstance(cli, click.Group)
    assert {"run", "merge", "diff", "accept", "compare"} <= set(cli.commands)
