"""Faults of what a bill says: amounts, months, JSON against XML, and the echo of the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.edits import Edit, retyped
from kontrak.sandbox.iak.bills import Bill, MonthBill, Scenario, bill_of, repriced, with_months
from kontrak.sandbox.iak.codec import Codec
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Kind
from kontrak.sandbox.iak.making import (
    because_of,
    fault,
    several_months,
    with_bill,
    with_fields,
    with_month,
)
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import Transaction

AMOUNTS = (
    fault(
        "price-off-by-one", "IAK-AMOUNT-PRICE", "price is one rupiah above nominal plus admin.",
        bill_of=with_bill(lambda bill: replace(bill, price=bill.price + 1)),
    ),
    fault(
        "price-without-admin", "IAK-AMOUNT-PRICE", "price leaves out the admin fee.",
        bill_of=with_bill(
            lambda bill: replace(bill, price=bill.nominal, selling_price=bill.nominal - 600)
        ),
    ),
    fault(
        "price-with-one-admin", "IAK-AMOUNT-PRICE",
        "price of several bills has the admin fee of one bill.",
        bill_of=with_bill(
            lambda bill: replace(
                bill,
                price=bill.nominal + bill.months[0].admin,
                selling_price=bill.nominal + bill.months[0].admin - 600,
            )
        ),
    ),
    fault(
        "selling-price-above-price", "IAK-AMOUNT-SELLING-PRICE",
        "selling_price is one rupiah above price, and is what a payment takes.",
        bill_of=with_bill(lambda bill: replace(bill, selling_price=bill.price + 1)),
    ),
    fault(
        "selling-price-adds-commission", "IAK-AMOUNT-SELLING-PRICE",
        "The commission is added to price instead of taken off.",
        bill_of=with_bill(lambda bill: replace(bill, selling_price=bill.price + 600)),
    ),
    fault(
        "bill-total-off-by-one", "IAK-AMOUNT-BILL-TOTAL",
        "The total of the first bill is one rupiah too high.",
        bill_of=with_month(0, lambda month: replace(month, total=month.total + 1)),
    ),
    fault(
        "third-bill-total-off-by-one", "IAK-AMOUNT-BILL-TOTAL",
        "The total of the third bill is one rupiah too low.",
        bill_of=with_month(2, lambda month: replace(month, total=month.total - 1)),
    ),
    fault(
        "bill-total-without-denda", "IAK-AMOUNT-BILL-TOTAL",
        "The total of a bill leaves out its fine.",
        bill_of=with_month(0, lambda month: replace(month, total=month.total - month.denda)),
    ),
    fault(
        "bill-total-without-admin", "IAK-AMOUNT-BILL-TOTAL",
        "The total of the second bill leaves out its admin fee.",
        bill_of=with_month(1, lambda month: replace(month, total=month.total - month.admin)),
    ),
    fault(
        "nominal-off-by-one", "IAK-AMOUNT-NOMINAL",
        "nominal, and price with it, is one rupiah too high.",
        bill_of=with_bill(lambda bill: repriced(bill, nominal=bill.nominal + 1)),
    ),
    fault(
        "nominal-of-first-bill", "IAK-AMOUNT-NOMINAL",
        "nominal, and price with it, counts the first of several bills alone.",
        bill_of=with_bill(lambda bill: repriced(bill, nominal=bill.months[0].nilai_tagihan)),
    ),
    fault(
        "nominal-with-one-denda", "IAK-AMOUNT-NOMINAL",
        "nominal, and price with it, counts the fine of the first of several bills alone.",
        bill_of=with_bill(
            lambda bill: repriced(
                bill,
                nominal=sum(month.nilai_tagihan for month in bill.months) + bill.months[0].denda,
            )
        ),
    ),
    fault(
        "admin-off-by-one", "IAK-AMOUNT-ADMIN",
        "admin, and price with it, is one rupiah too low.",
        bill_of=with_bill(lambda bill: repriced(bill, admin=bill.admin - 1)),
    ),
    fault(
        "admin-of-one-bill", "IAK-AMOUNT-ADMIN",
        "admin of several bills, and price with it, is the admin fee of one bill.",
        bill_of=with_bill(lambda bill: repriced(bill, admin=bill.months[0].admin)),
    ),
)  # fmt: skip


MONTHS = ("JAN", "FEB", "MAR", "APR", "MEI", "JUN", "JUL", "AGU", "SEP", "OKT", "NOV", "DES")


def _twice(months: tuple[MonthBill, ...]) -> tuple[MonthBill, ...]:
    again = replace(months[2], periode=months[1].periode)
    return (*months[:2], again, *months[3:])


def _written(change: Callable[[str], str]) -> Wrapper:
    """Wraps ``bill_of``: other words for a month, in the bills and in period."""

    def changed(bill: Bill) -> Bill:
        months = tuple(replace(month, periode=change(month.periode)) for month in bill.months)
        return with_months(bill, months)

    return with_bill(changed)


BILLS = (
    fault(
        "lembar-tagihan-one-more", "IAK-BILLS-COUNT",
        "lembar_tagihan counts one bill more than there is.",
        bill_of=with_bill(
            lambda bill: replace(bill, lembar_tagihan=str(len(bill.months) + 1))
        ),
    ),
    fault(
        "lembar-tagihan-always-one", "IAK-BILLS-COUNT",
        "lembar_tagihan is 1 for several bills.",
        bill_of=with_bill(lambda bill: replace(bill, lembar_tagihan="1")),
    ),
    fault(
        "periode-with-a-dot", "IAK-BILLS-PERIODE", "periode is written as 2016.08.",
        bill_of=_written(lambda periode: f"{periode[:4]}.{periode[4:]}"),
    ),
    fault(
        "periode-in-letters", "IAK-BILLS-PERIODE", "periode is written as AGU2016.",
        bill_of=_written(lambda periode: f"{MONTHS[int(periode[4:]) - 1]}{periode[:4]}"),
    ),
    fault(
        "periode-month-thirteen", "IAK-BILLS-PERIODE", "periode has the month 13.",
        bill_of=_written(lambda periode: f"{periode[:4]}{int(periode[4:]) + 12}"),
    ),
    fault(
        "period-another-month", "IAK-BILLS-PERIOD",
        "period names a month that is not in the bills.",
        bill_of=with_bill(lambda bill: replace(bill, period=f"{bill.period},201712")),
    ),
    fault(
        "period-of-last-year", "IAK-BILLS-PERIOD", "period names the months of the year before.",
        bill_of=with_bill(
            lambda bill: replace(bill, period=bill.period.replace("2016", "2015"))
        ),
    ),
    fault(
        "month-billed-twice", "IAK-BILLS-DISTINCT",
        "Of several bills, the second and the third are of one month.",
        bill_of=several_months(_twice),
    ),
)  # fmt: skip


def _in_xml(change: Callable[[Bill], Bill]) -> Wrapper:
    """Wraps ``shown_bill``: another bill in XML than in JSON."""

    def shown_bill(
        _service: object,
        original: Callable[[Transaction, Codec], Bill],
        transaction: Transaction,
        codec: Codec,
    ) -> Bill:
        bill = original(transaction, codec)
        return change(bill) if codec is Codec.XML else bill

    return shown_bill


def _dearer(bill: Bill) -> Bill:
    """One rupiah more in every amount that belongs to the last month; selling_price stays."""
    last = bill.months[-1]
    last = replace(last, nilai_tagihan=last.nilai_tagihan + 1, total=last.total + 1)
    dearer = with_months(bill, (*bill.months[:-1], last))
    return replace(dearer, selling_price=bill.selling_price)


STATUS_TOO = "checkstatus in XML reports that bill, too"

AGREEMENT = (
    fault(
        "xml-other-name", "IAK-AGREE-BILL", "In XML, tr_name is another customer's.",
        shown_bill=_in_xml(lambda bill: replace(bill, tr_name="RINA KARTIKA")),
        also=("IAK-STATUS-XML",), because=STATUS_TOO,
    ),
    fault(
        "xml-dearer", "IAK-AGREE-BILL",
        "In XML, the last bill is one rupiah dearer, with all sums.",
        shown_bill=_in_xml(_dearer),
        also=("IAK-STATUS-XML",), because=STATUS_TOO,
    ),
    fault(
        "xml-without-commission", "IAK-AGREE-BILL",
        "In XML, selling_price is price, without the commission.",
        finish=with_fields(
            lambda fields: fields.update(selling_price=fields["price"]), Kind.INQUIRY, Codec.XML
        ),
        also=("IAK-PAY-AGREES", "IAK-PAY-DEBIT"), because="the payment reports and takes less",
    ),
    fault(
        "xml-other-daya", "IAK-AGREE-BILL", "In XML, daya is 450 for everybody.",
        shown_bill=_in_xml(lambda bill: replace(bill, daya=450)),
        also=("IAK-STATUS-XML",), because=STATUS_TOO,
    ),
    fault(
        "xml-other-rc", "IAK-AGREE-RC",
        "In XML, a paid invoice is refused with RC 34 instead of 01.",
        finish=with_fields(
            lambda fields: fields.update(response_code="34"), Kind.REFUSAL, Codec.XML,
            lambda answer: answer.reason is Reason.ALREADY_PAID,
        ),
    ),
)  # fmt: skip


EIGHT_BILLS = "530000000002"


def _one_per_customer(service: IakService, original: Callable[[str], int], hp: str) -> int:
    earlier = [one.tr_id for one in service.by_ref_id.values() if one.hp == hp == EIGHT_BILLS]
    return earlier[0] if earlier else original(hp)


def _echo(name: str, change: Callable[[str], str]) -> Wrapper:
    """Wraps ``finish``: another value of this field, in inquiries and, alike, in payments."""
    return with_fields(
        lambda fields: fields.update({name: change(fields[name])}),
        when=lambda answer: answer.kind in {Kind.INQUIRY, Kind.PAYMENT},
    )


ECHO = (
    fault(
        "echo-code-in-lower-case", "IAK-ECHO-CODE", "code is answered in lower case.",
        finish=_echo("code", str.lower),
    ),
    fault(
        "echo-other-code", "IAK-ECHO-CODE", "code is that of another product.",
        finish=_echo("code", lambda _: "PLNNONH"),
    ),
    fault(
        "echo-other-hp", "IAK-ECHO-HP", "hp is another customer's.",
        also=("IAK-IDEM-REF-OTHER",), because="whose bill was paid is reported by hp",
        finish=_echo("hp", lambda _: "530000000009"),
    ),
    fault(
        "echo-hp-cut", "IAK-ECHO-HP", "hp loses its last digit.",
        also=("IAK-IDEM-REF-OTHER",), because="whose bill was paid is reported by hp",
        finish=_echo("hp", lambda hp: hp[:-1]),
    ),
    fault(
        "echo-other-ref-id", "IAK-ECHO-REF-ID", "ref_id is the provider's own.",
        finish=_echo("ref_id", lambda ref_id: f"IAK{ref_id}"),
    ),
    fault(
        "echo-ref-id-cut", "IAK-ECHO-REF-ID", "ref_id loses its last character.",
        finish=_echo("ref_id", lambda ref_id: ref_id[:-1] or "0"),
    ),
    fault(
        "tr-id-per-customer", "IAK-ECHO-TR-ID",
        "The customer with several bills has the same tr_id in every inquiry; it pays the latest.",
        new_tr_id=_one_per_customer,
    ),
)  # fmt: skip


def _another_scenario(scenario: Scenario, other: Scenario) -> Wrapper:
    return with_bill(lambda _: bill_of(other), scenario)


CASES = (
    fault(
        "case-one-bill-has-two", "IAK-CASE-ONE-BILL", "The number for one bill has two.",
        bill_of=with_bill(
            lambda bill: with_months(
                bill, (replace(bill.months[0], periode="201607"), bill.months[0])
            ),
            Scenario.ONE_BILL,
        ),
    ),
    fault(
        "case-eight-bills-has-seven", "IAK-CASE-EIGHT-BILLS",
        "The number for eight bills has seven.",
        bill_of=several_months(lambda months: months[1:]),
    ),
    fault(
        "case-eight-bills-has-four", "IAK-CASE-EIGHT-BILLS",
        "The number for eight bills has the four oldest.",
        bill_of=several_months(lambda months: months[:4]),
    ),
    fault(
        "case-eight-bills-has-one", "IAK-CASE-EIGHT-BILLS",
        "The number for eight bills has the bill of another customer.",
        bill_of=_another_scenario(Scenario.EIGHT_BILLS, Scenario.PAYMENT_FAILED),
    ),
)  # fmt: skip

BILL = "desc.tagihan.detail[]"


def _pointed(text: str) -> str:
    return f"{int(text):,}".replace(",", ".")


def _digits(name: str, text: str, edit: Edit, kind: Kind, codec: Codec) -> Fault:
    when = because_of(Reason.PAID if kind is not Kind.INQUIRY else Reason.INQUIRED)
    return fault(name, "IAK-AMOUNT-DIGITS", text, finish=with_fields(edit, kind, codec, when))


DIGITS = (
    _digits(
        "amount-with-points", "In JSON inquiries, nilai_tagihan is written as 300.000.",
        retyped(f"{BILL}.nilai_tagihan", _pointed), Kind.INQUIRY, Codec.JSON,
    ),
    _digits(
        "amount-with-points-in-xml", "In XML inquiries, admin of a bill is written as 2.500.",
        retyped(f"{BILL}.admin", _pointed), Kind.INQUIRY, Codec.XML,
    ),
    _digits(
        "amount-empty", "In JSON inquiries, nilai_tagihan is empty.",
        retyped(f"{BILL}.nilai_tagihan", lambda _: ""), Kind.INQUIRY, Codec.JSON,
    ),
    _digits(
        "amount-in-rupiah", "In JSON payments, nilai_tagihan is written as Rp 300.000.",
        retyped(f"{BILL}.nilai_tagihan", lambda text: f"Rp {_pointed(text)}"),
        Kind.PAYMENT, Codec.JSON,
    ),
    _digits(
        "amount-of-status-in-rupiah", "In JSON checkstatus, denda is written as Rp 0.",
        retyped(f"{BILL}.denda", lambda text: f"Rp {_pointed(text)}"), Kind.STATUS, Codec.JSON,
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*AMOUNTS, *DIGITS, *BILLS, *AGREEMENT, *ECHO, *CASES)
