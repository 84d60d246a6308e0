"""Price check."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.rqid import Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.catalogue import Catalogue
from kontrak.providers.rqid.refusal import expect_refused

PLACES = [cited(one.id, one) for one in of_shape("rqid", "price")]


@pytest.fixture(scope="module")
def price(rqid: Rqid) -> RqidAnswer:
    """The price of the target's prepaid product."""
    return rqid.price(rqid.numbers("prepaid").get("product"))


@clause("RQID-PRICE-SUCCESS")
def test_a_product_on_sale_has_a_price(rqid: Rqid, price: RqidAnswer, catalogue: Catalogue) -> None:
    if price.malformed is not None or not (price.is_success or price.members):
        raise Blocked("RQID-ACCESS-WELLFORMED")
    product = str(price.sent["product_code"])
    if "products" in rqid.settings.operations and product not in catalogue.known():
        raise NotOffered(
            f"products does not list {product}, and its price is refused",
            hint="check [rqid.prepaid] product of the target",
        )
    # Asked only to know more of a refusal: it asks for more than the document does.
    fuller = price if price.is_success else rqid.ask("price", {**price.sent, "ref_1": new_ref_id()})
    with expect(fuller, price) as that:
        that.about(price)
        reported = "answered" if fuller.is_success else "refused too"
        came = f"HTTP {price.status}, rc {price.rc}; the same with ref_1 is {reported}"
        that.that(price.is_success, f"the price of {product}", came)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_price(price: RqidAnswer, place: Clause) -> None:
    price.require_success()
    judge_place(price, place)


@clause("RQID-PRICE-ECHO")
def test_the_price_names_its_product(rqid: Rqid, price: RqidAnswer) -> None:
    other = rqid.numbers("prepaid").configured.get("other_product")
    for answer in [price, *([rqid.price(other)] if other else [])]:
        answer.require_success()
        with expect(answer) as that:
            that.equal("kode", answer.text("kode"), answer.sent["product_code"], "as asked")


@clause("RQID-PRICE-UNKNOWN")
def test_an_unknown_product_has_no_price(rqid: Rqid, price: RqidAnswer) -> None:
    price.require_success()
    product = rqid.numbers("prepaid").get("product")
    expect_refused(rqid.price("KONTRAKNOSUCHCODE"), rqid.price(f"{product}ZQX"))


@clause("RQID-PRICE-MANDATORY")
def test_a_price_check_names_a_product(rqid: Rqid, price: RqidAnswer) -> None:
    price.require_success()
    expect_refused(rqid.ask("price", rqid.fields()), rqid.price(""))


@clause("RQID-PRICE-AGREES")
def test_price_and_products_agree(rqid: Rqid, catalogue: Catalogue) -> None:
    names = rqid.numbers("prepaid").configured
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
def test_a_price_check_costs_nothing(rqid: Rqid, account: RqidAccount) -> None:
    mark = account.mark()
    answer = rqid.price(rqid.numbers("prepaid").get("product"))
    with expect(answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)
