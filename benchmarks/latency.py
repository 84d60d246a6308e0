"""How long a run needs where every answer takes its time: ``python -m benchmarks.latency``.

For each provider a sandbox is served whose answers come that much later, and judged in one process
twice: with one request at a time, and with eight. Printed are seconds of the wall clock and their
ratio; the answers' own work is in both.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kontrak.config.registry import PROVIDERS
from kontrak.config.target import EMBEDDED

_KONTRAK = (sys.executable, "-m", "kontrak")


@contextmanager
def served(latency_ms: int) -> Iterator[tuple[str, str]]:
    """A sandbox with slow answers: its address and the token of its control door."""
    token = "benchmark"  # noqa: S105 - of a sandbox that lives for this run
    command = [*_KONTRAK, "sandbox", f"--latency-ms={latency_ms}", f"--control-token={token}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:  # noqa: S603 - our own
        try:
            for line in sandbox.stdout or ():
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield found[0], token
                    return
        finally:
            sandbox.terminate()


def seconds(provider: str, latency_ms: int, at_once: int) -> float:
    """How long a run of one provider takes; its exit code has to be 0."""
    with served(latency_ms) as (url, token), tempfile.TemporaryDirectory() as name:
        text = EMBEDDED.read_text(encoding="utf-8").replace("http://embedded", url)
        text = text.replace("embedded = true\n", "")
        text = text.replace("[limits]\n", f"[limits]\nat_once = {at_once}\n")
        text = text.replace('control_url = "', f'control_token = "{token}"\ncontrol_url = "')
        text = text.replace('"fixtures/', f'"{EMBEDDED.parents[2].as_posix()}/fixtures/')
        target = Path(name) / "target.toml"
        target.write_text(text, encoding="utf-8")
        command = [*_KONTRAK, "run", "-p", provider, "--target", str(target), "--no-html"]
        command += ["--seed=1", f"--output={name}/out"]
        begun = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        taken = time.monotonic() - begun
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
    return taken


@click.command()
@click.option("--latency-ms", type=int, default=100)
@click.option("-p", "providers", multiple=True, type=click.Choice(list(PROVIDERS)))
def main(latency_ms: int, providers: tuple[str, ...]) -> None:
    """Time runs against slow answers, one request at a time and eight."""
    for provider in providers or tuple(PROVIDERS):
        serial, wide = (seconds(provider, latency_ms, at_once) for at_once in (1, 8))
        ratio = wide / serial
        click.echo(f"{provider:12} {serial:6.1f} s one by one, {wide:6.1f} s at once: {ratio:.2f}")


if __name__ == "__main__":
    main()
