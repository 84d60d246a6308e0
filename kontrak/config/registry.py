"""The registered providers: the entry points of the group ``kontrak.providers``.

An entry point is named like the key of its provider and leads to the declared object (a
``kontrak.interface.provider.Provider``). The keys are known without importing anything; a provider
is imported when it is first looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from kontrak.errors import ConfigurationError

GROUP = "kontrak.providers"
_ORDER = ("digiswitch", "tokopedia", "rqid", "httpget", "iak")
"""Reports list these first, in this order; others follow by key. Metadata keeps no order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderInfo:
    """What a report says of a documented interface.

    ``documents`` maps a document's file name (as clauses cite it) to the public page it records,
    or to "" where there is none. ``home`` is the public page of the interface itself. Providers of
    one ``platform`` are interfaces of one service and pay from one balance; "" is a platform of
    its own.
    """

    key: str
    title: str
    home: str
    documents: Mapping[str, str]
    platform: str = ""


def _installed() -> Iterable[EntryPoint]:
    return entry_points(group=GROUP)


class ProviderRegistry(Mapping[str, ProviderInfo]):
    """Providers by key, in the order in which reports list them.

    ``registry[key]`` imports the provider at its first use. It raises ``KeyError`` for a key that
    is not registered, and ``ConfigurationError``, which names the entry point, when the key is
    registered twice, the provider cannot be imported or it is not what the entry point promises.
    """

    def __init__(self, find: Callable[[], Iterable[EntryPoint]] = _installed) -> None:
        self._find = find
        self._known: dict[str, list[EntryPoint]] | None = None
        self._loaded: dict[str, ProviderInfo] = {}

    def __getitem__(self, key: str) -> ProviderInfo:
        if key not in self._loaded:
            self._loaded[key] = _load(self._entries[key])
        return self._loaded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        # Mapping's own would import the provider.
        return key in self._entries

    def origin(self, key: str) -> str:
        """The entry point of a key, for messages."""
        return _named(self._entries[key][0])

    @property
    def _entries(self) -> dict[str, list[EntryPoint]]:
        if self._known is None:
            found: dict[str, list[EntryPoint]] = {}
            for one in sorted(self._find(), key=_place):
                found.setdefault(one.name, []).append(one)
            if not found:
                raise ConfigurationError(
                    f"no provider is registered: the installed kontrak has no entry point {GROUP}",
                    hint="install it again, in a clone of the repository with: pip install -e .",
                )
            self._known = found
        return self._known


def _place(entry: EntryPoint) -> tuple[int, str, str]:
    place = _ORDER.index(entry.name) if entry.name in _ORDER else len(_ORDER)
    return place, entry.name, entry.value


def _named(entry: EntryPoint) -> str:
    by = f" of {entry.dist.name} {entry.dist.version}" if entry.dist is not None else ""
    return f"entry point {entry.group}: {entry.name} = {entry.value}{by}"


def _load(entries: list[EntryPoint]) -> ProviderInfo:
    entry = entries[0]
    if len(entries) > 1:
        raise ConfigurationError(
            f"the provider {entry.name} is registered twice: "
            + " and ".join(_named(one) for one in entries),
            hint="uninstall one of the packages",
        )
    try:
        found = entry.load()
    except ConfigurationError as error:
        raise ConfigurationError(f"{_named(entry)}: {error.sentence}", hint=error.hint) from error
    except Exception as error:
        returned = " ".join(f"{type(error).__name__}: {error}".split())
        raise ConfigurationError(
            f"{_named(entry)} cannot be loaded: {returned}",
            hint="repair or uninstall the package that declares it",
        ) from error
    if not isinstance(found, ProviderInfo):
        raise ConfigurationError(
            f"{_named(entry)} is of type {type(found).__name__}, not Provider",
            hint="let it lead to the declared object: see CONTRIBUTING.md, Add a provider",
        )
    if found.key != entry.name:
        raise ConfigurationError(
            f"{_named(entry)}: the part key is {found.key!r}",
            hint="an entry point is named like the key of its provider",
        )
    return found


PROVIDERS = ProviderRegistry()


def same_platform(key: str) -> tuple[str, ...]:
    """The providers that pay from the balance of a provider, itself among them."""
    mine = PROVIDERS[key].platform
    if not mine:
        return (key,)
    return tuple(one for one, info in PROVIDERS.items() if info.platform == mine)
