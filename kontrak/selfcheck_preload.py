"""Imported once by selfcheck's fork server, so that a trial starts with everything in memory."""

import hypothesis.stateful
import hypothesis.strategies

import kontrak.plugin
import kontrak.selfcheck

__all__ = ["hypothesis", "kontrak"]
