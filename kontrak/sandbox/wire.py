"""Variants that concern every provider alike: how an answer is put on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Variant, Wrapper
from kontrak.sandbox.http import Framing, SandboxRequest, SandboxResponse

FRAMINGS: tuple[tuple[str, str, Framing], ...] = (
    ("chunked", "answers come in chunks", Framing(chunked=True)),
    ("http-1-0", "answers come as HTTP/1.0, ended by the connection", Framing(http_1_0=True)),
    ("lower-case-headers", "header names are in lower case", Framing(lower_case_names=True)),
    ("upper-case-headers", "header names are in capitals", Framing(upper_case_names=True)),
    ("gzip", "answers are compressed", Framing(zipped=True)),
    ("hangs-up", "connections are closed without notice after an answer", Framing(hangs_up=True)),
    ("slow", "every answer takes a fiftieth of a second more", Framing(delay_seconds=0.02)),
)


def wire_variants(provider: str) -> tuple[Variant, ...]:
    """The framing variants for a service whose entry is ``answer(request)``."""
    return tuple(
        Variant(f"{provider}-{name}", provider, f"{text}.", {"answer": _framed(framing)})
        for name, text, framing in FRAMINGS
    )


def _framed(framing: Framing) -> Wrapper:
    def answer(
        _service: object,
        original: Callable[[SandboxRequest], SandboxResponse],
        request: SandboxRequest,
    ) -> SandboxResponse:
        return replace(original(request), framing=framing)

    return answer
