"""The command line: one function per command, which only reads its options.

Exit codes: 0 conforms (waived deviations included), 1 deviates or a waiver does not fit any more,
3 inconclusive, 4 configuration or usage, 5 nothing selected, 130 interrupted by Ctrl-C. A waiver
never turns a 3 into a 1.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kontrak.clauses.verdict import ExitCode
from kontrak.commands import init, nights
from kontrak.commands.options import baseline_option, output_option, provider_option, target_option
from kontrak.config.paths import REPORTS
from kontrak.config.privacy import keep_private
from kontrak.config.registry import PROVIDERS
from kontrak.errors import ConfigurationError, KontrakError
from kontrak.masking.visible import echo

# Generic for type checkers only: before 8.4 click has no [] at run time.
if TYPE_CHECKING:
    _Number = click.ParamType[int | None]
else:
    _Number = click.ParamType


class Count(_Number):
    """A number from 0 up, or ``all``, which becomes None."""

    name = "number|all"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number, or None for all."""
        if value == "all":
            return None
        if not str(value).isascii() or not str(value).isdigit():
            self.fail(f"{value!r} is neither a number from 0 up nor all", param, ctx)
        return int(value)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kontrak")
@click.pass_context
def cli(context: click.Context) -> None:
    """Contract and conformance tests for Indonesian biller (PPOB) APIs."""
    context.call_on_close(keep_private())


@cli.command(context_settings={"ignore_unknown_options": True})
@provider_option
@target_option
@output_option
@click.option("--profile", type=click.Choice(["smoke", "full", "nightly"]), default="full")
@click.option("-k", "expression", help="Run only what matches, as in pytest -k.")
@click.option("--clause", "wanted", multiple=True, help="Run only the tests of this clause.")
@click.option("--lf", "again", is_flag=True, help="Run only what failed or broke in the last run.")
@click.option("-n", "workers", default="0", help="Number of workers, or auto.")
@click.option("--seed", type=int, help="Seed of generated requests, to repeat a run.")
@baseline_option
@click.option("--fault", multiple=True, help="Switch a fault of the embedded sandbox on.")
@click.option("--variant", multiple=True, help="Switch a variant of the embedded sandbox on.")
@click.option("--plan", is_flag=True, help="Report what the run would do and cost; send nothing.")
@click.option(
    "--waivers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of waivers. Default: waivers.toml beside the target file.",
)
@click.option("--html/--no-html", default=True, help="Build the HTML report (default: yes).")
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED)
def run(  # noqa: PLR0913, PLR0917 - one parameter per option, passed by name
    providers: tuple[str, ...],
    target: Path | None,
    output: Path,
    profile: str,
    expression: str | None,
    wanted: tuple[str, ...],
    again: bool,  # noqa: FBT001 - click passes options by name
    workers: str,
    seed: int | None,
    chosen: Path | None,
    fault: tuple[str, ...],
    variant: tuple[str, ...],
    waivers: Path | None,
    plan: bool,  # noqa: FBT001 - click passes options by name
    html: bool,  # noqa: FBT001 - as above
    pytest_args: tuple[str, ...],
) -> None:
    """Judge every clause against a target; what stands after -- goes to pytest."""
    from kontrak.commands.run import last_failed
    from kontrak.commands.run import run as perform

    wanted += last_failed(output) if again else ()
    options = [f"--output={output}", f"--profile={profile}", "-n", "0" if plan else workers]
    options += ["--plan"] if plan else []
    options += [f"--seed={seed}"] if seed is not None else []
    options += [f"--target={target}"] if target is not None else []
    options += [f"--baseline={chosen}"] if chosen is not None else []
    options += [f"--waivers={waivers}"] if waivers is not None else []
    options += ["-k", expression] if expression else []
    options += [f"--clause={one}" for one in wanted]
    options += [f"--fault={one}" for one in fault] + [f"--variant={one}" for one in variant]
    sys.exit(
        perform(providers, target, [*options, *pytest_args], html=html and not plan and output)
    )


@cli.command()
@provider_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def clauses(providers: tuple[str, ...], form: str) -> None:
    """Print every clause with its source, its tests and its faults; exit 1 on a gap."""
    from kontrak.commands.clauses import print_clauses as perform

    sys.exit(perform(providers or tuple(PROVIDERS), form))


@cli.command()
@provider_option
@target_option
def doctor(providers: tuple[str, ...], target: Path | None) -> None:
    """Say what is wrong with a target: configuration, reachability, credentials. Spends nothing."""
    from kontrak.commands.doctor import doctor as perform

    sys.exit(perform(providers, target))


@cli.command()
@provider_option
@target_option
@output_option
@click.option(
    "--accept", metavar="WHY", help="Close books that do not agree or stay open, and why."
)
def reconcile(
    providers: tuple[str, ...], target: Path | None, output: Path, accept: str | None
) -> None:
    """Ask for every transaction whose end is unknown, and close the books."""
    from kontrak.commands.reconcile import reconcile as perform

    sys.exit(perform(providers, target, output, accept))


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free port.")
@click.option("--fault", multiple=True, help="Switch a fault on; may be repeated.")
@click.option("--variant", multiple=True, help="Switch a correct-but-different behaviour on.")
@click.option("--latency-ms", type=click.IntRange(0), default=0, help="Delay every answer.")
@click.option(
    "--control-token",
    envvar="KONTRAK_CONTROL_TOKEN",
    help="Token of the control door, best in KONTRAK_CONTROL_TOKEN. Default: a random one.",
)
@click.option("--list-faults", is_flag=True, help="List faults and variants and end.")
@click.option("--search", default="", help="List only those with this in id, clause or sentence.")
@provider_option
def sandbox(  # noqa: PLR0913, PLR0917 - one parameter per option, passed by name
    port: int,
    fault: tuple[str, ...],
    variant: tuple[str, ...],
    latency_ms: int,
    control_token: str | None,
    list_faults: bool,  # noqa: FBT001 - click passes options by name
    search: str,
    providers: tuple[str, ...],
) -> None:
    """Serve the sandbox until Ctrl-C, or list its faults."""
    from kontrak.commands.sandbox import print_faults, serve

    if providers and not (list_faults or search):
        raise click.UsageError("-p goes with --list-faults: the sandbox serves every provider")
    if list_faults or search:
        sys.exit(0 if print_faults(providers, search) else ExitCode.NOTHING_SELECTED)
    serve(port, fault, variant, latency_ms / 1000, control_token)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=REPORTS)
def report(folder: Path) -> None:
    """Build the HTML report of FOLDER/allure-results."""
    from kontrak.commands.run import report as perform

    echo(f"report: {perform(folder)}")


@cli.command()
@click.argument("clause_ids", nargs=-1, required=True, metavar="CLAUSE...")
@click.option("--owner", required=True, help="Who answers for it: a person or a team.")
@click.option("--reason", required=True, help="Why it is acceptable for now, in a sentence.")
@click.option("--ticket", required=True, help="Where the partner works on it.")
@click.option(
    "--days", type=click.IntRange(1, 90), default=30, show_default=True, help="How long it holds."
)
@click.option("--product", default="", help="Only the tests whose row names this product.")
@target_option
@click.option(
    "--waivers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write. Default: waivers.toml beside the target file.",
)
@output_option
def waive(  # noqa: PLR0913 - one parameter per option, passed by name
    *,
    clause_ids: tuple[str, ...],
    owner: str,
    reason: str,
    ticket: str,
    days: int,
    product: str,
    target: Path | None,
    waivers: Path | None,
    output: Path,
) -> None:
    """Accept what the last run saw fail, until a date: an entry per CLAUSE."""
    from kontrak.commands.waive import Acceptance
    from kontrak.commands.waive import waive as perform

    file = waivers or (target.parent / "waivers.toml" if target else None)
    if file is None:
        raise click.UsageError("name the file with --waivers, or the target with --target")
    returned = Acceptance(owner, reason, ticket, days, product)
    code = perform(output, clause_ids, returned, file=file)
    sys.exit(code)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=REPORTS)
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="en", show_default=True, help="Language."
)
@click.option("--pdf", is_flag=True, help="Print it as PDF too, with WeasyPrint.")
@click.option(
    "--days", type=click.IntRange(1, 365), default=90, show_default=True, help="How long it holds."
)
def statement(folder: Path, lang: str, *, pdf: bool, days: int) -> None:
    """Write the statement for a partner about the run in FOLDER, and a manifest of its files."""
    from kontrak.commands.statement import statement as perform

    sys.exit(perform(folder, lang, pdf=pdf, days=days))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=REPORTS)
def verify(folder: Path) -> None:
    """Check that nothing in FOLDER was altered since its statement was written; 1 if so."""
    from kontrak.commands.statement import verify as perform

    sys.exit(perform(folder))


@cli.command()
@provider_option
@click.option("--faults", "only", help="Faults or variants, parted by commas. Default: all.")
@click.option("--brief", is_flag=True, help="One fault per clause, and no look for stray reds.")
@click.option(
    "--derived",
    type=Count(),
    default="10",
    show_default=True,
    help="Faults made by rule: how many of every provider and family, or all. None with --brief.",
)
@click.option(
    "--narrowed",
    type=Count(),
    default="0",
    help="Faults of one product or codec only: how many of every provider, or all.",
)
@click.option(
    "--variants",
    type=Count(),
    default="all",
    show_default=True,
    help="Correct but different behaviour: how many of every provider, others every day, or all.",
)
@click.option(
    "-n", "workers", type=click.IntRange(1), help="How many at a time. Default: CPUs and one more."
)
@output_option
def selfcheck(  # noqa: PLR0913 - each is an option of the command
    *,
    providers: tuple[str, ...],
    only: str | None,
    brief: bool,
    derived: int | None,
    narrowed: int | None,
    variants: int | None,
    workers: int | None,
    output: Path,
) -> None:
    """Run the suites against every fault and every variant; exit 1 on a survivor or false alarm."""
    from kontrak.commands.selfcheck import selfcheck as perform

    wanted = [one.strip() for one in only.split(",")] if only else []
    chosen = providers or tuple(PROVIDERS)
    code = perform(
        chosen,
        wanted,
        brief=brief,
        draw={"derived": derived, "narrowed": narrowed, "variants": variants},
        workers=workers,
        output=output,
    )
    sys.exit(code)


cli.add_command(init.command)
cli.add_command(nights.diff)
cli.add_command(nights.accept)
cli.add_command(nights.merge)
cli.add_command(nights.compare)


def main() -> None:
    """Run the command line; our own errors are a sentence and a hint, never a traceback."""
    try:
        sys.exit(cli.main(standalone_mode=False))
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted by you", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.CONFIGURATION)
    except KontrakError as error:
        echo(f"error: {error}", err=True)
        wrong = isinstance(error, ConfigurationError)
        sys.exit(ExitCode.CONFIGURATION if wrong else ExitCode.INCONCLUSIVE)
    except Exception as error:  # noqa: BLE001 - a crash of ours is shown, and says nothing about the provider
        # Its message may quote an address or a key; the place is enough.
        places = reversed(traceback.extract_tb(error.__traceback__)[-8:])
        trail = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in places)
        click.echo(f"error: a fault of kontrak's own: {type(error).__name__}, {trail}", err=True)
        sys.exit(ExitCode.INCONCLUSIVE)
