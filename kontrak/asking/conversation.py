"""Conversations: named pieces of asking that are held before the first test judges anything.

A conversation sends requests and returns answers; it judges nothing. It is declared once, beside
the tests that judge it, and held once per *row*: every combination of the values of its axes. A
test that names a conversation as a parameter is called once per row, with that row's result.

    @asks(codec=CODECS, wrong=tuple(WRONG))
    def wrong_sign(iak: Iak, codec: Codec, wrong: str) -> Refusal: ...

    @clause("IAK-SIGN-WRONG")
    def test_a_wrong_sign_is_refused(wrong_sign: Refusal) -> None: ...

``asks`` declares what costs nothing and may be held at the same time as anything else; ``buys``
what moves money or looks at it: one after the other, in the order of the suite.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import pytest

Result = TypeVar("Result")
_MARK = "kontrak_conversation"
"""The attribute by which a fixture is known as a conversation."""

Axes = Mapping[str, Sequence[Any] | Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A declared conversation.

    ``axes`` are its parameters that vary, in the order of the rows' names; every other parameter is
    a fixture or another conversation. ``buys`` tells whether it moves money or reads a balance.
    """

    name: str
    function: Callable[..., Any]
    axes: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
    buys: bool

    def rows(self) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
        """Each row's labels, such as ``("json", "cut-short")``, with its values by parameter."""
        names = [name for name, _ in self.axes]
        for combined in itertools.product(*(values for _, values in self.axes)):
            labels = tuple(label for label, _ in combined)
            yield labels, dict(zip(names, (value for _, value in combined), strict=True))


@dataclass(slots=True)
class Held(Generic[Result]):
    """The results of a conversation by row; a result is there once the row has been held."""

    conversation: Conversation
    futures: dict[tuple[str, ...], Future[Result]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The labels of every row, axis by axis."""
        return iter(self.futures)

    def of(self, *labels: str) -> Result:
        """The result of the row of these labels; raises what was raised while it was held."""
        return self.futures[labels].result()


def asks(**axes: Any) -> Callable[[Callable[..., Any]], Any]:
    """Declare a conversation that costs nothing; the keywords are its axes.

    An axis is a sequence of texts, or a mapping from a row's name to the value that is passed.
    """
    return lambda function: _fixture(function, axes, buys=False)


def buys(**axes: Any) -> Callable[[Callable[..., Any]], Any]:
    """Declare a conversation that moves money or reads a balance; see ``asks``."""
    return lambda function: _fixture(function, axes, buys=True)


def _fixture(function: Callable[..., Any], axes: Axes, *, buys: bool) -> Any:
    """A session fixture that hands the conversation to the asker and returns what it holds."""
    parameters = inspect.signature(function).parameters
    unknown = [name for name in axes if name not in parameters]
    if unknown:
        raise TypeError(f"{function.__name__} has no parameter {', '.join(unknown)}")
    named = tuple((name, _named(values)) for name, values in axes.items())
    conversation = Conversation(function.__name__, function, named, buys)
    needs = [name for name in parameters if name not in axes]

    def held(kontrak_asker: Any, **needed: Any) -> Held[Any]:
        found: Held[Any] = kontrak_asker.hold(conversation, needed)
        return found

    held.__name__ = function.__name__
    held.__doc__ = function.__doc__
    held.__module__ = function.__module__
    # pytest reads the fixtures that a fixture needs from its signature.
    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    held.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # a function has one
        [inspect.Parameter(name, keyword) for name in ("kontrak_asker", *needs)]
    )
    setattr(held, _MARK, conversation)
    return pytest.fixture(scope="session")(held)


def is_conversation(item: pytest.Item, name: str) -> bool:
    """Whether a fixture that a test names is a conversation."""
    definitions = item.session._fixturemanager.getfixturedefs(name, item)  # noqa: SLF001 - no public way
    return any(hasattr(one.func, _MARK) for one in definitions or ())


def _named(values: Sequence[Any] | Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    if isinstance(values, Mapping):
        return tuple(values.items())
    return tuple((str(value), value) for value in values)
