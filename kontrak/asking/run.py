"""The state of one run in one process: target, sandbox, ledger, masker, and a wire per provider."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kontrak.config.privacy import tighten_file
from kontrak.config.target import ProviderTarget, Target
from kontrak.errors import ConfigurationError
from kontrak.exchange import Exchange
from kontrak.http.transport import Limits, Transport
from kontrak.http.trouble import Watch
from kontrak.interface.inventory import Inventory
from kontrak.interface.provider import provider
from kontrak.interface.session import Wire
from kontrak.judging.waivers import Waivers
from kontrak.limits.ledger import Ledger
from kontrak.limits.ledger_file import ledger_path, make_private
from kontrak.limits.rate_limit import Pace, rates
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import Masker
from kontrak.sandbox import Sandbox, account_keys

_AT_ONCE_EMBEDDED = 8
_AT_ONCE = {"sandbox": 4, "live": 2}
"""How many requests are under way at a time where the target does not say."""
VERSIONS = ("kontrak", "pytest", "hypothesis", "jsonschema", "jsonschema-rs", "requests")


@dataclass(slots=True)
class Run:
    """One process's part of a run; workers share its id, its folder and the sandbox's address.

    ``observer`` is given every exchange of every provider, ``door`` makes the transports.
    ``at_once`` takes the place of the target's: selfcheck asks one by one, so that a trial with a
    seed repeats itself.
    """

    id: str
    target: Target
    output: Path
    sandbox_url: str | None = None
    profile: str = "full"
    control_token: str = field(default="", repr=False)
    observer: Callable[[Exchange], None] | None = None
    door: Callable[..., Transport] = Transport
    at_once: int | None = None
    masker: Masker = field(default_factory=Masker)
    inventory: Inventory = field(default_factory=Inventory)
    waivers: Waivers = field(default_factory=Waivers)
    _ledger: Ledger | None = None
    _wires: dict[str, Wire] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Report the masker what the target says of customers."""
        self.masker.personal.shown = self.target.shows_personal_data
        self.masker.personal.learn_target(self.target.limits.get("may_buy", ()))

    def provider(self, key: str) -> ProviderTarget:
        """The provider's checked table; its secrets are made known to the masker first.

        Raises ``ConfigurationError`` too where the provider itself is not whole, so that this is
        found before anything is sent.
        """
        provider(key)
        table = self.target.provider(
            key, sandbox_url=self.sandbox_url, control_token=self.control_token
        )
        for secret in table.secrets:
            self.masker.learn(secret)
        self.masker.personal.learn_target(table.options, table.secrets)
        return table

    def wire(self, key: str) -> Wire:
        """The provider's wire, made on first use and kept."""
        if key not in self._wires:
            table = self.provider(key)
            gate = self._gate(key)
            observer = self.observer or self.inventory.observer(table)
            codes = provider(key).response_codes
            watch = Watch(self.ledger, run=self.id, provider=key, codes=codes)
            learn = self.masker.personal.look

            def observe(exchange: Exchange) -> None:
                learn(exchange)
                observer(exchange)

            transport = self.door(
                self._limits(), gate=gate, pace=self._pace(key), observer=observe, watch=watch
            )
            at_once = self._at_once()
            buys = 1 if self.target.kind == "live" else at_once
            self._wires[key] = Wire(table, transport, self.masker, gate, watch, at_once, buys)
        return self._wires[key]

    @property
    def outages(self) -> int:
        """How many answers this process found to be trouble: see ``kontrak.http.trouble``."""
        return sum(wire.trouble.count for wire in self._wires.values())

    def close(self) -> None:
        """Close connections and the ledger."""
        for wire in self._wires.values():
            wire.transport.close()
        if self._ledger is not None:
            self._ledger.close()

    def _at_once(self) -> int:
        if self.at_once is not None:
            return self.at_once
        usual = _AT_ONCE_EMBEDDED if self.target.embedded else _AT_ONCE[self.target.kind]
        return int(self.target.limits.get("at_once", usual))

    def _limits(self) -> Limits:
        wanted = ("deadline_seconds", "reply_bytes", "proxy", "ca_file")
        given = {key: value for key, value in self.target.limits.items() if key in wanted}
        headers, secrets = self.target.headers()
        for secret in secrets:
            self.masker.learn(secret)
        return Limits(**given, headers=headers)

    @property
    def ledger(self) -> Ledger:
        """The ledger, opened on first use. Raises ``ConfigurationError`` when it cannot be."""
        if self._ledger is None:
            path = ledger_path(self.target, self.output)
            make_private(path)
            tighten_file(path)
            self._ledger = Ledger(path)
        return self._ledger

    def _pace(self, key: str) -> Pace | None:
        """The pace of a provider; the embedded sandbox is never too busy to be asked."""
        limits = self.target.limits
        if self.target.embedded and not rates(limits):
            return None
        folder = ledger_path(self.target, self.output).parent
        return Pace(self.ledger, limits, folder, run=self.id, target=self.target.name, provider=key)

    def _gate(self, key: str) -> Gate:
        limits = self.target.limits
        return Gate(
            self.ledger,
            self.masker,
            run=self.id,
            provider=key,
            target=self.target.name,
            kind=self.target.kind,
            spend_rupiah=limits.get("spend_rupiah"),
            spend_rupiah_per_day=limits.get("spend_rupiah_per_day"),
            known_rc=limits.get("known_rc", ()),
            unexplained_rupiah=limits.get("unexplained_rupiah", 0),
            may_buy=[(one["product"], one["customer"]) for one in limits.get("may_buy", ())],
            read_only=self.profile == "smoke",
        )


def read_only(target: Target, profile: str) -> str | None:
    """Why nothing that moves money will be sent; None where it may be."""
    if profile == "smoke":
        return "the profile smoke is read-only"
    if target.kind == "sandbox":
        return None
    if not target.limits.get("spend_rupiah"):
        return "the target sets no [limits] spend_rupiah"
    return None if target.limits.get("may_buy") else "the target lists nothing in may_buy"


def embedded_sandbox(target: Target, faults: list[str], variants: list[str]) -> Sandbox | None:
    """The sandbox for a target that asks for it, not yet started; None for any other target.

    It knows the accounts of the target, so that changed credentials work with it.
    Raises ``ConfigurationError`` when faults are asked of a target that is not embedded.
    """
    if not target.embedded:
        if faults or variants:
            raise ConfigurationError(
                f"{target.file} is not the embedded sandbox, so no fault can be switched on",
                hint="leave out --fault and --variant, or --target",
            )
        return None
    accounts: dict[str, Mapping[str, str]] = {}
    for key in target.providers():
        options = target.provider(key, sandbox_url="http://127.0.0.1").options
        known = account_keys(key)
        accounts[key] = {name: options[name] for name in known if name in options}
    return Sandbox(accounts=accounts, faults=faults, variants=variants)


def about(run: Run, seed: int, profile: str, providers: list[str]) -> dict[str, Any]:
    """What a report says of a run besides its verdicts. No secret is in it."""
    return {
        "run": run.id,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "target": {
            "name": run.target.name,
            "file": run.target.file,
            "kind": run.target.kind,
            "addresses": {key: place(run.provider(key).options["base_url"]) for key in providers},
        },
        "versions": {name: version(name) for name in VERSIONS},
        "python": platform.python_version(),
        "seed": seed,
        "profile": profile,
        "providers": providers,
    }


def place(url: str) -> str:
    """An address without path and credentials, for reports."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"
