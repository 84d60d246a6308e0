"""``python -m benchmarks.schemathesis``: measure a general tool beside kontrak.

    python -m benchmarks.schemathesis -p iak --seed 1

installs Schemathesis from PyPI into ``build/control/tool`` and writes what was measured of the
providers named into ``results.json``, beside what stands there of the others. With the defaults all
five providers take at most twenty-five minutes of a machine that has nothing else to do.
"""

from __future__ import annotations

import json
import platform
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from benchmarks.schemathesis.measure import (
    DESCRIPTIONS,
    Measured,
    Plan,
    again,
    measure,
    ours_returned,
    sizes,
    visible,
)
from benchmarks.schemathesis.table import page
from benchmarks.schemathesis.tool import install
from kontrak.config.paths import ROOT
from kontrak.selfcheck import play, trials

FOLDER = ROOT / "build" / "control"
TOOL = FOLDER / "tool"
RESULTS = Path(__file__).with_name("results.json")


@click.command()
@click.option("-p", "--provider", "providers", multiple=True, type=click.Choice(list(DESCRIPTIONS)))
@click.option("--faults", default=12, show_default=True, help="Hand-made faults per provider.")
@click.option("--derived", default=12, show_default=True, help="Faults made by rule per provider.")
@click.option("--variants", default=5, show_default=True, help="Variants per provider.")
@click.option("--examples", default=10, show_default=True, help="Generated per operation.")
@click.option("--deeper", default=2, show_default=True, help="Missed faults to try again.")
@click.option("--minutes", default=4.0, show_default=True, help="Per provider, at the most.")
@click.option("--seed", default=1, show_default=True, help="Draws the sample, generates requests.")
@click.option(
    "--again", "renewed", multiple=True, help="Only measure these trials of one provider anew."
)
@click.option("--ours", is_flag=True, help="Only play kontrak's part of what was measured anew.")
@click.option("--table", is_flag=True, help="Only print what was measured.")
def main(
    *,
    providers: tuple[str, ...],
    minutes: float,
    seed: int,
    renewed: tuple[str, ...],
    ours: bool,
    table: bool,
    **counts: int,
) -> None:
    """Put the same faults and variants before kontrak and Schemathesis."""
    plan = Plan(**counts, seed=seed, minutes=minutes)
    for provider in () if table else providers or tuple(DESCRIPTIONS):
        if ours:
            _play_again(provider)
        elif renewed:
            _measure_again(provider, renewed, plan)
        else:
            measure(provider, plan, install(TOOL), FOLDER, partial(_keep, plan))
    click.echo(page(_results()))


def _keep(plan: Plan, measured: Measured) -> None:
    """Write what is known of one provider."""
    last = measured.rows[-1]
    about = {
        "tool": f"schemathesis {last.tool.version}",
        "python": platform.python_version(),
        "date": time.strftime("%Y-%m-%d"),
        "plan": asdict(plan),
    }
    _write(measured.provider, {**about, **measured.to_json()})
    click.echo(f"{len(measured.rows)} {last.trial.id}: tool {last.tool.found}")


def _measure_again(provider: str, ids: tuple[str, ...], plan: Plan) -> None:
    """Measure some trials anew, and write them in the place of what was measured before."""
    reported = _results()["providers"][provider]
    rows = again(provider, ids, plan, install(TOOL), FOLDER)
    known = {one["id"]: one for one in reported["trials"]}
    known |= {name: row.to_json() for name, row in rows.items()}
    reported["trials"] = list(known.values())
    _write(provider, reported)


def _play_again(provider: str) -> None:
    """Let kontrak play what was measured, and write what it says now beside the tool's part."""
    reported = _results()["providers"][provider]
    reported["visible"] = sizes(visible(provider, DESCRIPTIONS[provider]()))
    rows = {one["id"]: one for one in reported["trials"]}
    for outcome in play(trials([provider], rows), workers=1):
        rows[outcome.trial.id]["kontrak"] = ours_returned(outcome)
    _write(provider, reported)


def _results() -> dict[str, Any]:
    if not RESULTS.exists():
        return {"format": 1, "providers": {}}
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def _write(provider: str, reported: dict[str, Any]) -> None:
    """Put one provider's part into the results, in the order of the table of providers."""
    providers = {**_results()["providers"], provider: reported}
    ordered = {key: providers[key] for key in DESCRIPTIONS if key in providers}
    text = json.dumps({"format": 1, "providers": ordered}, indent=1, ensure_ascii=False)
    RESULTS.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
