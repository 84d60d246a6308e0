"""What several clauses judge alike: echoes, labels, messages and sums of one answer."""

from __future__ import annotations

from datetime import datetime

from kontrak.clauses.catalogue import Clause
from kontrak.clauses.response_codes import Outcome
from kontrak.clauses.text_template import Mismatch
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.rqid.account import Purchase
from kontrak.providers.rqid.answer import LABELS, STATUSES, RqidAnswer
from kontrak.providers.rqid.message import message_templates


def require_at_once(purchase: Purchase) -> RqidAnswer:
    """The reply of a purchase that succeeded at once; ``Blocked`` where it failed.

    Raises ``NotOffered`` where it was in process first: its reply then shows no success.
    """
    paid = purchase.paid
    if paid.outcome is Outcome.PENDING and purchase.settled.is_success:
        raise NotOffered(
            "the target settles late: its reply to a purchase shows no success",
            hint="name a number whose purchase succeeds at once, if there is one",
        )
    return paid.require_success()


def judge_calendar(answer: RqidAnswer, place: Clause) -> None:
    """Where a clause is about times, every one of them exists in the calendar."""
    name = (place.at or "").rpartition(".")[2]
    if name != "created_at":
        return
    with expect(answer) as that:
        for row in answer.rows():
            text = answer.row_text(row, name)
            try:
                datetime.fromisoformat(text)
            except ValueError:
                that.that(kept=False, expected=f"{name}: a time of the calendar", came=text)


def expect_echo(answer: RqidAnswer, name: str) -> None:
    """A field of data is the field of that name that was sent."""
    with expect(answer) as that:
        that.equal(name, answer.text(name), str(answer.sent[name]), "as sent")


def expect_label(answer: RqidAnswer, where: str = "data") -> None:
    """status and status_label say the same."""
    number, label = answer.number("status"), answer.text("status_label")
    reported = STATUSES.get(number)
    wanted = [word for word, outcome in LABELS.items() if outcome is reported]
    if not wanted:
        raise Blocked(answer.clause_at("data.status"))
    with expect(answer) as that:
        that.one_of(f"{where}.status_label", label, wanted, f"status {number}")


def expect_message(answer: RqidAnswer, operation: str) -> None:
    """msg fits its template and names product and customer of the request."""
    msg = answer.text("msg")
    template = message_templates()[operation]
    with expect(answer) as that:
        try:
            values = template.read(msg)
        except Mismatch as mismatch:
            that.that(kept=False, expected=f"msg: {template.text}", came=f"{msg!r}: {mismatch}")
        else:
            for field, name in (("product", "product_code"), ("customer", "customer_id")):
                that.equal(f"{name} in msg", values[field], str(answer.sent[name]), "as sent")
