"""What several clauses judge alike: refusals, exact texts and echoes.

The document shows no refusal. What every refusal must not be is judged; how it looks is noted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kontrak.clauses.response_codes import Outcome
from kontrak.clauses.text_template import Mismatch
from kontrak.judging.expect import Blocked, expect, note, reading
from kontrak.masking.masker import shorten
from kontrak.providers.httpget.account import HttpGetAccount
from kontrak.providers.httpget.answer import TextAnswer

_LABELS = ("DATA", "TAGIHAN", "ADMIN", "HRG", "SN", "REFID")
"""What stands before the values of a text: twice, it leaves open which value counts."""
_REFUSAL = "a refusal: no text of success, nothing in process"


def expect_refused(*answers: TextAnswer, stranger: bool = False) -> None:
    """Raise ``Deviation`` for every answer that is no refusal; note what is odd in it.

    A partner may receive its balance with a refusal, a ``stranger`` may not.
    """
    with expect(*answers) as that:
        for answer in that.each(answers):
            reported = stranger and answer.saldo is not None
            kept = answer.outcome is Outcome.FAILED and not reported
            returned = f"{answer.exchange.request.summary}: {shorten(answer.text, 120)!r}"
            that.that(kept, _REFUSAL, returned)
    for answer in answers:
        if answer.status >= 500:
            note(f"refused with HTTP {answer.status}, which leaves the outcome unknown")


def expect_refused_for_free(
    account: HttpGetAccount, mark: int, *answers: TextAnswer, stranger: bool = False
) -> None:
    """The same, and nothing has left the balance since a mark."""
    spent = account.spent_since(mark)
    expect_refused(*answers, stranger=stranger)
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", spent, 0)


def expect_free(account: HttpGetAccount, mark: int, answers: Sequence[TextAnswer]) -> None:
    """Nothing has left the balance since a mark, whatever the texts say."""
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


def expect_text(answer: TextAnswer, *names: str) -> None:
    """The text keeps one of some templates to the last character."""
    if not answer.is_plain:
        raise Blocked("HTTPGET-ACCESS-PLAIN")
    templates = [answer.templates[name] for name in names]
    with expect(answer) as that:
        if not any(template.reads(answer.text) for template in templates):
            try:
                templates[0].read(answer.text)
            except Mismatch as mismatch:
                returned = f"{shorten(answer.text, 200)!r}: {mismatch}"
                that.that(kept=False, expected=templates[0].text, came=returned)
        for label in _LABELS:
            count = len(re.findall(rf"\b{label}:", answer.text))
            that.that(
                count < 2, f"{label}: once", f"{count} times in {shorten(answer.text, 200)!r}"
            )


def expect_echo(answer: TextAnswer, name: str, parameter: str) -> None:
    """A value of the text is the parameter that was sent, with or without its @ part."""
    sent, came = answer.asked[parameter], answer.value(name)
    bare = sent.partition("@")[0]
    with expect(answer) as that:
        that.one_of(f"{name} in the text", came, dict.fromkeys([sent, bare]), f"{parameter} sent")
    if bare != sent:
        reported = "left out" if came == bare else "repeated"
        reading(f"the @ part of {parameter} in a text", reported, warns=came == bare)


def expect_total(answer: TextAnswer, rupiah: int, because: str) -> None:
    """The total of a text, where it has one, is so much: the document itself shows no total."""
    if "total" in answer.values:
        with expect(answer) as that:
            that.equal("TOTAL", answer.value("total"), rupiah, because)


def expect_reported(answer: TextAnswer, name: str) -> None:
    """The text fits what the provider has reported of such texts."""
    if not answer.is_plain:
        raise Blocked("HTTPGET-ACCESS-PLAIN")
    template = answer.texts[name]
    with expect(answer) as that:
        kept = template.reads(answer.text)
        that.that(kept, f"the target's text: {template.text}", repr(shorten(answer.text, 160)))
