"""Targets: one deployment under test, read from a TOML file and checked key by key.

``schemas/target.json`` says what the file may hold, ``schemas/<provider>/target.json`` what each
provider's table may. Credentials are written ``env:NAME`` and resolved when the provider is used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kontrak.config.paths import SCHEMAS, TARGETS, displayed
from kontrak.config.registry import PROVIDERS
from kontrak.config.table_check import check_table
from kontrak.config.toml import read_toml
from kontrak.errors import ConfigurationError

EMBEDDED = TARGETS / "embedded.toml"


@dataclass(frozen=True, slots=True)
class ProviderTarget:
    """One provider's table of a target, checked, with its credentials resolved.

    ``options`` holds the table; ``secrets`` the values that must never be written anywhere;
    ``is_live`` says that its money and its customers are real.
    """

    provider: str
    target: str
    options: Mapping[str, Any]
    secrets: tuple[str, ...] = field(repr=False)
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A target file: ``name`` and ``kind`` for reports, ``limits`` and ``http`` as it has them.

    ``folder`` is where the file lies, links followed; ``shows_personal_data`` that reports show
    customers' names and numbers in full.
    """

    file: str
    name: str
    kind: str
    embedded: bool
    observed_fails: bool
    limits: Mapping[str, Any]
    disabled: Mapping[str, str]
    tables: Mapping[str, Mapping[str, Any]] = field(repr=False)
    folder: Path = field(default_factory=Path)
    http: Mapping[str, Any] = field(default_factory=dict, repr=False)
    shows_personal_data: bool = False

    def providers(self) -> tuple[str, ...]:
        """The providers this target has a table for, in the order of the provider table."""
        return tuple(key for key in PROVIDERS if key in self.tables)

    def provider(
        self, key: str, *, sandbox_url: str | None = None, control_token: str = ""
    ) -> ProviderTarget:
        """The checked table of one provider, with ``env:NAME`` resolved.

        ``sandbox_url`` takes the place of every address when the target is the embedded sandbox,
        and ``control_token`` opens its control door.
        Raises ``ConfigurationError`` naming file, key and remedy.
        """
        table = self.tables.get(key)
        if table is None:
            raise ConfigurationError(
                f"{self.file}: there is no [{key}] table",
                hint=f"copy it from {displayed(TARGETS / key)}.toml or leave the provider out",
            )
        if sandbox_url is not None:
            table = {
                name: _place(value, sandbox_url) if isinstance(value, str) else value
                for name, value in table.items()
            }
            if control_token and "control_url" in table:
                table["control_token"] = control_token
        schema = _schema(f"{key}/target.json")
        resolved = {name: self._resolve(f"{key}.{name}", value) for name, value in table.items()}
        check_table(self.file, f"{key}.", schema, resolved)
        secret_names = {
            name for name, rule in schema["properties"].items() if rule.get("writeOnly")
        }
        secrets = tuple(str(resolved[name]) for name in sorted(secret_names & set(resolved)))
        return ProviderTarget(key, self.name, resolved, secrets, is_live=self.kind == "live")

    def headers(self) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
        """The headers that every request has besides its own, and those values that are secret.

        A value that is read from the environment is one. Raises ``ConfigurationError`` when the
        environment has none of that name.
        """
        given: dict[str, tuple[str, Any]] = {}
        if "user_agent" in self.http:
            given["http.user_agent"] = ("User-Agent", self.http["user_agent"])
        for name, value in self.http.get("headers", {}).items():
            given[f"http.headers.{name}"] = (name, value)
        resolved = {key: self._resolve(key, value) for key, (_, value) in given.items()}
        headers = tuple((name, str(resolved[key])) for key, (name, _) in given.items())
        secrets = tuple(
            resolved[key] for key, (_, value) in given.items() if resolved[key] != value
        )
        return headers, secrets

    def _resolve(self, key: str, value: Any) -> Any:
        if not (isinstance(value, str) and value.startswith("env:")):
            return value
        name = value.removeprefix("env:")
        found = os.environ.get(name, "")
        if not found:
            raise ConfigurationError(
                f"{self.file}: {key}: the environment variable {name} is not set",
                hint=f"export {name}=... before the run",
            )
        return found


def load_target(path: Path | None = None) -> Target:
    """Read a target file; the embedded sandbox's when ``path`` is None.

    Raises ``ConfigurationError`` naming file, key and remedy.
    """
    path = path or EMBEDDED
    data = _read(path)
    schema = _schema("target.json")
    tables = {key: value for key, value in data.items() if key in PROVIDERS}
    common = {key: value for key, value in data.items() if key not in PROVIDERS}
    check_table(path.name, "", {**schema, "additionalProperties": False}, common, known=PROVIDERS)
    for key, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigurationError(f"{path.name}: {key} is not a table", hint=f"write [{key}]")
    if not tables:
        raise ConfigurationError(
            f"{path.name}: no provider table",
            hint=f"add one of {', '.join(f'[{key}]' for key in PROVIDERS)}",
        )
    return Target(
        file=path.name,
        name=common["name"],
        kind=common["kind"],
        embedded=common.get("embedded", False),
        observed_fails=common.get("observed", "fail") == "fail",
        limits=common.get("limits", {}),
        http=common.get("http", {}),
        disabled=common.get("disabled", {}),
        tables=tables,
        folder=path.resolve().parent,
        shows_personal_data=common.get("reports", {}).get("personal_data", "mask") == "show",
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the target {path}: {error.strerror}",
            hint=f"name an existing file; templates are in {displayed(TARGETS)}/",
        ) from error
    return read_toml(content, path.name)


def _place(value: str, url: str) -> str:
    return (
        value.replace("http://embedded", url, 1) if value.startswith("http://embedded") else value
    )


@cache
def _schema(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return data
