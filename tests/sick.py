"""Sandboxes that fall ill: from some request on, or for a while, something else answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import tomlkit

from kontrak.config.paths import ROOT, TARGETS
from kontrak.sandbox import Sandbox, SandboxRequest
from kontrak.sandbox.http import SandboxResponse

Sickness = Callable[[SandboxRequest, SandboxResponse], SandboxResponse]

PAGE = b"<!DOCTYPE html><html><body>503 Service Temporarily Unavailable</body></html>"


def page(status: int, *headers: tuple[str, str]) -> Sickness:
    """A gateway's page with a status."""
    answer = SandboxResponse(status, (("Content-Type", "text/html"), *headers), PAGE)
    return lambda _request, _honest: answer


def json_error(status: int) -> Sickness:
    """A JSON error with a status, as an application server sends it."""
    answer = SandboxResponse(status, (("Content-Type", "application/json"),), b'{"message":"no"}')
    return lambda _request, _honest: answer


class SickSandbox(Sandbox):
    """An honest sandbox but for the requests from ``first`` to before ``last``."""

    def __init__(self, sickness: Sickness, first: int, last: int = 1_000_000) -> None:
        super().__init__()
        self._sickness = sickness
        self._sick = range(first, last)
        self.answered = 0

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """Answer honestly, or as the sickness has it."""
        honest = super().answer(request)
        if request.path.startswith("/_sandbox"):
            return honest
        self.answered += 1
        return self._sickness(request, honest) if self.answered in self._sick else honest


def target_of(provider: str, url: str, folder: Path, **limits: float) -> Path:
    """A target file: the embedded sandbox's table of one provider, at another address."""
    text = (TARGETS / "embedded.toml").read_text(encoding="utf-8")
    table = tomlkit.parse(text.replace("http://embedded", url))[provider]
    assert isinstance(table, dict)
    table.pop("control_url", None)
    for name, value in table.items():
        if isinstance(value, str) and value.endswith(".pem"):
            table[name] = str(ROOT / value)
    document = tomlkit.document()
    document.update({"name": "sick", "kind": "sandbox"})
    document.update({"limits": {"deadline_seconds": 2.0, **limits}, provider: table})
    path = folder / "target.toml"
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return path
