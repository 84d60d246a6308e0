"""tokopedia: result lists in their documented places, and relations judged over them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kontrak.config.paths import FIXTURES
from kontrak.exchange import Exchange, Reply, Request
from kontrak.judging.expect import Blocked, Deviation, notebook
from kontrak.providers.tokopedia import TokopediaAnswer
from kontrak.providers.tokopedia.judging import judge_formats, judge_names, judge_relations
from kontrak.providers.tokopedia.lists import Aligned, align, as_documented
from kontrak.providers.tokopedia.products import Product, products
from kontrak.providers.tokopedia.relations import LISTS, evaluate

PAYLOADS = {"inquiry": "inquiry_response", "order": "order_response"}
LISTED = [
    pytest.param(product, message, id=f"{code}-{message}")
    for code, product in products().items()
    for message in product.lists
]
MEDAN = products()["pdam-sumatera-kota-medan"]
RIAU = products()["samsat-kep-riau"]


def _document(product: Product, message: str) -> Any:
    path = FIXTURES / "tokopedia" / product.code / f"{PAYLOADS[message]}.json"
    return json.loads(path.read_text("utf-8"))


def _answer(document: Any) -> TokopediaAnswer:
    body = json.dumps(document).encode()
    exchange = Exchange(Request("GET", "", (), b"", ""), Reply(200, "OK", (), body), 0.0, 0.0)
    return TokopediaAnswer(exchange, document)


def _rows(product: Product, message: str) -> list[tuple[str, str]]:
    entries = _document(product, message)["data"]["attributes"][LISTS[message]]
    return [(one["name"], one["value"]) for one in entries]


def _with(product: Product, message: str, rows: list[tuple[str, str]], **attributes: object) -> Any:
    document = _document(product, message)
    entries = [{"name": name, "value": value} for name, value in rows]
    document["data"]["attributes"] |= {LISTS[message]: entries, **attributes}
    return document


@pytest.mark.parametrize(("product", "message"), LISTED)
def test_the_documented_list_is_in_its_places(product: Product, message: str) -> None:
    judge_names(_answer(_document(product, message)), product, message)


@pytest.mark.parametrize(("product", "message"), LISTED)
def test_a_list_with_a_wrong_name_is_refused(product: Product, message: str) -> None:
    rows = _rows(product, message)

    for place, (name, value) in enumerate(rows):
        wrong = [*rows[:place], (f"{name} ", value), *rows[place + 1 :]]
        found = align(product.lists[message], wrong)
        assert isinstance(found, int)
        assert found <= place


@pytest.mark.parametrize(("product", "message"), LISTED)
def test_a_list_with_an_entry_more_is_refused(product: Product, message: str) -> None:
    rows = _rows(product, message)

    assert align(product.lists[message], [*rows, ("Catatan", "")]) == len(rows)


@pytest.mark.parametrize(("product", "message"), LISTED)
def test_a_list_without_its_last_entry_is_refused(product: Product, message: str) -> None:
    if product.lists[message][-1].per_bill:
        pytest.skip("the last entry comes once for each bill")
    rows = _rows(product, message)[:-1]

    assert align(product.lists[message], rows) == len(rows)


def test_two_entries_that_changed_places_are_refused() -> None:
    rows = _rows(RIAU, "inquiry")
    rows[0], rows[1] = rows[1], rows[0]

    with pytest.raises(Deviation, match="'Nomor Polisi'"):
        judge_names(_answer(_with(RIAU, "inquiry", rows)), RIAU, "inquiry")


def test_optional_entries_may_be_absent() -> None:
    rows = [row for row in _rows(RIAU, "inquiry") if not row[0].startswith("Denda")]

    found = align(RIAU.lists["inquiry"], rows)

    assert isinstance(found, Aligned)
    assert [len(values) for values in found.values].count(0) == 2


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_entry_for_each_bill_comes_as_often_as_there_are_bills(count: int) -> None:
    rows = _rows(MEDAN, "order")
    bills = [("Periode", "Mei 2023"), ("Tagihan", "Rp4.000")] * count
    answer = _answer(_with(MEDAN, "order", [*rows[:-4], *bills]))

    judge_names(answer, MEDAN, "order")
    documents = {"order": as_documented(answer, MEDAN, "order")}
    total = next(one for one in MEDAN.relations if one.id == "bills-order")

    assert evaluate(total, documents) == ("holds" if count == 3 else "broken")


def test_a_bill_in_pieces_is_refused() -> None:
    rows = _rows(MEDAN, "order")

    assert align(MEDAN.lists["order"], [*rows, ("Periode", "Mei 2023")]) == len(rows)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Pokok PKB", "Rp 1,000"),
        ("Pokok PKB", "IDR 1000"),
        ("Masa Berlaku Pajak Lama", "2021-10-03"),
    ],
)
def test_a_value_in_another_format_is_refused(name: str, value: str) -> None:
    rows = [(n, value if n == name else v) for n, v in _rows(RIAU, "inquiry")]

    with pytest.raises(Deviation, match=name):
        judge_formats(_answer(_with(RIAU, "inquiry", rows)), RIAU, "inquiry")


def test_another_style_of_rupiah_is_no_deviation() -> None:
    rows = [(name, value.replace("Rp", "Rp ")) for name, value in _rows(RIAU, "inquiry")]

    judge_formats(_answer(_with(RIAU, "inquiry", rows)), RIAU, "inquiry")


def _judge(document: Any, suspects: dict[str, str] | None = None) -> None:
    answer = _answer(document)
    messages = {"inquiry": as_documented(answer, RIAU, "inquiry")}
    judge_relations((answer,), RIAU, messages, suspects or {}, amounts=True)


def test_amounts_that_agree_are_no_deviation() -> None:
    _judge(_document(RIAU, "inquiry"))


def test_an_amount_that_disagrees_is_named() -> None:
    rows = [(n, "Rp1" if n == "Total Tagihan" else v) for n, v in _rows(RIAU, "inquiry")]

    with pytest.raises(Deviation, match="Total Tagihan of the inquiry = sales_price"):
        _judge(_with(RIAU, "inquiry", rows))


def test_what_rests_on_a_wrong_attribute_is_blocked_behind_its_clause() -> None:
    document = _with(RIAU, "inquiry", _rows(RIAU, "inquiry"), sales_price=1)

    with pytest.raises(Blocked, match="INQUIRY-PRICE-SUM"):
        _judge(document, {"inquiry.sales_price": "TOKOPEDIA-INQUIRY-PRICE-SUM"})


def test_an_amount_that_cannot_be_read_is_blocked_behind_its_format() -> None:
    rows = [(n, "gratis" if n == "Biaya Admin" else v) for n, v in _rows(RIAU, "inquiry")]

    with pytest.raises(Blocked, match="TOKOPEDIA-SAMSAT-KEP-RIAU-VALUES"):
        _judge(_with(RIAU, "inquiry", rows))


def test_a_list_with_wrong_names_blocks_what_rests_on_it() -> None:
    with pytest.raises(Blocked, match="TOKOPEDIA-SAMSAT-KEP-RIAU-INQUIRY-NAMES"):
        _judge(_with(RIAU, "inquiry", [("Nama", "x")]))


def test_a_style_that_the_list_itself_has_is_not_noted() -> None:
    product = products()["pbb-kab-bandung-barat"]
    rows = [
        (name, "Rp52.500" if name == "Jumlah Pembayaran" else value)
        for name, value in _rows(product, "order")
    ]

    with notebook() as book:
        judge_formats(_answer(_with(product, "order", rows)), product, "order")

    assert book.notes == []


@pytest.mark.parametrize("value", ["-Rp5.000", "(Rp5.000)", "Rp5.000,00"])
def test_rupiah_taken_off_or_with_decimals_is_no_deviation(value: str) -> None:
    product = products()["pbb-kota-depok"]
    rows = [(n, value if n == "Diskon" else v) for n, v in _rows(product, "order")]

    judge_formats(_answer(_with(product, "order", rows)), product, "order")


def test_what_the_example_breaks_too_says_so() -> None:
    product = products()["pbb-kab-bandung-barat"]
    answers = {one: _answer(_document(product, one)) for one in ("inquiry", "order")}
    messages = {one: as_documented(answer, product, one) for one, answer in answers.items()}

    with pytest.raises(Deviation, match="own example breaks this too: C002-28"):
        judge_relations((answers["order"],), product, messages, {}, amounts=True)


@pytest.mark.parametrize("place", [0, 3])
def test_a_number_that_stands_twice_under_one_name_is_judged_twice(place: int) -> None:
    product = products()["pln-non-taglis"]
    rows = _rows(product, "inquiry")
    rows[place] = (rows[place][0], "104111106113")
    answer = _answer(_with(product, "inquiry", rows))
    messages = {"inquiry": as_documented(answer, product, "inquiry")}

    with pytest.raises(Deviation, match="Nomor Registrasi of the inquiry"):
        judge_relations((answer,), product, messages, {}, amounts=False)
