"""The command that judges one clause again, as a failure shows it."""

from __future__ import annotations

import shlex

import pytest

from kontrak.clauses.catalogue import Clause


def rerun_line(item: pytest.Item, clause: Clause) -> str:
    """``kontrak run`` with the target, seed and clause of a test; its row stands as a comment."""
    option = item.config.option
    parts = ["kontrak", "run", "-p", clause.provider]
    parts += ["--target", str(option.target)] if option.target else []
    parts += ["--profile", option.profile] if option.profile != "full" else []
    for name in ("fault", "variant"):
        for one in getattr(option, name):
            parts += [f"--{name}", one]
    parts += ["--clause", clause.id, "--seed", str(option.seed)]
    row = f"  # row {item.callspec.id}" if hasattr(item, "callspec") else ""
    return shlex.join(parts) + row
