"""The arguments that every run of the suites gives to pytest."""

from __future__ import annotations

from kontrak.config.paths import ROOT, SUITE_SETTINGS, SUITES

ALWAYS = (
    "-c",
    str(SUITE_SETTINGS),
    f"--rootdir={ROOT}",
    # Only the suites' own conftest.py files: what lies above them belongs to others.
    f"--confcutdir={SUITES}",
    # The suites assert through kontrak.judging.expect, so there is nothing to rewrite.
    "--assert=plain",
    "-q",
)
