"""What a selfcheck saw: lines for the terminal, scores, ``detection.json`` and ``detection.md``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kontrak.selfcheck.trials import Outcome

_FEW = 6


@dataclass(slots=True)
class Score:
    """How many faults of one provider and family there are, and how many were caught."""

    provider: str
    family: str
    faults: int = 0
    caught: int = 0


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
        """The trials of faults."""
        return [one for one in self.outcomes if one.trial.kind == "fault"]

    def variants(self) -> list[Outcome]:
        """The trials of correct-but-different behaviour."""
        return [one for one in self.outcomes if one.trial.kind == "variant"]

    def scores(self) -> list[Score]:
        """The faults counted by provider and family, in this order."""
        found: dict[tuple[str, str], Score] = {}
        for one in self.faults():
            key = one.trial.provider, one.trial.family
            score = found.setdefault(key, Score(*key))
            score.faults += 1
            score.caught += one.caught
        return [found[key] for key in sorted(found)]

    def closing(self) -> str:
        """The counts in one sentence."""
        faults, variants = self.faults(), self.variants()
        survived = sum(not one.caught for one in faults)
        stray = sum(one.caught and not one.well for one in faults)
        alarms = sum(not one.well for one in variants)
        return (
            f"{len(faults)} faults: {len(faults) - survived} caught, {survived} survived, "
            f"{stray} with a stray red; {len(variants)} variants: {alarms} false alarms; "
            f"{len(self.unfaulted)} clauses without a fault; {self.seconds:.0f} s"
        )

    def write(self, folder: Path) -> None:
        """Write ``detection.json`` (``schemas/detection.json``) and ``detection.md``."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n"
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
            "scores": [
                {
                    "provider": one.provider,
                    "family": one.family,
                    "faults": one.faults,
                    "caught": one.caught,
                }
                for one in self.scores()
            ],
            "trials": [_row(one) for one in self.outcomes],
        }

    def _page(self) -> Iterable[str]:
        yield from ("# Detection matrix", "", self.closing(), "", "## Scores", "")
        yield from ("| provider | family | faults | caught |", "|---|---|---|---|")
        for score in self.scores():
            yield f"| {score.provider} | {score.family} | {score.faults} | {score.caught} |"
        yield from ("", "## Faults", "", "| fault | family | clause | result | killed by |")
        yield "|---|---|---|---|---|"
        for one in self.faults():
            trial = one.trial
            killers = [test for tests in one.played.killers.values() for test in tests]
            yield (
                f"| {trial.id}: {_cell(trial.text)} | {trial.family} | {trial.wanted} "
                f"| {word(one)}{reds(one)} | {_cell(_few(killers))} |"
            )
        yield from ("", "## Variants", "", "| variant | result | red |", "|---|---|---|")
        for one in self.variants():
            red = _few(sorted(one.red | one.broken))
            yield f"| {one.trial.id}: {_cell(one.trial.text)} | {word(one)} | {red} |"


def word(one: Outcome) -> str:
    """What is said of a trial."""
    if one.trial.kind == "variant":
        return "quiet" if one.well else "FALSE ALARM"
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


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
