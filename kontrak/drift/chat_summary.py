"""``summary.txt``: a run in a few lines, short enough for a chat message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kontrak.clauses.verdict import ExitCode, Verdict
from kontrak.drift import words
from kontrak.drift.changes import Change
from kontrak.judging.waiver_status import State
from kontrak.masking.masker import Masker
from kontrak.masking.visible import chat

NAME = "summary.txt"
LONGEST = 1_000
"""Characters of the whole text, its last line break included."""

_WORDS = {
    ExitCode.CONFORMS: "conforms",
    ExitCode.DEVIATES: "DEVIATES from its document",
    ExitCode.INCONCLUSIVE: "INCONCLUSIVE: look at the network and the configuration first",
    ExitCode.CONFIGURATION: "could not begin",
    ExitCode.NOTHING_SELECTED: "nothing was selected",
    ExitCode.INTERRUPTED: "was interrupted",
}
_LISTED = (Verdict.FAILED, Verdict.BROKEN, Verdict.WAIVED)
_FEW = 6
_RED_WAIVERS = frozenset(state.value for state in State if state.is_red)


def digest(
    results: Mapping[str, Any], changes: Sequence[Change] | None, masker: Masker, *, more: str = ""
) -> str:
    """A run's results (the contents of conformance.json) in a few lines, masked.

    ``changes`` is what is different from the baseline, None where there is none. ``more`` is a line
    of the caller's own.
    """
    code = ExitCode(results["exit_code"])
    when = str(results["started"])[:16].replace("T", " ")
    title = (
        f"kontrak: {chat(results['target']['name'])[:80]} {_WORDS.get(code, '')} (exit {int(code)})"
    )
    # Ours, and not masked: a short PIN may be found in any seed by chance.
    about = f"{when} UTC, profile {results['profile']}, seed {results['seed']}"
    head = "\n".join([title, *_stopped(results)])
    lines = [*_by_provider(results)]
    for verdict in _LISTED:
        ids = [one["id"] for one in results["clauses"] if one["verdict"] == verdict.word]
        lines += [f"{verdict.word}: {_few(ids)}"] if ids else []
    red = [
        f"{one['clause']} {one['state']}"
        for one in results.get("waivers", ())
        if one["state"] in _RED_WAIVERS
    ]
    lines += [f"waivers that no longer fit: {_few(red)}"] if red else []
    if changes is not None:
        lines.append(f"since the baseline: {words.brief(changes)}")
    lines += [more] if more else []
    return _cut("\n".join([masker.text(head), about, masker.text("\n".join(lines))]))


def _stopped(results: Mapping[str, Any]) -> list[str]:
    why = results.get("money", {}).get("stopped")
    return [f"nothing more was bought: {chat(why)}"] if why else []


def write(text: str, folder: Path) -> None:
    """Write the text beside the report."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(text, encoding="utf-8")


def _by_provider(results: Mapping[str, Any]) -> list[str]:
    found = []
    for provider in results["providers"]:
        counts = Counter(
            one["verdict"] for one in results["clauses"] if one["provider"] == provider
        )
        reported = ", ".join(
            f"{counts[one.word]} {one.word}"
            for one in sorted(Verdict, reverse=True)
            if counts[one.word] and one is not Verdict.DISABLED
        )
        found.append(f"{provider}: {reported or 'nothing judged'}")
    return found


def _few(reported: Sequence[str]) -> str:
    rest = f" and {len(reported) - _FEW} more" if len(reported) > _FEW else ""
    return ", ".join(reported[:_FEW]) + rest


def _cut(text: str) -> str:
    whole = text + "\n"
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 5]} ...\n"
