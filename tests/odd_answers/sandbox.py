"""A sandbox that answers one operation oddly, and one that keeps what it answered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kontrak.sandbox import Sandbox, SandboxRequest
from kontrak.sandbox.http import SandboxResponse
from tests.odd_answers.bodies import Oddity

_COMMAND = re.compile(rb'commands?(?:"\s*:\s*"|>)([\w-]+)')
_IDS = re.compile(r"/[^/]*\d[^/]*(?=/|$)")
_TEXTUAL = ("jenis", "cek")


def operation_of(request: SandboxRequest) -> str:
    """What a request asks, without what changes from one to the next."""
    path = _IDS.sub(lambda found: found[0] if found[0] in _VERSIONS else "/0", request.path)
    words = [request.method, path]
    if command := _COMMAND.search(request.body):
        words += [command[1].decode(), "XML" if request.body.lstrip().startswith(b"<") else "JSON"]
    words += [f"{name}={value}" for name, value in request.query if name in _TEXTUAL]
    return " ".join(words)


_VERSIONS = frozenset({"/v1", "/v2", "/V1"})


class OddSandbox(Sandbox):
    """An honest sandbox but for its answers to the operations of some oddities.

    ``first`` is how many answers to an operation stay honest. ``kept`` has the first honest answers
    to every operation, ``changed`` counts the odd ones.
    """

    def __init__(self, *odd: Oddity, first: int = 0, token: str | None = None) -> None:
        super().__init__(token=token)
        self._first = first
        self.turn(*odd)

    def turn(self, *odd: Oddity) -> None:
        """Become odd in another way."""
        self.odd = {one.operation: one for one in odd}
        self.kept: dict[str, list[SandboxResponse]] = {}
        self.changed = 0
        self._count: dict[str, int] = {}

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """Answer honestly, or as the oddity has it."""
        honest = super().answer(request)
        if request.path.startswith("/_sandbox"):
            return honest
        operation = operation_of(request)
        self._count[operation] = self._count.get(operation, 0) + 1
        found = self.odd.get(operation)
        if found is None:
            kept = self.kept.setdefault(operation, [])
            if len(kept) < 6:
                kept.append(honest)
            return honest
        if self._count[operation] <= self._first:
            return honest
        self.changed += 1
        return found.change(honest)


def richest(answers: Sequence[SandboxResponse]) -> SandboxResponse:
    """The answer with the most in it, which has most places."""
    return max(answers, key=lambda one: (one.status < 400, len(one.body)))
