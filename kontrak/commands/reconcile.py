"""``kontrak reconcile``: ask for every transaction whose end is unknown, and close the books."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from kontrak.asking.run import Run
from kontrak.clauses.verdict import ExitCode
from kontrak.config.paths import require_data
from kontrak.config.registry import same_platform
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError, NoAnswer, NotOffered
from kontrak.interface.provider import provider
from kontrak.judging.expect import Blocked
from kontrak.limits import reconciliation as books
from kontrak.limits.ledger import State
from kontrak.limits.ledger_file import ledger_path
from kontrak.limits.reconciliation import AccountLookup, Asked, Books, ProviderStatus
from kontrak.limits.spend_guard import fit_code
from kontrak.masking.masker import Masker, cut

_WIDTH = 24
_CODES = {
    "closed": ExitCode.CONFORMS,
    "accepted": ExitCode.CONFORMS,
    "differs": ExitCode.DEVIATES,
    "open": ExitCode.INCONCLUSIVE,
}


def reconcile(
    providers: Sequence[str], path: Path | None, output: Path, accept: str | None = None
) -> int:
    """Ask, compare, print, and write it into the ledger. Nothing that is sent moves money.

    Exit code 0 when all books are closed, 1 when books do not agree, 3 when something is still open
    or could not be asked. ``accept`` is a reason to close books that do not agree or stay open.
    Raises ``ConfigurationError`` for a wrong target.
    """
    require_data()
    target = load_target(path)
    if target.embedded:
        raise ConfigurationError(
            "the embedded sandbox ends with its run, and its books with it",
            hint="name a target that is still there: --target FILE",
        )
    file = ledger_path(target, output)
    if not file.exists():
        click.echo(f"no ledger {file}: nothing was bought")
        return ExitCode.CONFORMS
    run = Run(f"reconcile-{uuid.uuid4().hex[:8]}", target, output, None, "smoke")
    try:
        chosen = providers or target.providers()
        for key in chosen:
            run.provider(key)
        codes = [_close(run, keys, account, accept) for keys, account in _accounts(run, chosen)]
    finally:
        run.close()
    if not codes:
        click.echo("the books are closed: nothing was bought since")
    # What does not agree is proven; what is open may still come to agree.
    return min((one for one in codes if one), default=ExitCode.CONFORMS)


def _accounts(run: Run, chosen: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The balances that have rows to close: the providers that pay from it, and the account."""
    reported = run.target.providers()
    groups = dict.fromkeys(
        tuple(one for one in same_platform(key) if one in reported) for key in chosen
    )
    for keys in groups:
        marks = ", ".join("?" * len(keys))
        query = (
            "SELECT DISTINCT account FROM entry WHERE target = ?"  # noqa: S608 - marks
            f" AND provider IN ({marks}) AND closed IS NULL ORDER BY account"
        )
        for (account,) in run.ledger.rows(query, (run.target.name, *keys)):
            yield keys, str(account)


def _close(run: Run, keys: tuple[str, ...], account: str, accept: str | None) -> ExitCode:
    found = Books.of(run.ledger, run.target.name, keys, account)
    opened = books.opening(found)
    wanted = list(found.rows)
    try:
        lookups = {key: _lookup(run, key, account) for key in found.used}
        for row in wanted:
            _ask(row, found, lookups[row.entry.provider])
        _compare(found, lookups, opened)
    except (NoAnswer, Blocked) as error:
        _print(run, found, wanted)
        click.echo(run.masker.text(f"NOT ASKED  {_why(error)}"))
        _keep(found)
        return ExitCode.INCONCLUSIVE
    verdict = found.verdict
    if verdict in ("differs", "open") and accept:
        found.returned.append(f"accepted: {accept}")
        verdict = "accepted"
    _print(run, found, wanted)
    _make_fit(found, run.masker)
    books.write(found, verdict)
    for line in (*found.returned, _closing(found, verdict)):
        click.echo(run.masker.text(f"  {line}"))
    return _CODES[verdict]


def _make_fit(found: Books, masker: Masker) -> None:
    """Make what a provider's answers say fit to be written into the ledger."""
    found.returned = [masker.text(one) for one in found.returned]
    for row in found.rows:
        if row.rc is not None:
            row.rc = fit_code(row.rc, masker)


def _lookup(run: Run, key: str, account: str) -> AccountLookup:
    chosen, wire = provider(key), run.wire(key)
    chosen.connect(wire).probe()
    return chosen.account_lookup(wire, account)


def _ask(row: Asked, found: Books, lookup: AccountLookup) -> None:
    others = [one for one in found.of_reference(row.entry.reference) if one is not row]
    try:
        reported = lookup.ask(row.entry)
    except NotOffered as error:
        reported = ProviderStatus(None, words=error.sentence)
    except Blocked as error:
        reported = ProviderStatus(None, words=_why(error))
    books.settle(row, reported, others)
    if reported.differs:
        found.differs = True
        found.returned.append(f"{row.entry.reference}: {reported.differs}")


def _why(error: NoAnswer | Blocked) -> str:
    if isinstance(error, Blocked):
        return f"the answer says nothing: it is not what {error.clause_id} promises"
    return str(error)


def _compare(
    found: Books, lookups: dict[str, AccountLookup], opened: tuple[int, int] | None
) -> None:
    for lookup in lookups.values():
        listed = lookup.history()
        if listed is not None:
            books.hold_against_history(found, listed)
    after = None
    for lookup in lookups.values():
        after = lookup.balance() if after is None else after
    books.balance_out(found, after, opened)
    for lookup in lookups.values():
        if found.before is not None and (moved := lookup.movements(found.before)) is not None:
            books.hold_against_movements(found, moved)


def _keep(found: Books) -> None:
    """What was reported before the provider fell silent is kept; the books stay open."""
    found.returned.append("not everything could be asked")
    books.write(found, "open")


def _print(run: Run, found: Books, wanted: Sequence[Asked]) -> None:
    who = f"{' and '.join(found.providers)}{f', {found.account} account' if found.account else ''}"
    click.echo(f"{who}: {found.count} transactions since the books were closed last, "
               f"{len(wanted)} of them with an unknown end")  # fmt: skip
    if not wanted:
        return
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("reference", "product", "customer"):
        grid.add_column(name, no_wrap=True)
    grid.add_column("rupiah", justify="right", no_wrap=True)
    for name in ("was", "is", "RC"):
        grid.add_column(name, no_wrap=True)
    grid.add_column("", no_wrap=True, overflow="ellipsis")
    mask = run.masker.text
    for row in wanted:
        one = row.entry
        taken = row.debit if row.state is State.PAID and row.debit is not None else one.rupiah
        cells = (one.reference, one.product, one.customer, str(taken), one.state.value)
        reported = (row.state.value, mask(row.rc or ""), mask(row.words))
        grid.add_row(*(_shown(one, run.masker) for one in cells), *reported)
    console = Console(markup=False, highlight=False)
    console.width = max(console.width, 180)
    console.print(grid)


def _shown(text: str, masker: Masker) -> str:
    """A cell of the table: some requests are wrong on purpose, and long, or with line breaks."""
    whole = masker.text(text) if len(text) <= _WIDTH else f"{cut(text, _WIDTH - 3, masker)}..."
    return "".join(each if each.isprintable() else "?" for each in whole)


def _closing(found: Books, verdict: books.Verdict) -> str:
    still = sum(row.is_open for row in found.rows)
    return {
        "closed": "closed: ledger and provider agree",
        "accepted": "closed as accepted, open transactions with them",
        "differs": "THE BOOKS DO NOT AGREE: ask the provider, or --accept WHY",
        "open": f"open: the end of {still} transactions is not known yet; ask again later",
    }[verdict]
