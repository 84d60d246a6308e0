"""Faults of what the text interface says: templates, echoes, families and balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.acts import of, postpaid, prepaid
from kontrak.sandbox.rone.bills import Scenario
from kontrak.sandbox.rone.making import charge, fault
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.text_service import TEMPLATES, Kind, Line, Parameters
from kontrak.sandbox.rone.transactions import State

Change = Callable[[Line], Line]
Balance = Callable[[PartnerAccount], Line]


def with_line(change: Change, *kinds: Kind, rule: Callable[[Line], bool] | None = None) -> Wrapper:
    """Wraps ``finish``: other lines of success of these kinds, or those the rule holds of."""

    def finish(_service: object, original: Callable[[Line], Line], line: Line) -> Line:
        line = original(line)
        wanted = line.is_success if rule is None else rule(line)
        return change(line) if wanted and (not kinds or line.kind in kinds) else line

    return finish


def template(old: str, new: str, *kinds: Kind) -> Wrapper:
    """Wraps ``finish``: a piece of these templates is another."""
    return with_line(lambda line: replace(line, template=line.template.replace(old, new)), *kinds)


def values(*kinds: Kind, **changes: Callable[[Any], Any]) -> Wrapper:
    """Wraps ``finish``: other values in these templates."""

    def change(line: Line) -> Line:
        changed = {name: how(line.values[name]) for name, how in changes.items()}
        return replace(line, values={**line.values, **changed})

    return with_line(change, *kinds)


def family(code: str, change: Change, kind: Kind) -> Wrapper:
    """Wraps ``finish``: another line about the bills of one family."""

    def rule(line: Line) -> bool:
        about = line.transaction
        return line.is_success and about is not None and about.aim.product.code == code

    return with_line(change, kind, rule=rule)


def _text(line: Line, text: str) -> Line:
    """The line with a template of its own."""
    return replace(line, template=text)


def grouped(rupiah: object) -> str:
    """An amount with dots between thousands."""
    return f"{int(str(rupiah)):,}".replace(",", ".")


def _next(text: object) -> str:
    """Another customer's number."""
    word = str(text)
    stem, at, part = word.partition("@")
    return f"{stem[:-1]}{'7' if stem[-1] != '7' else '6'}{at}{part}"


def _looks_well(line: Line) -> Line:
    """What failed or is in process, reported as a success."""
    about = line.transaction
    ref, hrg = ("", 0) if about is None else (about.ref, about.total)
    reported = {"product": "", "dest": "", "ref": ref, "hrg": hrg, "sn": "0000000000", "data": "-"}
    values = {**reported, "tagihan": 50_000, "admin": 2_500, **line.values}
    return replace(line, template=TEMPLATES[line.kind or Kind.TRX], values=values)


def _about(scenario: Scenario, state: State | None = None) -> Callable[[Line], bool]:
    """Lines about purchases for customers with this scenario that are not successes."""

    def rule(line: Line) -> bool:
        about = line.transaction
        if about is None or line.is_success or about.aim.scenario is not scenario:
            return False
        return state is None or about.state is state

    return rule


def _refused(kind: Kind, reason: Reason) -> Callable[[Line], bool]:
    return lambda line: line.kind is kind and line.reason is reason and not line.transaction


def _other_words(line: Line) -> bool:
    return line.transaction is not None and not line.is_success


def _family_refused(code: str, kind: Kind) -> Wrapper:
    """Wraps ``carry_out``: one family is not served."""

    def carry_out(
        _service: object,
        original: Callable[[Kind, Parameters, PartnerAccount], Line],
        asked: Kind,
        parameters: Parameters,
        account: PartnerAccount,
    ) -> Line:
        if asked is kind and parameters["product"].partition("@")[0] == code:
            raise Refusal(Reason.CLOSED)
        return original(asked, parameters, account)

    return carry_out


def _as_json(body: bytes) -> bytes:
    return b'{"message": "' + body + b'"}'


def _body(change: Callable[[bytes], bytes], path: str = "") -> Wrapper:
    """Wraps ``answer``: another body."""

    def answer(
        _service: object,
        original: Callable[[SandboxRequest], SandboxResponse],
        request: SandboxRequest,
    ) -> SandboxResponse:
        response = original(request)
        if not request.path.endswith(path):
            return response
        return replace(response, body=change(response.body))

    return answer


def _backwards(service: object, original: Balance, account: PartnerAccount) -> Line:
    line = original(account)
    times: list[int] = service.__dict__.setdefault("times", [])
    times.append(1)
    moment = account.now() - timedelta(seconds=10 * len(times))
    return replace(line, values={**line.values, "moment": f"{moment:%Y-%m-%d %H:%M:%S}"})


def _charged_balance(_service: object, original: Balance, account: PartnerAccount) -> Line:
    line = original(account)
    charge(account, 1)
    return line


def _status_of_bill(line: Line) -> bool:
    about = line.transaction
    return line.kind is Kind.STATUS and line.is_success and about is not None and postpaid(about)


def _status_of_topup(line: Line) -> bool:
    about = line.transaction
    return line.kind is Kind.STATUS and line.is_success and about is not None and prepaid(about)


TRX, CEK, BAYAR, STATUS, BALANCE = Kind.TRX, Kind.CEK, Kind.BAYAR, Kind.STATUS, Kind.BALANCE

FAMILIES = (
    ("PLN-POSTPAID", "pln-postpaid", "PLNPASC"),
    ("PLN-NONTAGLIS", "pln-nontaglis", "PLNNONTGL"),
    ("PDAM", "pdam", "PDAMKLT"),
    ("BPJS-KESEHATAN", "bpjs-kesehatan", "BPJSKS"),
    ("BPJS-KETENAGAKERJAAN", "bpjs-ketenagakerjaan", "BPJSTKPU"),
    ("INDIHOME", "indihome", "INDIHOME"),
    ("HP-POSTPAID", "hp-postpaid", "HALO"),
    ("TV", "tv", "TOPTV"),
    ("MULTIFINANCE", "multifinance", "FNADIRA"),
    ("PGN", "pgn", "PGN"),
    ("PERTAGAS", "pertagas", "PERTAGAS"),
    ("VEHICLE-TAX", "vehicle-tax", "PKBJATENG"),
    ("PROPERTY-TAX", "property-tax", "PBBKLT"),
    ("CREDIT-CARD", "credit-card", "KKBCA"),
)


def _of_family(clause: str, name: str, code: str) -> tuple[Fault, ...]:
    return (
        fault(f"httpget-{name}-refused", f"HTTPGET-{clause}-CEK",
              f"The inquiry of {code} is refused.", carry_out=_family_refused(code, CEK)),
        fault(f"httpget-{name}-no-amount", f"HTTPGET-{clause}-CEK",
              f"The CEK text of {code} has no ADMIN.",
              finish=family(code, lambda line: _text(line, line.template.replace(
                  " ADMIN:{admin}", "")), CEK)),
        fault(f"httpget-{name}-unpaid", f"HTTPGET-{clause}-BAYAR",
              f"The payment of {code} is refused.", carry_out=_family_refused(code, BAYAR)),
        fault(f"httpget-{name}-paid-as-trx", f"HTTPGET-{clause}-BAYAR",
              f"The payment of {code} is answered with TRX.",
              finish=family(code, lambda line: _text(line, line.template.replace(
                  "BAYAR", "TRX", 1)), BAYAR)),
    )  # fmt: skip


TOPUPS = (
    fault("httpget-access-json", "HTTPGET-ACCESS-PLAIN", "The balance is answered as JSON.",
          answer=_body(_as_json, "/balance")),
    fault("httpget-access-html", "HTTPGET-ACCESS-PLAIN", "Every text stands in HTML.",
          answer=_body(lambda body: b"<p>" + body + b"</p>")),
    fault("httpget-access-http-400", "HTTPGET-ACCESS-HTTP", "Refusals have HTTP 400.",
          http_status=lambda _service, _original, _reason: 400),
    fault("httpget-access-octets", "HTTPGET-ACCESS-MEDIA-TYPE",
          "Texts are sent as application/octet-stream.",
          content_type=lambda _service, _original: "application/octet-stream"),
    fault("httpget-topup-refused", "HTTPGET-TOPUP-SUCCESS", "Every topup is refused.",
          carry_out=_family_refused("IS5", TRX)),
    fault("httpget-topup-status-text", "HTTPGET-TOPUP-SUCCESS",
          "A topup is answered with the STATUS text.",
          finish=template("TRX", "STATUS", TRX)),
    fault("httpget-topup-no-dot", "HTTPGET-TOPUP-TEXT", "A TRX text has no dot at its end.",
          finish=template("{ref}.", "{ref}", TRX)),
    fault("httpget-topup-two-dots", "HTTPGET-TOPUP-TEXT", "A TRX text ends with two dots.",
          finish=template("{ref}.", "{ref}..", TRX)),
    fault("httpget-topup-grouped", "HTTPGET-TOPUP-TEXT", "HRG of a topup has separators.",
          finish=values(TRX, hrg=grouped)),
    fault("httpget-topup-two-blanks", "HTTPGET-TOPUP-TEXT",
          "Two blanks stand before SN in a TRX text.", finish=template(" SN:", "  SN:", TRX)),
    fault("httpget-topup-echo-product", "HTTPGET-TOPUP-ECHO-PRODUCT",
          "The TRX text names T1 whatever was bought.",
          finish=values(TRX, product=lambda _code: "T1")),
    fault("httpget-topup-echo-dest", "HTTPGET-TOPUP-ECHO-DEST",
          "The TRX text names the next customer.", finish=values(TRX, dest=_next)),
    fault("httpget-topup-echo-ref", "HTTPGET-TOPUP-ECHO-REF",
          "The TRX text names the platform's own reference.",
          finish=values(TRX, ref=lambda ref: f"T{ref}")),
    fault("httpget-topup-hrg-one-more", "HTTPGET-TOPUP-DEBIT",
          "HRG of a topup is one rupiah more than is taken.",
          finish=values(TRX, hrg=lambda rupiah: rupiah + 1)),
    fault("httpget-topup-debit-twice", "HTTPGET-TOPUP-DEBIT", "A topup takes its price twice.",
          account_buy=acts.bought(acts.take_again, of(Scenario.SUCCESS, prepaid))),
    fault("httpget-topup-failed-well", "HTTPGET-TOPUP-FAILED",
          "A failed topup is answered with the TRX text.",
          finish=with_line(_looks_well, TRX, rule=_about(Scenario.FAILED))),
    fault("httpget-topup-failed-costs", "HTTPGET-TOPUP-FAILED-FREE",
          "A failed topup takes its price.",
          account_buy=acts.bought(acts.take_again, of(Scenario.FAILED, prepaid))),
    fault("httpget-topup-wrong-number-well", "HTTPGET-TOPUP-WRONG-NUMBER",
          "A topup for a wrong number is answered with the TRX text.",
          finish=with_line(_looks_well, TRX, rule=_about(Scenario.WRONG_NUMBER))),
    fault("httpget-topup-wrong-number-costs", "HTTPGET-TOPUP-WRONG-NUMBER",
          "A topup for a wrong number takes its price.",
          account_buy=acts.bought(acts.take_again, of(Scenario.WRONG_NUMBER, prepaid))),
    fault("httpget-topup-pending-well", "HTTPGET-TOPUP-PENDING",
          "A topup in process is answered with the TRX text.",
          finish=with_line(_looks_well, TRX, rule=_about(Scenario.PENDING_FAILED))),
    fault("httpget-topup-other-words", "HTTPGET-TOPUP-FAILED-TEXT",
          "A topup that failed says BATAL instead of GAGAL.",
          finish=with_line(lambda line: _text(line, line.template.replace("GAGAL", "BATAL")), TRX,
                           rule=_other_words)),
)  # fmt: skip

BILLS = (
    fault("httpget-bill-echo-product", "HTTPGET-BILL-ECHO-PRODUCT",
          "CEK and BAYAR texts name PLNPASC whatever the family.",
          finish=values(CEK, BAYAR, product=lambda _code: "PLNPASC")),
    fault("httpget-bill-echo-dest", "HTTPGET-BILL-ECHO-DEST",
          "CEK and BAYAR texts name the next customer.", finish=values(CEK, BAYAR, dest=_next)),
    fault("httpget-bill-echo-dest-part", "HTTPGET-BILL-ECHO-DEST",
          "The BAYAR text names another number of months.",
          finish=values(BAYAR, dest=lambda dest: dest.replace("@", "@9"))),
    fault("httpget-bill-echo-ref", "HTTPGET-BILL-ECHO-REF",
          "The BAYAR text names the platform's own reference.",
          finish=values(BAYAR, ref=lambda ref: f"T{ref}")),
    fault("httpget-bill-cek-no-dot", "HTTPGET-BILL-TEXT", "A CEK text has no dot at its end.",
          finish=template("{admin}.", "{admin}", CEK)),
    fault("httpget-bill-bayar-no-dot", "HTTPGET-BILL-TEXT",
          "A BAYAR text has no dot at its end.", finish=template("{ref}.", "{ref}", BAYAR)),
    fault("httpget-bill-cek-grouped", "HTTPGET-BILL-TEXT", "TAGIHAN has separators.",
          finish=values(CEK, tagihan=grouped)),
    fault("httpget-bill-bayar-grouped", "HTTPGET-BILL-TEXT", "HRG of a bill has separators.",
          finish=values(BAYAR, hrg=grouped)),
    fault("httpget-bill-total-one-more", "HTTPGET-BILL-TOTAL",
          "TAGIHAN is one rupiah less than what is paid with ADMIN.",
          also=("HTTPGET-BILL-CARD-AMOUNT",),
          because="the TAGIHAN of a card is what was asked after the @",
          finish=values(CEK, tagihan=lambda rupiah: rupiah - 1)),
    fault("httpget-bill-total-without-admin", "HTTPGET-BILL-TOTAL",
          "ADMIN is not what is paid.", finish=values(CEK, admin=lambda rupiah: rupiah + 2500)),
    fault("httpget-bill-debit-one-more", "HTTPGET-BILL-DEBIT",
          "A payment takes one rupiah more than its HRG.",
          account_cost_of=acts.cost(lambda one: one.total + 1, postpaid)),
    fault("httpget-bill-debit-without-admin", "HTTPGET-BILL-DEBIT",
          "A payment takes the bill without the admin fee.",
          account_cost_of=acts.cost(lambda one: one.price, postpaid)),
    fault("httpget-bill-fresh-ref", "HTTPGET-BILL-FRESH-REF",
          "A bill can be paid under a fresh refID.", account_payable=acts.without_inquiry),
    fault("httpget-bill-wrong-number", "HTTPGET-BILL-WRONG-NUMBER", "A wrong number has a bill.",
          account_inquire=acts.any_number_has_a_bill),
    fault("httpget-bill-wrong-number-well", "HTTPGET-BILL-WRONG-NUMBER",
          "The inquiry of a wrong number is answered with the CEK text.",
          finish=with_line(_looks_well, CEK, rule=_refused(CEK, Reason.WRONG_NUMBER))),
    fault("httpget-bill-failed-well", "HTTPGET-BILL-FAILED",
          "A failed payment is answered with the BAYAR text.",
          finish=with_line(_looks_well, BAYAR, rule=_about(Scenario.FAILED))),
    fault("httpget-bill-failed-costs", "HTTPGET-BILL-FAILED", "A failed payment takes the bill.",
          account_buy=acts.bought(acts.take_again, of(Scenario.FAILED, postpaid))),
    fault("httpget-bill-pending-well", "HTTPGET-BILL-PENDING",
          "A payment in process is answered with the BAYAR text.",
          finish=with_line(_looks_well, BAYAR, rule=_about(Scenario.PENDING_FAILED))),
    fault("httpget-bill-other-words", "HTTPGET-BILL-FAILED-TEXT",
          "A payment in process says DIPROSES instead of PROSES.",
          finish=with_line(lambda line: _text(line, line.template.replace("PROSES", "DIPROSES")),
                           BAYAR, rule=_other_words)),
    fault("httpget-bill-card-amount", "HTTPGET-BILL-CARD-AMOUNT",
          "The bill of a credit card is a thousand rupiah above the amount asked.",
          account_opened=acts.opened(acts.dearer("KKBCA", 1_000))),
    fault("httpget-bill-other-customer", "HTTPGET-BILL-OTHER-CUSTOMER",
          "A payment that names another dest pays that bill.",
          also=("HTTPGET-IDEM-PAY-RACE",),
          because="at the same instant any of the payments may be the first",
          account_pay=acts.retargeted(acts.other_customer, expired=False)),
    fault("httpget-bill-other-product", "HTTPGET-BILL-OTHER-PRODUCT",
          "A payment that names another product pays that bill.",
          also=("HTTPGET-IDEM-PAY-RACE",),
          because="at the same instant any of the payments may be the first",
          account_pay=acts.retargeted(acts.other_product, expired=False)),
    fault("httpget-bill-expiry-early", "HTTPGET-BILL-EXPIRY-BEFORE", "An inquiry lasts 14 minutes.",
          account_is_expired=acts.expires_after(14)),
    fault("httpget-bill-expiry", "HTTPGET-BILL-EXPIRY", "An inquiry lasts a day.",
          account_is_expired=acts.expires_after(1440)),
)  # fmt: skip

STATUSES = (
    fault("httpget-status-no-dot", "HTTPGET-STATUS-TEXT",
          "The STATUS text of a topup has no dot at its end.",
          finish=with_line(lambda line: _text(line, line.template[:-1]), rule=_status_of_topup)),
    fault("httpget-status-grouped", "HTTPGET-STATUS-TEXT",
          "HRG in the STATUS text of a topup has separators.",
          finish=with_line(lambda line: replace(line, values={
              **line.values, "hrg": grouped(line.values["hrg"])}), rule=_status_of_topup)),
    fault("httpget-status-bill-no-dot", "HTTPGET-STATUS-BILL",
          "The STATUS text of a bill has no dot at its end.",
          finish=with_line(lambda line: _text(line, line.template[:-1]), rule=_status_of_bill)),
    fault("httpget-status-bill-lunas", "HTTPGET-STATUS-BILL",
          "The STATUS text of a bill says LUNAS.",
          finish=with_line(lambda line: _text(line, line.template.replace("SUKSES", "LUNAS")),
                           rule=_status_of_bill)),
    fault("httpget-status-hrg", "HTTPGET-STATUS-AGREES",
          "HRG in the STATUS text is one rupiah too high.",
          finish=values(STATUS, hrg=lambda rupiah: rupiah + 1)),
    fault("httpget-status-sn", "HTTPGET-STATUS-AGREES", "SN in the STATUS text is another.",
          finish=values(STATUS, sn=lambda serial: serial[::-1] + "9")),
    fault("httpget-status-dest", "HTTPGET-STATUS-AGREES",
          "The STATUS text names the next customer.", finish=values(STATUS, dest=_next)),
    fault("httpget-status-ref", "HTTPGET-STATUS-AGREES",
          "The STATUS text names the platform's own reference.",
          finish=values(STATUS, ref=lambda ref: f"T{ref}")),
    fault("httpget-status-failed-well", "HTTPGET-STATUS-FAILED",
          "The status of a failed topup is the STATUS text.",
          finish=with_line(_looks_well, STATUS, rule=_about(Scenario.FAILED))),
    fault("httpget-status-never-succeeds", "HTTPGET-STATUS-SETTLES-SUCCESS",
          "A topup in process that has to succeed stays in process.",
          account_settle=acts.never_settles(of(Scenario.PENDING_SUCCESS, prepaid))),
    fault("httpget-status-succeeds-as-failed", "HTTPGET-STATUS-SETTLES-SUCCESS",
          "A topup in process that has to succeed fails in the end.",
          account_final_of=acts.final(
              State.FAILED, Reason.FAILED, of(Scenario.PENDING_SUCCESS, prepaid))),
    fault("httpget-status-fails-well", "HTTPGET-STATUS-SETTLES-FAILED",
          "A topup in process that has to fail succeeds.",
          account_final_of=acts.final(
              State.SUCCESS, Reason.SUCCESS, of(Scenario.PENDING_FAILED, prepaid))),
    fault("httpget-status-no-refund", "HTTPGET-STATUS-SETTLES-FAILED",
          "A topup in process that fails keeps the money.", account_give_back=acts.keeps_money),
    fault("httpget-balance-one-blank", "HTTPGET-BALANCE-TEXT", "One blank stands before the @.",
          finish=template("  @", " @", BALANCE)),
    fault("httpget-balance-no-day", "HTTPGET-BALANCE-TEXT",
          "The time of the balance is no day of the calendar.",
          finish=values(BALANCE, moment=lambda moment: f"2026-02-30{moment[10:]}")),
    fault("httpget-balance-iso", "HTTPGET-BALANCE-TEXT",
          "The time of the balance has a T.",
          finish=values(BALANCE, moment=lambda moment: moment.replace(" ", "T"))),
    fault("httpget-balance-grouped", "HTTPGET-BALANCE-AMOUNT", "saldo has separators.",
          finish=values(BALANCE, saldo=grouped)),
    fault("httpget-balance-without-bills", "HTTPGET-BALANCE-PURCHASES",
          "saldo does not fall by purchases.",
          also=("HTTPGET-TOPUP-DEBIT", "HTTPGET-BILL-DEBIT", "HTTPGET-BOTH-BALANCE"),
          because="they compare with the saldo",
          finish=values(BALANCE, saldo=lambda _saldo: 100_000_000)),
    fault("httpget-balance-costs", "HTTPGET-BALANCE-FREE", "Every balance costs one rupiah.",
          balance=_charged_balance),
    fault("httpget-balance-time-backwards", "HTTPGET-BALANCE-TIME",
          "The time of the balance runs backwards.", balance=_backwards),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (
    *TOPUPS,
    *(one for row in FAMILIES for one in _of_family(*row)),
    *BILLS,
    *STATUSES,
)
