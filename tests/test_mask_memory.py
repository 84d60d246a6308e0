"""What was masked before is remembered, and never shows what was learnt to be secret since."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from kontrak.exchange import Exchange, Reply, Request
from kontrak.judging.failure_text import http_attachment
from kontrak.masking.encodings import Secrets
from kontrak.masking.masker import MASK, Fit, Masker
from kontrak.masking.memory import Memory

SECRET = "Zz9Yy8/Xx7Ww6+Vv5Uu4"  # noqa: S105 - made up for the test
SPELLINGS = (
    SECRET,
    SECRET[::-1],
    quote(SECRET, safe=""),
    json.dumps(json.dumps(SECRET)),
    base64.b64encode(f"the key is {SECRET} today".encode()).decode(),
    SECRET.encode().hex(),
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_that_is_learnt_later_is_masked_in_a_remembered_text(spelling: str) -> None:
    masker = Masker()
    text = f"the answer of the service was {spelling} and nothing else"
    assert masker.text(text) == text
    masker.learn(SECRET)
    assert spelling not in masker.text(text)
    assert MASK in masker.text(text)


def test_a_short_secret_that_is_learnt_later_is_masked_in_a_remembered_text() -> None:
    masker = Masker()
    text = "the answer of the service names the user w4rung and nothing else"
    assert masker.text(text) == text
    masker.learn("w4rung")
    assert masker.text(text) == text.replace("w4rung", MASK)


def test_one_of_many_secrets_that_are_learnt_later_is_found() -> None:
    masker = Masker()
    text = f"the answer of the service was {SECRET} and nothing else"
    assert masker.text(text) == text
    for number in range(1_000):
        masker.learn(f"signature-{number:08}")
    masker.learn(SECRET)
    assert SECRET not in masker.text(text)


def test_a_customer_that_is_learnt_later_is_shortened_in_a_remembered_text() -> None:
    masker = Masker()
    text = "the bill of 530000000001 is paid, and nothing else was asked"
    assert masker.text(text) == text
    masker.personal.learn_target({"customer": "530000000001"})
    assert "5300******01" in masker.text(text)


def test_a_text_is_masked_once_as_long_as_nothing_in_it_is_learnt() -> None:
    secrets, memory, masked = Secrets(), Memory(), []

    def mask(text: str, bares: list[str]) -> str:
        masked.append(text)
        secrets.spans(text, bares)
        return text.upper()

    for number in range(3):
        assert memory.masked("a title", secrets, mask) == "A TITLE"
        secrets.add(f"signature-{number}")
    assert masked == ["a title"]
    secrets.add("9931")
    memory.masked("a title", secrets, mask)
    assert len(masked) == 2


def test_an_exchange_is_attached_as_masked_text_that_is_fit_to_be_written() -> None:
    masker = Masker([SECRET])
    request = Request("POST", f"http://host/{quote(SECRET, safe='')}", (), SECRET.encode(), "buy")
    reply = Reply(200, SECRET, (("X-Echo", SECRET),), json.dumps({"printed": SECRET}).encode())
    _, text = http_attachment(Exchange(request, reply, 0.0, 0.1), masker)
    assert isinstance(text, Fit)
    assert masker.text(text) is text
    assert masker.text(str(text)[:]) == str(text)
    assert SECRET not in text
    assert type(text[:10]) is str
