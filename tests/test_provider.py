"""A provider is one declared object: found by its entry point, and checked when it is loaded."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from kontrak.config.paths import ROOT, TARGETS
from kontrak.config.registry import (
    GROUP,
    PROVIDERS,
    ProviderInfo,
    ProviderRegistry,
    same_platform,
)
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError
from kontrak.interface import provider as module
from kontrak.interface.provider import Provider, provider
from kontrak.providers.iak.provider import PROVIDER as IAK
from tests.runs import Ended, kontrak, suite

ACME = """
import dataclasses
from kontrak.providers.iak.provider import PROVIDER as IAK
PROVIDER = dataclasses.replace(IAK, key="acme", title="Acme")
"""


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, GROUP)


def registry(*entries: EntryPoint) -> ProviderRegistry:
    return ProviderRegistry(lambda: entries)


def package(folder: Path, source: str, *, name: str = "acme", value: str = "") -> Path:
    """An installed package that registers one provider."""
    (folder / "acme_kontrak.py").write_text(source, encoding="utf-8")
    info = folder / "acme_kontrak-1.5.dist-info"
    info.mkdir()
    text = "Metadata-Version: 2.1\nName: acme-kontrak\nVersion: 1.5\n"
    (info / "METADATA").write_text(text, encoding="utf-8")
    points = f"[{GROUP}]\n{name} = {value or 'acme_kontrak:PROVIDER'}\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    return folder


def doctor(folder: Path, key: str) -> Ended:
    """``kontrak doctor`` of one provider, with the package of a folder installed."""
    target = folder / "acme.toml"
    head = 'name = "acme"\nkind = "sandbox"\n\n'
    target.write_text(
        f'{head}[{key}]\nbase_url = "http://127.0.0.1:1"\n'
        'username = "081200000000"\napi_key = "canary"\n',
        encoding="utf-8",
    )
    return kontrak(
        *("doctor", "-p", key, "--target", str(target)), output=folder, PYTHONPATH=str(folder)
    )


def test_the_providers_stand_in_the_order_of_the_reports() -> None:
    ours = [entry(key, "nowhere:PROVIDER") for key in (*PROVIDERS, "zeta", "acme")]
    assert tuple(registry(*ours[::-1])) == (
        *("digiswitch", "tokopedia", "rqid", "httpget", "iak"),
        *("acme", "zeta"),
    )


def test_keys_are_known_without_importing_a_provider() -> None:
    found = registry(entry("acme", "no_such_module:PROVIDER"))
    assert "acme" in found
    assert "iak" not in found
    assert list(found) == ["acme"]
    with pytest.raises(KeyError):
        found["iak"]


@pytest.mark.parametrize("options", [("--version",), ("--help",), ("run", "--help")])
def test_version_and_help_import_no_client(options: tuple[str, ...]) -> None:
    code = (
        "import sys, atexit\n"
        "from kontrak.__main__ import main\n"
        "shown = lambda: print(sorted(one for one in sys.modules if 'kontrak.providers' in one))\n"
        "atexit.register(shown)\n"
        f"sys.argv = ['kontrak', *{options!r}]\n"
        "main()\n"
    )
    ended = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"


def test_every_provider_is_declared_and_whole() -> None:
    for key in PROVIDERS:
        assert isinstance(PROVIDERS[key], Provider)
        assert provider(key) is PROVIDERS[key]


def test_every_provider_reads_its_table() -> None:
    target = load_target(TARGETS / "embedded.toml")
    for key in PROVIDERS:
        table = target.provider(key, sandbox_url="http://127.0.0.1")
        one = provider(key)
        settings = one.settings.of(table)
        assert one.unoffered(settings, (), {}) is None


def test_interfaces_of_one_platform_are_found_together() -> None:
    assert same_platform("httpget") == ("rqid", "httpget")
    assert same_platform("iak") == ("iak",)


WRONG: Mapping[str, Iterable[object]] = {
    "key": ("", "A", "iak-2", 7),
    "title": ("", None),
    "home": ("", "api.iak.id", None),
    "documents": ({}, {"a.txt": "no page"}, {"a.txt": 1}, ["a.txt"]),
    "platform": (None,),
    "settings": (None, dict, lambda _: None),
    "connect": (None, "Iak", lambda: None),
    "unoffered": (None, lambda _: None),
    "observation": (None, Provider),
    "compare_steps": (None, lambda: None),
    "account_lookup": (None, lambda _: None),
    "response_codes": (None, {"00": "success"}, {"0": IAK.response_codes["00"]}),
}


def test_every_part_has_its_wrong_ones() -> None:
    assert list(WRONG) == [one.name for one in dataclasses.fields(Provider)]


@pytest.mark.parametrize(
    ("part", "value"), [(part, value) for part, values in WRONG.items() for value in values]
)
def test_a_wrong_part_is_named(part: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"the part {part} is not"):
        dataclasses.replace(IAK, **{part: value})


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("raise RuntimeError('no\\nlicence')", "cannot be loaded: RuntimeError: no licence"),
        ("import no_such_module", "cannot be loaded: ModuleNotFoundError: No module named 'no_s"),
        ("", "cannot be loaded: AttributeError: module 'acme_kontrak' has no attribute 'PROVIDER'"),
        ("PROVIDER = 'acme'", "is of type str, not Provider"),
        (
            "from kontrak.interface.provider import Provider\nPROVIDER = Provider(key='acme')",
            "cannot be loaded: TypeError: Provider.__init__() missing",
        ),
        (ACME.replace('"Acme"', '"Acme", connect=None'), "the part connect is not callable with"),
        (ACME.replace('"acme"', '"other"'), "the part key is 'other'"),
    ],
)
def test_a_broken_provider_is_named_with_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, printed: str
) -> None:
    monkeypatch.syspath_prepend(str(package(tmp_path, source)))
    monkeypatch.delitem(sys.modules, "acme_kontrak", raising=False)
    with pytest.raises(ConfigurationError) as caught:
        ProviderRegistry()["acme"]
    monkeypatch.delitem(sys.modules, "acme_kontrak", raising=False)
    named = f"entry point {GROUP}: acme = acme_kontrak:PROVIDER of acme-kontrak 1.5"
    assert caught.value.sentence.startswith(named)
    assert printed in caught.value.sentence
    assert "\n" not in caught.value.sentence


def test_a_key_that_is_registered_twice_names_both() -> None:
    found = registry(entry("iak", "one:PROVIDER"), entry("iak", "two:PROVIDER"))
    assert list(found) == ["iak"]
    with pytest.raises(ConfigurationError) as caught:
        found["iak"]
    assert "one:PROVIDER and" in caught.value.sentence
    assert "two:PROVIDER" in caught.value.sentence


def test_an_installation_without_entry_points_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="no provider is registered") as caught:
        list(registry())
    assert "pip install -e ." in caught.value.hint


def test_a_row_for_reports_alone_is_no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    found = registry(entry("acme", f"{__name__}:ROW"))
    monkeypatch.setattr(module, "PROVIDERS", found)
    monkeypatch.setattr(EntryPoint, "load", lambda _: ProviderInfo(
        key="acme", title="Acme", home="https://acme.example", documents={"a.txt": ""}
    ))  # fmt: skip
    with pytest.raises(ConfigurationError, match="is of type ProviderInfo, not Provider"):
        provider("acme")


def test_a_file_that_a_provider_lacks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = dataclasses.replace(IAK, key="acme")
    monkeypatch.setattr(module, "PROVIDERS", registry(entry("acme", "acme:PROVIDER")))
    monkeypatch.setattr(EntryPoint, "load", lambda _: acme)
    monkeypatch.setattr(module, "SUITES", tmp_path / "suites")
    monkeypatch.setattr(module, "SCHEMAS", tmp_path / "schemas")
    for folder, name in (("suites", "clauses.toml"), ("schemas", "target.json")):
        with pytest.raises(ConfigurationError, match=f"there is no {folder}/acme/{name}"):
            provider("acme")
        (tmp_path / folder / "acme").mkdir(parents=True)
        (tmp_path / folder / "acme" / name).touch()
    assert provider("acme") is acme


def test_a_broken_provider_ends_a_command_before_anything_is_sent(tmp_path: Path) -> None:
    ended = doctor(package(tmp_path, "raise RuntimeError('no licence')"), "acme")
    assert ended.code == 4, ended.printed
    assert "entry point kontrak.providers: acme = acme_kontrak:PROVIDER" in ended.printed
    assert "RuntimeError: no licence" in ended.printed
    assert "Traceback" not in ended.printed


def test_a_broken_provider_ends_a_run_that_names_it(tmp_path: Path) -> None:
    package(tmp_path, "raise RuntimeError('no licence')")
    ended = kontrak(
        *("run", "-p", "acme", "--no-html", f"--output={tmp_path / 'out'}"),
        output=tmp_path / "out",
        PYTHONPATH=str(tmp_path),
    )
    assert ended.code == 4, ended.printed
    assert "entry point kontrak.providers: acme" in ended.printed
    assert not (tmp_path / "out").exists()


def test_a_broken_provider_does_not_touch_a_run_of_another(tmp_path: Path) -> None:
    package(tmp_path, "raise RuntimeError('no licence')")
    options = ("--clause=IAK-PAY-SUCCESS",)
    ended = suite(*options, output=tmp_path / "out", PYTHONPATH=str(tmp_path))
    assert ended.code == 0, ended.printed
    assert ended.verdicts()["IAK-PAY-SUCCESS"] == "passed"


def test_a_second_iak_ends_a_command_before_anything_is_sent(tmp_path: Path) -> None:
    ended = doctor(package(tmp_path, ACME, name="iak"), "iak")
    assert ended.code == 4, ended.printed
    assert "the provider iak is registered twice" in ended.printed
    assert "acme-kontrak 1.5" in ended.printed
