"""``kontrak sandbox``: serve the embedded sandbox, or list what it can do wrong."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable

import click
from rich.console import Console
from rich.table import Table

from kontrak.sandbox import Sandbox, all_faults, all_variants

WIDEST = 400


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


def print_faults(providers: Collection[str] = (), search: str = "") -> int:
    """List every fault with the clause it breaks, and every variant; return how many.

    ``providers`` are those wanted, all for none; ``search`` has to be in id, clause or sentence.
    """
    console = Console()
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column("id", no_wrap=True)
    grid.add_column("clause", no_wrap=True)
    grid.add_column("what it does", overflow="fold", ratio=1 if console.is_terminal else None)
    rows = [(one.provider, one.id, one.clauses[0], one.text) for one in all_faults()]
    rows += [(one.provider, one.id, "(variant)", one.text) for one in all_variants()]
    for provider, *row in rows:
        found = search.casefold() in " ".join(row).casefold()
        if found and (not providers or provider in providers):
            grid.add_row(*row)
    # Ids are there to be copied: they are never cut. What is piped has no width of its own.
    console.width = max(console.width, 140) if console.is_terminal else WIDEST
    console.print(grid)
    return grid.row_count
