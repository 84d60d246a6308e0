"""Judging refusals: no success marker, nothing pending, no bill to pay.

The document shows no refusal. What every refusal must not be is judged; how it looks is noted.
"""

from __future__ import annotations

from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.judging.expect import Drift, Finding, expect, note
from kontrak.providers.iak.answer import ENVELOPES, IakAnswer

_REFUSAL = "a refusal: no RC of success, nothing pending, no bill"


def expect_refused(*answers: IakAnswer) -> None:
    """Raise ``Deviation`` for every answer that is no refusal; note what is undocumented in it."""
    with expect(*answers) as that:
        for answer in that.each(answers):
            for finding in findings(answer):
                that.add(finding)
    for answer in answers:
        if answer.status >= 500:
            note(f"refused with HTTP {answer.status}, which leaves the outcome unknown")
        _note_shape(answer)


def expect_refused_generated(answer: IakAnswer) -> None:
    """The same for a generated request: a 5xx is raised as ``Drift``, so that it is shrunk."""
    with expect(answer) as that:
        for finding in findings(answer):
            that.add(finding)
    if answer.status >= 500:
        raise Drift(
            [Finding("a refusal with HTTP 200 or 400", f"HTTP {answer.status}")], [answer.exchange]
        )
    _note_shape(answer)


def expect_no_payment(answer: IakAnswer) -> None:
    """Raise ``Deviation`` for an answer that reports a payment, done or in process."""
    with expect(answer) as that:
        status = str(answer.members.get("status"))
        that.that(status not in ("1", "3"), "no payment", f"status = {status}")


def findings(answer: IakAnswer) -> list[Finding]:
    """What makes an answer no refusal."""
    found = []
    if answer.outcome in (Outcome.SUCCESS, Outcome.PENDING):
        code = response_codes("iak")[answer.rc or ""]
        found.append(Finding(_REFUSAL, f"RC {code.rc} ({code.meaning})"))
    elif answer.carries_bill and answer.outcome is not Outcome.FAILED:
        found.append(Finding(_REFUSAL, f"a bill over {answer.members.get('price')}"))
    return found


def as_documented(answer: IakAnswer) -> tuple[object, str]:
    """A refusal in the shape of the provider's SDK, and where its code really stands.

    IAK refuses in three shapes: ``response_code`` in ``data``, ``rc`` in ``data``, and either
    without ``data``. No page says which; the shape is a reading and no deviation.
    """
    members = dict(answer.members)
    envelope = ENVELOPES[answer.codec]
    document = answer.document if isinstance(answer.document, dict) else {}
    bare = bool(members) and not isinstance(document.get(envelope), dict)
    name = "rc" if "rc" in members and "response_code" not in members else "response_code"
    if name == "rc":
        members["response_code"] = members.pop("rc")
    shown = {envelope: members} if bare or name == "rc" else answer.document
    return shown, f"{name} without {envelope}" if bare else name


def _note_shape(answer: IakAnswer) -> None:
    if answer.rc is None and answer.status < 500 and answer.status != 400:
        note(f"a refusal without response_code: HTTP {answer.status} {answer.media_type}")
