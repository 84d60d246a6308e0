"""Error response: how a refusal is reported."""

from collections.abc import Callable

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.tokopedia import Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.documents import changed, inquiry_document
from kontrak.providers.tokopedia.shop import Shop

PLACES = [cited(one.id, one) for one in of_shape("tokopedia", "error")]
NO_SUCH_PRODUCT = "kontrak-no-such-product"


def _unknown_order(tokopedia: Tokopedia, _: Shop) -> TokopediaAnswer:
    return tokopedia.order(new_ref_id())


def _used_id(tokopedia: Tokopedia, shop: Shop) -> TokopediaAnswer:
    order = shop.orders()[0]
    order.require_taken()
    return tokopedia.checkout(order.document, order.offer, order.price)


def _inquiry(tokopedia: Tokopedia, shop: Shop) -> TokopediaAnswer:
    document = inquiry_document(shop.inquirable()[0])
    return tokopedia.inquire(changed(document, product_code=NO_SUCH_PRODUCT))


def _checkout(tokopedia: Tokopedia, shop: Shop) -> TokopediaAnswer:
    offer = shop.simplest()
    document = changed(shop.document(offer), product_code=NO_SUCH_PRODUCT)
    return tokopedia.checkout(document, offer, shop.price(offer))


def _product_list(tokopedia: Tokopedia, _: Shop) -> TokopediaAnswer:
    return tokopedia.product_list([NO_SUCH_PRODUCT])


Ask = Callable[[Tokopedia, Shop], TokopediaAnswer]

SITUATIONS: dict[str, tuple[str, Ask, str, str]] = {
    "unknown order": ("order", _unknown_order, "P02", "TOKOPEDIA-ORDER-UNKNOWN"),
    "used id": ("checkout", _used_id, "P03", "TOKOPEDIA-IDEM-REPEAT"),
    "unknown product, inquiry": (
        "inquiry",
        _inquiry,
        "P04",
        "TOKOPEDIA-INQUIRY-UNKNOWN-PRODUCT",
    ),
    "unknown product, checkout": (
        "checkout",
        _checkout,
        "P04",
        "TOKOPEDIA-CHECKOUT-UNKNOWN-PRODUCT",
    ),
    "unknown product, list": ("product-list", _product_list, "P04", "TOKOPEDIA-PRODUCTS-FILTER"),
}
"""For each: the operation, how to come to it, the code, and the clause that has it refused."""

CODES = [
    cited("TOKOPEDIA-ERROR-UNKNOWN-ORDER", "unknown order"),
    cited("TOKOPEDIA-ERROR-DUPLICATE", "used id"),
    cited("TOKOPEDIA-ERROR-UNKNOWN-PRODUCT", "unknown product, inquiry", id="inquiry"),
    cited("TOKOPEDIA-ERROR-UNKNOWN-PRODUCT", "unknown product, checkout", id="checkout"),
    cited("TOKOPEDIA-ERROR-UNKNOWN-PRODUCT", "unknown product, list", id="list"),
]


class Refusals:
    """The answers to ``SITUATIONS``, each asked once."""

    def __init__(self, tokopedia: Tokopedia, shop: Shop) -> None:
        self._tokopedia = tokopedia
        self._shop = shop
        self._held: dict[str, TokopediaAnswer] = {}

    def held(self, situation: str) -> TokopediaAnswer:
        """The refusal of a situation; ``Blocked`` where it is not one."""
        operation, ask, _, refused_by = SITUATIONS[situation]
        self._tokopedia.require(operation)
        if situation not in self._held:
            self._held[situation] = ask(self._tokopedia, self._shop)
        answer = self._held[situation]
        if answer.has_data:
            raise Blocked(refused_by)
        return answer

    def all(self) -> list[TokopediaAnswer]:
        """Every refusal that the target offers to see."""
        operations = self._tokopedia.settings.operations
        offered = [name for name, row in SITUATIONS.items() if row[0] in operations]
        answers = [self._try(name) for name in offered]
        found = [one for one in answers if one is not None]
        return found or [self.held(offered[0] if offered else "unknown order")]

    def _try(self, situation: str) -> TokopediaAnswer | None:
        try:
            return self.held(situation)
        except Blocked:
            return None


@pytest.fixture(scope="module")
def refusals(tokopedia: Tokopedia, shop: Shop) -> Refusals:
    """Requests that are refused for one reason each."""
    return Refusals(tokopedia, shop)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_a_refusal(refusals: Refusals, place: Clause) -> None:
    for answer in refusals.all():
        judge_place(answer, place)


@clause("TOKOPEDIA-ERROR-STATUS-HTTP")
def test_the_status_is_the_http_status(refusals: Refusals) -> None:
    for answer in refusals.all():
        errors = answer.document.get("errors") if isinstance(answer.document, dict) else None
        for error in errors if isinstance(errors, list) else []:
            status = error.get("status") if isinstance(error, dict) else None
            if not isinstance(status, str):
                raise Blocked("TOKOPEDIA-ERROR-STATUS")
            with expect(answer) as that:
                that.equal("errors[].status", status, str(answer.status), "the HTTP status")


@clause("TOKOPEDIA-ERROR-MEDIA-TYPE")
def test_a_refusal_is_sent_as_json(refusals: Refusals) -> None:
    for answer in refusals.all():
        with expect(answer) as that:
            that.equal("Content-Type", answer.media_type, "application/json")


@pytest.mark.parametrize("situation", CODES)
def test_a_situation_has_its_code(refusals: Refusals, situation: str) -> None:
    answer = refusals.held(situation)
    code = SITUATIONS[situation][2]
    if answer.malformed is not None or not isinstance(answer.document, dict):
        raise Blocked("TOKOPEDIA-ERROR-ERRORS")
    if answer.is_refused and not any(answer.codes):
        errors = answer.document.get("errors")
        known = isinstance(errors, list) and errors
        raise Blocked("TOKOPEDIA-ERROR-CODE" if known else "TOKOPEDIA-ERROR-ERRORS")
    with expect(answer) as that:
        right = answer.status == 400 and code in answer.codes
        that.that(right, f"HTTP 400 with code {code}", answer.stated)
