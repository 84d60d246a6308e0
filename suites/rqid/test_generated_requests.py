"""Generated requests: what is wrong is refused, and a filter that fits nothing is empty."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import strategies as st

from kontrak.clauses.catalogue import cited, clause
from kontrak.interface.strategies import not_strings, wrong_texts
from kontrak.judging.expect import expect
from kontrak.judging.generated import ask_generated
from kontrak.providers.rqid import Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.catalogue import Catalogue
from kontrak.providers.rqid.endpoints import Endpoints
from kontrak.providers.rqid.records import Records, found_any
from kontrak.providers.rqid.refusal import expect_refused

Ask = Callable[[], RqidAnswer]

FIELDS = [
    pytest.param("price", "product_code", id="price-product_code"),
    pytest.param("inquiry", "product_code", id="inquiry-product_code"),
    pytest.param("inquiry", "customer_id", id="inquiry-customer_id"),
    pytest.param("inquiry", "ref_1", id="inquiry-ref_1"),
    pytest.param("status", "ref_1", id="status-ref_1"),
]
TEXTS = [
    one for one in FIELDS if one.values not in (("inquiry", "customer_id"), ("inquiry", "ref_1"))
]
NO_VALUES: list[object] = [None, [], {}]
"""What a request may have in place of a value. More of them would buy more at a wrong target."""


def unused() -> st.SearchStrategy[str]:
    """Values that nothing has: long, and without vowels."""
    return st.text("BDFGHKLMPQRSTVWXZ", min_size=9, max_size=14).map(lambda text: f"ZZ{text}")


@clause("RQID-GEN-TYPE")
@pytest.mark.parametrize(("operation", "field"), FIELDS)
def test_a_field_that_is_not_a_string_is_refused(
    endpoints: Endpoints, account: RqidAccount, operation: str, field: str
) -> None:
    _right(endpoints, account, operation)

    def request(data: st.DataObject) -> Ask:
        value = data.draw(not_strings(), label=field)
        return partial(endpoints.with_values, operation, {field: value})

    ask_generated(endpoints.rqid.side_by_side, request, expect_refused)


@clause("RQID-GEN-TEXT")
@pytest.mark.parametrize(("operation", "field"), TEXTS)
def test_another_text_is_refused(
    endpoints: Endpoints, account: RqidAccount, operation: str, field: str
) -> None:
    right = str(_right(endpoints, account, operation).sent[field])

    def request(data: st.DataObject) -> Ask:
        text = data.draw(wrong_texts(right), label=field)
        return partial(endpoints.with_values, operation, {field: text})

    ask_generated(endpoints.rqid.side_by_side, request, expect_refused)


@clause("RQID-GEN-TOPUP")
@pytest.mark.parametrize("field", ["product_code", "customer_id", "ref_1"])
def test_a_topup_with_no_value_is_refused_and_costs_nothing(
    endpoints: Endpoints, account: RqidAccount, field: str
) -> None:
    account.purchase("prepaid", "success").ended_well()
    mark = account.mark_if_any()
    answers = [endpoints.with_values("topup", {field: value}) for value in NO_VALUES]
    expect_refused(*answers)
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


@pytest.mark.parametrize("name", ["category", "category_ids", "type", "operator", "q"])
@clause("RQID-GEN-PRODUCTS")
def test_a_filter_that_no_product_fits_is_empty(catalogue: Catalogue, name: str) -> None:
    catalogue.known()

    def request(data: st.DataObject) -> Ask:
        value = data.draw(unused(), label=name)
        value = str(sum(map(ord, value)) * 1_000_003) if name == "category_ids" else value
        filters: dict[str, object] = {"page": 1, "per_page": 5, name: value}
        return partial(catalogue.rqid.products, **filters)

    ask_generated(catalogue.rqid.side_by_side, request, partial(_expect_empty, name))


@pytest.mark.parametrize(
    "name",
    [
        cited("RQID-GEN-HISTORY", "product_code", id="product_code"),
        cited("RQID-GEN-HISTORY", "customer_id", id="customer_id"),
        cited("RQID-GEN-HISTORY-REF", "trx_no_mitra", id="trx_no_mitra"),
    ],
)
def test_a_filter_that_no_transaction_fits_is_empty(records: Records, name: str) -> None:
    records.rows()

    def request(data: st.DataObject) -> Ask:
        return partial(records.rqid.history, **{name: data.draw(unused(), label=name)})

    ask_generated(records.rqid.side_by_side, request, partial(_expect_empty, name))


@clause("RQID-GEN-HISTORY")
def test_a_day_before_all_transactions_is_empty(rqid: Rqid) -> None:
    _expect_empty("date", rqid.history(date="1999-01-01"))


def _right(endpoints: Endpoints, account: RqidAccount, operation: str) -> RqidAnswer:
    """The answer to the right request, or ``Blocked`` behind what it needs."""
    if operation == "status":
        account.purchase("prepaid", "success").ended_well()
    return endpoints.right(operation).require_success()


def _expect_empty(name: str, answer: RqidAnswer) -> None:
    if not found_any(answer):
        return
    with expect(answer) as that:
        rows = answer.rows()
        that.that(not rows, f"{name} {answer.sent[name]}: nothing", f"{len(rows)} records")
