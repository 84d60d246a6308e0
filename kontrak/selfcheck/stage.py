"""A stage: one process that has collected a provider's suite and plays trials on it, one by one.

Collecting costs more than judging, so it is done once. Every trial is then played in a fork of the
stage, with a sandbox, a run and session fixtures of its own: it begins as a fresh run would, and
what it leaves behind ends with it.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import pickle
import select
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from kontrak.asking.run import Run, embedded_sandbox
from kontrak.clauses.catalogue import Clause
from kontrak.clauses.verdict import Verdict
from kontrak.config.paths import SUITES
from kontrak.config.target import Target
from kontrak.exchange import Exchange
from kontrak.http.transport import Transport
from kontrak.judging.downgrade import blocked_skips, softly
from kontrak.judging.expect import notebook
from kontrak.judging.outcome import BOOK, SOFT, judged
from kontrak.pytest_plugin.arguments import ALWAYS
from kontrak.pytest_plugin.plugin import RUN, SANDBOX
from kontrak.pytest_plugin.selection import clause_of
from kontrak.reporting.results import Results, TestRecord
from kontrak.selfcheck.direct import DirectTransport
from kontrak.selfcheck.trials import HONEST, Played, Trial

SEED = 1
LIMIT_SECONDS = 300
"""A trial that takes longer is ended: a hanging sandbox or suite is not to hang the selfcheck."""


def serve(provider: str, profile: str, door: Connection) -> None:
    """Play the trials that come through the door until None comes; a ``Played`` answers each.

    A suite that cannot be collected is answered in the same way, whatever is asked.
    """
    output = io.StringIO()
    with (
        tempfile.TemporaryDirectory(prefix="kontrak-") as folder,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        stage = Stage(door)
        pytest.main(_arguments(provider, profile, folder), plugins=[stage])
    # The door ends when the selfcheck is interrupted.
    with contextlib.suppress(EOFError):
        while not stage.done and door.recv() is not None:
            door.send(Played({}, {}, trouble=output.getvalue()[-2000:]))


def _arguments(provider: str, profile: str, folder: str) -> list[str]:
    off = ("xdist", "allure_pytest", "junitxml", "logging")
    return [
        *(*ALWAYS, str(SUITES / provider)),
        *("-s", f"--output={folder}", f"--seed={SEED}", f"--profile={profile}"),
        *(word for name in off for word in ("-p", f"no:{name}")),
    ]


class Stage:
    """The pytest plugin that plays trials where pytest would run the collected tests once."""

    def __init__(self, door: Connection) -> None:
        self.done = False
        self._door = door

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Play trials until there are no more."""
        if session.testsfailed:
            return None
        config = session.config
        config.pluginmanager.unregister(name="kontrak_recorder")
        target = config.stash[RUN].target
        # A fork takes no thread along, so the sandbox that pytest started is of no use.
        running = config.stash[SANDBOX]
        assert running is not None, "a stage's target is the embedded sandbox"  # noqa: S101 - as above
        running.stop()
        _warm(session, target)
        # What is there now stays: a fork that does not count it again shares its memory.
        gc.collect()
        gc.freeze()
        killers: dict[str, Counter[str]] = {}
        while (trial := self._door.recv()) is not None:
            items = _chosen(session, trial, killers.setdefault(trial.answer, Counter()))
            played = _forked(session, items, trial, target)
            killers[trial.answer].update(one for tests in played.killers.values() for one in tests)
            self._door.send(played)
        self.done = True
        return True


def _warm(session: pytest.Session, target: Target) -> None:
    """Judge the honest sandbox once, so that every trial finds files read and schemas compiled."""
    stash = session.config.stash
    with _folder() as folder:
        _play(session, _chosen(session, HONEST, Counter()), HONEST, target, folder)
        stash[RUN].close()
    sandbox = stash[SANDBOX]
    if sandbox is not None:
        sandbox.stop()
    for item in session.items:
        if isinstance(item, pytest.Function):
            item._initrequest()  # noqa: SLF001 - as pytest itself does before a test runs again


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder for one trial; in memory where the system offers it, as its ledger syncs often."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it is made by tempfile
    place = memory if memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="kontrak-", dir=place) as folder:
        yield Path(folder)


def _forked(
    session: pytest.Session, items: list[pytest.Item], trial: Trial, target: Target
) -> Played:
    """Play a trial in a child process and bring back what it saw."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        _play_and_leave(session, items, trial, target, mouth)
    os.close(mouth)
    with os.fdopen(ear, "rb") as source:
        data = _read(source, LIMIT_SECONDS)
    if data is None:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not data:
        why = f"not over within {LIMIT_SECONDS} s" if data is None else "its process died"
        return Played({}, {}, trouble=why)
    played: Played = pickle.loads(data)  # noqa: S301 - written by our own child
    return played


def _read(source: Any, seconds: float) -> bytes | None:
    """All that comes, or None when it is not complete in time."""
    until = time.monotonic() + seconds
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([source], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return None
        part = os.read(source.fileno(), 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _play_and_leave(
    session: pytest.Session, items: list[pytest.Item], trial: Trial, target: Target, mouth: int
) -> None:
    """In the child: play, send what was seen, and end without going back into pytest."""
    try:
        # Short-lived: collecting garbage would only copy the parent's memory.
        gc.disable()
        with _folder() as folder:
            played = _play(session, items, trial, target, folder)
        with os.fdopen(mouth, "wb") as sink:
            sink.write(pickle.dumps(played))
    finally:
        os._exit(0)


@dataclass(slots=True)
class _Counter:
    """Counts the exchanges of a run."""

    exchanges: int = 0

    def __call__(self, _: Exchange) -> None:
        self.exchanges += 1


def _play(
    session: pytest.Session, items: list[pytest.Item], trial: Trial, target: Target, folder: Path
) -> Played:
    started = time.monotonic()
    counter = _Counter()
    try:
        sandbox = embedded_sandbox(target, list(trial.faults), list(trial.variants))
        assert sandbox is not None, "a stage's target is the embedded sandbox"  # noqa: S101 - as above
        # The sandbox serves in any case: its address stands in the target, and doors of tests.
        door = partial(DirectTransport, sandbox) if trial.direct else Transport
        run = Run(trial.id, target, folder, sandbox.start(), observer=counter, door=door, at_once=1)
        run.control_token = sandbox.token
        session.config.stash[SANDBOX], session.config.stash[RUN] = sandbox, run
        results = Results()
        for record in _records(items, run):
            results.records.append(record)
            if trial.kind == "derived" and record.verdict == "failed":
                break
    except Exception as error:  # noqa: BLE001 - whatever it is, it is shown and the trial does not pass
        return Played({}, {}, trouble=f"{type(error).__name__}: {error}")
    failed = [one for one in results.records if one.verdict == "failed"]
    killers: dict[str, list[str]] = {}
    for one in failed:
        killers.setdefault(one.clause, []).append(one.test)
    wanted = [one.message for one in failed if one.clause == trial.wanted]
    return Played(
        verdicts={one.clause.id: one.verdict.word for one in results.clauses()},
        killers=killers,
        message=next(iter([*wanted, *(one.message for one in failed)]), ""),
        seconds=time.monotonic() - started,
        requests=counter.exchanges,
        damaged=sandbox.damaged,
        outages=run.outages,
        reasons=tuple(one.reason for one in results.records if one.verdict == "broken"),
    )


def _chosen(session: pytest.Session, trial: Trial, killers: Counter[str]) -> list[pytest.Item]:
    """The tests of a trial, those first that are likely to end it.

    That is the place's own test, then what has killed faults of the same answer before.
    """
    items = [item for item in session.items if clause_of(item) is not None]
    if trial.alone:
        return [one for one in items if _clause_id(one) == trial.wanted]
    if trial.kind != "derived":
        return items

    def rank(item: pytest.Item) -> tuple[bool, int]:
        clause = clause_of(item)
        at = (clause.at or "") if clause else ""
        own = _clause_id(item) == trial.likely or (
            bool(trial.place) and (at == trial.place or at.endswith(f".{trial.place}"))
        )
        return not own, -killers[item.nodeid]

    return sorted(items, key=rank)


def _clause_id(item: pytest.Item) -> str:
    clause = clause_of(item)
    return clause.id if clause else ""


def _records(items: list[pytest.Item], run: Run) -> Iterator[TestRecord]:
    """Run the tests and give each one's record.

    This is pytest's protocol without its reports and hooks, which cost more than the tests: the
    same set-up, call and tear-down, under the same wrappers as those of kontrak's plugin.
    """
    for item, following in zip(items, [*items[1:], None], strict=True):
        with notebook() as book:
            item.stash[BOOK] = book
            yield _record(item, run)
            item.session._setupstate.teardown_exact(following)  # noqa: SLF001 - as above


def _record(item: pytest.Item, run: Run) -> TestRecord:
    clause = clause_of(item)
    assert clause is not None, "only tests that cite a clause are chosen"  # noqa: S101 - as above
    call = pytest.CallInfo.from_call(lambda: _set_up(item), "setup")
    if call.excinfo is None:
        call = pytest.CallInfo.from_call(lambda: _call(item, clause, run), "call")
    if call.excinfo is None and SOFT not in item.stash and not item.stash[BOOK].notes:
        return TestRecord(item.nodeid, clause.id, Verdict.PASSED.word)
    report = pytest.TestReport.from_item_and_call(item, call)
    return TestRecord.of(judged(item, call, report, clause, run.masker) or {})


def _set_up(item: pytest.Item) -> None:
    with blocked_skips(item):
        item.session._setupstate.setup(item)  # noqa: SLF001 - as above


def _call(item: pytest.Item, clause: Clause, run: Run) -> None:
    assert isinstance(item, pytest.Function), "tests of the suites are functions"  # noqa: S101 - as above
    with softly(item, clause, observed_fails=run.target.observed_fails):
        item.obj(**{name: item.funcargs[name] for name in item._fixtureinfo.argnames})  # noqa: SLF001 - as above
