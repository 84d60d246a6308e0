"""The commands of a night: diff, accept, merge, compare. They only read their options."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kontrak.commands.options import baseline_option, output_option, provider_option, target_option
from kontrak.config.registry import PROVIDERS


@click.command()
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path, file_okay=False))
@provider_option
@target_option
@baseline_option
@output_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def diff(
    *,
    runs: tuple[Path, ...],
    providers: tuple[str, ...],
    target: Path | None,
    chosen: Path | None,
    output: Path,
    form: str,
) -> None:
    """Report what has changed: from folder OLD to NEW, or from the accepted run to the last one.

    Exit code 1 when something is gone or narrowed or a clause has turned red; what is new or slower
    is a warning.
    """
    from kontrak.commands.drift import diff as perform
    from kontrak.drift import baseline

    if len(runs) not in (0, 2):
        raise click.UsageError("name two folders of results, OLD and NEW, or none")
    old, new = runs or (baseline.folder(target, chosen), output)
    sys.exit(perform(old, new, providers, form))


@click.command()
@target_option
@baseline_option
@output_option
def accept(target: Path | None, chosen: Path | None, output: Path) -> None:
    """Make the last run the baseline that later runs are compared with."""
    from kontrak.commands.drift import accept as perform

    perform(output, target, chosen)


@click.command()
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False)
)
@output_option
@click.option(
    "-p",
    "--provider",
    "expected",
    multiple=True,
    type=click.Choice(list(PROVIDERS)),
    help="A provider that has to be among them; without it the whole is inconclusive.",
)
@target_option
@baseline_option
@click.option("--html/--no-html", default=True, help="Build the HTML report (default: yes).")
def merge(
    *,
    folders: tuple[Path, ...],
    output: Path,
    expected: tuple[str, ...],
    target: Path | None,
    chosen: Path | None,
    html: bool,
) -> None:
    """Put the results of several runs into one folder, as if they were one run."""
    from kontrak.commands.merge import merge as perform
    from kontrak.commands.run import build_html
    from kontrak.drift import baseline

    code = perform(folders, output, expected, baseline.folder(target, chosen))
    if html:
        build_html(output)
    sys.exit(code)


@click.command()
@provider_option
@target_option
@output_option
@click.option(
    "--profile", type=click.Choice(["smoke", "full"]), default="full", help="smoke spends nothing."
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def compare(
    *,
    providers: tuple[str, ...],
    target: Path | None,
    output: Path,
    profile: str,
    form: str,
) -> None:
    """Take every biller through one scenario: inquire, pay, pay again, status, refusals, a race.

    At most four times one bill is spent per biller, within the target's limits.
    """
    from kontrak.commands.compare import compare as perform

    sys.exit(perform(providers, target, output, profile, form))
