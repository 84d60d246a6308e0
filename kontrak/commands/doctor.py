"""``kontrak doctor``: what is wrong with a target, found out without spending anything."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from kontrak.asking.run import Run, embedded_sandbox
from kontrak.clauses.verdict import ExitCode
from kontrak.config.paths import require_data
from kontrak.config.target import Target, load_target
from kontrak.errors import ConfigurationError, KontrakError, NoAnswer
from kontrak.interface.provider import provider
from kontrak.judging.expect import Blocked
from kontrak.masking.visible import echo


def doctor(providers: Sequence[str], path: Path | None) -> int:
    """Check a target provider by provider; every finding has a hint.

    Exit code 0 when all is well, 3 when a target cannot be reached or does not know us, 4 when the
    configuration is wrong.
    """
    require_data()
    target = load_target(path)
    echo(f"ok    {target.file}: {target.name}, kind {target.kind}")
    for line in _money(target):
        echo(line)
    sandbox = embedded_sandbox(target, [], [])
    url = sandbox.start() if sandbox else None
    try:
        with tempfile.TemporaryDirectory(prefix="kontrak-") as folder:
            run = Run(uuid.uuid4().hex[:12], target, Path(folder), url, "smoke")
            codes = [_examine(run, key) for key in providers or target.providers()]
            run.close()
    finally:
        if sandbox is not None:
            sandbox.stop()
    return max(codes, default=ExitCode.CONFORMS)


def _examine(run: Run, key: str) -> ExitCode:
    """Configuration, then one harmless request that shows whether we are known."""
    try:
        table = run.provider(key)
        echo(f"ok    {key}: configuration, {table.options['base_url']}")
        provider(key).connect(run.wire(key)).probe()
    except ConfigurationError as error:
        echo(run.masker.text(f"WRONG {key}: {error}"))
        return ExitCode.CONFIGURATION
    except NoAnswer as error:
        echo(run.masker.text(f"WRONG {key}: {error}"))
        return ExitCode.INCONCLUSIVE
    except Blocked as error:
        echo(run.masker.text(f"WRONG {key}: it answers, but not as {error.clause_id} promises"))
        echo("  hint: `kontrak run` shows the answer")
        return ExitCode.INCONCLUSIVE
    except KontrakError as error:
        echo(run.masker.text(f"note  {key}: {error}"))
        return ExitCode.CONFORMS
    echo(f"ok    {key}: reachable, and it knows our credentials")
    return ExitCode.CONFORMS


def _money(target: Target) -> Iterator[str]:
    if target.kind != "live":
        return
    limit = target.limits.get("spend_rupiah")
    pairs = target.limits.get("may_buy", ())
    if limit is None or not pairs:
        yield "note  money: nothing will be bought without [limits] spend_rupiah and may_buy"
    else:
        allowed = ", ".join(f"{one['product']} for {one['customer']}" for one in pairs)
        per_day = target.limits.get("spend_rupiah_per_day")
        day = f", and {per_day} a day" if per_day is not None else ""
        yield f"ok    money: at most {limit} rupiah a run{day}, for {allowed}"
