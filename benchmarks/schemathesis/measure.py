"""The control: the same faults and variants of the same sandbox, put before both tools.

Both are asked the same question: does it report something that it does not report on the honest
sandbox? For a fault that is a detection, for a correct-but-different variant a false alarm.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from benchmarks.schemathesis import digiswitch, httpget, iak, rqid, tokopedia
from benchmarks.schemathesis.description import Description
from benchmarks.schemathesis.tool import Run, Tool, accepted
from kontrak.sandbox import Sandbox
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.selfcheck import Outcome, Trial, play, trials

DESCRIPTIONS: Mapping[str, Callable[[], Description]] = {
    "rqid": rqid.describe,
    "httpget": httpget.describe,
    "tokopedia": tokopedia.describe,
    "digiswitch": digiswitch.describe,
    "iak": iak.describe,
}
LEARNT_SEEDS = range(101, 104)
"""The seeds of the runs whose failures on the honest sandbox are accepted."""
QUIET_SEEDS = range(201, 202)
"""The seeds of the runs that count how often it then still reports the honest sandbox."""
TOKEN_SECONDS = 10
Keep = Callable[["Measured"], None]


class CountingSandbox(Sandbox):
    """The sandbox, counting the requests it answers."""

    requests = 0
    _counting = threading.Lock()

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """Answer as the sandbox does, and count it."""
        with self._counting:
            self.requests += 1
        return super().answer(request)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: trials per provider, examples per operation, the seed.

    ``faults`` are hand-made, ``derived`` made by rule. ``deeper`` is how many of the faults that
    the tool missed it is given another try at, with another seed and ``deeper_examples`` per
    operation. After so many ``minutes`` no further trial of a provider is begun; the kinds take
    turns, so that what was measured until then is a smaller sample of the same make.
    """

    faults: int
    derived: int
    variants: int
    examples: int
    seed: int
    minutes: float
    deeper: int = 0
    deeper_examples: int = 100


@dataclass(slots=True)
class Row:
    """One trial, seen by both."""

    trial: Trial
    kontrak: Outcome
    tool: Run
    tool_requests: int
    deeper: Run | None = None

    def to_json(self) -> dict[str, Any]:
        """The row of ``results.json``."""
        ours = self.kontrak
        row: dict[str, Any] = {
            "id": self.trial.id,
            "kind": self.trial.kind,
            "family": self.trial.family,
            "clause": self.trial.wanted,
            "kontrak": ours_returned(ours),
            "tool": _returned(self.tool) | {"requests": self.tool_requests},
        }
        if self.deeper is not None:
            row["deeper"] = _returned(self.deeper)
        return row


@dataclass(slots=True)
class Measured:
    """What was measured of one provider."""

    provider: str
    visible: Mapping[str, Mapping[str, int]]
    rows: list[Row] = field(default_factory=list)
    honest: list[Run] = field(default_factory=list)
    carried_out: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The provider's part of ``results.json``."""
        return {
            "visible": self.visible,
            "seconds": round(self.seconds),
            "honest": [_returned(one) for one in self.honest],
            "carried_out": self.carried_out,
            "trials": [one.to_json() for one in self.rows],
        }


def measure(provider: str, plan: Plan, command: Path, folder: Path, keep: Keep) -> Measured:
    """Put a sample of a provider's faults and variants before both tools.

    ``keep`` is called with what is known, after every trial.
    """
    started = time.monotonic()
    description = DESCRIPTIONS[provider]()
    tool = Tool(command, folder / provider, description, plan.examples)
    groups = visible(provider, description)
    ours = played(groups, plan)
    result = Measured(provider, sizes(groups))
    with CountingSandbox() as sandbox:
        control = _Control(sandbox, tool)
        tool.forget()
        for seed in LEARNT_SEEDS:
            control.learn(seed)
        result.honest = [control.honest(seed) for seed in QUIET_SEEDS]
        result.carried_out = accepted(tool.folder)
        for outcome in ours:
            if time.monotonic() - started > 60 * plan.minutes:
                break
            result.rows.append(control.row(outcome, plan.seed))
            keep(result)
        for row in _missed(result.rows, plan):
            row.deeper = control.run(row.trial, plan.seed + 1, plan.deeper_examples)
            keep(result)
    result.seconds = time.monotonic() - started
    keep(result)
    return result


def again(
    provider: str, ids: Sequence[str], plan: Plan, command: Path, folder: Path
) -> dict[str, Row]:
    """Put some trials before both tools anew, with what the tool has learnt to accept before."""
    tool = Tool(command, folder / provider, DESCRIPTIONS[provider](), plan.examples)
    outcomes = list(play(trials([provider], ids), workers=1))
    with CountingSandbox() as sandbox:
        control = _Control(sandbox, tool)
        return {one.trial.id: control.row(one, plan.seed) for one in outcomes}


def visible(provider: str, description: Description) -> dict[str, list[Trial]]:
    """The trials that can be seen through a description, by their kind."""
    found: dict[str, list[Trial]] = {"fault": [], "derived": [], "variant": []}
    for trial in trials([provider], derived=None):
        if trial.kind in found and is_visible(trial, description) and not trial.freedom:
            found[trial.kind].append(trial)
    return found


def sizes(groups: Mapping[str, Sequence[Trial]]) -> dict[str, dict[str, int]]:
    """How many trials of each kind and family there are, whether they are drawn or not."""
    return {kind: dict(Counter(one.family for one in group)) for kind, group in groups.items()}


def played(groups: Mapping[str, Sequence[Trial]], plan: Plan) -> list[Outcome]:
    """What kontrak says of a sample, one trial after the other.

    Damage that changed no answer, or that only warns, is no fault to be found: another is
    drawn in its place.
    """
    counts = {"fault": plan.faults, "derived": plan.derived, "variant": plan.variants}
    drawn = {
        kind: sample(groups[kind], 2 * count if kind == "derived" else count, plan.seed)
        for kind, count in counts.items()
    }
    ids = {trial.id: trial for group in drawn.values() for trial in group}
    outcomes = {one.trial.id: one for one in play(list(ids.values()), workers=1)}
    turns: list[tuple[float, Outcome]] = []
    for kind, group in drawn.items():
        reported = [outcomes[one.id] for one in group]
        kept = [one for one in reported if not one.excuse][: counts[kind]]
        turns += [(place / len(kept), one) for place, one in enumerate(kept)]
    return [one for _, one in sorted(turns, key=lambda turn: turn[0])]


def ours_returned(ours: Outcome) -> dict[str, Any]:
    """What kontrak says of one trial, as ``results.json`` has it."""
    return {
        "found": not ours.well if ours.trial.kind == "variant" else ours.caught,
        "excuse": ours.excuse,
        "seconds": round(ours.played.seconds, 2),
        "requests": ours.played.requests,
    }


def sample(trials_: Sequence[Trial], count: int, seed: int) -> list[Trial]:
    """So many of the trials, drawn with the seed: of each family its share, one at least."""
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    families: dict[str, list[Trial]] = {}
    for trial in draw.sample(list(trials_), len(trials_)):
        families.setdefault(trial.family, []).append(trial)
    # The n-th of a family comes when n/size of all is drawn; the first of each comes first.
    ranked = [
        (place / len(held), trial) for held in families.values() for place, trial in enumerate(held)
    ]
    ranked.sort(key=lambda one: one[0])
    return [trial for _, trial in ranked[:count]]


def is_visible(trial: Trial, description: Description) -> bool:
    """Whether a fault can be seen through the operations described at all."""
    return not re.search(description.left_out, f"{trial.id} {trial.wanted}")


def _returned(run: Run) -> dict[str, Any]:
    return {
        "found": run.found,
        "failures": list(run.failures),
        "seconds": round(run.seconds, 2),
        "cpu_seconds": round(run.cpu_seconds, 2),
        "cases": run.cases,
    }


def _missed(rows: Iterable[Row], plan: Plan) -> list[Row]:
    """Some of the faults that the tool did not find, spread over the families."""
    missed = [one for one in rows if one.trial.kind != "variant" and not one.tool.found]
    wanted = sample([one.trial for one in missed], plan.deeper, plan.seed)
    return [one for one in missed if one.trial in wanted]


class _Control:
    """Runs the tool against a sandbox that begins anew for every run."""

    def __init__(self, sandbox: CountingSandbox, tool: Tool) -> None:
        self.sandbox = sandbox
        self.tool = tool

    def row(self, outcome: Outcome, seed: int) -> Row:
        before = self.sandbox.requests
        run = self.run(outcome.trial, seed)
        return Row(outcome.trial, outcome, run, self.sandbox.requests - before)

    def learn(self, seed: int) -> Run:
        self.sandbox.reset()
        return self.tool.learn(self.sandbox.url, seed, self._token())

    def honest(self, seed: int) -> Run:
        self.sandbox.reset()
        return self.tool.run(self.sandbox.url, seed, self._token())

    def run(self, trial: Trial, seed: int, examples: int | None = None) -> Run:
        self.sandbox.reset(trial.faults, trial.variants)
        return self.tool.run(self.sandbox.url, seed, self._token(), examples)

    def _token(self) -> str:
        """A Tokopedia access token; the tool's configuration takes one, it does not fetch it."""
        client = tokopedia.client_credentials()
        reply = requests.post(
            f"{self.sandbox.url}/token",
            data={"grant_type": "client_credentials"},
            auth=client,
            timeout=TOKEN_SECONDS,
        )
        try:
            document = reply.json()
        except ValueError:
            return ""
        return str(document.get("access_token", "")) if isinstance(document, dict) else ""
