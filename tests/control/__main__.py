"""``python -m tests.control``: measure a general tool beside kontrak.

    python -m tests.control -p iak --faults 30 --variants 8 --seed 1

installs Schemathesis from PyPI into ``build/control/tool``, and writes what was measured of the
providers named into ``results.json``, beside what stands there of the others.
"""

from __future__ import annotations

import json
import platform
import time
from pathlib import Path
from typing import Any

import click

from kontrak.paths import ROOT
from tests.control.measure import DESCRIPTIONS, Plan, measure
from tests.control.table import page
from tests.control.tool import install

FOLDER = ROOT / "build" / "control"
RESULTS = Path(__file__).with_name("results.json")


@click.command()
@click.option("-p", "--provider", "providers", multiple=True, type=click.Choice(list(DESCRIPTIONS)))
@click.option("--faults", default=24, show_default=True, help="Faults per provider.")
@click.option("--variants", default=8, show_default=True, help="Variants per provider.")
@click.option("--examples", default=10, show_default=True, help="Generated per operation.")
@click.option(
    "--deeper", default=3, show_default=True, help="Missed faults to try again, at length."
)
@click.option("--seed", default=1, show_default=True, help="Draws the sample, generates requests.")
@click.option("--table", is_flag=True, help="Only print what results.json says.")
def main(
    *,
    providers: tuple[str, ...],
    faults: int,
    variants: int,
    examples: int,
    deeper: int,
    seed: int,
    table: bool,
) -> None:
    """Put the same faults and variants before kontrak and Schemathesis."""
    if not table:
        plan = Plan(faults, variants, examples, seed, deeper)
        command = install(FOLDER / "tool")
        for provider in providers or tuple(DESCRIPTIONS):
            measured = measure(provider, plan, command, FOLDER, click.echo)
            _keep(provider, plan, measured.to_json(), measured.rows[0].tool.version)
    click.echo(page(json.loads(RESULTS.read_text(encoding="utf-8"))))


def _keep(provider: str, plan: Plan, measured: dict[str, Any], version: str) -> None:
    """Write one provider's part of the results, in the order of the table of providers."""
    known: dict[str, Any] = {}
    if RESULTS.exists():
        known = json.loads(RESULTS.read_text(encoding="utf-8"))["providers"]
    about = {
        "tool": f"schemathesis {version}",
        "python": platform.python_version(),
        "date": time.strftime("%Y-%m-%d"),
        "seed": plan.seed,
        "examples": plan.examples,
        "deeper_examples": plan.deeper_examples,
    }
    found = {**known, provider: {**about, **measured}}
    ordered = {key: found[key] for key in DESCRIPTIONS if key in found}
    text = json.dumps({"format": 1, "providers": ordered}, indent=1, ensure_ascii=False)
    RESULTS.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
