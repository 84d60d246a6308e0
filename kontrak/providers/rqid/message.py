"""The texts of msg, as templates: ``schemas/rqid/templates.toml``."""

from __future__ import annotations

import tomllib
from functools import cache

from kontrak.clauses.text_template import Template
from kontrak.config.paths import SCHEMAS


@cache
def message_templates() -> dict[str, Template]:
    """The template of msg by operation."""
    data = tomllib.loads((SCHEMAS / "rqid" / "templates.toml").read_text(encoding="utf-8"))
    return {name: Template(row["text"]) for name, row in data.items()}
