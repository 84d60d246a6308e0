"""What a run writes shows no customer in full unless the target asks for it, and is private."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest

from kontrak.config.paths import TARGETS
from kontrak.exchange import Exchange, Reply, Request
from kontrak.judging.deviation_shape import shape_of
from kontrak.judging.failure_text import curl
from kontrak.judging.waivers import Waiver
from kontrak.masking.masker import Masker
from kontrak.masking.personal import HIDDEN, short_name, short_number
from tests.runs import Ended, kontrak

FAULTS = ("--fault=iak-payment-other-name", "--fault=digiswitch-payment-other-name")
NAMES = ("Someone Else", "Rina Kartika", "Budi Santoso", "Nama Pelanggan Pertama")
LEDGERS = ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm")


def known(*replies: dict[str, object], number: str = "530000000001") -> Masker:
    masker = Masker()
    masker.personal.learn_target({"cases": {"success": number}, "product": "PLN50000000"})
    for one in replies:
        request = Request("POST", "http://x/", (), b"", "inq", "inq", right=True)
        body = json.dumps(one).encode()
        masker.personal.look(Exchange(request, Reply(200, "OK", (), body), 0.0, 0.1))
    return masker


@pytest.mark.parametrize(
    ("whole", "short"),
    {
        "530000000001": "5300******01",
        "1013226": "10***26",
        "12345": "1***5",
        "H1234AB": "H1***AB",
    }.items(),
)
def test_a_number_keeps_its_ends_and_its_length(whole: str, short: str) -> None:
    assert short_number(whole) == short


@pytest.mark.parametrize(
    ("whole", "short"),
    {
        "RINA KARTIKA": "RINA K******",
        "Someone Else": "Some*** E***",
        "SUHARTO": "SUH****",
        "Anto": "An**",
        "JL. MERDEKA 5": "JL. M****** 5",
    }.items(),
)
def test_a_name_keeps_its_first_letters_and_its_lengths(whole: str, short: str) -> None:
    assert short_name(whole) == short


def test_names_are_learnt_from_the_answers_and_numbers_from_the_target() -> None:
    masker = known({"data": {"tr_name": "RINA KARTIKA", "hp": "530000000001", "price": 302500}})
    text = "inq PLN50000000 530000000001, RINA KARTIKA, rina%20kartika, RINA\n   KARTIKA, 302500"
    shown = masker.text(text)
    assert shown == (
        "inq PLN50000000 5300******01, RINA K******, RINA K******, RINA\n   K******, 302500"
    )
    assert masker.text(shown) == shown
    assert masker.plain(text) == text


def test_entries_are_read_by_their_labels_and_products_are_no_one() -> None:
    masker = known(
        {"list": [{"name": "Nama Pelanggan", "value": "DEWI LESTARI"}]},
        {"data": [{"kode": "S5", "nama": "TELKOMSEL 5.000", "harga": 5500}]},
        {"data": {"msg": "INQ PLN SUKSES, DATA:Siti Rahayu TAGIHAN:5000"}},
    )
    text = "Nama Pelanggan DEWI LESTARI, TELKOMSEL 5.000, Siti Rahayu"
    assert masker.text(text) == "Nama Pelanggan DEWI L******, TELKOMSEL 5.000, Siti R*****"


def test_values_that_look_the_same_shortened_are_printed_to_differ() -> None:
    masker = known({"tr_name": "RINA KARTIKA"}, {"tr_name": "RINA KUSUMAH"}, {"tr_name": "Anton"})
    assert masker.pair("tr_name = RINA KARTIKA", "tr_name = RINA KUSUMAH") == (
        "tr_name = RINA K******",
        f"tr_name = RINA K******{HIDDEN}",
    )
    assert masker.pair("RINA KARTIKA", "Anton") == ("RINA K******", "An***")
    masker.personal.shown = True
    assert masker.pair("RINA KARTIKA", "RINA KUSUMAH") == ("RINA KARTIKA", "RINA KUSUMAH")


def test_a_waiver_fits_whether_names_are_shown_or_not() -> None:
    masker = known({"tr_name": "RINA KARTIKA"}, {"tr_name": "SITI RAHAYU"})
    found = {"expected": "tr_name = RINA KARTIKA", "received": "hp 530000000001 SITI RAHAYU"}
    hidden = {name: masker.text(text) for name, text in found.items()}
    assert hidden != found
    for written in (found, hidden):
        entry = _waiver(shape_of([written]))
        for seen in (found, hidden):
            assert entry.covers([seen], masker.personal.hide)
        assert not entry.covers([{**found, "received": "hp 1 X"}], masker.personal.hide)


def _waiver(shape: tuple[str, ...]) -> Waiver:
    from datetime import date

    return Waiver("IAK-ECHO-HP", "iak", "t", shape, "o", "r", "T-1", date(2026, 12, 31))


def _texts(folder: Path, *, but: Iterable[str] = LEDGERS) -> dict[Path, str]:
    return {
        path: path.read_bytes().decode("utf-8", "replace")
        for path in folder.rglob("*")
        if path.is_file() and path.name not in but
    }


def _run(folder: Path, *arguments: str) -> Ended:
    ran = kontrak(
        "run", "-p", "iak", "-p", "digiswitch", *FAULTS, "--no-html", "--seed=1",
        "-k", "test_inquiry or test_payment_answer or test_test_cases or test_repetition",
        f"--output={folder}", *arguments, output=folder,
    )  # fmt: skip
    assert ran.code == 1, ran.printed
    assert kontrak("statement", str(folder), "--lang", "id", output=folder).code == 0
    return ran


def test_no_file_of_a_run_has_a_customer_in_full(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    ran = _run(folder)
    everything = {**_texts(folder), Path("terminal"): ran.printed}
    numbers = re.compile(r"(?<!\d)(?:5|6)30000000\d{3}(?!\d)|0812[34]4?554\d{3}")
    for path, text in everything.items():
        assert not numbers.search(text), path
        for name in NAMES:
            assert name.casefold() not in text.casefold(), (path, name)
    assert "Some*** E***" in everything[folder / "statement.json"]
    assert "5300******01" in everything[folder / "conformance.json"]
    for path in (tmp_path / "made").rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_a_target_may_ask_for_customers_in_full(tmp_path: Path) -> None:
    text = (TARGETS / "embedded.toml").read_text(encoding="utf-8")
    target = tmp_path / "target.toml"
    target.write_text(f'{text}\n[reports]\npersonal_data = "show"\n', encoding="utf-8")
    folder = tmp_path / "reports"
    _run(folder, f"--target={target}")
    texts = _texts(folder)
    assert "Someone Else" in texts[folder / "statement.json"]
    assert "530000000001" in texts[folder / "conformance.json"]


def test_results_that_others_could_read_are_taken_from_them(tmp_path: Path) -> None:
    for name in ("conformance.json", "ledger.sqlite", "history.jsonl", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
        (tmp_path / name).chmod(0o644)
    ran = kontrak(
        "run", "-p", "iak", "--clause", "IAK-ECHO-HP", "--no-html", f"--output={tmp_path}",
        output=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.printed
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.*")}
    assert modes.pop("notes.txt") == 0o644
    assert set(modes.values()) == {0o600}


def test_a_curl_line_says_where_a_number_has_to_be_put_in() -> None:
    masker = known()
    request = Request("POST", "http://x/", (), b'{"hp": "530000000001"}', "inq")
    line = curl(Exchange(request, Reply(200, "OK", (), b""), 0.0, 0.1), masker)
    assert '\'{"hp": "5300******01"}\' # put in the customer\'s number' in line
    masker.personal.shown = True
    assert '"530000000001"' in curl(Exchange(request, Reply(200, "OK", (), b""), 0.0, 0.1), masker)
