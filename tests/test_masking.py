"""Masking: no secret survives in any form, and prose stays readable."""

from __future__ import annotations

import base64
import html
import json
import quopri
import shlex
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kontrak.masking.encodings import SHORT, bare
from kontrak.masking.masker import MASK, Masker

KEY = 'k€y/"s3cr&t'

ENCODINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "JSON": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "JSON, ASCII": lambda secret: json.dumps(secret)[1:-1],
    "JSON, slashes escaped": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "XML text": escape,
    "XML attribute": lambda secret: quoteattr(f"{secret}'\"")[1:-8],
    "HTML": html.escape,
    "percent": quote,
    "percent, slash too": lambda secret: quote(secret, safe=""),
    "percent, plus": quote_plus,
    "percent, lower case": lambda secret: _lower(quote(secret, safe="")),
    "hex": lambda secret: secret.encode().hex(),
    "hex, upper case": lambda secret: secret.encode().hex().upper(),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64, no padding": lambda secret: base64.b64encode(secret.encode()).decode().rstrip("="),
    "base64, URL": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "base64, URL, no padding": lambda secret: (
        base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    ),
}


def _all(shape: str) -> Callable[[str], str]:
    """Every byte of a secret in one shape."""
    return lambda secret: "".join(shape % each for each in secret.encode())


def _every(shape: str) -> Callable[[str], str]:
    """Every character of a secret in one shape."""
    return lambda secret: "".join(shape % ord(each) for each in secret)


def _lines(text: str) -> str:
    return "\r\n".join(text[at : at + 9] for at in range(0, len(text), 9))


# Written by one program and shown by another: how a secret comes back in the field.
DETOURS: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "lower case": str.lower,
    "reversed": lambda secret: secret[::-1],
    "base64 in lines": lambda secret: _lines(base64.b64encode(secret.encode()).decode()),
    "base64 in JSON in lines": lambda secret: json.dumps(
        base64.encodebytes(b"u" * 40 + secret.encode() + b"x" * 40).decode()
    ),
    "base64 twice": lambda secret: base64.b64encode(base64.b64encode(secret.encode())).decode(),
    "base64 of UTF-16": lambda secret: base64.b64encode(secret.encode("utf-16-le")).decode(),
    "hex with colons": lambda secret: secret.encode().hex(":"),
    "hex with blanks": lambda secret: secret.encode().hex(" ").upper(),
    "hex with 0x": _all("0x%02x, "),
    "\\x of every byte": _all("\\x%02x"),
    "\\u of every character": _every("\\u%04x"),
    "percent of every byte": _all("%%%02X"),
    "percent twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "JSON twice": lambda secret: json.dumps(json.dumps(secret))[3:-3],
    "JSON thrice": lambda secret: json.dumps(json.dumps(json.dumps(secret)))[7:-7],
    "HTML twice": lambda secret: html.escape(html.escape(secret)),
    "HTML, decimal": _every("&#%d;"),
    "HTML, hexadecimal": _every("&#x%X;"),
    "JSON in XML": lambda secret: escape(json.dumps(secret)[1:-1]),
    "JSON in an address": lambda secret: quote(json.dumps(secret)),
    "repr": lambda secret: repr(secret)[1:-1],
    "repr of bytes": lambda secret: repr(secret.encode())[2:-1],
    "C": lambda secret: secret.encode("unicode_escape").decode().replace('"', '\\"'),
    "shell": shlex.quote,
    "SQL": lambda secret: secret.replace("'", "''"),
    "split by a line break": lambda secret: f"{secret[:5]}\n   {secret[5:]}",
    "split by a blank": lambda secret: f"{secret[:5]} {secret[5:]}",
    "UTF-16 read as UTF-8": lambda secret: secret.encode("utf-16-le").decode("utf-8", "replace"),
    "UTF-16 read as Latin-1": lambda secret: secret.encode("utf-16-be").decode("latin-1"),
    "UTF-8 read as Latin-1": lambda secret: secret.encode().decode("latin-1"),
    "UTF-8 read as Windows-1252": lambda secret: secret.encode().decode("cp1252"),
    "Latin-1 read as UTF-8": lambda secret: secret.encode("cp1252").decode("utf-8", "replace"),
    "quoted printable": lambda secret: quopri.encodestring(secret.encode()).decode(),
    "quoted printable of every byte": _all("=%02X"),
}
VALUES = {
    "plain": "kunciRahasiaPanjang2026abcde",
    "special": "k€y/\"s3cr&t'x",
    "word": "rahasia8",
    "phrase": "my very long secret ph",
    "hexadecimal": "00FFAA11BBCC2233",
    "telephone": "081234567890",
    "mail": "orang@contoh.co.id",
}


@pytest.mark.parametrize("secret", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("detour", DETOURS.values(), ids=DETOURS.keys())
def test_a_known_value_is_found_behind_every_detour(
    detour: Callable[[str], str], secret: str
) -> None:
    form = detour(secret)
    masked = Masker([secret]).text(f"before {form} after")
    assert MASK in masked
    # What was around it, such as "0x" or padding, may stay.
    left = masked.replace(MASK, "").removeprefix("before ").removesuffix(" after")
    assert len(left.replace("\\x00", "")) < 8 or detour(secret[2:8]) not in masked
    assert form not in masked


SHORT_ONES = {
    "pin=5500&x=5500": "pin=****&x=5500",
    '{"pin": "5500", "price": "5500"}': '{"pin": "****", "price": "5500"}',
    '{"pin":5500,"price":5500,"saldo":"5500"}': '{"pin":"****","price":5500,"saldo":"5500"}',
    "<pin>5500</pin><price>5500</price>": "<pin>****</pin><price>5500</price>",
    '{"message": "5500"}': '{"message": "****"}',
    "<message>5500</message>": "<message>****</message>",
    '{"message": "PIN 5500 salah"}': '{"message": "PIN **** salah"}',
    "Your PIN (5500) is wrong": "Your PIN (****) is wrong",
    "q=pin%3D5500%26x": "q=pin%3D****%26x",
    "HRG:5501 SN:5500 dest 081255001234": "HRG:5501 SN:5500 dest 081255001234",
    "expected price = 5501, received price = 5500": "expected price = 5501, received price = 5500",
    "expected 5501, received 5500": "expected 5501, received 5500",
    "15500 5500.5 A5500": "15500 5500.5 A5500",
    "abc12 xabc12 ABC12 abc123": "**** xabc12 **** abc123",
    "Basic " + base64.b64encode(b"abc12:5500").decode(): "Basic ****6****",
}


@pytest.mark.parametrize(("text", "masked"), SHORT_ONES.items())
def test_a_short_value_is_masked_where_it_stands_as_a_value(text: str, masked: str) -> None:
    assert Masker(["5500", "abc12"]).text(text) == masked


def test_a_short_value_as_the_whole_of_a_header_or_a_body_is_masked() -> None:
    masker = Masker(["5500"])
    headers = (("X-Echo", "5500"), ("Content-Length", "5500"), ("X-Two", "5500 5501"))
    assert [value for _, value in masker.headers(headers)] == ["****", "5500", "5500 5501"]
    assert masker.bytes(b" 5500\r\n") == MASK


characters = st.characters(exclude_categories=["Cs"])
# What is typed or sent in a header has no control characters.
printable = st.characters(exclude_categories=["C"])
secrets = st.text(printable, min_size=8, max_size=40).filter(
    lambda each: len(bare(each)) >= SHORT and set(bare(each)) != {"*"}
)
texts = st.text(characters, max_size=40)
# Texts that are near to what the rules look for.
fragments = st.lists(
    st.sampled_from(
        [
            *['"', "'", "\\", '\\"', ":", ": ", "=", "&", "?", ",", "(", ")", "[", "]", "{", "}"],
            *["<", ">", "</", "<![CDATA[", "]]>", "&lt;", "&gt;", "\n", " ", "*", "****", "://"],
            *["sign", "pin", "api_key", "token", "Authorization", "Basic ", "<sign>", "</sign>"],
            *['"sign":', '"pin": ', "name", "<name>", "<value>", "@", "abc", "1234", "-1.5e3", "é"],
        ]
    ),
    max_size=12,
).map("".join)


def _lower(text: str) -> str:
    head, *rest = text.split("%")
    return "%".join((head, *(each[:2].lower() + each[2:] for each in rest)))


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
@given(secret=secrets, before=texts, after=texts)
@example(KEY, "", "")
@example("a*******", "", "")
@example("********x", "", "")
def test_a_known_value_survives_in_no_encoding(
    encode: Callable[[str], str], secret: str, before: str, after: str
) -> None:
    form = encode(secret)
    assert form not in Masker([secret]).text(f"{before}{form}{after}")


@given(known=st.lists(secrets, max_size=4), text=st.one_of(texts, fragments))
@example(known=["**** x"], text="secret x").via("a mask beside a rest that reads like a secret")
@example(known=["abcdefgh", "****ijklm"], text="abcdefghijklm")
def test_masking_twice_is_masking_once(known: list[str], text: str) -> None:
    masker = Masker(known)
    once = masker.text(text)
    assert masker.text(once) == once


@given(known=st.lists(secrets, min_size=1, max_size=4), data=st.data())
def test_several_values_side_by_side_are_all_masked(known: list[str], data: st.DataObject) -> None:
    text = "".join(data.draw(st.permutations(known)))
    masked = Masker(known).text(text)
    assert all(secret not in masked for secret in known)


@pytest.mark.parametrize("user", ["", "u", "us", "use"])
def test_a_known_value_within_longer_base64_is_masked(user: str) -> None:
    secret = "p4ssw0rd-canary"  # noqa: S105 - a value to look for
    whole = base64.b64encode(f"{user}:{secret}:x".encode()).decode()
    masked = Masker([secret]).text(f"value {whole} end")
    assert MASK in masked
    longest = max((part for part in masked[6:-4].split(MASK)), key=len)
    longest = longest[: len(longest) - (len(longest) % 4 == 1)]
    assert b"word" not in base64.b64decode(longest + "=" * (-len(longest) % 4))
    assert len(masked) < len(whole)


def test_the_longest_value_goes_first() -> None:
    masker = Masker(["abcdefgh", "abcdefghijkl"])
    assert masker.text("x abcdefghijkl y abcdefgh z") == "x **** y **** z"


def test_overlapping_values_leave_no_rest() -> None:
    assert Masker(["abcdefghij", "hijklmnopq"]).text("-abcdefghijklmnopq-") == "-****-"


def test_a_short_value_is_masked_under_a_secret_key_only() -> None:
    masker = Masker(["123"])
    assert masker.text("page 123 pin=123&x=123") == "page 123 pin=****&x=123"


def test_a_hexadecimal_value_is_masked_in_both_cases() -> None:
    assert Masker(["00ffaa11"]).text("00FFAA11 00ffaa11") == "**** ****"


def test_values_may_be_learnt_while_others_mask() -> None:
    def learn(number: int) -> str:
        masker.learn(f"secret-{number:05}")
        return masker.text(f"<secret-{number:05}>")

    masker = Masker()
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(learn, range(1000))) == {"<****>"}


STRUCTURED = {
    'a JSON member {"sign": "abc", "x": 1}': 'a JSON member {"sign": "****", "x": 1}',
    '{"x": 1, "API_KEY" : "a\\"b\\\\", "y": 2}': '{"x": 1, "API_KEY" : "****", "y": 2}',
    '{"apiKey":"abc","accessToken":"abc"}': '{"apiKey":"****","accessToken":"****"}',
    '{"sign": "abc': '{"sign": "****',
    '{"sign": "abc\\': '{"sign": "****',
    '{"pin": 1234, "code": 1234}': '{"pin": "****", "code": 1234}',
    '{"set-cookie": ["a=b", "c]d"], "x": []}': '{"set-cookie": ["****"], "x": []}',
    '{"token": ["abc': '{"token": ["****"',
    '"{\\"sign\\": \\"abc\\"}"': '"{\\"sign\\": \\"****\\"}"',
    "{'sign': 'abc', 'x': b'abc'}": "{'sign': '****', 'x': b'abc'}",
    "headers=(('sign', 'abc'), ('X', 'abc'))": "headers=(('sign', '****'), ('X', 'abc'))",
    "Login(username='abc', pin=b'12')": "Login(username='****', pin=b'****')",
    "<mp><sign>abc</sign><x>abc</x></mp>": "<mp><sign>****</sign><x>abc</x></mp>",
    '<a:sign type="x">abc': '<a:sign type="x">****',
    "<username><![CDATA[a]b]]></username>": "<username><![CDATA[****]]></username>",
    "&lt;sign&gt;abc&lt;/sign&gt;": "&lt;sign&gt;****&lt;/sign&gt;",
    "<name>pin</name><value><string>12</string>": "<name>pin</name><value><string>****</string>",
    "GET /trx?memberID=ab&pin=1&dest=08&sign=x%2f HTTP/1.1": (
        "GET /trx?memberID=****&pin=****&dest=08&sign=**** HTTP/1.1"
    ),
    "curl -H 'Authorization: Basic abc=' -H 'X: y'": (
        "curl -H 'Authorization: Basic ****' -H 'X: y'"
    ),
    "Cookie: a=b; c=d\r\nX: y": "Cookie: ****\r\nX: y",
    "http://user:word@host/path": "http://****@host/path",
    "grant_type=client_credentials&client_secret=abc": (
        "grant_type=client_credentials&client_secret=****"
    ),
    '<form pass="abc" x="abc">': '<form pass="****" x="abc">',
}


@pytest.mark.parametrize(("text", "masked"), STRUCTURED.items())
def test_the_value_of_a_secret_key_is_masked(text: str, masked: str) -> None:
    masker = Masker()
    assert masker.text(text) == masked
    assert masker.text(masked) == masked


@pytest.mark.parametrize(
    "prose",
    [
        "sign: md5(username + api_key + ref_id)",
        "The sign is wrong; the pin, the password and the token are missing.",
        "required keys: 'username', 'sign', 'ref_id'",
        '["commands", "username", "sign"] is a list of names',
        "memberID=[memberID]&pin=[pin]&password={password}",
        '{"sign": "", "token": null, "design": "abc", "spin": 1}',
        "<sign></sign> <sign/> <pin> </pin> <username>\n  <x>1</x></username>",
        "assign=1 design=2 x.spin=3",
        "see https://docs.example/a?b=c and me@example.org",
    ],
)
def test_prose_and_empty_values_stay(prose: str) -> None:
    assert Masker().text(prose) == prose


def test_headers_are_masked_by_name_and_by_value() -> None:
    headers = (
        ("Authorization", "Basic abc="),
        ("X-Sign", "abc"),
        ("Set-Cookie", "a=b"),
        ("rqid", "12"),
        ("Location", "/x?pin=1&y=2"),
        ("X-Echo", "known-value"),
        ("Content-Type", "text/plain"),
        ("signature", ""),
    )
    masker = Masker(["known-value"])
    masked = masker.headers(headers)
    assert masked == (
        ("Authorization", "Basic ****"),
        ("X-Sign", "****"),
        ("Set-Cookie", "****"),
        ("rqid", "****"),
        ("Location", "/x?pin=****&y=2"),
        ("X-Echo", "****"),
        ("Content-Type", "text/plain"),
        ("signature", ""),
    )
    assert masker.headers(masked) == masked


def test_a_structure_is_copied_with_its_strings_masked() -> None:
    value = {
        "sign": "abc",
        "pin": 1234,
        "token": ["a", ("b",)],
        "rqid": {"passed": 3},
        "note": ["has known-value", None, True, 1.5],
        "known-value": 1,
        7: "seven",
    }
    masked = Masker(["known-value"]).structure(value)
    assert masked == {
        "sign": "****",
        "pin": "****",
        "token": ["****", ("****",)],
        "rqid": {"passed": 3},
        "note": ["has ****", None, True, 1.5],
        "****": 1,
        7: "seven",
    }
    assert value["sign"] == "abc"


def test_a_body_is_masked_whatever_its_bytes() -> None:
    assert Masker().bytes(b'\xff{"sign":"\xe9bc"}') == '\ufffd{"sign":"****"}'
