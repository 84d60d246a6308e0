"""Failure texts, golden: a stranger can act on them."""

from __future__ import annotations

from kontrak.clauses.catalogue import find
from kontrak.exchange import Exchange, Reply, Request
from kontrak.judging.expect import Finding
from kontrak.judging.failure_text import curl, deviation_text
from kontrak.masking.masker import Masker

JSON = (("Content-Type", "application/json"),)


def exchange(body: bytes = b'{"sign": "0123456789abcdef0123456789abcdef"}') -> Exchange:
    request = Request(
        "POST",
        "http://127.0.0.1:8000/api/v1/bill/check?token=abcdefgh",
        JSON,
        body,
        "inq-pasca PLNPOSTPAID 530000000001",
    )
    return Exchange(request, Reply(200, "OK", JSON, b'{"data": {"price": 302501}}'), 0.0, 0.1)


GOLDEN = """\
IAK-AMOUNT-PRICE  price is nominal plus admin.
  section   Inquiry response: amounts
  source    004_aa804b5916536fc5.txt:62
  sent      POST /api/v1/bill/check  inq-pasca PLNPOSTPAID 530000000001  -> HTTP 200
  expected  price = 302500 (nominal 300000 + admin 2500)
  received  price = 302501
  reply     HTTP 200  {"data": {"price": 302501}}
  repeat    curl -sS -X POST 'http://127.0.0.1:8000/api/v1/bill/check?token=****' \
-H 'Content-Type: application/json' --data-raw '{"sign": "****"}'"""


def test_a_deviation_names_clause_source_request_and_difference() -> None:
    found = [Finding("price = 302500 (nominal 300000 + admin 2500)", "price = 302501")]
    clause = find("IAK-AMOUNT-PRICE")
    assert deviation_text(clause, found, [exchange()], Masker()) == GOLDEN


def test_all_differences_of_a_reply_stand_together() -> None:
    found = [Finding("code = A", "code = B"), Finding("hp = 1", "hp = 2")]
    text = deviation_text(find("IAK-ECHO-HP"), found, [exchange()], Masker())
    assert text.count("  expected  ") == text.count("  received  ") == 2


def test_an_observed_clause_says_that_only_an_example_shows_it() -> None:
    found = [Finding("a month", "13")]
    text = deviation_text(find("IAK-BILLS-PERIODE"), found, [exchange()], Masker())
    assert "only an example shows it" in text


def test_a_long_expectation_is_wrapped() -> None:
    text = deviation_text(find("IAK-ECHO-HP"), [Finding("word " * 60, "x")], [], Masker())
    assert max(len(line) for line in text.splitlines()) < 120


def test_a_curl_line_is_one_line_and_quoted_for_a_shell() -> None:
    line = curl(exchange(b'{\n  "name": "it\'s"\n}'), Masker())
    assert "\n" not in line
    assert """'{ "name": "it'"'"'s" }'""" in line


def test_a_known_secret_is_masked_wherever_it_stands() -> None:
    found = [Finding("x", "the key kunci-rahasia came back")]
    text = deviation_text(find("IAK-ECHO-HP"), found, [exchange()], Masker(["kunci-rahasia"]))
    assert "kunci-rahasia" not in text
    assert "the key **** came back" in text
