"""One run at a time may buy from an account: a second one is refused before it sends anything.

Two runs that buy from one account at the same time see each other's payments as money that the
provider has taken without a reason. The lock is a file of this user on this machine; the system
gives it back when its process ends, however it ends. Runs on other machines are not seen.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import json
import os
import platform
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from kontrak.asking.run import Run, place, read_only
from kontrak.config.registry import PROVIDERS
from kontrak.errors import ConfigurationError

_ACCOUNT = ("username", "member_id", "mmid", "client_id")
"""The options that name an account, whatever a provider calls it."""
_WAIT_SECONDS = 10.0


class RunLock:
    """The accounts that this process may buy from; ``close`` gives them back."""

    def __init__(self) -> None:
        self._held = ExitStack()

    @classmethod
    def of(cls, run: Run, providers: Iterable[str], folder: Path | None = None) -> Self:
        """Take the accounts of some providers of a run, or none for a run that buys nothing.

        ``folder`` is where the locks are kept. Raises ``ConfigurationError`` that says who holds
        an account, or that the locks cannot be written.
        """
        lock = cls()
        if run.target.embedded or read_only(run.target, run.profile):
            return lock
        try:
            where = folder or _private_folder()
            key = _key(where)
            for name in sorted({_account(run, provider, key) for provider in providers}):
                lock._take(where / f"{name}.lock", run)
        except OSError as error:
            lock.close()
            raise ConfigurationError(
                f"the locks of this machine's runs cannot be written: {error}",
                hint="check the space and the rights of the folder for temporary files",
            ) from error
        except BaseException:
            lock.close()
            raise
        return lock

    def _take(self, path: Path, run: Run) -> None:
        reported = path.with_suffix(".json")
        lock = FileLock(path, timeout=0)
        try:
            self._held.enter_context(lock)
        except Timeout:
            raise ConfigurationError(
                f"{run.target.name}: another run buys from this account: {_who(reported)}",
                hint="wait until it has ended, or use --profile smoke, which buys nothing",
            ) from None
        about = {
            "pid": os.getpid(),
            "host": platform.node(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "run": run.id,
        }
        reported.write_text(json.dumps(about), encoding="utf-8")

    def close(self) -> None:
        """Give the accounts back."""
        self._held.close()


def _account(run: Run, provider: str, key: bytes) -> str:
    """A name for the account that a provider pays from; the account cannot be guessed from it."""
    options = run.provider(provider).options
    shared = PROVIDERS[provider].platform or provider
    owner = next((str(options[name]) for name in _ACCOUNT if name in options), "")
    text = "\n".join((shared, place(options["base_url"]), owner))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def _private_folder() -> Path:
    """A folder that only this user can read; made if absent."""
    user = str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()
    folder = Path(tempfile.gettempdir()) / f"kontrak-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and (folder.is_symlink() or folder.stat().st_uid != os.getuid()):
        raise PermissionError(f"{folder} belongs to another user")
    return folder


def _key(folder: Path) -> bytes:
    """The secret by which accounts are named in this folder: a plain hash could be guessed."""
    path = folder / "key"
    with FileLock(folder / "key.lock", timeout=_WAIT_SECONDS):
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), encoding="ascii")
        return path.read_bytes()


def _who(reported: Path) -> str:
    try:
        found: Mapping[str, Any] = json.loads(reported.read_text(encoding="utf-8"))
        return (
            f"process {found['pid']} on {found['host']}, run {found['run']}, since {found['since']}"
        )
    except (OSError, ValueError, LookupError, TypeError):
        return "it has not yet written which one it is"
