"""Judging refusals: no mark of success, nothing in process, nothing reported.

The document shows no refusal. What every refusal must not be is judged; how it looks is noted.
"""

from __future__ import annotations

from collections.abc import Iterator

from kontrak.clauses.response_codes import Outcome
from kontrak.judging.expect import Finding, expect, note
from kontrak.providers.rqid.answer import RqidAnswer, outcome_of

_REFUSAL = "a refusal: no mark of success, nothing in process"
_REPORTED = ("harga", "saldo", "price", "total_price", "detail", "meta")


def expect_refused(*answers: RqidAnswer) -> None:
    """Raise ``Deviation`` for every answer that is no refusal; note what is odd in it."""
    with expect(*answers) as that:
        for answer in that.each(answers):
            for finding in findings(answer):
                that.add(finding)
    for answer in answers:
        if answer.status >= 500:
            note(f"refused with HTTP {answer.status}, which leaves the outcome unknown")
        elif answer.malformed is not None:
            note(f"a refusal that is no JSON: HTTP {answer.status} {answer.media_type}")


def expect_reported_nothing(*answers: RqidAnswer) -> None:
    """The same, and none of the documented data stands in the answer."""
    with expect(*answers) as that:
        for answer in that.each(answers):
            for finding in findings(answer):
                that.add(finding)
            reported = ", ".join(_reported(answer))
            that.that(not reported, "no data", f"{answer.exchange.request.summary}: {reported}")
    for answer in answers:
        if answer.status >= 500:
            note(f"refused with HTTP {answer.status}")


def findings(answer: RqidAnswer) -> list[Finding]:
    """What makes an answer no refusal."""
    found = []
    summary = answer.exchange.request.summary
    if answer.says_success and outcome_of(answer.record) is not Outcome.FAILED:
        found.append(Finding(_REFUSAL, f"{summary}: success, rc {answer.rc}"))
    elif outcome_of(answer.record) in (Outcome.SUCCESS, Outcome.PENDING) and answer.rc != "94":
        reported = answer.record.get("status", answer.record.get("status_label"))
        found.append(Finding(_REFUSAL, f"{summary}: status {reported}"))
    return found


def _reported(answer: RqidAnswer) -> Iterator[str]:
    if isinstance(answer.data, list) and answer.data:
        yield f"{len(answer.data)} records"
    for name in _REPORTED:
        if answer.record.get(name):
            yield name
    rows = answer.record.get("data")
    if isinstance(rows, list) and rows:
        yield f"{len(rows)} rows"
