"""The embedded sandbox: every imitated provider on one port of 127.0.0.1.

    with Sandbox(faults=["iak-price-off-by-one"]) as sandbox:
        requests.post(f"{sandbox.url}/api/v1/bill/check", json=...)

Beside the providers' paths there is a control door for tests. It belongs to no provider's
interface, and nothing that judges a target may depend on it being there. A request to it names
this machine as its Host (else 403) and carries the sandbox's token as ``X-Sandbox-Token`` (else
401); what it posts is JSON (else 415). So neither a web page open in a browser of this machine nor
another user of it moves a clock.

* ``GET /_sandbox`` answers what this is: ``{"sandbox": "kontrak", "providers": [...],
  "faults": [...], "variants": [...], "now": "2026-01-31T09:00:00+07:00"}``;
* ``POST /_sandbox/iak/advance`` with ``{"seconds": 60}`` moves that provider's clock forward and
  answers ``{"now": ...}``; anything else than a number from 0 up is answered with HTTP 400.
  ``POST /_sandbox/advance`` moves the clocks of all. Every platform has a clock of its own, so that
  the tests of one provider do not age what another's are looking at.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from kontrak.errors import ConfigurationError
from kontrak.sandbox.changes import Fault, Variant, install
from kontrak.sandbox.clock import Clock
from kontrak.sandbox.derived import Derived
from kontrak.sandbox.faults import all_variants, choose, choose_faults
from kontrak.sandbox.http import HttpServer, SandboxRequest, SandboxResponse
from kontrak.sandbox.services import SERVICES, Service, build

Accounts = Mapping[str, Mapping[str, str]]

_OURSELVES = frozenset({"127.0.0.1", "localhost", "[::1]"})


@dataclass(frozen=True)
class _World:
    """All that a reset replaces."""

    clocks: Mapping[str, Clock]
    services: tuple[Service, ...]
    faults: tuple[Fault | Derived, ...]
    variants: tuple[Variant, ...]


class Sandbox:
    """A server that imitates the providers, honestly but for the faults asked for.

    ``accounts`` overrides parts of the providers' default accounts, as in
    ``{"iak": {"api_key": "..."}}``. ``latency_seconds`` delays every answer. ``token`` opens the
    control door; without one, a random one is made.

    Raises ``ConfigurationError`` for an unknown fault, variant, provider or account key.
    """

    def __init__(
        self,
        accounts: Accounts | None = None,
        faults: Iterable[str] = (),
        variants: Iterable[str] = (),
        latency_seconds: float = 0.0,
        token: str | None = None,
    ) -> None:
        self.token = token or secrets.token_urlsafe(16)
        self._accounts = _accounts(accounts or {})
        self._latency = latency_seconds
        self._server: HttpServer | None = None
        self._thread: threading.Thread | None = None
        self.reset(faults, variants)

    def reset(self, faults: Iterable[str] = (), variants: Iterable[str] = ()) -> None:
        """Begin anew, with these faults and variants: fresh state, balance and clock, same port.

        Raises ``ConfigurationError`` for an unknown id; the sandbox is then as it was.
        """
        chosen = choose_faults(faults)
        varied = choose("variant", variants, all_variants())
        services, clocks = build(self._accounts)
        changes: tuple[Fault | Derived | Variant, ...] = (*varied, *chosen)
        for change in changes:
            install(services[change.provider], change)
        self._world = _World(clocks, tuple(services.values()), chosen, varied)

    def start(self, port: int = 0) -> str:
        """Serve on this port of 127.0.0.1 (0: any free one) and return the base URL.

        Raises ``ConfigurationError`` if the port cannot be had or the sandbox already serves.
        """
        if self._server is not None:
            raise ConfigurationError("the sandbox already serves", hint="stop it first")
        try:
            server = HttpServer(port, self.answer)
        except (OSError, OverflowError) as error:
            raise ConfigurationError(
                f"the sandbox cannot serve on port {port}: {error}", hint="choose another port"
            ) from error
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return server.url

    def stop(self) -> None:
        """End the server and its connections; nothing happens if it does not serve."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end. Raises ``ConfigurationError`` if stopped."""
        if self._server is None:
            raise ConfigurationError("the sandbox does not serve", hint="start it first")
        return self._server.url

    @property
    def damaged(self) -> int:
        """How many answers the derived faults that are switched on have changed."""
        found = (one.counts.changes for one in self._world.faults if isinstance(one, Derived))
        return sum(found)

    @property
    def clock(self) -> Clock:
        """The first provider's clock; ``reset`` replaces it."""
        return next(iter(self._world.clocks.values()))

    def advance(self, seconds: float) -> None:
        """Move the clocks of all providers forward."""
        for clock in set(self._world.clocks.values()):
            clock.advance(seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """The answer to one request, as it is put on the wire; called by several threads."""
        world = self._world
        if request.path.startswith("/_sandbox"):
            return _refusal(request, self.token) or _control(world, request)
        if self._latency:
            time.sleep(self._latency)
        for service in world.services:
            if service.owns(request.path):
                return service.answer(request)
        return _json(404, {"message": f"no provider has the path {request.path}"})


def account_keys(provider: str) -> tuple[str, ...]:
    """What an account of a provider consists of, as in ``("username", "api_key")``."""
    return tuple(key for row in SERVICES if row.provider == provider for key in row.account)


def _accounts(given: Accounts) -> dict[str, dict[str, str]]:
    known = {row.provider: dict(row.account) for row in SERVICES}
    for provider, account in given.items():
        if provider not in known:
            raise ConfigurationError(
                f"the sandbox has no provider {provider!r}", hint=f"it has {', '.join(known)}"
            )
        for key, value in account.items():
            if key not in known[provider]:
                raise ConfigurationError(
                    f"an account of {provider} has no {key!r}",
                    hint=f"it has {', '.join(known[provider])}",
                )
            known[provider][key] = value
    return known


def _refusal(request: SandboxRequest, token: str) -> SandboxResponse | None:
    """Why a request may not use the control door; None if it may."""
    if _host(request.header("Host") or "") not in _OURSELVES:
        return _json(403, {"message": "the control door is for this machine: see the Host header"})
    given = request.header("X-Sandbox-Token") or ""
    if not secrets.compare_digest(given.encode(), token.encode()):
        return _json(401, {"message": "send the sandbox's token as X-Sandbox-Token"})
    if request.method == "POST" and _media_type(request) != "application/json":
        return _json(415, {"message": "send JSON with Content-Type: application/json"})
    return None


def _host(header: str) -> str:
    """A Host header without its port, in lower case."""
    name, colon, port = header.strip().lower().rpartition(":")
    return name if colon and (port.isdigit() or not port) else f"{name}{colon}{port}"


def _media_type(request: SandboxRequest) -> str:
    return (request.header("Content-Type") or "").partition(";")[0].strip().lower()


def _control(world: _World, request: SandboxRequest) -> SandboxResponse:
    match request.method, request.path:
        case "GET", "/_sandbox":
            return _json(200, _about(world))
        case "POST", "/_sandbox/advance":
            return _advance(set(world.clocks.values()), request.body)
        case "POST", path if (key := _named(path)) in world.clocks:
            return _advance({world.clocks[key]}, request.body)
        case _:
            return _json(404, {"message": "see GET /_sandbox and POST /_sandbox/advance"})


def _named(path: str) -> str:
    """The provider in ``/_sandbox/<provider>/advance``."""
    return path.removeprefix("/_sandbox/").removesuffix("/advance")


def _about(world: _World) -> dict[str, object]:
    return {
        "sandbox": "kontrak",
        "providers": [row.provider for row in SERVICES],
        "faults": [fault.id for fault in world.faults],
        "variants": [variant.id for variant in world.variants],
        "now": next(iter(world.clocks.values())).now().isoformat(),
    }


def _advance(clocks: Iterable[Clock], body: bytes) -> SandboxResponse:
    try:
        seconds = json.loads(body)["seconds"]
        now = max(clock.advance(seconds) for clock in clocks)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return _json(400, {"message": 'send {"seconds": n} with a number from 0 up'})
    return _json(200, {"now": now.isoformat()})


def _json(status: int, body: Mapping[str, object]) -> SandboxResponse:
    return SandboxResponse(
        status, (("Content-Type", "application/json"),), json.dumps(body).encode()
    )
