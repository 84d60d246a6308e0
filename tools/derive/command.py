"""The command: ``python -m tools.derive PROVIDER [--document PATH] [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kontrak.clauses.verdict import ExitCode
from kontrak.config.paths import FIXTURES, SCHEMAS, SUITES
from kontrak.errors import ConfigurationError
from tools.derive.steps import clauses_step, fixtures_step, schemas_step
from tools.derive.write import differences, write

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("provider")
@click.option(
    "--document",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The document: derive the fixtures from it first.",
)
@click.option("--fixtures", type=_FOLDER, default=FIXTURES, help="Folder of all fixtures.")
@click.option("--schemas", type=_FOLDER, default=SCHEMAS, help="Folder of all schemas.")
@click.option("--suites", type=_FOLDER, default=SUITES, help="Folder of all suites.")
@click.option("--check", is_flag=True, help="Changes nothing; exit 1 when anything would change.")
def derive(
    provider: str,
    document: Path | None,
    fixtures: Path,
    schemas: Path,
    suites: Path,
    *,
    check: bool,
) -> None:
    """Derive a provider's fixtures, schemas and clauses from the examples of its document.

    Three steps: the document's examples to fixtures/PROVIDER (only with --document), these to
    schemas/PROVIDER, and the facts of its products to the derived part of
    suites/PROVIDER/clauses.toml. Each can be repeated at any time and changes only what differs.

    fixtures/PROVIDER holds what is kept by hand: document.toml (how to read the document),
    repairs.toml (its slips, each with line and reason), shapes.toml (the schemas' names and
    descriptions) and relations.toml (which values belong together).
    """
    put = differences if check else write
    home = fixtures / provider
    try:
        changed = fixtures_step(document, home, put) if document else []
        changed += schemas_step(home, schemas / provider, put)
        changed += clauses_step(schemas / provider, suites / provider, put)
    except ConfigurationError as error:
        click.echo(str(error), err=True)
        sys.exit(ExitCode.CONFIGURATION)
    for difference in changed:
        click.echo(str(difference))
    click.echo(
        f"{provider}: {len(changed)} of the derived files {'differ' if check else 'changed'}"
    )
    sys.exit(ExitCode.DEVIATES if check and changed else ExitCode.CONFORMS)
