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
from kontrak.limits.reconciliation import Asked, Books, Desk, Told
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
        codes = [_close(run, keys, account, accept) for keys, account in _purses(run, chosen)]
    finally:
        run.close()
    if not codes:
        click.echo("the books are closed: nothing was bought since")
    # What does not agree is proven; what is open may still come to agree.
    return min((one for one in codes if one), default=ExitCode.CONFORMS)


def _purses(run: Run, chosen: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The purses that have rows to close: the providers that pay from it, and the account."""
    told = run.target.providers()
    groups = dict.fromkeys(
        tuple(one for one in same_platform(key) if one in told) for key in chosen
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
        desks = {key: _desk(run, key, account) for key in found.used}
        for row in wanted:
            _ask(row, found, desks[row.entry.provider])
        _compare(found, desks, opened)
    except (NoAnswer, Blocked) as error:
        _print(run, found, wanted)
        click.echo(run.masker.text(f"NOT ASKED  {_why(error)}"))
        _keep(found)
        return ExitCode.INCONCLUSIVE
    verdict = found.verdict
    if verdict in ("differs", "open") and accept:
        found.said.append(f"accepted: {accept}")
        verdict = "accepted"
    _print(run, found, wanted)
    books.write(found, verdict)
    for line in (*found.said, _closing(found, verdict)):
        click.echo(run.masker.text(f"  {line}"))
    return _CODES[verdict]


def _desk(run: Run, key: str, account: str) -> Desk:
    chosen, wire = provider(key), run.wire(key)
    chosen.connect(wire).probe()
    return chosen.account_lookup(wire, account)


def _ask(row: Asked, found: Books, desk: Desk) -> None:
    others = [one for one in found.of_reference(row.entry.reference) if one is not row]
    try:
        told = desk.ask(row.entry)
    except NotOffered as error:
        told = Told(None, words=error.sentence)
    except Blocked as error:
        told = Told(None, words=_why(error))
    books.settle(row, told, others)
    if told.differs:
        found.differs = True
        found.said.append(f"{row.entry.reference}: {told.differs}")


def _why(error: NoAnswer | Blocked) -> str:
    if isinstance(error, Blocked):
        return f"the answer says nothing: it is not what {error.clause_id} promises"
    return str(error)


def _compare(found: Books, desks: dict[str, Desk], opened: tuple[int, int] | None) -> None:
    for desk in desks.values():
        listed = desk.history()
        if listed is not None:
            books.hold_against_history(found, listed)
    after = None
    for desk in desks.values():
        after = desk.balance() if after is None else after
    books.balance_out(found, after, opened)
    for desk in desks.values():
        if found.before is not None and (moved := desk.movements(found.before)) is not None:
            books.hold_against_movements(found, moved)


def _keep(found: Books) -> None:
    """What was told before the provider fell silent is kept; the books stay open."""
    found.said.append("not everything could be asked")
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
        told = (row.state.value, mask(row.rc or ""), mask(row.words))
        grid.add_row(*(_shown(one, run.masker) for one in cells), *told)
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
