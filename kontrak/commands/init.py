"""The command ``kontrak init``. It only reads its options, and asks for what is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from kontrak.config.registry import PROVIDERS


@click.command("init")
@click.option("-p", "--provider", "provider", type=click.Choice(list(PROVIDERS)))
@click.option(
    "--address",
    "addresses",
    multiple=True,
    metavar="URL",
    help="Where the endpoint is; KEY=URL for a further one, as in token_url=https://...",
)
@click.option("--kind", type=click.Choice(["sandbox", "live"]), help="sandbox: play money.")
@click.option("--ci", type=click.Choice(["github", "gitlab", "none"]), help="A CI file.")
@click.option("--target", default="target.toml", show_default=True, help="Name of the target file.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def command(
    *,
    provider: str | None,
    addresses: tuple[str, ...],
    kind: Any,
    ci: Any,
    target: str,
    folder: Path,
) -> None:
    """Write a target and what belongs to it into FOLDER; what is not given is asked for."""
    from kontrak.commands.new_target import Wish, address_keys, init

    chosen = provider or click.prompt("provider", type=click.Choice(list(PROVIDERS)))
    named = dict(_named(one) for one in addresses)
    for key in address_keys(chosen):
        if key not in named:
            named[key] = click.prompt(f"{key} (https://...)")
    if kind is None:
        kind = click.prompt("kind", type=click.Choice(["sandbox", "live"]), default="sandbox")
    if ci is None:
        ci = click.prompt("CI", type=click.Choice(["github", "gitlab", "none"]), default="none")
    raise SystemExit(init(Wish(chosen, kind, named, ci, target), folder))


def _named(written: str) -> tuple[str, str]:
    key, found, value = written.partition("=")
    return (key, value) if found and re.fullmatch(r"\w+", key) else ("base_url", written)
