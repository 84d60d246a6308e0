"""Asking a target: the state of a run in one process."""
