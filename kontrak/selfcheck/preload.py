"""Imported once by the fork server, so that a stage starts with everything in memory."""

import hypothesis.stateful
import hypothesis.strategies

import kontrak.pytest_plugin.plugin
import kontrak.selfcheck.stage

__all__ = ["hypothesis", "kontrak"]
