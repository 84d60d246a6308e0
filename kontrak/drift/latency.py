"""Whether a provider has become slower: a rule that a busy night does not trip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

FEWEST = 10
"""Fewer answers than this say nothing about latency."""
TIMES = 2.0
MILLISECONDS = {"p50": 250.0, "p90": 1_000.0}
"""How much slower a quantile has to be, at the least, besides being ``TIMES`` as slow."""


def slower(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """In words, which quantile of some latencies is slower by both measures; the median first."""
    if min(old["n"], new["n"]) < FEWEST:
        return
    for name, least in MILLISECONDS.items():
        was, now = old[name], new[name]
        if now > was * TIMES and now - was > least:
            yield f"{name} {now:.0f} ms, was {was:.0f} ms ({new['n']} answers)"
            return
