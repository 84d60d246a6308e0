"""Which clauses have turned, which readings have switched, and what two runs can be compared in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kontrak.clauses.verdict import Verdict
from kontrak.drift.changes import Change, Kind

Results = Mapping[str, Any]
"""The contents of conformance.json."""

_JUDGED = frozenset({"passed", "warned", "waived", "failed"})
_GREEN = ("passed", "warned")


def turned(old: Results, new: Results, provider: str) -> Iterator[Change]:
    """The clauses that both runs know and whose verdict has changed."""
    was = _clauses(old, provider)
    for key, now in _clauses(new, provider).items():
        before = was.get(key, {}).get("verdict")
        after = now["verdict"]
        # What either run left out on purpose has not turned.
        if before in (None, after) or "disabled" in (before, after):
            continue
        reason = f": {now['reason'].splitlines()[0][:120]}" if now["reason"] else ""
        yield Change(
            provider,
            Kind.TURNED,
            f"{before} -> {after}{reason if after not in _GREEN else ''}",
            key,
            fails=after == Verdict.FAILED.word,
        )


def switched(old: Results, new: Results, provider: str) -> Iterator[Change]:
    """The readings that differ: a reading that is given up fails, one more warns.

    A reading that one run did not come to has not switched.
    """
    was, now = _readings(old, provider), _readings(new, provider)
    for key in sorted(was.keys() & now.keys()):
        if was[key] != now[key]:
            clause, question, about = key
            of = f" ({about})" if about else ""
            reported = f"{question}{of}: {_list(was[key])} -> {_list(now[key])}"
            yield Change(provider, Kind.READING, reported, clause, fails=not was[key] <= now[key])


def not_judged_again(old: Results, new: Results, provider: str) -> list[str]:
    """The tests that judged in the old run and did not in the new one, for reasons of ours.

    What is hidden behind a broken clause is the provider's doing: its clause has turned.
    """
    before = {test["test"] for test in _tests(old, provider) if test["verdict"] in _JUDGED}
    now = {
        test["test"]
        for test in _tests(new, provider)
        if test["verdict"] in _JUDGED or test["blocked_by"]
    }
    return sorted(before - now)


def _clauses(results: Results, provider: str) -> dict[str, Mapping[str, Any]]:
    return {one["id"]: one for one in results["clauses"] if one["provider"] == provider}


def _tests(results: Results, provider: str) -> Iterator[Mapping[str, Any]]:
    for clause in _clauses(results, provider).values():
        yield from clause["tests"]


def _readings(results: Results, provider: str) -> dict[tuple[str, str, str], set[str]]:
    found: dict[tuple[str, str, str], set[str]] = {}
    for one in results.get("readings", ()):
        if one["clause"].startswith(f"{provider.upper()}-"):
            key = (one["clause"], one["question"], one.get("about", ""))
            found.setdefault(key, set()).add(one["answer"])
    return found


def _list(answers: set[str]) -> str:
    return " and ".join(sorted(answers))
