"""``kontrak init``: a folder from which a provider can be judged: target, secrets' names, CI."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import tomlkit

from kontrak.clauses.verdict import ExitCode
from kontrak.commands.init_texts import ENVIRONMENT, GITHUB, GITLAB, HEADER, WAIVERS
from kontrak.config.files import write_whole
from kontrak.config.paths import SCHEMAS, TARGETS, require_data
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError
from kontrak.masking.visible import echo

Kind = Literal["sandbox", "live"]
Ci = Literal["github", "gitlab", "none"]

SCHEMA = "kontrak.schema.json"
_SECRET = re.compile(r'^(\w+) = "env:(\w+)"', re.MULTILINE)
_CI_FILES = {"github": ".github/workflows/kontrak.yml", "gitlab": ".gitlab-ci.yml"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a folder is wanted for. ``addresses`` are by the key of the target's table."""

    provider: str
    kind: Kind
    addresses: Mapping[str, str]
    ci: Ci = "none"
    target: str = "target.toml"


def address_keys(provider: str) -> tuple[str, ...]:
    """The keys of a provider's table that hold an address which a target has to name."""
    table = _template(provider)[provider]
    return tuple(key for key, value in table.items() if str(value).startswith("http"))


def init(wish: Wish, folder: Path) -> int:
    """Write the files into a folder and say what comes next; 0.

    Raises ``ConfigurationError``, with nothing written, where one of them is there already, or an
    address or the provider is wrong.
    """
    require_data()
    files = dict(_files(wish))
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise ConfigurationError(
            f"{', '.join(there)}: there already, and nothing was written",
            hint="choose another folder, or move what is there away",
        )
    for name, text in files.items():
        write_whole(text.encode(), folder / name)
    try:
        load_target(folder / wish.target)
    except ConfigurationError:
        for name in files:
            (folder / name).unlink()
        raise
    for name in files:
        echo(f"written: {name}")
    echo(f"next: set what {ENVIRONMENT[0]} names in the environment, then")
    echo(f"  kontrak doctor --target {wish.target}")
    echo(f"  kontrak run --target {wish.target} --plan")
    return ExitCode.CONFORMS


def _files(wish: Wish) -> Iterator[tuple[str, str]]:
    text = _target(wish)
    names = [found[2] for found in _SECRET.finditer(text)]
    yield wish.target, text
    yield SCHEMA, json.dumps(_schema(wish.provider), indent=1, ensure_ascii=False) + "\n"
    yield ENVIRONMENT[0], ENVIRONMENT[1] + "".join(f"{name}=\n" for name in names)
    yield "waivers.toml", WAIVERS.format(target=wish.target)
    if wish.ci != "none":
        template = GITHUB if wish.ci == "github" else GITLAB
        shown = "".join(f"          {one}: ${{{{ secrets.{one} }}}}\n" for one in names)
        values = {"version": version("kontrak"), "target": wish.target, "secrets": shown}
        yield _CI_FILES[wish.ci], template.format(**values, names=", ".join(names))


def _template(provider: str) -> Any:
    if provider not in PROVIDERS:
        raise ConfigurationError(
            f"there is no provider {provider}", hint=f"choose one of {', '.join(PROVIDERS)}"
        )
    return tomlkit.parse((TARGETS / f"{provider}.toml").read_text(encoding="utf-8"))


def _target(wish: Wish) -> str:
    """The provider's own target file with its kind and addresses; its comments stay."""
    document = _template(wish.provider)
    unknown = set(wish.addresses) - set(address_keys(wish.provider))
    if unknown:
        raise ConfigurationError(
            f"{wish.provider} has no address {', '.join(sorted(unknown))}",
            hint=f"it has {', '.join(address_keys(wish.provider))}",
        )
    document["kind"] = wish.kind
    document["name"] = f"{PROVIDERS[wish.provider].title} {wish.kind}"
    rules = _schema(wish.provider)["properties"][wish.provider]["properties"]
    for key, value in wish.addresses.items():
        if not re.search(rules[key].get("pattern", ""), value):
            raise ConfigurationError(
                f"{key}: {value!r} is no address", hint="write it whole, from https:// on"
            )
        document[wish.provider][key] = value
    lines = tomlkit.dumps(document).splitlines()
    while lines and lines[0].startswith("#"):
        lines.pop(0)
    header = HEADER.format(schema=SCHEMA, target=wish.target, provider=wish.provider)
    return header + "\n".join(lines) + "\n"


def _schema(provider: str) -> dict[str, Any]:
    """The schema by which an editor completes and checks the file."""
    common = json.loads((SCHEMAS / "target.json").read_text(encoding="utf-8"))
    table = json.loads((SCHEMAS / provider / "target.json").read_text(encoding="utf-8"))
    table.pop("$schema", None)
    for rule in table["properties"].values():
        # In a file a secret is env:NAME, whatever its own form is.
        if rule.get("writeOnly"):
            rule.pop("pattern", None)
    parts = {**common.get("$defs", {}), **table.pop("$defs", {})}
    properties = {**common["properties"], provider: table}
    whole = {"properties": properties, "additionalProperties": False, "$defs": parts}
    return {**common, **whole}
