"""``kontrak sandbox``: serve the embedded sandbox, or list what it can do wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import click
from rich.console import Console
from rich.table import Table

from kontrak.sandbox import Sandbox, all_faults, all_variants


def serve(
    port: int,
    faults: Iterable[str],
    variants: Iterable[str],
    latency_seconds: float,
    token: str | None = None,
) -> None:
    """Serve until Ctrl-C. Raises ``ConfigurationError`` for an unknown fault or a taken port.

    Without a ``token`` for the control door a random one is made and printed.
    """
    sandbox = Sandbox(
        faults=faults, variants=variants, latency_seconds=latency_seconds, token=token
    )
    url = sandbox.start(port)
    click.echo(
        f"the kontrak sandbox serves on {url} (control door: {url}/_sandbox); Ctrl-C ends it"
    )
    if token is None:
        click.echo(f'a target with control_url opens it with control_token = "{sandbox.token}"')
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("ended")
    finally:
        sandbox.stop()


def print_faults() -> None:
    """List every fault with the clause it breaks, and every variant."""
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column("id", no_wrap=True)
    grid.add_column("clause", no_wrap=True)
    grid.add_column("what it does", overflow="fold", ratio=1)
    for fault in all_faults():
        grid.add_row(fault.id, fault.clauses[0], fault.text)
    for variant in all_variants():
        grid.add_row(variant.id, "(variant)", variant.text)
    console = Console()
    # Ids are there to be copied: they are never cut.
    console.width = max(console.width, 140)
    console.print(grid)
