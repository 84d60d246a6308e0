"""Where the ledger lies: beside the target file for real money, and an earlier one is not lost."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from kontrak.config.target import Target, load_target
from kontrak.errors import ConfigurationError
from kontrak.limits import ledger_file
from kontrak.limits.ledger import Entry, Ledger, State
from kontrak.limits.ledger_file import ledger_path, make_private
from tests.live import live_target

OUTPUT = Path("anywhere")
PURCHASE = Entry(
    id=0,
    run="run",
    at=time.time(),
    provider="iak",
    target="",
    operation="pay-pasca",
    product="PLNPOSTPAID",
    customer="530000000001",
    reference="ref",
    rupiah=302500,
    state=State.SENT,
    http_status=None,
    rc=None,
    error=None,
)


def target(folder: Path, *, kind: str = "live", named: bool = False) -> Target:
    path = live_target(folder, "http://127.0.0.1:9", kind=kind)
    if not named:
        text = path.read_text(encoding="utf-8").replace('ledger = "ledger.sqlite"\n', "")
        path.write_text(text, encoding="utf-8")
    return load_target(path)


def bought(path: Path, name: str) -> None:
    """A ledger with one purchase of a target, its last pages still in the write-ahead log."""
    with Ledger(path) as ledger:
        ledger.add(replace(PURCHASE, target=name), limit=None)


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an earlier version would have kept the ledger."""
    path = tmp_path / "clone" / "reports" / "ledger.sqlite"
    monkeypatch.setattr(ledger_file, "_EARLIER", path)
    return path


@pytest.mark.usefixtures("earlier")
def test_a_live_target_has_one_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = target(tmp_path)
    wanted = tmp_path / "ledger" / "ledger.sqlite"
    assert ledger_path(live, OUTPUT) == wanted
    monkeypatch.chdir(tmp_path)
    assert ledger_path(load_target(Path("live.toml")), Path("elsewhere")) == wanted
    link = tmp_path / "linked" / "link.toml"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "live.toml")
    assert ledger_path(load_target(link), OUTPUT) == wanted


@pytest.mark.usefixtures("earlier")
def test_a_sandbox_has_one_beside_its_results(tmp_path: Path) -> None:
    assert ledger_path(target(tmp_path, kind="sandbox"), OUTPUT) == OUTPUT / "ledger.sqlite"


@pytest.mark.parametrize("kind", ["live", "sandbox"])
def test_a_named_one_is_taken(tmp_path: Path, earlier: Path, kind: str) -> None:
    named = target(tmp_path, kind=kind, named=True)
    bought(earlier, named.name)
    assert ledger_path(named, OUTPUT) == tmp_path / "ledger.sqlite"
    assert not (tmp_path / "ledger.sqlite").exists()


def test_version_control_leaves_it_out(tmp_path: Path) -> None:
    make_private(tmp_path / "ledger" / "ledger.sqlite")
    assert "\n*\n" in (tmp_path / "ledger" / ".gitignore").read_text(encoding="utf-8")
    make_private(tmp_path / "results" / "ledger.sqlite")
    assert not (tmp_path / "results").exists()


def test_what_was_spent_earlier_counts(
    tmp_path: Path, earlier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live = target(tmp_path)
    bought(earlier, live.name)
    with Ledger(ledger_path(live, OUTPUT)) as ledger:
        assert ledger.spent_today(live.name) == 302500
    assert "was copied from" in capsys.readouterr().err
    assert earlier.is_file()


def test_it_is_copied_once(tmp_path: Path, earlier: Path) -> None:
    live = target(tmp_path)
    bought(earlier, live.name)
    copy = ledger_path(live, OUTPUT)
    bought(earlier, live.name)
    assert ledger_path(live, OUTPUT) == copy
    with Ledger(copy) as ledger:
        assert ledger.spent_today(live.name) == 302500


def test_a_ledger_of_other_targets_is_left_where_it_is(tmp_path: Path, earlier: Path) -> None:
    bought(earlier, "another")
    assert not ledger_path(target(tmp_path), OUTPUT).exists()


def test_nothing_is_bought_while_an_earlier_one_cannot_be_read(
    tmp_path: Path, earlier: Path
) -> None:
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(b"no database, but long enough to be taken for one" * 30)
    with pytest.raises(ConfigurationError, match="cannot be read, so what was spent before"):
        ledger_path(target(tmp_path), OUTPUT)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file in its place", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="the ledger's folder") as raised:
        make_private(tmp_path / "ledger" / "ledger.sqlite")
    assert "[limits] ledger" in raised.value.hint
