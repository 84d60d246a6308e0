"""Mutations: a running balance that ends at the balance."""

from collections import Counter
from datetime import date, timedelta

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, expect, judge_place, note, reading
from kontrak.providers.rqid import Purchase, Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.judging import judge_calendar
from kontrak.providers.rqid.movements import best_reading, breaks, change, in_time, new_rows
from kontrak.providers.rqid.records import found_any
from kontrak.providers.rqid.settings import Kind
from kontrak.pytest_plugin.selection import conversation

PLACES = [cited(one.id, one) for one in of_shape("rqid", "mutations")]
KINDS: tuple[Kind, ...] = ("prepaid", "postpaid")
Around = dict[Kind, tuple[RqidAnswer, Purchase, RqidAnswer]]


@pytest.fixture(scope="module")
def mutations(rqid: Rqid, account: RqidAccount) -> RqidAnswer:
    """The movements of these days, after purchases of every kind and one that failed late."""
    for kind in KINDS:
        if rqid.numbers(kind).configured:
            account.purchase(kind, "success")
    if "pending_failed" in rqid.numbers("prepaid").configured:
        account.purchase("prepaid", "pending_failed")
    return rqid.recent_mutations().require_success()


@conversation
def around(rqid: Rqid, account: RqidAccount) -> Around:
    """A purchase of each kind, between two looks at the mutations."""
    found: Around = {}
    for kind in KINDS:
        if rqid.numbers(kind).configured:
            account.purchase(kind, "success").took_its_price()
            number, bill = rqid.numbers(kind).get("success"), None
            if kind == "postpaid":
                bill = rqid.inquiry(number).require_success()
            before, mark = rqid.recent_mutations().require_success(), account.mark_if_any()
            paid = rqid.topup(number) if bill is None else rqid.pay(bill)
            settled = rqid.settled(str(paid.sent["ref_1"]))
            cost = None if mark is None else account.spent_since(mark)
            bought = Purchase(bill, paid, settled, settled, cost, cost)
            found[kind] = before, bought, rqid.recent_mutations().require_success()
    return found


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_mutations(mutations: RqidAnswer, place: Clause) -> None:
    judge_place(mutations, place)
    judge_calendar(mutations, place)


@clause("RQID-MUTATIONS-NO-RC")
def test_mutations_have_no_rc(mutations: RqidAnswer) -> None:
    with expect(mutations) as that:
        that.that("rc" not in mutations.members, "no rc", f"rc {mutations.rc}")


@clause("RQID-MUTATIONS-RUNNING")
def test_the_balance_runs_on(mutations: RqidAnswer) -> None:
    found = list(breaks(mutations, best_reading(mutations)))
    with expect(mutations) as that:
        for place in found[:3]:
            that.that(kept=False, expected="balance = balance before + movement", came=place)


@clause("RQID-MUTATIONS-END")
def test_the_newest_balance_is_the_balance(rqid: Rqid, account: RqidAccount) -> None:
    account.purchase("prepaid", "success")
    account.mark()
    mutations, balance = rqid.recent_mutations().require_success(), rqid.balance()
    if not mutations.rows():
        raise Blocked("RQID-MUTATIONS-PURCHASE")
    order = best_reading(mutations)
    rows = in_time(mutations, order)
    ends = rows[-1:]
    if any(breaks(mutations, order)):
        ends = [rows[0], rows[-1]]
    found = [mutations.row_number(row, "balance") for row in ends]
    with expect(mutations, balance) as that:
        saldo = balance.number("saldo")
        came = " or ".join(map(str, found))
        that.that(saldo in found, f"newest balance = {saldo} (saldo)", came)


@clause("RQID-MUTATIONS-PURCHASE")
def test_a_purchase_is_one_movement(around: Around) -> None:
    for before, bought, after in around.values():
        bought.ended_well()
        sample = best_reading(after)
        rows = new_rows(before, after)
        came = [abs(change(after, row, sample)) for row in rows]
        own = [row for row, moved in zip(rows, came, strict=True) if moved == bought.cost][:1]
        others = [row for row in rows if row not in own]
        # A live account may have other trades meanwhile, under numbers of their own.
        foreign = bool(own) and not any(
            row.get(name) == own[0].get(name) for row in others for name in ("trx_no", "notes")
        )
        with expect(bought.paid, after) as that:
            kept = len(own) == 1 and (foreign or not others)
            wanted = f"new movements = [{bought.cost}], what left the balance"
            that.that(kept, wanted, f"new movements = {came}")
        if kept and others:
            note(f"{len(others)} other movements came meanwhile")


@clause("RQID-MUTATIONS-ONE-SIDE")
def test_a_movement_has_one_side(mutations: RqidAnswer) -> None:
    for row in mutations.rows():
        debit, credit = (mutations.row_number(row, name) for name in ("debit", "credit"))
        with expect(mutations) as that:
            that.that(0 in (debit, credit), "debit or credit is 0", f"{debit} and {credit}")


@clause("RQID-MUTATIONS-CONVENTION")
def test_a_purchase_stands_under_credit(around: Around) -> None:
    for before, bought, after in around.values():
        if bought.settled.is_success:
            for row in new_rows(before, after):
                is_credit = after.row_number(row, "credit") > 0
                reading("a purchase among the mutations", "a credit" if is_credit else "a debit")
                with expect(after) as that:
                    came = f"debit {row.get('debit')}, credit {row.get('credit')}"
                    that.that(is_credit, "a credit, as shown", came)


@clause("RQID-MUTATIONS-RANGE")
def test_the_dates_filter(rqid: Rqid, mutations: RqidAnswer) -> None:
    mutations.rows()
    recent = _days(rqid.recent_mutations())
    if not recent:
        raise Blocked("RQID-MUTATIONS-PURCHASE")
    today = max(recent)
    last_ten = (today - timedelta(days=10)).isoformat(), today.isoformat()
    known = [day for day in _days(rqid.mutations(*last_ten)) if day < today]
    known += [day for day in recent if day == today]
    for start, end in ((0, 0), (-9, -5), (-9, -1), (-5, 0), (1, 1), (-400, -300)):
        first, last = (today + timedelta(days=step) for step in (start, end))
        answer = rqid.mutations(first.isoformat(), last.isoformat())
        wanted = Counter(day for day in known if first <= day <= last)
        if not wanted and not found_any(answer):
            continue
        came = Counter(_days(answer))
        with expect(answer) as that:
            wrong = sorted(day.isoformat() for day in came if not first <= day <= last)
            that.that(not wrong, f"{first} to {last} only", ", ".join(wrong[:5]))
            for day, count in sorted(wanted.items()):
                # Others may buy meanwhile, so there may be more of today.
                kept = came[day] >= count if day == today else came[day] == count
                that.that(kept, f"{count} movements of {day}", f"{came[day]} movements")


def _days(answer: RqidAnswer) -> list[date]:
    """The days of a list's movements."""
    answer.require_success()
    return [answer.row_time(row, "created_at").date() for row in answer.rows()]


@clause("RQID-MUTATIONS-PRIVATE")
def test_another_partner_lists_none_of_our_movements(rqid: Rqid, around: Around) -> None:
    own = {
        (after.row_text(row, "trx_no"), after.row_text(row, "created_at"))
        for before, _, after in around.values()
        for row in new_rows(before, after)
    }
    answer = rqid.other().recent_mutations()
    if not answer.says_success:
        raise NotOffered("the other partner is not answered", hint="see its signature_string")
    rows = answer.rows()
    theirs = {(answer.row_text(row, "trx_no"), answer.row_text(row, "created_at")) for row in rows}
    reported = sorted(number for number, _ in own & theirs)
    with expect(answer) as that:
        that.that(not reported, "none of our movements", ", ".join(reported))


@clause("RQID-MUTATIONS-DISTINCT")
def test_purchases_have_numbers_of_their_own(around: Around) -> None:
    numbers = [
        after.row_text(row, "trx_no")
        for before, _, after in around.values()
        for row in new_rows(before, after)
    ]
    with expect(*(after for _, _, after in around.values())) as that:
        that.equal("different trx_no", len(set(numbers)), len(numbers), "one per purchase")
