"""Load kontrak's pytest plugin."""

pytest_plugins = ["kontrak.plugin"]
