"""Formats of display values, and relations between the values of messages."""

from __future__ import annotations

from typing import Any

import pytest

from kontrak.providers.tokopedia.formats import amount, matches, recognise
from kontrak.providers.tokopedia.relations import Relation, compatible, evaluate


@pytest.mark.parametrize(
    ("value", "name", "number"),
    [
        ("Rp1.000", "rp", 1000),
        ("Rp 1.234.567", "rp_blank", 1234567),
        ("Rp 100000", "rp_plain", 100000),
        ("Rp0", "rp", 0),
        ("85500", "digits", 85500),
        ("10 M3", "volume", 10),
        ("4 BULAN", "count", 4),
        ("156231, 237481", "list:digits", 393712),
        ("MEI23, JUN23", "list:month_code", None),
        ("22SEP21", "date_code", None),
        ("03 Oktober 2021", "date_words", None),
        ("1378 7553 5576 5816 1258", "token", None),
        ("TOK*** US**", "masked", None),
        ("Jl. Mawar, Jakarta", "free", None),
        ("", "unknown", None),
    ],
)
def test_a_value_reports_its_format_and_its_number(
    value: str, name: str, number: int | None
) -> None:
    assert recognise(value) == name
    assert matches(name, value)
    assert amount(value) == number


@pytest.mark.parametrize("month", ["May", "Mei", "Aug", "Agu", "Oct", "Okt", "Dec", "Des"])
def test_a_month_is_short_for_its_name_in_either_language(month: str) -> None:
    assert matches("date_range", f"16 {month} 2022 - 16 Jan 2023")
    assert matches("datetime_words", f"07 {month} 2022 00:00")


@pytest.mark.parametrize(
    ("name", "value"),
    [("date", "2020-20-02"), ("date_slash", "31/02/2023"), ("rp", "Rp 1.000"), ("rp", "Rp1000")],
)
def test_a_value_of_another_format_is_refused(name: str, value: str) -> None:
    assert not matches(name, value)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Tok****** Us**", "Tokopedia User", True),
        ("tokopedia user ", "TOKOPEDIA USER", True),
        ("TOK***** US**", "TOKOPEDIA USER", False),
        ("Tok****** Us**", "Another.. Name", False),
        ("Agus", "Budi", False),
        ("A%20b", "a b", True),
    ],
)
def test_masked_texts_are_compatible_or_not(
    one: str,
    other: str,
    expected: bool,  # noqa: FBT001 - a parametrised expectation
) -> None:
    assert compatible(one, other) is expected


def _messages(**changes: object) -> dict[str, Any]:
    attributes = {"base": 90, "fee": 10, "number": "0012", "serial": "12-34", "empty": ""}
    entries = [
        {"name": "Total", "value": "Rp 100"},
        {"name": "Fine", "value": ""},
        {"name": "Token", "value": "12 34"},
        {"name": "Stand", "value": "5-9 m3"},
        {"name": "Months", "value": "1, 2, 3"},
        {"name": "Count", "value": "3"},
    ]
    document = {"id": "x", "attributes": {**attributes, "inquiry_result": entries, **changes}}
    return {"inquiry": {"data": document}}


def _relation(
    how: str, left: str, right: str, *, plus: tuple[str, ...] = (), minus: tuple[str, ...] = ()
) -> Relation:
    return Relation("r", how, (left,), (right,), "strict", "doc:1", plus=plus, minus=minus)


@pytest.mark.parametrize(
    ("relation", "change"),
    [
        pytest.param(
            _relation("equal", "inquiry.base", "inquiry#0 Total", plus=("inquiry.fee",)),
            {"fee": 11},
            id="sum",
        ),
        pytest.param(
            _relation("equal", "inquiry#0 Total", "inquiry.base", minus=("inquiry.fee",)),
            {"base": 89},
            id="difference",
        ),
        pytest.param(
            _relation("at_most", "inquiry.base", "inquiry#0 Total"), {"base": 101}, id="cap"
        ),
        pytest.param(_relation("text", "inquiry.number", "inquiry.number"), {}, id="same"),
        pytest.param(
            _relation("digits", "inquiry#2 Token", "inquiry.serial"), {"serial": "1235"}, id="token"
        ),
        pytest.param(
            _relation("range", "inquiry#3 Stand", "inquiry.used"), {"used": 5}, id="range"
        ),
        pytest.param(_relation("length", "inquiry#4 Months", "inquiry.n"), {"n": 2}, id="length"),
        pytest.param(
            _relation("padded", "inquiry.number", "inquiry.other"), {"other": "13"}, id="pad"
        ),
        pytest.param(_relation("mask", "inquiry.id", "inquiry.name"), {"name": "y"}, id="mask"),
    ],
)
def test_a_relation_holds_until_one_value_changes(
    relation: Relation, change: dict[str, object]
) -> None:
    kept = {"used": 4, "n": 3, "other": "12", "name": "X"}

    assert evaluate(relation, _messages(**kept)) == "holds"
    if change:
        assert evaluate(relation, _messages(**{**kept, **change})) == "broken"


@pytest.mark.parametrize(
    "right", ["inquiry.empty", "inquiry.absent", "order.base", "inquiry#1 Fine"]
)
def test_nothing_is_concluded_from_an_absent_value(right: str) -> None:
    assert evaluate(_relation("equal", "inquiry.base", right), _messages()) == "empty"


@pytest.mark.parametrize("term", ["inquiry#0 Sum", "inquiry#9 Total", "inquiry"])
def test_a_term_that_names_nothing_is_an_error(term: str) -> None:
    with pytest.raises(ValueError, match=term):
        evaluate(_relation("equal", term, "inquiry.base"), _messages())
