"""Variants of how answers are given: refusals of other kinds, other settling, tolerant reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kontrak.sandbox.changes import Variant, Wrapper
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.rone.account import FINAL, PartnerAccount
from kontrak.sandbox.rone.acts import in_state, repeat, same_again
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import done, in_process, variant, with_answer, with_document
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.text_service import Kind as TextKind
from kontrak.sandbox.rone.text_service import Line, Parameters, TextService
from kontrak.sandbox.rone.transactions import State, Transaction

POLLS = 3


def _refusals(change: Callable[[Fields], Fields]) -> Callable[..., Answer]:
    """Wraps ``refused``: other documents, but for what the document names of a used ref_1."""

    def refused(
        _service: JsonService, original: Callable[[Reason], Answer], reason: Reason
    ) -> Answer:
        answer = original(reason)
        return replace(answer, document=change(answer.document))

    return refused


def _without_rc(document: Fields) -> Fields:
    return document if document["rc"] == "94" else {k: v for k, v in document.items() if k != "rc"}


def _strangers_hear_nothing(
    _service: object,
    original: Callable[[SandboxRequest], SandboxResponse],
    request: SandboxRequest,
) -> SandboxResponse:
    """Wraps ``answer``: whoever is not let in gets HTTP 401 and no body."""
    response = original(request)
    if response.status != 401:
        return response
    return SandboxResponse(401, (("Content-Type", "text/html"),), b"")


def _settles_after(polls: int) -> Wrapper:
    """Wraps ``settle``: what is in process ends when it was asked for so often."""

    def settle(
        account: PartnerAccount, _original: Callable[[Transaction], None], transaction: Transaction
    ) -> None:
        if transaction.state is not State.PENDING or transaction.asked < polls:
            return
        transaction.state, transaction.reason = account.final_of(transaction)
        if transaction.state is State.FAILED:
            account.give_back(transaction, account.now())
        else:
            account.take(transaction, account.now())

    return settle


def _at_once(
    _account: PartnerAccount,
    original: Callable[[Transaction], tuple[State, Reason]],
    transaction: Transaction,
) -> tuple[State, Reason]:
    """Wraps ``outcome_of``: what would be in process ends at once."""
    found = original(transaction)
    return FINAL[transaction.aim.scenario] if found[0] is State.PENDING else found


def _trimmed(_service: object, original: Callable[[bytes], Fields], body: bytes) -> Fields:
    fields = original(body)
    return {k: v.strip() if isinstance(v, str) else v for k, v in fields.items()}


def _trimmed_text(
    _service: object, original: Callable[[SandboxRequest], Parameters], request: SandboxRequest
) -> Parameters:
    return {name: value.strip(" \t\r\n\0") for name, value in original(request).items()}


def _pointed(value: Any) -> Any:
    """The value with every integer as the same number with a point."""
    if isinstance(value, dict):
        return {name: _pointed(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_pointed(member) for member in value]
    return float(value) if type(value) is int else value


def _bare(document: Fields) -> None:
    document.update(status="process", message="process")
    document.pop("data")


def _looked_at(service: object) -> Callable[[Fields], None]:
    def edit(document: Fields) -> None:
        count: int = service.__dict__.setdefault("looks", 0) + 1
        service.__dict__["looks"] = count
        document["data"]["checked"] = count

    return edit


def _counted(service: object, original: Callable[[Answer], Answer], answer: Answer) -> Answer:
    """Wraps ``finish``: a status and a history by ref_1 count how often they were asked."""
    wrapper = with_document(_looked_at(service), Kind.STATUS, Kind.HISTORY_ONE, when=done)
    counted: Any = wrapper(service, original, answer)
    return counted if isinstance(counted, Answer) else answer


def _not_found(answer: Answer) -> Answer:
    unknown = answer.reason is Reason.UNKNOWN_REF
    return replace(answer, http_status=404) if unknown else answer


def _line(change: Callable[[Line], Line]) -> Callable[..., Line]:
    def finish(_service: object, original: Callable[[Line], Line], line: Line) -> Line:
        return change(original(line))

    return finish


def _in_many_words(line: Line) -> Line:
    """A refusal that says that nothing was processed, and the balance."""
    if line.is_success or line.transaction is not None or line.reason is Reason.CREDENTIALS:
        return line
    words = "Maaf, transaksi tidak dapat diproses: {message}. Saldo=1.000.000"
    return replace(line, template=words)


def _reported_why(line: Line) -> Line:
    if line.transaction is None or line.transaction.state is not State.FAILED:
        return line
    return replace(line, values={**line.values, "message": "TIDAK DAPAT DIPROSES, COBA LAGI"})


def _new_line(_service: object, original: Callable[[Line], bytes], line: Line) -> bytes:
    return original(line) + b"\r\n"


def _reports_first(
    service: TextService,
    original: Callable[[TextKind, Parameters, PartnerAccount], Line],
    kind: TextKind,
    parameters: Parameters,
    account: PartnerAccount,
) -> Line:
    """Wraps ``carry_out``: a repeated topup is answered with the text of the first."""
    try:
        return original(kind, parameters, account)
    except Refusal as refusal:
        if refusal.reason is not Reason.DUPLICATE or kind is not TextKind.TRX:
            raise
        return service.shown(kind, account.find(parameters["refID"]), account)


def _settling(provider: str) -> tuple[Variant, ...]:
    return (
        variant(f"{provider}-settles-after-polls",
                "What is in process ends when it was asked for often enough.",
                account_settle=_settles_after(POLLS)),
        variant(f"{provider}-settles-at-next-look",
                "What is in process has ended by the next question.",
                account_settle=_settles_after(0)),
        variant(f"{provider}-settles-between-looks",
                "What is in process ends between the next question and the one after it.",
                account_settle=_settles_after(1)),
        variant(f"{provider}-settles-at-once", "Nothing is ever in process.",
                account_outcome_of=_at_once),
    )  # fmt: skip


RQID_ANSWERS: tuple[Variant, ...] = (
    *_settling("rqid"),
    variant("rqid-refusals-without-rc", "Refusals have no rc, but for a used ref_1.",
            refused=_refusals(_without_rc)),
    variant("rqid-refusals-with-null", "Refusals have data, and it is null.",
            refused=_refusals(lambda document: {**document, "data": None})),
    variant("rqid-refusals-with-nothing", "Refusals have data, and it is an empty array.",
            refused=_refusals(lambda document: {**document, "status": "error", "data": []})),
    variant("rqid-strangers-hear-nothing", "Whoever is not let in gets HTTP 401 and no body.",
            answer=_strangers_hear_nothing),
    variant("rqid-unknown-is-404", "An unknown ref_1 is answered with HTTP 404.",
            finish=with_answer(_not_found)),
    variant("rqid-trims", "Blanks around a field are left out.", read=_trimmed),
    variant("rqid-pending-bare", "The answer to what is in process is its envelope alone.",
            finish=with_document(_bare, Kind.TOPUP, Kind.PAYMENT, when=in_process)),
    variant("rqid-failed-reference-fails-again",
            "A topup under the ref_1 of a failed one has its failure as the answer.",
            account_top_up=repeat(same_again, in_state(State.FAILED))),
    variant("rqid-whole-numbers-with-a-point", "Whole numbers are written 1.0.",
            finish=with_answer(lambda answer: replace(answer, document=_pointed(answer.document)))),
    variant("rqid-counts-looks", "A status counts how often it was asked.", finish=_counted),
)  # fmt: skip

HTTPGET_ANSWERS: tuple[Variant, ...] = (
    *_settling("httpget"),
    variant("httpget-refused-in-many-words",
            "A refusal says what could not be processed, and the balance.",
            finish=_line(_in_many_words)),
    variant("httpget-failed-for-other-reasons", "A failure says that nothing can be processed.",
            finish=_line(_reported_why)),
    variant("httpget-new-line", "Texts end with a line break.", write=_new_line),
    variant("httpget-trims", "Blanks and control characters around a parameter are left out.",
            read=_trimmed_text),
    variant("httpget-last-parameter-counts", "A parameter given twice counts with its last value.",
            read=lambda _service, _original, request: dict(request.query)),
    variant("httpget-repeat-reports-first", "A repeated topup is answered with the first text.",
            carry_out=_reports_first),
)  # fmt: skip
