"""What a selfcheck saw: lines for the terminal, scores, ``detection.json`` and ``detection.md``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kontrak.masking.visible import markdown, visible_data
from kontrak.selfcheck.trials import Outcome

_FEW = 6


@dataclass(slots=True)
class Score:
    """How many faults of one provider and family there are, and what became of them.

    ``free`` are those that the document leaves open, ``warned`` those that only warned, ``idle``
    those that found nothing to change, ``outage`` those that look like an outage and make a run
    inconclusive; the rest is caught or has survived.
    """

    provider: str
    kind: str
    family: str
    faults: int = 0
    caught: int = 0
    free: int = 0
    warned: int = 0
    idle: int = 0
    outage: int = 0

    @property
    def percent(self) -> float:
        """What was caught of the faults that some clause forbids and that came to anything."""
        forbidden = self.faults - self.free - self.warned - self.idle - self.outage
        return 100 * self.caught / forbidden if forbidden else 100.0


@dataclass(frozen=True, slots=True)
class Matrix:
    """All outcomes of one selfcheck, ``seconds`` it took, and the clauses that no fault breaks."""

    outcomes: Sequence[Outcome]
    unfaulted: Sequence[str]
    seconds: float
    seed: int

    @property
    def well(self) -> bool:
        """Whether nothing survived, nothing stray turned red and nothing right was called wrong."""
        return all(one.well for one in self.outcomes) and not self.unfaulted

    def faults(self) -> list[Outcome]:
        """The trials of faults, made by hand and by rule."""
        return [one for one in self.outcomes if not one.trial.is_right]

    def variants(self) -> list[Outcome]:
        """The trials of right behaviour, honest or different."""
        return [one for one in self.outcomes if one.trial.is_right]

    def scores(self) -> list[Score]:
        """The faults counted by provider, kind and family, in this order."""
        found: dict[tuple[str, str, str], Score] = {}
        for one in self.faults():
            key = one.trial.provider, one.trial.kind, one.trial.family
            score = found.setdefault(key, Score(*key))
            score.faults += 1
            score.caught += one.caught
            if one.excuse:
                setattr(score, one.excuse, getattr(score, one.excuse) + 1)
        return [found[key] for key in sorted(found)]

    def unproven(self) -> list[str]:
        """The clauses that faults were made for of which none was caught: all look like outages."""
        made = {one.trial.wanted for one in self.faults() if one.excuse == "outage"}
        proven = {one.trial.wanted for one in self.faults() if one.caught}
        return sorted(one for one in made - proven if one)

    def closing(self) -> str:
        """The counts in one sentence."""
        faults, variants = self.faults(), self.variants()
        caught = sum(one.caught for one in faults)
        excused = sum(bool(one.excuse) for one in faults)
        stray = sum(one.caught and not one.well for one in faults)
        alarms = sum(not one.well for one in variants)
        return (
            f"{len(faults)} faults: {caught} caught, {len(faults) - caught - excused} survived, "
            f"{stray} with a stray red, {excused} excused; "
            f"{len(variants)} variants: {alarms} false alarms; "
            f"{len(self.unfaulted)} clauses without a fault; {self.seconds:.0f} s"
        )

    def write(self, folder: Path) -> None:
        """Write ``detection.json`` (``schemas/detection.json``) and ``detection.md``."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(visible_data(self.to_json()), indent=1, ensure_ascii=False) + "\n"
        (folder / "detection.json").write_text(text, encoding="utf-8")
        (folder / "detection.md").write_text("\n".join(self._page()) + "\n", encoding="utf-8")

    def to_json(self) -> dict[str, Any]:
        """The matrix as ``schemas/detection.json`` describes it."""
        return {
            "format": 1,
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "requests": sum(one.played.requests for one in self.outcomes),
            "unfaulted": list(self.unfaulted),
            "scores": [{**asdict(one), "percent": round(one.percent, 1)} for one in self.scores()],
            "trials": [_row(one) for one in self.outcomes],
        }

    def _page(self) -> Iterable[str]:
        yield from ("# Detection matrix", "", self.closing(), "", "## Scores", "")
        yield (
            "| provider | made | family | faults | caught | free | warned | idle | outage "
            "| caught % |"
        )
        yield "|---|---|---|---|---|---|---|---|---|---|"
        for score in self.scores():
            made = "by hand" if score.kind == "fault" else "by rule"
            yield (
                f"| {score.provider} | {made} | {score.family} | {score.faults} | {score.caught} "
                f"| {score.free} | {score.warned} | {score.idle} | {score.outage} "
                f"| {score.percent:.1f} |"
            )
        yield from ("", "## Faults", "", "| fault | family | clause | result | killed by |")
        yield "|---|---|---|---|---|"
        for one in self.faults():
            trial = one.trial
            killers = [test for tests in one.played.killers.values() for test in tests]
            yield (
                f"| {trial.id}: {markdown(trial.text)} | {trial.family} | {trial.wanted or ''} "
                f"| {word(one)}{markdown(reds(one))} | {markdown(_few(killers))} |"
            )
        yield from ("", "## Variants", "", "| variant | result | red |", "|---|---|---|")
        for one in self.variants():
            red = _few(sorted(one.undeclared))
            yield f"| {one.trial.id}: {markdown(one.trial.text)} | {word(one)} | {markdown(red)} |"


def word(one: Outcome) -> str:
    """The line about a trial."""
    if one.trial.is_right:
        return "quiet" if one.well else "FALSE ALARM"
    if one.excuse:
        return one.excuse
    return "caught" if one.well else "SURVIVED" if not one.caught else "STRAY RED"


def line(one: Outcome) -> str:
    """A trial as a line of the terminal."""
    wanted = f" -> {one.trial.wanted}" if one.trial.wanted else ""
    return f"{word(one):<12}{one.trial.id}{wanted}{reds(one)}"


def reds(one: Outcome) -> str:
    """What is red and must not be, or why nothing was seen; empty if all is well."""
    if one.played.trouble:
        return f"  (nothing seen: {one.played.trouble.strip().splitlines()[-1]})"
    return f"  (not to be: {_few(sorted(one.undeclared))})" if one.undeclared else ""


def _row(one: Outcome) -> dict[str, Any]:
    return {
        "id": one.trial.id,
        "provider": one.trial.provider,
        "kind": one.trial.kind,
        "family": one.trial.family,
        "text": one.trial.text,
        "clause": one.trial.wanted,
        "well": one.well,
        "caught": one.caught,
        "excuse": one.excuse,
        "reason": one.trial.freedom,
        "red": sorted(one.red),
        "warned": sorted(one.warned),
        "broken": sorted(one.broken),
        "undeclared": sorted(one.undeclared),
        "killers": one.played.killers,
        "message": one.played.message,
        "seconds": round(one.played.seconds, 3),
        "requests": one.played.requests,
        "trouble": one.played.trouble,
    }


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more
