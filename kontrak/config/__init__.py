"""Configuration of a run: target files, the provider registry, paths and profiles."""
