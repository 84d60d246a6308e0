"""The pytest plugin: hooks, selection, run plan, recorder."""
