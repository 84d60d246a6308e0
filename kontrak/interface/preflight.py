"""Reasons to end a run before it begins: another service answers, or refuses access.

Every provider's ``probe.py`` looks at the answer to a first request that nothing is wrong with, and
composes these; each raises ``NotTheInterface``.
"""

from __future__ import annotations

from collections.abc import Mapping

from kontrak.errors import NotTheInterface
from kontrak.http.body import Answer
from kontrak.masking.masker import shorten


def returned(answer: Answer) -> str:
    """An answer's status and media type."""
    return f"HTTP {answer.status} {answer.media_type or 'without Content-Type'}"


def require_acquaintance(
    answer: Answer, name: str, rc: str | None, strangers: Mapping[str, str]
) -> None:
    """No RC of a partner that the provider does not know; ``name`` is the RC's in the document."""
    if rc is not None and rc in strangers:
        raise NotTheInterface(
            f"{_where(answer)} does not know us: {strangers[rc]} ({name} {rc})",
            hint="check username and api_key of the target, and the address the provider expects",
        )


def require_admission(answer: Answer, hint: str, *, bearing: str = "") -> None:
    """No status of a door that is closed; ``bearing`` is what we showed at it."""
    if answer.status in (401, 403, 407):
        raise NotTheInterface(
            f"{_where(answer)} does not let us in{bearing}: {returned(answer)}", hint=hint
        )


def require_object(answer: Answer, interface: str, hint: str) -> None:
    """A JSON object, or at least JSON that only a clause can judge."""
    unreadable = answer.malformed is not None or not isinstance(answer.document, dict)
    if unreadable and ("json" not in answer.media_type or answer.status >= 400):
        text = " ".join(answer.exchange.reply.body.decode("utf-8", "replace").split())
        begins = f"beginning {shorten(text, 60)!r}" if text else "with an empty body"
        raise NotTheInterface(
            f"{_where(answer)} is not {interface}: {returned(answer)}, {begins}", hint=hint
        )


def require_order(answer: Answer, *, reports: bool) -> None:
    """No 5xx; one that ``knows`` something the document knows is judged by its clauses."""
    if answer.status >= 500 and not reports:
        raise NotTheInterface(
            f"{_where(answer)} is out of order: {returned(answer)}",
            hint="try again later, or ask the provider",
        )


def _where(answer: Answer) -> str:
    return answer.exchange.request.url
