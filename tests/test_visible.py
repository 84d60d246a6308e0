"""Nothing that a provider sends acts on a terminal, a log or a page; all of it can be written."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontrak.masking.masker import Masker
from kontrak.masking.visible import chat, markdown, visible, visible_data
from kontrak.sandbox import Sandbox
from tests.live import rehearsal
from tests.meddling import meddling
from tests.runs import kontrak

EVIL = (
    r"\ud800x\u001b[2J\u001b]0;OWNED\u0007\u001b]52;c;QUJD\u0007\u009b31m\u0000\u007f\u202egnp\u2066"
    r"\u200b\u2028 ::error file=x::boo ##[add-mask]ok ##vso[task.x]y <b>*bold*</b>|x|`y`@all"
)
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
COMMAND = re.compile(r"^\s*::|##\[|##vso\[", re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "shown"),
    {
        "\x1b[2J": r"\x1b[2J",
        "\x9b31m\x07": r"\x9b31m\x07",
        "a\0b\x7f": r"a\x00b\x7f",
        "\u202egnp\u2066": r"\u202egnp\u2066",
        "\ud800x": r"\ud800x",
        "a\u200bb\ufeff\u2028": r"a\u200bb\ufeff\u2028",
        "\U000e0041": r"\U000e0041",
        "a\r\nb\tc\n": "a\r\nb\tc\n",
        "a\rb": r"a\x0db",
        "::error::x": r"\x3a:error::x",
        "x\n   ::add-mask::x\nstd::x": "x\n   \\x3a:add-mask::x\nstd::x",
        "x ##[error]y": r"x \x23#[error]y",
        "##vso[a]": r"\x23#vso[a]",
        "Rp 5.000 é 漢 😀 ## x": "Rp 5.000 é 漢 😀 ## x",
    }.items(),
)
def test_what_would_act_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert Masker().text(text) == shown


def test_every_control_and_format_character_is_shown() -> None:
    left = [
        f"{code:04x}"
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        and chr(code) not in "\t\n"
        and visible(chr(code)) == chr(code)
    ]
    assert left == []


@given(st.text(st.characters(codec=None)))
def test_it_is_writable_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    shown.encode()


def test_data_is_made_visible_with_its_names() -> None:
    assert visible_data({"\x1b": ["\ud800", 1, None, ("\x9b",)]}) == {
        r"\x1b": [r"\ud800", 1, None, [r"\x9b"]]
    }


def test_markup_of_a_page_and_of_a_chat_is_no_markup() -> None:
    assert markdown("a|<b>*c*\n`d` [e](f) x_y") == r"a\|&lt;b&gt;\*c\* \`d\` \[e\]\(f\) x_y"
    assert chat("<!channel> *c* `d` spend_rupiah") == (
        r"\x3c!channel\x3e \x2ac\x2a \x60d\x60 spend_rupiah"
    )


def _meddle(body: bytes) -> bytes:
    evil = EVIL.encode()
    body = re.sub(rb'("(?:message|msg|tr_name)": ?")[^"]*"', lambda m: m[1] + evil + b'"', body)
    return re.sub(rb'("rc": ?")(?!00|39)[^"]*"', lambda m: m[1] + evil + b'"', body)


@pytest.mark.parametrize("provider", ["iak", "digiswitch", "rqid"])
def test_a_whole_run_shows_it_as_escapes(provider: str, tmp_path: Path) -> None:
    header = (("X-Odd", "caf\xe9 \x9b31m \xff"),)
    with Sandbox() as sandbox, meddling(sandbox.url, _meddle, header) as url:
        target = rehearsal(tmp_path, url)
        # The sandbox's clock is real here: what is in process would be waited for.
        text = target.read_text(encoding="utf-8").replace(
            "settle_seconds = 300", "settle_seconds = 1"
        )
        target.write_text(text, encoding="utf-8")
        ran = kontrak(
            "run", "-p", provider, f"--target={target}", "--no-html", "--seed=1",
            "-k", "test_amounts or test_success or test_status or test_refus or test_failure",
            f"--output={tmp_path}", output=tmp_path,
        )  # fmt: skip
    assert "INTERNALERROR" not in ran.printed
    assert "fault of kontrak" not in ran.printed
    assert ran.code in (0, 1, 3)
    assert not UNSAFE.search(ran.printed)
    assert not COMMAND.search(ran.printed)
    paths = [one for one in tmp_path.rglob("*") if one.suffix in (".json", ".xml", ".txt")]
    assert len(paths) > 5
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not UNSAFE.search(text), path
    ET.parse(tmp_path / "junit.xml")  # noqa: S314 - our own file


def test_a_waiver_s_words_that_are_not_utf_8_are_refused_in_one_line(tmp_path: Path) -> None:
    words = ("--reason", "x", "--ticket", "T-1", f"--waivers={tmp_path / 'waivers.toml'}")
    ran = kontrak("waive", "IAK-ECHO-HP", "--owner", "\udcff\udcfe", *words, output=tmp_path)
    assert ran.code == 4
    assert ran.printed.splitlines()[0] == "error: --owner is not text in UTF-8"
    assert not (tmp_path / "waivers.toml").exists()
