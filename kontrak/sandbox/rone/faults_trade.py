"""Faults of topup, inquiry and payment through JSON."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.acts import of, postpaid, prepaid
from kontrak.sandbox.rone.bills import Scenario
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import (
    charge,
    charging,
    done,
    failed,
    fault,
    in_process,
    plus,
    with_data,
    with_document,
)
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.transactions import State, Transaction

TOPUP, INQUIRY, PAYMENT = Kind.TOPUP, Kind.INQUIRY, Kind.PAYMENT
Trade = Callable[[Kind, Fields, PartnerAccount], Answer]


def _refusing(kind: Kind, reason: Reason, rule: Callable[[Fields], bool] = bool) -> Wrapper:
    """Wraps ``trade``: requests of this kind for which the rule holds are refused."""

    def trade(
        _service: object, original: Trade, asked: Kind, fields: Fields, account: PartnerAccount
    ) -> Answer:
        if asked is kind and rule(fields):
            raise Refusal(reason)
        return original(asked, fields, account)

    return trade


def _filled(kind: Kind, **values: str) -> Wrapper:
    """Wraps ``trade``: what a request of this kind lacks is filled in; ref_1 is never the same."""

    def trade(
        _service: object, original: Trade, asked: Kind, fields: Fields, account: PartnerAccount
    ) -> Answer:
        if asked is kind:
            fresh = {"ref_1": f"{values['ref_1']}-{uuid.uuid4().hex}"} if "ref_1" in values else {}
            filled = {**values, **fresh}
            fields = fields | {k: v for k, v in filled.items() if not fields.get(k)}
        return original(asked, fields, account)

    return trade


def _any_product(kind: Kind, code: str) -> Wrapper:
    """Wraps ``trade``: an unknown product is taken for this one."""

    def trade(
        _service: object, original: Trade, asked: Kind, fields: Fields, account: PartnerAccount
    ) -> Answer:
        try:
            return original(asked, fields, account)
        except Refusal as refusal:
            if asked is not kind or refusal.reason is not Reason.UNKNOWN_PRODUCT:
                raise
            return original(asked, fields | {"product_code": code}, account)

    return trade


def _wrong_number_with_price(
    service: JsonService, original: Trade, kind: Kind, fields: Fields, account: PartnerAccount
) -> Answer:
    try:
        return original(kind, fields, account)
    except Refusal as refusal:
        if refusal.reason is not Reason.WRONG_NUMBER or kind is not INQUIRY:
            raise
        whole = service.refused(refusal.reason).document
        data = {"price": "50000", "admin": "2750", "total_price": "52750"}
        return Answer(Kind.REFUSAL, refusal.reason, {**whole, "data": data})


def _fails(kind: Callable[[Transaction], bool]) -> Wrapper:
    return acts.outcome(State.FAILED, Reason.FAILED, of(Scenario.SUCCESS, kind))


def _looks_well(*kinds: Kind) -> Wrapper:
    """Wraps ``finish``: what failed is reported as a success."""

    def edit(document: Fields) -> None:
        document.update(status="success", message="success", rc="00")
        document["data"].update(status=1, status_label="success")

    return with_document(edit, *kinds, when=failed)


def _dearer(transaction: Transaction) -> None:
    if prepaid(transaction):
        transaction.price += 1


def _with_fee(transaction: Transaction) -> None:
    if prepaid(transaction):
        transaction.admin = 1


def _other(customer: str) -> str:
    return f"{customer[:-1]}{(int(customer[-1]) + 1) % 10}"


def _cheaper(document: Fields) -> None:
    data = document["data"]
    data["price"] = data["detail"]["tagihan"] = plus(-1)(data["price"])


def _detail(**values: str) -> Wrapper:
    return with_document(
        lambda document: document["data"]["detail"].update(values), INQUIRY, when=done
    )


def _bill_shape(answer: Answer) -> bool:
    return answer.transaction is not None and prepaid(answer.transaction) and done(answer)


def _is_prepaid(fields: Fields) -> bool:
    return str(fields.get("product_code", "")).startswith("IS")


def _charged_100(account: PartnerAccount, _transaction: Transaction) -> None:
    charge(account, 100)


TOPUPS = (
    fault("rqid-topup-refused", "RQID-TOPUP-SUCCESS", "Every topup is refused.",
          trade=_refusing(TOPUP, Reason.CLOSED)),
    fault("rqid-topup-stays-in-process", "RQID-TOPUP-SUCCESS",
          "A topup that has to succeed stays in process for ever.",
          also=("RQID-STATUS-FINAL",
                "RQID-STATUS-SUCCESS"),
          because="what never ends has no final status",
          account_outcome_of=acts.outcome(
              State.PENDING, Reason.PENDING, of(Scenario.SUCCESS, prepaid)),
          account_settle=acts.never_settles(of(Scenario.SUCCESS, prepaid))),
    fault("rqid-topup-echo-ref", "RQID-TOPUP-ECHO-REF", "ref_1 is answered in other letters.",
          finish=with_data(TOPUP, ref_1=lambda ref: ref.swapcase() + "0")),
    fault("rqid-topup-echo-product", "RQID-TOPUP-ECHO-PRODUCT",
          "product_code is answered in small letters.",
          finish=with_data(TOPUP, product_code=str.lower)),
    fault("rqid-topup-echo-customer", "RQID-TOPUP-ECHO-CUSTOMER",
          "customer_id is answered without its first 0.",
          finish=with_data(TOPUP, customer_id=lambda customer: customer.lstrip("0"))),
    fault("rqid-topup-echo-another-customer", "RQID-TOPUP-ECHO-CUSTOMER",
          "Topup: customer_id is the next customer's.",
          finish=with_data(TOPUP, customer_id=_other)),
    fault("rqid-topup-name", "RQID-TOPUP-NAME", "product_name is the operator.",
          finish=with_data(TOPUP, product_name="INDOSAT")),
    fault("rqid-topup-status-seven", "RQID-TOPUP-STATUS", "Topup: status is 7.",
          also=("RQID-TOPUP-LABEL",), because="7 is no status and has no label",
          finish=with_data(TOPUP, status=7)),
    fault("rqid-topup-label", "RQID-TOPUP-LABEL", "status 1 is labelled sukses.",
          finish=with_data(TOPUP, status_label="sukses")),
    fault("rqid-topup-total-with-fee", "RQID-TOPUP-TOTAL",
          "total_price is one rupiah above price, and is what is taken.",
          also=("RQID-IDEM-RACE",
                "RQID-TOPUP-ALIAS"),
          because="they look at what a topup takes, which the price check did not say",
          account_opened=acts.opened(_with_fee)),
    fault("rqid-topup-dearer", "RQID-TOPUP-PRICE-AGREES",
          "A topup costs one rupiah more than the price check returned.",
          also=("RQID-IDEM-RACE",
                "RQID-TOPUP-ALIAS"),
          because="they look at what a topup takes, which the price check did not say",
          account_opened=acts.opened(_dearer)),
    fault("rqid-topup-message-dot", "RQID-TOPUP-MESSAGE", "msg ends with a dot.",
          finish=with_data(TOPUP, msg=lambda text: f"{text}.")),
    fault("rqid-topup-message-no-comma", "RQID-TOPUP-MESSAGE", "msg has no comma.",
          finish=with_data(TOPUP, msg=lambda text: text.replace(",", ""))),
    fault("rqid-topup-message-lower", "RQID-TOPUP-MESSAGE", "msg says Sukses.",
          finish=with_data(TOPUP, msg=lambda text: text.replace("SUKSES", "Sukses"))),
    fault("rqid-topup-debit-one-more", "RQID-TOPUP-DEBIT",
          "A topup takes one rupiah more than it says.",
          also=("RQID-BALANCE-PURCHASES",
                "RQID-IDEM-RACE",
                "RQID-MUTATIONS-PURCHASE",
                "RQID-STATUS-SETTLED-MONEY",
                "RQID-TOPUP-ALIAS",
                "RQID-MONEY-RECORDED"),
          because="they look at the money of a topup, too",
          account_cost_of=acts.cost(lambda one: one.total + 1, prepaid)),
    fault("rqid-topup-debit-twice", "RQID-TOPUP-DEBIT", "A topup takes its price twice.",
          also=("RQID-BALANCE-PURCHASES",
                "RQID-IDEM-RACE",
                "RQID-MUTATIONS-PURCHASE",
                "RQID-TOPUP-ALIAS",
                "RQID-MONEY-RECORDED"),
          because="they look at the money of a topup, too",
          account_buy=acts.bought(acts.take_again, of(Scenario.SUCCESS, prepaid))),
    fault("rqid-topup-debit-nothing", "RQID-TOPUP-DEBIT", "A topup takes nothing.",
          also=("RQID-BALANCE-PURCHASES",
                "RQID-MUTATIONS-PURCHASE",
                "RQID-TOPUP-ALIAS",
                "RQID-MONEY-RECORDED"),
          because="they look at the money of a topup, too",
          account_cost_of=acts.cost(lambda _one: 0, of(Scenario.SUCCESS, prepaid))),
    fault("rqid-topup-failed-well", "RQID-TOPUP-FAILED", "A failed topup says success.",
          also=("RQID-TOPUP-WRONG-NUMBER",),
          because="a topup for a wrong number fails, too",
          finish=_looks_well(TOPUP)),
    fault("rqid-topup-failed-costs", "RQID-TOPUP-FAILED-FREE", "A failed topup takes its price.",
          also=("RQID-MONEY-BALANCE",
                "RQID-MONEY-FINAL",
                "RQID-MONEY-ONCE",
                "RQID-MONEY-RECORDED",
                "RQID-MONEY-REFUSED"),
          because="topups fail in any order of requests, too",
          account_buy=acts.bought(acts.take_again, of(Scenario.FAILED, prepaid))),
    fault("rqid-topup-wrong-number-bought", "RQID-TOPUP-WRONG-NUMBER",
          "A topup for a wrong number succeeds.",
          account_outcome_of=acts.outcome(
              State.SUCCESS, Reason.SUCCESS, of(Scenario.WRONG_NUMBER, prepaid))),
    fault("rqid-topup-wrong-number-costs", "RQID-TOPUP-WRONG-NUMBER",
          "A topup for a wrong number fails and takes its price.",
          also=("RQID-MONEY-BALANCE",
                "RQID-MONEY-FINAL",
                "RQID-MONEY-ONCE",
                "RQID-MONEY-RECORDED",
                "RQID-MONEY-REFUSED"),
          because="topups fail in any order of requests, too",
          account_buy=acts.bought(acts.take_again, of(Scenario.WRONG_NUMBER, prepaid))),
    fault("rqid-topup-pending-label", "RQID-TOPUP-PENDING",
          "A topup in process is labelled success.",
          finish=with_data(TOPUP, when=in_process, status_label="success")),
    fault("rqid-topup-pending-done", "RQID-TOPUP-PENDING",
          "A topup in process has status 1.",
          finish=with_data(TOPUP, when=in_process, status=1, status_label="success")),
    fault("rqid-topup-unknown-product", "RQID-TOPUP-UNKNOWN-PRODUCT",
          "An unknown product is taken for IS5.", trade=_any_product(TOPUP, "IS5")),
    fault("rqid-topup-no-customer", "RQID-TOPUP-MANDATORY",
          "A topup without customer_id goes to the partner's own number.",
          trade=_filled(TOPUP, customer_id="081234567800")),
    fault("rqid-topup-no-ref", "RQID-TOPUP-MANDATORY",
          "A topup without ref_1 gets a reference of its own.",
          trade=_filled(TOPUP, ref_1="AUTO-1")),
    fault("rqid-topup-no-product", "RQID-TOPUP-MANDATORY",
          "A topup without product_code buys IS5.", trade=_filled(TOPUP, product_code="IS5")),
    fault("rqid-topup-no-alias", "RQID-TOPUP-ALIAS", "payment refuses prepaid products.",
          trade=_refusing(PAYMENT, Reason.NO_INQUIRY, _is_prepaid)),
    fault("rqid-topup-alias-shape", "RQID-TOPUP-ALIAS-MESSAGE",
          "payment of a prepaid product has no price.",
          finish=with_document(
              lambda document: document["data"].pop("price"), PAYMENT, when=_bill_shape)),
)  # fmt: skip

INQUIRIES = (
    fault("rqid-inquiry-in-process", "RQID-INQUIRY-SUCCESS", "An inquiry has status 2.",
          finish=with_data(INQUIRY, status=2)),
    fault("rqid-inquiry-echo-ref", "RQID-INQUIRY-ECHO-REF", "ref_1 is cut after eight signs.",
          finish=with_data(INQUIRY, ref_1=lambda ref: ref[:8])),
    fault("rqid-inquiry-echo-product", "RQID-INQUIRY-ECHO-PRODUCT",
          "Inquiry: product_code is always PLNPASC.",
          finish=with_data(INQUIRY, product_code="PLNPASC")),
    fault("rqid-inquiry-echo-customer", "RQID-INQUIRY-ECHO-CUSTOMER",
          "Inquiry: customer_id is the next customer's.",
          finish=with_data(INQUIRY, customer_id=_other)),
    fault("rqid-inquiry-status-seven", "RQID-INQUIRY-STATUS", "Inquiry: status is 7.",
          also=("RQID-INQUIRY-LABEL",
          "RQID-INQUIRY-SUCCESS",), because="7 is no status and has no label",
          finish=with_data(INQUIRY, status=7)),
    fault("rqid-inquiry-label", "RQID-INQUIRY-LABEL", "status 1 is labelled Success.",
          finish=with_data(INQUIRY, status_label="Success")),
    fault("rqid-inquiry-total-one-more", "RQID-INQUIRY-TOTAL",
          "total_price is one rupiah above price plus admin, and is what is paid.",
          finish=with_document(_cheaper, INQUIRY, when=done)),
    fault("rqid-inquiry-total-without-admin", "RQID-INQUIRY-TOTAL",
          "admin is not what total_price contains.",
          finish=with_data(INQUIRY, admin=plus(2500))),
    fault("rqid-inquiry-detail-amount", "RQID-INQUIRY-DETAIL-AMOUNT",
          "tagihan in detail is another amount.", finish=_detail(tagihan="1")),
    fault("rqid-inquiry-detail-customer", "RQID-INQUIRY-DETAIL-CUSTOMER",
          "no_pelanggan in detail is another customer's.", finish=_detail(no_pelanggan="1")),
    fault("rqid-inquiry-ref2-fixed", "RQID-INQUIRY-REF2-DISTINCT",
          "Every inquiry has the same ref_2.",
          finish=with_data(INQUIRY, PAYMENT, when=lambda answer: (
              done(answer) and "ref_2" in answer.document["data"]), ref_2="I-20260421-A3B1F2")),
    fault("rqid-inquiry-message-cek", "RQID-INQUIRY-MESSAGE", "msg begins with CEK.",
          finish=with_data(INQUIRY, msg=lambda text: text.replace("INQ", "CEK", 1))),
    fault("rqid-inquiry-message-no-data", "RQID-INQUIRY-MESSAGE", "msg has no DATA.",
          finish=with_data(INQUIRY, msg=lambda text: text.partition(",")[0])),
    fault("rqid-inquiry-costs", "RQID-INQUIRY-FREE", "Every inquiry costs a hundred rupiah.",
          carry_out=charging(100, INQUIRY)),
    fault("rqid-inquiry-wrong-number", "RQID-INQUIRY-WRONG-NUMBER",
          "A wrong number has a bill.", account_inquire=acts.any_number_has_a_bill),
    fault("rqid-inquiry-wrong-number-amount", "RQID-INQUIRY-WRONG-NUMBER",
          "The refusal of a wrong number names an amount.", trade=_wrong_number_with_price),
    fault("rqid-inquiry-unknown-product", "RQID-INQUIRY-UNKNOWN-PRODUCT",
          "An unknown product is taken for PLN.", trade=_any_product(INQUIRY, "PLN")),
    fault("rqid-inquiry-no-product", "RQID-INQUIRY-MANDATORY",
          "An inquiry without product_code is one of PLN.",
          trade=_filled(INQUIRY, product_code="PLN")),
    fault("rqid-inquiry-no-ref", "RQID-INQUIRY-MANDATORY",
          "An inquiry without ref_1 gets a reference of its own.",
          trade=_filled(INQUIRY, ref_1="AUTO-2")),
)  # fmt: skip

_ANY_FIRST = "at the same instant any of the payments may be the first"

PAYMENTS = (
    fault("rqid-payment-refused", "RQID-PAYMENT-SUCCESS", "Every payment of a bill is refused.",
          trade=_refusing(PAYMENT, Reason.CLOSED, lambda fields: not _is_prepaid(fields))),
    fault("rqid-payment-echo-ref", "RQID-PAYMENT-ECHO-REF", "Payment: ref_1 is the platform's own.",
          finish=with_data(PAYMENT, ref_1=lambda ref: f"P-{ref}")),
    fault("rqid-payment-echo-ref2", "RQID-PAYMENT-ECHO-REF2",
          "ref_2 begins with P instead of I.",
          finish=with_data(PAYMENT, when=lambda answer: (
              done(answer) and "ref_2" in answer.document["data"]),
              ref_2=lambda ref: f"P{ref[1:]}")),
    fault("rqid-payment-echo-product", "RQID-PAYMENT-ECHO-PRODUCT",
          "Payment: product_code is always PLNPASC.",
          finish=with_data(PAYMENT, product_code="PLNPASC")),
    fault("rqid-payment-echo-customer", "RQID-PAYMENT-ECHO-CUSTOMER",
          "Payment: customer_id is the next customer's.",
          finish=with_data(PAYMENT, customer_id=_other)),
    fault("rqid-payment-name", "RQID-PAYMENT-NAME", "product_name is another than at inquiry.",
          finish=with_data(PAYMENT, product_name=lambda name: f"BAYAR {name}")),
    fault("rqid-payment-status-seven", "RQID-PAYMENT-STATUS", "Payment: status is 7.",
          also=("RQID-PAYMENT-LABEL",), because="7 is no status and has no label",
          finish=with_data(PAYMENT, status=7)),
    fault("rqid-payment-label", "RQID-PAYMENT-LABEL", "status 1 is labelled paid.",
          finish=with_data(PAYMENT, status_label="paid")),
    fault("rqid-payment-total-one-more", "RQID-PAYMENT-TOTAL",
          "total_price is one rupiah above the inquiry's.",
          finish=with_data(PAYMENT, total_price=plus(1), when=lambda answer: (
              done(answer) and not _bill_shape(answer)))),
    fault("rqid-payment-message-trx", "RQID-PAYMENT-MESSAGE", "msg begins with TRX.",
          finish=with_data(PAYMENT, msg=lambda text: text.replace("BAYAR", "TRX", 1))),
    fault("rqid-payment-message-customer", "RQID-PAYMENT-MESSAGE",
          "msg leaves out the customer.",
          finish=with_data(PAYMENT, msg=lambda text: text.replace(".", " "))),
    fault("rqid-payment-debit-one-more", "RQID-PAYMENT-DEBIT",
          "A payment takes one rupiah more than it says.",
          also=("RQID-IDEM-PAY-RACE",),
          because="it looks at the money of a payment, too",
          account_cost_of=acts.cost(lambda one: one.total + 1, postpaid)),
    fault("rqid-payment-debit-without-admin", "RQID-PAYMENT-DEBIT",
          "A payment takes the bill without the admin fee.",
          also=("RQID-IDEM-PAY-RACE",),
          because="it looks at the money of a payment, too",
          account_cost_of=acts.cost(lambda one: one.price, postpaid)),
    fault("rqid-payment-fresh-ref", "RQID-PAYMENT-FRESH-REF",
          "A bill can be paid under a fresh ref_1.", account_payable=acts.without_inquiry),
    fault("rqid-payment-failed-well", "RQID-PAYMENT-FAILED", "A failed payment says success.",
          finish=_looks_well(PAYMENT)),
    fault("rqid-payment-failed-costs", "RQID-PAYMENT-FAILED-FREE",
          "A failed payment takes the bill.",
          account_buy=acts.bought(acts.take_again, of(Scenario.FAILED, postpaid))),
    fault("rqid-payment-failed-costs-admin", "RQID-PAYMENT-FAILED-FREE",
          "A failed payment takes a hundred rupiah.",
          account_buy=acts.bought(_charged_100, of(Scenario.FAILED, postpaid))),
    fault("rqid-payment-other-customer", "RQID-PAYMENT-OTHER-CUSTOMER",
          "A payment that names another customer pays that customer's bill.",
          also=("RQID-IDEM-PAY-RACE",), because=_ANY_FIRST,
          account_pay=acts.retargeted(acts.other_customer, expired=False)),
    fault("rqid-payment-other-product", "RQID-PAYMENT-OTHER-PRODUCT",
          "A payment that names another product pays that bill.",
          also=("RQID-IDEM-PAY-RACE",), because=_ANY_FIRST,
          account_pay=acts.retargeted(acts.other_product, expired=False)),
    fault("rqid-expiry-early", "RQID-EXPIRY-BEFORE", "An inquiry lasts 14 minutes.",
          account_is_expired=acts.expires_after(14)),
    fault("rqid-expiry-very-early", "RQID-EXPIRY-BEFORE", "An inquiry lasts five minutes.",
          account_is_expired=acts.expires_after(5)),
    fault("rqid-expiry-never", "RQID-EXPIRY-AFTER", "An inquiry lasts a day.",
          also=("RQID-IDEM-PAY-EXPIRED",),
          because="an inquiry that never expires can be paid late",
          account_is_expired=acts.expires_after(1440)),
    fault("rqid-expiry-late", "RQID-EXPIRY-AFTER", "An inquiry lasts 16 minutes.",
          account_is_expired=acts.expires_after(16)),
    fault("rqid-expiry-charged", "RQID-EXPIRY-AFTER",
          "An expired inquiry is refused, but its price is taken.",
          also=("RQID-IDEM-PAY-EXPIRED",),
          because="it pays an expired inquiry, too",
          account_is_expired=acts.expired_but_charged),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*TOPUPS, *INQUIRIES, *PAYMENTS)
