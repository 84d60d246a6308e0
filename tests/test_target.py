"""Targets: a wrong key names file, key and remedy; secrets come from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.asking.run import Run, embedded_sandbox
from kontrak.config.paths import TARGETS
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError
from kontrak.exchange import Exchange
from kontrak.interface.provider import provider
from kontrak.masking.masker import Masker
from kontrak.providers.iak import Settings

HEAD = 'name = "t"\nkind = "sandbox"\n'
IAK = '[iak]\nbase_url = "http://127.0.0.1"\nusername = "0812"\napi_key = "k"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "t.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind = ", "is not TOML"),
        (HEAD, "no provider table"),
        ('kind = "sandbox"\n' + IAK, "the key name is missing"),
        (HEAD.replace("sandbox", "prod") + IAK, "kind: not one of sandbox, live"),
        (HEAD + 'nmae = "x"\n' + IAK, "did you mean name?"),
        (HEAD + '[iak]\nbase_url = "http://x"\n', "iak: the key username, api_key is missing"),
        (HEAD + IAK.replace("api_key", "apikey"), "did you mean iak.api_key?"),
        (
            HEAD + IAK.replace('"http://127.0.0.1"', '"ftp://x"'),
            "iak.base_url: is not an address",
        ),
        (HEAD + IAK + 'operations = ["inq-pasca", "pay"]\n', "iak.operations.1: not one of"),
        (
            HEAD + IAK + "[iak.cases]\none_bill = 5\n",
            "one_bill: a whole number where a string in quotes, false or a table belongs",
        ),
        (
            HEAD + IAK + '[iak.cases.one_bill]\nnumber = "1"\nrcs = ["00"]\n',
            "iak.cases.one_bill.rc?",
        ),
        (HEAD + IAK + '[iak.cases]\none_bill = ""\n', "iak.cases.one_bill: is empty"),
        (HEAD + IAK + "[limits]\nspend_rupia = 1\n", "did you mean limits.spend_rupiah?"),
        (HEAD + IAK + "[limits]\ndeadline_seconds = 900\n", "has to be at most 600"),
        (HEAD + IAK + '[http.headers]\nHost = "x"\n', "http.headers: does not have the form"),
        (HEAD + "iak = 5\n", "iak is not a table"),
        (
            HEAD + IAK + '[limits]\nspend_rupiah = "all"\n',
            "limits.spend_rupiah: a string where a whole number belongs",
        ),
    ],
)
def test_a_wrong_target_names_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_target(write(tmp_path, text)).provider("iak")
    assert "t.toml" in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.hint


def test_a_secret_that_is_not_set_is_named_and_not_shown(tmp_path: Path) -> None:
    text = HEAD + IAK.replace('"k"', '"env:KONTRAK_NO_SUCH_NAME"')
    with pytest.raises(ConfigurationError, match=r"iak\.api_key: .*KONTRAK_NO_SUCH_NAME"):
        load_target(write(tmp_path, text)).provider("iak")


def test_a_secret_is_read_and_kept_out_of_repr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTRAK_KEY", "kunci-rahasia")
    target = load_target(write(tmp_path, HEAD + IAK.replace('"k"', '"env:KONTRAK_KEY"')))
    table = target.provider("iak")
    assert set(table.secrets) == {"kunci-rahasia", "0812"}
    assert "kunci-rahasia" not in repr(target)
    assert "kunci-rahasia" not in repr(Settings.of(table))


def test_a_wrong_secret_is_not_quoted(tmp_path: Path) -> None:
    text = HEAD + IAK.replace('"k"', "[1, 2]")
    with pytest.raises(ConfigurationError) as caught:
        load_target(write(tmp_path, text)).provider("iak")
    assert "[1, 2]" not in str(caught.value)


def test_a_missing_file_and_a_missing_table_are_reported(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot read the target"):
        load_target(tmp_path / "none.toml")
    with pytest.raises(ConfigurationError, match=r"there is no \[iak2\] table"):
        load_target(write(tmp_path, HEAD + IAK)).provider("iak2")


def test_test_cases_can_be_changed_and_left_out(tmp_path: Path) -> None:
    cases = '[iak.cases]\none_bill = "1"\neight_bills = false\n'
    more = 'time_out = {number = "3", rc = ["05"]}\npayment_failed = {number = "6", rc = ["38"]}\n'
    target = load_target(write(tmp_path, HEAD + IAK + cases + more))
    found = Settings.of(target.provider("iak")).cases
    assert found["one_bill"].number == "1"
    assert "eight_bills" not in found
    assert (found["time_out"].rc, found["time_out"].also) == (("05",), ())
    assert (found["payment_failed"].payment_rc, found["payment_failed"].rc) == (("38",), ())


def test_faults_are_for_the_embedded_sandbox_only(tmp_path: Path) -> None:
    target = load_target(write(tmp_path, HEAD + IAK))
    assert embedded_sandbox(target, [], []) is None
    with pytest.raises(ConfigurationError, match="is not the embedded sandbox"):
        embedded_sandbox(target, ["iak-price-off-by-one"], [])


HTTP = (
    '[http]\nuser_agent = "partner/1.0"\n'
    'headers = {"X-Client" = "env:KONTRAK_CLIENT", "X-Plain" = "a"}\n'
)


def test_headers_of_a_target_are_read_and_those_of_the_environment_are_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTRAK_CLIENT", "canary-of-the-client")
    target = load_target(write(tmp_path, HEAD + HTTP + IAK))
    assert target.headers() == (
        (("User-Agent", "partner/1.0"), ("X-Client", "canary-of-the-client"), ("X-Plain", "a")),
        ("canary-of-the-client",),
    )
    assert "canary" not in repr(target)


def test_a_header_of_an_absent_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="KONTRAK_CLIENT is not set"):
        load_target(write(tmp_path, HEAD + HTTP + IAK)).headers()


@pytest.mark.parametrize("name", ["Host", "content-length", "Connection", "User-Agent", "a b"])
def test_a_header_that_belongs_to_the_request_is_refused(tmp_path: Path, name: str) -> None:
    http = f'[http]\nheaders = {{"{name}" = "x"}}\n'
    with pytest.raises(ConfigurationError, match=r"http\.headers") as caught:
        load_target(write(tmp_path, HEAD + http + IAK))
    assert "http.user_agent" in caught.value.hint


@pytest.mark.parametrize("key", PROVIDERS)
def test_every_provider_sends_the_headers_of_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("KONTRAK_CLIENT", "canary-of-the-client")
    text = (TARGETS / "embedded.toml").read_text(encoding="utf-8")
    target = load_target(write(tmp_path, text.replace("\n[", f"\n{HTTP}\n[", 1)))
    sandbox = embedded_sandbox(target, [], [])
    assert sandbox is not None
    seen: list[Exchange] = []
    masker = Masker()
    try:
        run = Run("a run", target, tmp_path, sandbox.start(), observer=seen.append, masker=masker)
        provider(key).connect(run.wire(key)).probe()
        run.close()
    finally:
        sandbox.stop()
    assert seen
    for exchange in seen:
        assert ("User-Agent", "partner/1.0") in exchange.request.headers
        assert ("X-Client", "canary-of-the-client") in exchange.request.headers
    assert "canary" not in masker.text("X-Client: canary-of-the-client")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8-sig", "t.toml begins with a byte order mark"),
        ("utf-16", "t.toml is UTF-16"),
        ("latin-1", "t.toml is not UTF-8 at line 2"),
    ],
)
def test_another_encoding_is_named(tmp_path: Path, encoding: str, words: str) -> None:
    path = tmp_path / "t.toml"
    text = HEAD.replace('"', '"é', 1).replace("name", "\nname", 1) + IAK
    path.write_bytes(text.encode(encoding))
    with pytest.raises(ConfigurationError, match=words) as caught:
        load_target(path)
    assert "UTF-8" in caught.value.hint
