"""Hand trials out to stages, several at a time."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from kontrak.errors import ConfigurationError
from kontrak.selfcheck.stage import serve
from kontrak.selfcheck.trials import Outcome, Played, Trial


@dataclass(slots=True)
class _Group:
    """Trials that one kind of stage plays: those of one provider and profile."""

    provider: str
    profile: str
    left: list[Trial]


@dataclass(slots=True)
class _Stage:
    """A running stage and the trial it is playing."""

    group: _Group
    process: BaseProcess
    door: Connection
    trial: Trial
    dead: bool = False

    def next(self) -> bool:
        """Send the group's next trial, or None to end the stage; false if it ends."""
        if not self.group.left:
            self.door.send(None)
            return False
        self.trial = self.group.left.pop()
        self.door.send(self.trial)
        return True

    def outcome(self) -> Outcome:
        """What came of its trial."""
        try:
            played: Played = self.door.recv()
        except (EOFError, OSError):
            self.dead = True
            played = Played({}, {}, trouble="the stage died")
        return Outcome(self.trial, played)

    def end(self) -> None:
        """Wait for the process to end."""
        self.door.close()
        self.process.join()


def play(chosen: Sequence[Trial], workers: int | None = None) -> Iterator[Outcome]:
    """Play the trials, several at a time; outcomes come as they end.

    Raises ``ConfigurationError`` where processes cannot be forked (Windows).
    """
    if not hasattr(os, "fork"):
        raise ConfigurationError(
            "selfcheck forks processes, which this system cannot",
            hint="run it on Linux or macOS, or on Windows in WSL",
        )
    # A fork server has imported everything once and has no threads that a fork could break.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["kontrak.selfcheck.preload"])
    groups = _groups(chosen)
    stages: list[_Stage] = []
    # One more than there are processors: some trials wait.
    count = workers or (os.cpu_count() or 1) + 1
    while True:
        while len(stages) < count and (group := next((g for g in groups if g.left), None)):
            stages.append(_started(context, group))
        if not stages:
            return
        ready = wait([one.door for one in stages])
        for stage in [one for one in stages if one.door in ready]:
            yield stage.outcome()
            if stage.dead or not stage.next():
                stages.remove(stage)
                stage.end()


def _groups(chosen: Sequence[Trial]) -> list[_Group]:
    """The trials by provider and profile; the last of a list is played first."""
    found: dict[tuple[str, str], _Group] = {}
    for trial in reversed(chosen):
        key = trial.provider, trial.profile
        found.setdefault(key, _Group(*key, [])).left.append(trial)
    # The longest first: at the end, no stage is left alone with a long list.
    return sorted(found.values(), key=lambda one: -len(one.left))


def _started(context: BaseContext, group: _Group) -> _Stage:
    ours, theirs = context.Pipe()
    arguments = group.provider, group.profile, theirs
    process = context.Process(target=serve, args=arguments, daemon=False)  # type: ignore[attr-defined] # typeshed gives it to the concrete contexts only
    process.start()
    theirs.close()
    stage = _Stage(group, process, ours, group.left[-1])
    stage.next()
    return stage
