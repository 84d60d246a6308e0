"""Text templates: parser and renderer are inverse, and a mismatch names piece and character."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kontrak.clauses.text_template import KINDS, Mismatch, Template
from kontrak.errors import ConfigurationError
from kontrak.providers.httpget.settings import documented_templates
from kontrak.providers.rqid.message import message_templates

FIXTURES = Path(__file__).parent.parent / "fixtures"
TRX = (
    "TRX {product:code}.{dest:customer} SUKSES, "
    "HRG:{price:amount} SN:{sn:serial} REFID:{ref:reference}."
)

letters = st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=".,:@ ")
words = st.text(letters, min_size=1, max_size=12)
references = st.text(st.sampled_from("ABCXYZabc019_-"), min_size=1, max_size=20)
amounts = st.integers(0, 10**12)
times = st.datetimes().map(lambda moment: moment.replace(microsecond=0))


@given(product=words, dest=words, price=amounts, sn=words, ref=references)
def test_what_is_rendered_is_read_back(
    product: str, dest: str, price: int, sn: str, ref: str
) -> None:
    template = Template(TRX)
    values = {"product": product, "dest": dest, "price": price, "sn": sn, "ref": ref}
    text = template.render(values)
    assert template.read(text) == values
    assert template.render(template.read(text)) == text


@given(balance=amounts, moment=times)
def test_a_balance_is_read_back(balance: int, moment: datetime) -> None:
    template = documented_templates()["balance"]
    values = {"balance": balance, "at": moment}
    assert template.read(template.render(values)) == values


VALUES: dict[str, st.SearchStrategy[object]] = {
    "amount": amounts,
    "code": words,
    "customer": words,
    "reference": references,
    "serial": words,
    "text": words,
    "word": st.text(st.sampled_from("ABCxyz"), min_size=1, max_size=8),
    "rest": words,
    "money": amounts,
    "signed": st.integers(-(10**12), 10**12),
    "loose-serial": words,
    "date-time": times,
}
LITERALS = st.text(st.sampled_from("AB :,.=@"), min_size=1, max_size=5)
DOCUMENTED = {**documented_templates(), **message_templates()}


@st.composite
def templates(draw: st.DrawFn) -> tuple[str, list[str]]:
    """The text of a template, and the kinds of its fields."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5))
    parts = [
        f"{draw(LITERALS)}{{{name}:{kind}}}" for name, kind in zip("abcde", kinds, strict=False)
    ]
    return "".join(parts) + draw(LITERALS), kinds


@given(made=templates(), data=st.data())
def test_any_template_and_its_renderer_are_inverse(
    made: tuple[str, list[str]], data: st.DataObject
) -> None:
    template = Template(made[0])
    values = {name: data.draw(VALUES[kind]) for name, kind in zip("abcde", made[1], strict=False)}
    try:
        text = template.render(values)
    except ValueError:
        assume(condition=False)
    assert template.read(text) == values
    assert template.render(template.read(text)) == text


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
@given(data=st.data())
def test_a_text_that_is_read_is_rendered_as_it_was(name: str, data: st.DataObject) -> None:
    template = DOCUMENTED[name]
    kinds = dict(re.findall(r"\{(\w+):([a-z-]+)\}", template.text))
    text = template.render({field: data.draw(VALUES[kinds[field]]) for field in template.fields})
    place = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from("0A.@ :,"))
    for one in (
        text,
        f"{text[:place]}{sign}{text[place + 1 :]}",
        f"{text[:place]}{text[place + 1 :]}",
    ):
        if template.reads(one):
            assert template.render(template.read(one)) == one


@given(product=words, dest=words, price=amounts, sn=words, ref=references, data=st.data())
def test_a_changed_literal_is_found(
    product: str, dest: str, price: int, sn: str, ref: str, data: st.DataObject
) -> None:
    template = Template(TRX)
    values = {"product": product, "dest": dest, "price": price, "sn": sn, "ref": ref}
    text = template.render(values)
    end = text.index("HRG:")
    place = data.draw(st.integers(0, len("TRX ") - 1) | st.integers(end, end + 3))
    changed = f"{text[:place]}~{text[place + 1 :]}"
    with pytest.raises(Mismatch) as caught:
        template.read(changed)
    assert caught.value.at <= place


@pytest.mark.parametrize(
    ("text", "piece", "at"),
    [
        ("TRX A.1 SUKSES, HRG:2000 SN:B REFID:C", "'.'", 37),
        ("TRX A.1 SUKSES, HRG:2000 SN:B REFID:C..", "'.'", 37),
        ("TRX A.1 GAGAL, HRG:2000 SN:B REFID:C.", "' SUKSES, HRG:'", 8),
        ("TRX A.1 SUKSES, HRG:2.000 SN:B REFID:C.", "' SN:'", 21),
        ("TRX A.1 SUKSES, HRG:02000 SN:B REFID:C.", "price, rupiah in digits", 20),
        ("", "'TRX '", 0),
    ],
)
def test_a_mismatch_names_piece_and_character(text: str, piece: str, at: int) -> None:
    with pytest.raises(Mismatch) as caught:
        Template(TRX).read(text)
    assert caught.value.piece.startswith(piece)
    assert caught.value.at == at
    assert f"character {at + 1}" in str(caught.value)


@pytest.mark.parametrize("moment", ["2026-02-30 11:00:00", "2026-04-21 24:00:00"])
def test_a_time_exists_in_the_calendar(moment: str) -> None:
    template = documented_templates()["balance"]
    assert not template.reads(f"saldo=1  @ {moment}")
    assert template.reads("saldo=1  @ 2026-04-21 11:00:00")


@pytest.mark.parametrize("name", ["trx", "cek", "bayar", "status"])
def test_the_documents_own_texts_are_read(name: str) -> None:
    text = (FIXTURES / "httpget" / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")
    template = documented_templates()[name]
    assert template.render(template.read(text)) == text


def test_the_documents_balance_lacks_a_blank() -> None:
    text = (FIXTURES / "httpget" / "balance.txt").read_text(encoding="utf-8").rstrip("\n")
    template = documented_templates()["balance"]
    assert not template.reads(text)
    assert template.reads(text.replace(" @", "  @"))


def test_a_message_ends_without_a_dot() -> None:
    template = message_templates()["topup"]
    assert template.read("TRX IS5.081234567890 SUKSES, SN:ABC123")["serial"] == "ABC123"
    assert not template.reads("TRX IS5.081234567890 SUKSES, SN:ABC123.")


def test_values_that_cannot_be_reported_apart_are_not_rendered() -> None:
    template = Template("A{one:text} B{other:text}")
    with pytest.raises(ValueError, match="distinguished"):
        template.render({"one": "x Bx", "other": "y"})


@pytest.mark.parametrize(
    "text", ["", "a\nb", "{one}", "{one:nothing}", "{one:text", "{one:text} {one:text}"]
)
def test_a_text_that_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Template(text)
    assert caught.value.hint
