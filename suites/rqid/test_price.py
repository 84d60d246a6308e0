"""Price check."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.judging.expect import expect, judge_place
from kontrak.providers.rqid import Purse, Rqid, RqidAnswer
from kontrak.providers.rqid.catalogue import Catalogue
from kontrak.providers.rqid.refusal import expect_refused

PLACES = [cited(one.id, one) for one in of_shape("rqid", "price")]


@pytest.fixture(scope="module")
def price(rqid: Rqid) -> RqidAnswer:
    """The price of the target's prepaid product."""
    return rqid.price(rqid.numbers("prepaid").get("product"))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_price(price: RqidAnswer, place: Clause) -> None:
    price.require_success()
    judge_place(price, place)


@clause("RQID-PRICE-ECHO")
def test_the_price_names_its_product(rqid: Rqid, price: RqidAnswer) -> None:
    other = rqid.numbers("prepaid").told.get("other_product")
    for answer in [price, *([rqid.price(other)] if other else [])]:
        answer.require_success()
        with expect(answer) as that:
            that.equal("kode", answer.text("kode"), answer.sent["product_code"], "as asked")


@clause("RQID-PRICE-UNKNOWN")
def test_an_unknown_product_has_no_price(rqid: Rqid) -> None:
    product = rqid.numbers("prepaid").get("product")
    expect_refused(rqid.price("KONTRAKNOSUCHCODE"), rqid.price(f"{product}ZQX"))


@clause("RQID-PRICE-MANDATORY")
def test_a_price_check_names_a_product(rqid: Rqid) -> None:
    expect_refused(rqid.ask("price", rqid.fields()), rqid.price(""))


@clause("RQID-PRICE-AGREES")
def test_price_and_products_agree(rqid: Rqid, catalogue: Catalogue) -> None:
    names = rqid.numbers("prepaid").told
    for product in [names[name] for name in ("product", "other_product") if name in names]:
        answer = rqid.price(product).require_success()
        row = catalogue.known().get(product)
        with expect(answer) as that:
            that.that(row is not None, f"{product} among the products", "absent")
            if row is not None:
                that.equal("harga", answer.number("harga"), catalogue.price(row), "as in products")
                for name in ("nama", "gangguan", "kosong"):
                    wanted = catalogue.text(row, name)
                    that.equal(name, answer.text(name), wanted, "as in products")
    for row in catalogue.filtered(type="prabayar")[-1:]:
        answer = rqid.price(catalogue.text(row, "kode"))
        if not answer.is_success:
            continue  # whether the filter brings prepaid products has a clause of its own
        with expect(answer) as that:
            that.equal("harga", answer.number("harga"), catalogue.price(row), "as in products")
            that.equal("nama", answer.text("nama"), catalogue.text(row, "nama"), "as in products")


@clause("RQID-PRICE-FLAGS")
def test_a_product_on_sale_has_both_flags_down(price: RqidAnswer) -> None:
    price.require_success()
    with expect(price) as that:
        for name in ("gangguan", "kosong"):
            that.equal(name, price.text(name), "Tidak", "the target buys it")


@clause("RQID-PRICE-FREE")
def test_a_price_check_costs_nothing(rqid: Rqid, purse: Purse) -> None:
    mark = purse.mark()
    answer = rqid.price(rqid.numbers("prepaid").get("product"))
    with expect(answer) as that:
        that.equal("money taken, in rupiah", purse.spent_since(mark), 0)
