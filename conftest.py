"""Load kontrak's pytest plugin."""

pytest_plugins = ["kontrak.pytest_plugin.plugin"]
