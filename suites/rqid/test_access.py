"""API JSON (rqid): who is answered, and that a stranger receives nothing."""

from collections.abc import Callable
from functools import partial

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect, reading
from kontrak.providers.rqid import Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.endpoints import MONEY, Endpoints
from kontrak.providers.rqid.refusal import expect_refused, expect_reported_nothing

Ask = Callable[[Rqid, Endpoints, str], RqidAnswer]


def _keyed(value: Callable[[str], str]) -> Ask:
    def ask(_rqid: Rqid, endpoints: Endpoints, name: str) -> RqidAnswer:
        right = endpoints.rqid.partner.api_key
        wrong = value(right)
        if wrong == right:
            raise NotOffered("the key has no letters", hint="nothing can be changed of their case")
        return endpoints.changed(name, headers=(("rqid", wrong),))

    return ask


STRANGERS = [
    cited("RQID-ACCESS-WRONG", _keyed(lambda _key: "no-such-key"), id="another-key"),
    cited("RQID-ACCESS-WRONG", _keyed(lambda key: key[:-1]), id="cut-short"),
    cited("RQID-ACCESS-WRONG", _keyed(lambda key: f"{key}0"), id="longer"),
    cited("RQID-ACCESS-WRONG", _keyed(str.swapcase), id="other-case"),
    cited("RQID-ACCESS-EMPTY", _keyed(lambda _key: ""), id="empty"),
    cited(
        "RQID-ACCESS-MISSING",
        lambda _rqid, endpoints, name: endpoints.changed(name, headers=()),
        id="missing",
    ),
    cited(
        "RQID-ACCESS-MMID-MISSING",
        lambda _rqid, endpoints, name: endpoints.changed(name, drop="mmid"),
        id="mmid-missing",
    ),
    cited(
        "RQID-ACCESS-MMID-UNKNOWN",
        lambda _rqid, endpoints, name: endpoints.changed(name, mmid="NOSUCHPARTNER"),
        id="mmid-unknown",
    ),
    cited(
        "RQID-ACCESS-FOREIGN",
        lambda rqid, endpoints, name: endpoints.changed(
            name, headers=(("rqid", rqid.other().partner.api_key),)
        ),
        id="key-of-another",
    ),
    cited(
        "RQID-ACCESS-FOREIGN",
        lambda rqid, endpoints, name: endpoints.changed(
            name, headers=rqid.headers(rqid.fields()), mmid=rqid.other().partner.mmid
        ),
        id="mmid-of-another",
    ),
    cited(
        "RQID-ACCESS-PLAIN-ONLY",
        lambda rqid, endpoints, name: endpoints.changed(
            name,
            headers=(("rqid", rqid.other().partner.api_key),),
            mmid=rqid.other().partner.mmid,
        ),
        id="signing-partner",
    ),
]


@clause("RQID-ACCESS-ANSWERED")
def test_every_endpoint_answers(endpoints: Endpoints) -> None:
    answers = [one for one in endpoints.reading() if one.malformed is None]
    # A price that is refused has a clause of its own.
    answers = [one for one in answers if one.shape != "price" or one.is_success]
    if any(one.shape == "history" for one in answers):
        answers.append(_page(endpoints))
    with expect(*answers) as that:
        for answer in that.each(answers):
            summary = answer.exchange.request.summary
            kept = answer.status == 200 and answer.outcome is not None
            refused = not answer.says_success and not answer.record and not answer.data
            returned = f"HTTP {answer.status}, rc {answer.rc}"
            that.that(kept and not refused, f"{summary}: an answer with HTTP 200", returned)


@clause("RQID-ACCESS-MEDIA-TYPE")
def test_every_answer_is_sent_as_json(endpoints: Endpoints) -> None:
    answers = endpoints.all_right()
    if "history" in endpoints.names:
        answers.append(_page(endpoints))
    with expect(*answers) as that:
        for answer in that.each(answers):
            what = f"Content-Type of {answer.exchange.request.summary}"
            that.equal(what, answer.media_type, "application/json")


@clause("RQID-ACCESS-WELLFORMED")
def test_every_answer_is_one_json_object(rqid: Rqid, endpoints: Endpoints) -> None:
    answers = [*endpoints.all_right(), rqid.status(new_ref_id())]
    if "history" in endpoints.names:
        answers.append(_page(endpoints))
    if "inquiry" in endpoints.names:
        answers.append(rqid.inquiry(rqid.numbers("postpaid").get("success")))
    with expect(*answers) as that:
        for answer in that.each(answers):
            summary = answer.exchange.request.summary
            that.that(answer.malformed is None, f"{summary}: JSON", str(answer.malformed))
            if answer.malformed is None:
                kept = isinstance(answer.document, dict)
                that.that(kept, f"{summary}: an object", type(answer.document).__name__)


@pytest.mark.parametrize("ask", STRANGERS)
def test_a_stranger_is_reported_nothing(rqid: Rqid, endpoints: Endpoints, ask: Ask) -> None:
    endpoints.all_right()
    free = [name for name in endpoints.names if name not in MONEY]
    answers = rqid.side_by_side([partial(ask, rqid, endpoints, name) for name in free])
    answers += [ask(rqid, endpoints, name) for name in endpoints.names if name in MONEY]
    expect_reported_nothing(*answers)
    for answer in answers:
        reading("HTTP status of a refusal", f"HTTP {answer.status}")


@clause("RQID-ACCESS-NOTHING-HAPPENS")
def test_a_refused_topup_leaves_nothing_behind(endpoints: Endpoints, account: RqidAccount) -> None:
    account.purchase("prepaid", "success").ended_well()
    ref_1 = new_ref_id()
    mark = account.mark_if_any()
    refused = endpoints.changed("topup", headers=(("rqid", "no-such-key"),), ref_1=ref_1)
    spent = None if mark is None else account.spent_since(mark)
    right = endpoints.changed("topup", ref_1=ref_1)
    with expect(refused, right) as that:
        if spent is not None:
            that.equal("money taken, in rupiah", spent, 0)
        that.that(right.rc != "94", "the ref_1 is still free", f"rc {right.rc}")
    if mark is None:
        account.mark()  # raises why its money was not judged


@clause("RQID-ACCESS-BODY")
@pytest.mark.parametrize("body", [b"", b"[]", b'"mmid"', b'{"mmid":', b"mmid=1"])
def test_a_body_that_is_no_object_is_refused(rqid: Rqid, body: bytes) -> None:
    answer = rqid.ask_body("price", body, headers=rqid.headers({}))
    expect_refused(answer)
    with expect(answer) as that:
        that.that(answer.status < 500, "a refusal below HTTP 500", f"HTTP {answer.status}")


def _page(endpoints: Endpoints) -> RqidAnswer:
    """A page of the history, whose envelope is not that of the flat list."""
    return endpoints.rqid.history(page=1, per_page=1)
