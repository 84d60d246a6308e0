"""A sandbox that answers one operation oddly, and one that keeps what it answered."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence

from kontrak.sandbox import Sandbox, SandboxRequest
from kontrak.sandbox.app import Accounts
from kontrak.sandbox.http import SandboxResponse
from tests.odd_answers.bodies import Oddity

_COMMAND = re.compile(rb'commands?(?:"\s*:\s*"|>)([\w-]+)')
_IDS = re.compile(r"/[^/]*\d[^/]*(?=/|$)")
_KEPT = 12
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

    ``kept`` has some honest answers to every operation that is not odd, ``changed`` counts the odd
    ones. With several oddities of one operation its answers have them in turn, and every second one
    stays honest. ``watch`` is given every honest answer and what has become of it.
    """

    def __init__(
        self,
        *odd: Oddity,
        accounts: Accounts | None = None,
        watch: Callable[[SandboxResponse, SandboxResponse], None] = lambda *_: None,
    ) -> None:
        super().__init__(accounts=accounts)
        self._watch = watch
        self._turns = threading.Lock()
        self.turn(*odd)

    def turn(self, *odd: Oddity) -> None:
        """Become odd in another way."""
        self.odd: dict[str, list[Oddity]] = {}
        for one in odd:
            self.odd.setdefault(one.operation, []).append(one)
        self.kept: dict[str, list[SandboxResponse]] = {}
        self.changed = 0
        self._count: dict[str, int] = {}

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """Answer honestly, or as the oddity has it."""
        honest = super().answer(request)
        if request.path.startswith("/_sandbox"):
            return honest
        found = self._due(operation_of(request), honest)
        if found is None:
            return honest
        changed = found.change(honest)
        self._watch(honest, changed)
        return changed

    @property
    def damaged(self) -> int:
        """How many answers were odd."""
        return self.changed

    def _due(self, operation: str, honest: SandboxResponse) -> Oddity | None:
        with self._turns:
            number = self._count[operation] = self._count.get(operation, 0) + 1
            odd = self.odd.get(operation, [])
            if not odd:
                kept = self.kept.setdefault(operation, [])
                if len(kept) < _KEPT:
                    kept.append(honest)
                return None
            if len(odd) > 1 and number % 2:
                return None
            self.changed += 1
            return odd[number // 2 % len(odd)]


def richest(answers: Sequence[SandboxResponse]) -> SandboxResponse:
    """The answer with the most in it, which has most places."""
    return max(answers, key=lambda one: (one.status < 400, len(one.body)))
