"""Drift: what a provider answers, gathered from run to run, and what has changed in it."""
