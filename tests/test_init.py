"""``kontrak init``: files from which a provider can be judged, in an empty folder."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import tomlkit
import yaml

from kontrak.asking.run import embedded_sandbox
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target
from tests.runs import Ended, environment

SANDBOX = {
    "IAK_USERNAME": "081200000000",
    "IAK_API_KEY": "sandbox-key",
    "DIGISWITCH_USERNAME": "sandbox-user",
    "DIGISWITCH_API_KEY": "sandbox-key",
}


@pytest.fixture
def served() -> Iterator[str]:
    """The address of a sandbox."""
    sandbox = embedded_sandbox(load_target(), [], [])
    assert sandbox is not None
    yield sandbox.start()
    sandbox.stop()


def kontrak(*arguments: str, folder: Path, stdin: str = "", **variables: str) -> Ended:
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "kontrak", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment(**variables),
    )
    return Ended(done.returncode, done.stdout + done.stderr, folder)


def addresses(provider: str, url: str = "https://sandbox.example.com") -> list[str]:
    more = ["--address", f"token_url={url}/token"] if provider == "tokopedia" else []
    return ["--address", url, *more]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_the_files_are_whole(tmp_path: Path, provider: str, ci: str) -> None:
    options = ("-p", provider, *addresses(provider), "--kind=sandbox", f"--ci={ci}")
    ended = kontrak("init", *options, folder=tmp_path)
    assert ended.code == 0, ended.printed
    text = (tmp_path / "target.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema ./kontrak.schema.json\n")
    target = tomlkit.parse(text).unwrap()
    assert target[provider]["base_url"] == "https://sandbox.example.com"
    schema = json.loads((tmp_path / "kontrak.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(target)
    named = (tmp_path / ".env.example").read_text(encoding="utf-8")
    used = set(re.findall(r'^\w+ = "env:(\w+)"', text, re.MULTILINE))
    assert used == set(re.findall(r"^(\w+)=$", named, re.MULTILINE))
    file = ".github/workflows/kontrak.yml" if ci == "github" else ".gitlab-ci.yml"
    pipeline = (tmp_path / file).read_text(encoding="utf-8")
    assert yaml.safe_load(pipeline)
    assert all(name in pipeline for name in used)
    checked = kontrak("doctor", "--target", "target.toml", folder=tmp_path)
    assert "is not set" in checked.printed


@pytest.mark.parametrize("provider", ["iak", "digiswitch"])
def test_doctor_is_green_once_the_variables_are_set(
    tmp_path: Path, provider: str, served: str
) -> None:
    options = ("-p", provider, *addresses(provider, served), "--kind=sandbox", "--ci=none")
    assert kontrak("init", *options, folder=tmp_path).code == 0
    ended = kontrak("doctor", "--target", "target.toml", folder=tmp_path, **SANDBOX)
    assert ended.code == 0, ended.printed


def test_what_is_not_given_is_asked_for(tmp_path: Path) -> None:
    answers = "iak\nhttps://sandbox.example.com\nlive\nnone\n"
    ended = kontrak("init", folder=tmp_path, stdin=answers)
    assert ended.code == 0, ended.printed
    assert 'kind = "live"' in (tmp_path / "target.toml").read_text(encoding="utf-8")


def test_nothing_that_is_there_is_lost(tmp_path: Path) -> None:
    (tmp_path / "waivers.toml").write_text("# mine\n", encoding="utf-8")
    options = ("-p", "iak", *addresses("iak"), "--kind=sandbox", "--ci=none")
    ended = kontrak("init", *options, folder=tmp_path)
    assert ended.code == 4
    assert "waivers.toml: there already, and nothing was written" in ended.printed
    assert [one.name for one in tmp_path.iterdir()] == ["waivers.toml"]


@pytest.mark.parametrize(
    ("address", "words"),
    [("sandbox.example.com", "base_url"), ("tokenurl=https://x.example.com", "tokenurl")],
)
def test_a_wrong_address_writes_nothing(tmp_path: Path, address: str, words: str) -> None:
    options = ("-p", "iak", "--address", address, "--kind=sandbox", "--ci=none")
    ended = kontrak("init", *options, folder=tmp_path, stdin="https://x.example.com\n")
    assert ended.code == 4
    assert words in ended.printed
    assert not list(tmp_path.iterdir())
