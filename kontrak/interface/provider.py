"""What a provider is to kontrak: one declared object, checked when it is made.

``kontrak/providers/<key>/provider.py`` declares it, an entry point of the group
``kontrak.providers`` leads to it, and ``provider(key)`` gives it. Whoever asks a provider for
anything goes through it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

from kontrak.clauses.response_codes import ResponseCode
from kontrak.config.paths import SCHEMAS, SUITES
from kontrak.config.registry import PROVIDERS, ProviderInfo
from kontrak.config.target import ProviderTarget
from kontrak.errors import ConfigurationError
from kontrak.interface.compare_steps import Scenario
from kontrak.interface.response_view import Observation
from kontrak.interface.session import Wire
from kontrak.limits.reconciliation import AccountLookup


class ProviderSettings(Protocol):
    """A provider's table of a target, as its client reads it."""

    @classmethod
    def of(cls, target: ProviderTarget, /) -> Self:
        """The settings; raises ``ConfigurationError`` where the table contradicts itself."""


class Client(Protocol):
    """What sends a provider's requests."""

    def probe(self) -> object:
        """Ask something that costs nothing; raises ``NoAnswer`` where the target is not ours."""


S = TypeVar("S", bound=ProviderSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(ProviderInfo, Generic[S]):
    """One documented interface and everything that is asked of it; ``S`` are its settings.

    ``connect`` makes the client of a wire. ``unoffered`` says, of a test's fixtures and string
    parameters, why the target does not offer what the test needs; None where it does or where
    that is not known. ``observation`` is how the inventory looks at responses. ``compare_steps``
    gives the way through ``kontrak compare`` and has probed the target. ``account_lookup`` is where
    ``kontrak reconcile`` asks for the transactions of an account ("" is the usual one).
    ``response_codes`` is empty where the document has none.

    Raises ``ConfigurationError``, which names the part, when one is not what it has to be.
    """

    settings: type[S]
    connect: Callable[[Wire], Client]
    unoffered: Callable[[S, Collection[str], Mapping[str, object]], str | None]
    observation: Observation
    compare_steps: Callable[[Wire], Scenario]
    account_lookup: Callable[[Wire, str], AccountLookup]
    response_codes: Mapping[str, ResponseCode]

    def __post_init__(self) -> None:
        """Check every part."""
        for part, (is_right, wanted) in _PARTS.items():
            if not is_right(getattr(self, part)):
                raise ConfigurationError(
                    f"provider {self.key!r}: the part {part} is not {wanted}",
                    hint="see kontrak/interface/provider.py for what each part is",
                )


def provider(key: str) -> Provider[Any]:
    """The provider of a key, imported at its first use.

    Raises ``KeyError`` for a key that is not registered and ``ConfigurationError``, which names
    the entry point and the part, for a provider that is not whole.
    """
    found = PROVIDERS[key]
    if not isinstance(found, Provider):
        raise ConfigurationError(
            f"{PROVIDERS.origin(key)} is of type {type(found).__name__}, not Provider",
            hint="let it lead to the declared object: see CONTRIBUTING.md, Add a provider",
        )
    for folder, name in ((SUITES, "clauses.toml"), (SCHEMAS, "target.json")):
        if not (folder / key / name).is_file():
            raise ConfigurationError(
                f"{PROVIDERS.origin(key)}: there is no {folder.name}/{key}/{name}",
                hint="see CONTRIBUTING.md, Add a provider, for the places that one fills",
            )
    return found


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_page(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def _is_documents(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(_is_text(name) and (not page or _is_page(page)) for name, page in value.items())
    )


def _is_codes(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(one, ResponseCode) and rc == one.rc for rc, one in value.items()
    )


def _takes(count: int) -> Callable[[object], bool]:
    """Whether something can be called with so many arguments by position."""

    def is_right(value: object) -> bool:
        if not callable(value):
            return False
        try:
            inspect.signature(value).bind(*range(count))
        except TypeError:
            return False
        except ValueError:
            # Something built in, whose signature cannot be read.
            return True
        return True

    return is_right


_PARTS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "key": (
        lambda key: isinstance(key, str) and re.fullmatch("[a-z][a-z0-9]*", key) is not None,
        "a word of small letters and digits",
    ),
    "title": (_is_text, "a name for reports"),
    "home": (_is_page, "the address of a page"),
    "documents": (_is_documents, "a mapping of documents' names to addresses of pages"),
    "platform": (lambda name: isinstance(name, str), "a text"),
    "settings": (
        lambda model: isinstance(model, type) and _takes(1)(getattr(model, "of", None)),
        "a class with of(target)",
    ),
    "connect": (_takes(1), "callable with a wire"),
    "unoffered": (_takes(3), "callable with settings, fixtures and parameters"),
    "observation": (lambda one: isinstance(one, Observation), "an Observation"),
    "compare_steps": (_takes(1), "callable with a wire"),
    "account_lookup": (_takes(2), "callable with a wire and an account"),
    "response_codes": (_is_codes, "a mapping of codes to ResponseCode"),
}
