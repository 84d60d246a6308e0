"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

from kontrak.config.paths import REPORTS
from kontrak.config.registry import PROVIDERS

provider_option = click.option(
    "-p",
    "--provider",
    "providers",
    multiple=True,
    type=click.Choice(list(PROVIDERS)),
    help="A provider; may be repeated. Default: all that the target has.",
)
target_option = click.option(
    "--target",
    type=click.Path(path_type=Path),
    help="Target file. Default: the embedded sandbox.",
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=REPORTS,
    show_default="reports",
    help="Folder of results.",
)

baseline_option = click.option(
    "--baseline",
    "chosen",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the accepted run. Default: baseline/ beside the target file.",
)
