"""History (list): filters, dates and pages."""

from collections import Counter
from datetime import date, timedelta

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, expect, judge_place, note, reading
from kontrak.providers.rqid import Purchase, Rqid, RqidAnswer
from kontrak.providers.rqid.answer import LABELS
from kontrak.providers.rqid.judging import judge_calendar
from kontrak.providers.rqid.records import (
    Records,
    Row,
    found_any,
    labelled,
    reported,
    require_settled,
    within_a_day,
)
from kontrak.providers.rqid.refusal import findings

FLAT = [cited(one.id, one) for one in of_shape("rqid", "history")]
PAGED = [cited(one.id, one) for one in of_shape("rqid", "history-page")]


@pytest.mark.parametrize("place", FLAT)
def test_a_place_of_the_flat_list(records: Records, place: Clause) -> None:
    judge_place(records.today().require_success(), place)
    judge_calendar(records.today(), place)


@pytest.mark.parametrize("place", PAGED)
def test_a_place_of_a_page(records: Records, place: Clause) -> None:
    records.purchases()
    answer = records.rqid.history(page=1, per_page=50).require_success()
    judge_place(answer, place)
    judge_calendar(answer, place)


@clause("RQID-HISTORY-NO-RC")
def test_the_list_has_no_rc(records: Records) -> None:
    answer = records.today()
    with expect(answer) as that:
        that.that("rc" not in answer.members, "no rc", f"rc {answer.rc}")


@clause("RQID-HISTORY-TODAY")
@within_a_day
def test_the_list_of_no_date_is_todays(records: Records) -> None:
    answer = records.today()
    bought = records.purchase("prepaid", "success")
    bought.ended_well()
    with expect(answer) as that:
        came = f"rc {answer.rc}, HTTP {answer.status}"
        that.that(answer.says_success, "success", came)
        found = records.refs(answer)
        that.that(bought.ref_1 in found, f"{bought.ref_1} in it", f"{len(found)} others")
        days = {answer.row_time(row, "created_at").date().isoformat() for row in answer.rows()}
        that.that(len(days) <= 1, "one day", ", ".join(sorted(days)))


@clause("RQID-HISTORY-BY-DATE")
@within_a_day
def test_date_filters(records: Records) -> None:
    day, ref_1 = records.day(), _own(records)
    today = records.rqid.history(date=day)
    week = _by_day(records.rqid.history(start_date=_shifted(day, -7), end_date=day))
    before = [_shifted(day, -back) for back in (1, 5)]
    listed = [one for one in week if one != day][:2]
    asked = [records.rqid.history(date=one) for one in dict.fromkeys(before + listed)]
    asked += [records.rqid.history(date=before[0], page=1, per_page=1000)]
    earlier = [one for one in asked if one.sent["date"] in week or found_any(one)]
    with expect(today, *earlier) as that:
        that.that(ref_1 in records.refs(today), f"{ref_1} on {day}", "absent")
        for answer in that.each((today, *earlier)):
            wanted = str(answer.sent["date"])
            days = {answer.row_time(row, "created_at").date().isoformat() for row in answer.rows()}
            that.that(days <= {wanted}, f"{wanted} only", ", ".join(sorted(days)))
        for answer in that.each(earlier):
            wanted = str(answer.sent["date"])
            missing = week.get(wanted, set()) - set(records.refs(answer))
            what = f"all of {wanted} that start_date and end_date bring"
            that.that(not missing, what, f"not {', '.join(sorted(missing)[:3])}")


@clause("RQID-HISTORY-BY-RANGE")
@within_a_day
def test_start_date_and_end_date_filter(records: Records) -> None:
    day, ref_1 = records.day(), _own(records)
    week: dict[str, set[str]] = {}
    for start, end in ((-7, 0), (0, 0), (-7, -1), (-7, -5), (-5, -1)):
        first, last = _shifted(day, start), _shifted(day, end)
        answer = records.rqid.history(start_date=first, end_date=last)
        expected = end == 0 or any(first <= when <= last for when in week)
        if not expected and not found_any(answer):
            continue
        came = _by_day(answer)
        days, week = set(came), week or came
        lost = {
            one
            for when, refs in week.items()
            if first <= when <= last
            for one in refs - came.get(when, set())
        }
        with expect(answer) as that:
            kept = all(first <= one <= last for one in days)
            that.that(kept, f"{first} to {last} only", ", ".join(sorted(days)))
            if last == day:
                that.that(ref_1 in records.refs(answer), f"{ref_1} in it", "absent")
            what = f"all of {first} to {last} that a longer range brings"
            that.that(not lost, what, f"not {', '.join(sorted(lost)[:3])}")


@pytest.mark.parametrize(
    ("status", "case", "outcome"),
    [
        cited("RQID-HISTORY-BY-STATUS-SUCCESS", 1, "success", Outcome.SUCCESS, id="success"),
        cited("RQID-HISTORY-BY-STATUS-FAILED", 11, "pending_failed", Outcome.FAILED, id="failed"),
    ],
)
@within_a_day
def test_status_filters(records: Records, status: int, case: str, outcome: Outcome) -> None:
    records.purchase("prepaid", "success").ended_well()
    bought = records.purchase("prepaid", case)
    clause_id = f"RQID-STATUS-SETTLES-{'FAILED' if case == 'pending_failed' else 'SUCCESS'}"
    require_settled(bought, outcome, clause_id if case != "success" else "RQID-TOPUP-SUCCESS")
    records.row(bought.ref_1)
    listed = records.today()
    wanted = {
        listed.row_text(row, "ref_1") for row in listed.rows() if reported(listed, row) is outcome
    }
    for answer in records.flat_and_paged(status=status):
        with expect(answer) as that:
            that.that(bought.ref_1 in records.refs(answer), f"{bought.ref_1} in it", "absent")
            missing = wanted - set(records.refs(answer))
            what = f"every transaction that today's list says is a {outcome}"
            that.that(not missing, what, f"not {', '.join(sorted(missing)[:3])}")
            others = _other_outcomes(answer, outcome)
            that.that(not others, f"{outcome} only", ", ".join(others[:5]))


@clause("RQID-HISTORY-BY-STATUS-PENDING")
@within_a_day
def test_status_2_and_3_filter(rqid: Rqid, records: Records) -> None:
    # What is settled has to be in the list before it can be left out.
    _own(records)
    with records.account.in_process("prepaid") as (answer, _):
        asked = [rqid.history(status=status) for status in (2, 3)]
        still = rqid.status(str(answer.sent["ref_1"]))
    listed = [one for one in asked if found_any(one)]
    ref_1 = str(answer.sent["ref_1"])
    with expect(answer, *listed) as that:
        found = [one for one in listed if ref_1 in records.refs(one)]
        # What has ended meanwhile is rightly under neither.
        kept = bool(found) or still.outcome is not Outcome.PENDING
        that.that(kept, f"{ref_1} under 2 or 3", "under neither")
        wrong = [one for each in listed for one in _other_outcomes(each, Outcome.PENDING)]
        that.that(not wrong, "pending only", ", ".join(wrong[:5]))


@pytest.mark.parametrize(
    "name",
    [
        cited("RQID-HISTORY-BY-PRODUCT", "product_code"),
        cited("RQID-HISTORY-BY-CUSTOMER", "customer_id"),
    ],
)
@within_a_day
def test_a_field_filters(records: Records, name: str) -> None:
    bought = records.purchase("prepaid", "success")
    wanted = bought.sent(name)
    expected = {
        records.today().row_text(row, "ref_1") for row in records.rows() if row.get(name) == wanted
    }
    for answer in records.flat_and_paged(**{name: wanted}):
        with expect(answer) as that:
            values = {answer.row_text(row, name) for row in answer.rows()}
            that.that(values <= {wanted}, f"{name} {wanted} only", ", ".join(sorted(values)))
            missing = expected - set(records.refs(answer))
            that.that(not missing, "all of them", f"not {', '.join(sorted(missing)[:3])}")


@clause("RQID-HISTORY-BY-TRX-NO")
@within_a_day
def test_trx_no_mitra_filters(records: Records) -> None:
    ref_1 = _own(records)
    answer = records.rqid.history(trx_no_mitra=ref_1).require_success()
    with expect(answer) as that:
        # Whether one is listed twice has a clause of its own.
        that.equal("transactions", sorted(set(records.refs(answer))), [ref_1])


@clause("RQID-HISTORY-PAGE-CURRENT")
@within_a_day
def test_pages_bring_every_transaction_once(records: Records) -> None:
    records.rows()
    flat = records.rqid.history().require_success()
    # An inquiry that was paid may stand beside its payment, under the same ref_1.
    listed = Counter(records.refs(flat))
    size = min(1000, max(1, -(-listed.total() // 3)))
    pages = records.pages(size)
    with expect(*pages) as that:
        for number, page in enumerate(that.each(pages), 1):
            that.equal("meta.current_page", page.meta("current_page"), number, "the page asked")
        if all(page.meta("per_page") == size >= len(page.rows()) for page in pages):
            found = Counter(ref_1 for page in pages for ref_1 in records.refs(page))
            again = [one for one, times in found.items() if times > max(1, listed[one])]
            that.that(not again, "each as often as in the flat list", f"again {again[:3]}")
            missing = listed - found
            that.that(not missing, "all of the flat list", f"not {', '.join(sorted(missing)[:3])}")


@clause("RQID-HISTORY-PAGE-SIZE")
@within_a_day
def test_a_page_has_the_size_asked(records: Records) -> None:
    records.purchases()
    for size in (1, 2, 1000):
        answer = records.rqid.history(page=1, per_page=size).require_success()
        with expect(answer) as that:
            that.equal("meta.per_page", answer.meta("per_page"), size, "as asked")
            kept = len(answer.rows()) <= size
            that.that(kept, f"at most {size} rows", f"{len(answer.rows())} rows")


@clause("RQID-HISTORY-PAGE-MOST")
@within_a_day
def test_a_page_has_at_most_1000_rows(records: Records) -> None:
    records.purchases()
    answer = records.rqid.history(page=1, per_page=1001)
    if not findings(answer):
        pytest.skip("refused, as it may be")
    with expect(answer) as that:
        size = answer.meta("per_page")
        that.that(size <= 1000, "meta.per_page at most 1000", f"meta.per_page = {size}")


@clause("RQID-HISTORY-PAGE-LAST")
@within_a_day
def test_last_page_follows_from_total(records: Records) -> None:
    records.rows()
    pages = records.pages(1000)
    count = sum(len(page.rows()) for page in pages)
    for size in (2, 1000):
        answer = records.rqid.history(page=1, per_page=size).require_success()
        total, per_page = answer.meta("total"), max(1, answer.meta("per_page"))
        with expect(*pages, answer) as that:
            wanted = max(1, -(-total // per_page))
            because = f"total {total}, per_page {per_page}"
            that.equal("meta.last_page", answer.meta("last_page"), wanted, because)
            # Others may have bought meanwhile, through whatever interface.
            now = records.pages(1000) if total != count else pages
            that.equal("meta.total", total, sum(len(page.rows()) for page in now), "rows listed")


@clause("RQID-HISTORY-COMPLETE")
@within_a_day
def test_every_purchase_is_in_the_list(records: Records) -> None:
    answer = records.today()
    rows: dict[str, list[Row]] = {}
    for row in records.rows():
        rows.setdefault(answer.row_text(row, "ref_1"), []).append(row)
    if _own_ref(records) not in rows:
        raise Blocked("RQID-HISTORY-TODAY")
    with expect(answer) as that:
        for bought in records.purchases():
            wanted = bought.settled.outcome
            of_it = rows.get(bought.ref_1, [])
            if not of_it:
                that.that(kept=False, expected=f"{bought.ref_1} in the list", came="absent")
                continue
            # An inquiry may stand in the list besides its payment.
            fitting = [one for one in of_it if reported(answer, one) is wanted]
            row = (fitting or of_it)[0]
            for name in ("product_code", "customer_id"):
                that.equal(name, answer.row_text(row, name), bought.sent(name), "as bought")
            that.equal(f"outcome of {bought.ref_1}", reported(answer, row), wanted, "as in status")
            total = _total(bought.bill or bought.paid)
            if total is not None and bought.settled.is_success:
                came = answer.row_number(row, "total_price")
                that.equal("total_price", came, total, "as bought")


@clause("RQID-HISTORY-COMPLETE")
@within_a_day
def test_what_was_just_bought_is_listed_as_bought(records: Records) -> None:
    newest, own = records.newest(), _own_ref(records)
    for answer in newest.lists:
        if own not in records.refs(answer):
            raise Blocked("RQID-HISTORY-TODAY")
        rows = [row for row in answer.rows() if row.get("ref_1") == newest.bought.ref_1]
        with expect(newest.bought.paid, answer) as that:
            if not rows:
                that.that(kept=False, expected=f"{newest.bought.ref_1} in it", came="absent")
            for row in rows[:1]:
                _expect_as_bought(that, answer, row, newest.bought)


@clause("RQID-HISTORY-PAGE-LAST")
@within_a_day
def test_total_counts_what_was_just_bought(records: Records) -> None:
    newest = records.newest()
    page = newest.lists[-1]
    with expect(newest.bought.paid, page) as that:
        total, rows = page.meta("total"), len(page.rows())
        that.that(total >= rows, f"meta.total at least {rows}, the rows", str(total))


@clause("RQID-HISTORY-PRIVATE")
@within_a_day
def test_another_partner_lists_nothing_of_ours(rqid: Rqid, records: Records) -> None:
    own, other = _own(records), rqid.other()
    answer = other.history()
    if not answer.says_success:
        raise NotOffered("the other partner is not answered", hint="see its signature_string")
    with expect(answer) as that:
        kept = own not in records.refs(answer)
        that.that(kept, "none of our transactions", f"{own} among {len(answer.rows())}")


@clause("RQID-HISTORY-DISTINCT")
@within_a_day
def test_no_transaction_stands_twice(records: Records) -> None:
    answer = records.today()
    found = records.refs(answer)
    twice = sorted({one for one in found if found.count(one) > 1})
    topups = {one.ref_1 for one in records.purchases() if one.bill is None}
    with expect(answer) as that:
        # An inquiry and its payment have one ref_1, and the document does not say that the inquiry
        # is left out of the list.
        same = {
            one
            for one in twice
            for first, *rest in [[row for row in answer.rows() if row.get("ref_1") == one]]
            if first in rest
        }
        wrong = [one for one in twice if one in topups | same or found.count(one) > 2]
        that.that(not wrong, "every ref_1 once", f"{', '.join(wrong[:3])} twice")
    if twice:
        reading("an inquiry that was paid", "stands in the history besides its payment", warns=True)


def _expect_as_bought(that: expect, answer: RqidAnswer, row: Row, bought: Purchase) -> None:
    for name in ("product_code", "customer_id"):
        that.equal(name, answer.row_text(row, name), bought.sent(name), "as bought")
    if bought.paid.is_success:
        wanted = bought.paid.number("total_price")
        that.equal("total_price", answer.row_number(row, "total_price"), wanted, "as bought")
    label = answer.row_text(row, "status_label")
    if label not in LABELS:
        note(f"the list has the label {label}")


def _by_day(answer: RqidAnswer) -> dict[str, set[str]]:
    """The references of a list by the day of created_at."""
    found: dict[str, set[str]] = {}
    for row in answer.require_success().rows():
        day = answer.row_time(row, "created_at").date().isoformat()
        found.setdefault(day, set()).add(answer.row_text(row, "ref_1"))
    return found


def _other_outcomes(answer: RqidAnswer, outcome: Outcome) -> list[str]:
    """The outcomes of a list's records that are another; an unknown label is noted alone."""
    found = labelled(answer)
    for label in {one for one in found if not isinstance(one, Outcome)}:
        note(f"the list has the label {label}")
    return [str(one) for one in found if isinstance(one, Outcome) and one is not outcome]


def _own(records: Records) -> str:
    ref_1 = _own_ref(records)
    records.row(ref_1)
    return ref_1


def _own_ref(records: Records) -> str:
    bought = records.purchase("prepaid", "success")
    bought.ended_well()
    return bought.ref_1


def _total(answer: RqidAnswer) -> int | None:
    if "total_price" not in answer.record:
        note("a purchase in process reports no total_price")
        return None
    return answer.number("total_price")


def _shifted(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
