"""Imported once by the fork server, so that a stage starts with everything in memory."""

import hypothesis.stateful
import hypothesis.strategies

import kontrak.plugin
import kontrak.selfcheck.stage

__all__ = ["hypothesis", "kontrak"]
