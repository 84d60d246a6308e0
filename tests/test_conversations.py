"""Conversations: held at the same time before the first test, judged row by row in one test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kontrak.asking.asker import Asker
from kontrak.asking.conversation import Conversation, Held
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, Deviation, Finding, Notebook, notebook
from kontrak.pytest_plugin.rows import call_by_row

Values = tuple[tuple[str, Any], ...]
CODECS: Values = (("json", "json"), ("xml", "xml"))


def conversation(function: Callable[..., Any], **axes: Values) -> Conversation:
    return Conversation(function.__name__, function, tuple(axes.items()), buys=False)


def held(function: Callable[..., Any], **axes: Values) -> Held[Any]:
    return Asker(0).hold(conversation(function, **axes), {})


def judged(function: Callable[..., None], **arguments: Any) -> Notebook:
    with notebook() as book:
        call_by_row(function, arguments)
    return book


def deviating(expected: str) -> Deviation:
    return Deviation([Finding(expected, "something else")], [])


def keeps(answer: str) -> None:
    assert answer


def test_rows_are_every_combination_of_the_axes() -> None:
    both = conversation(lambda: None, codec=CODECS, sign=(("empty", ""), ("cut", "ab")))
    assert [labels for labels, _ in both.rows()] == [
        ("json", "empty"),
        ("json", "cut"),
        ("xml", "empty"),
        ("xml", "cut"),
    ]
    assert dict(both.rows())[("xml", "cut")] == {"codec": "xml", "sign": "ab"}


def test_free_rows_are_held_at_the_same_time() -> None:
    # Each row waits for all the others: one after the other they would never end.
    meeting = threading.Barrier(4)

    def meets(number: str) -> str:
        meeting.wait(timeout=30)
        return number

    rows = tuple((str(one), str(one)) for one in range(4))
    asker = Asker(4)
    found = asker.hold(conversation(meets, number=rows), {})
    asker.wait()
    assert [found.of(str(one)) for one in range(4)] == ["0", "1", "2", "3"]


def test_rows_that_buy_are_held_one_after_the_other() -> None:
    under_way: list[str] = []
    most: list[int] = []

    def pays(number: str) -> None:
        under_way.append(number)
        most.append(len(under_way))
        under_way.remove(number)

    asker = Asker(8)
    rows = tuple((str(one), str(one)) for one in range(20))
    asker.hold(replace(conversation(pays, number=rows), buys=True), {})
    asker.wait()
    assert max(most) == 1


def test_a_row_waits_for_the_row_it_looks_at() -> None:
    asker = Asker(1)
    first = asker.hold(conversation(lambda: "a bill"), {})
    second = asker.hold(conversation(lambda bill: f"{bill.of()}, paid"), {"bill": first})
    asker.wait()
    assert second.of() == "a bill, paid"


def test_a_test_is_called_once_per_row() -> None:
    seen: list[str] = []

    def judges(answer: str) -> None:
        seen.append(answer)

    judged(judges, answer=held(lambda codec: codec, codec=CODECS))
    assert seen == ["json", "xml"]


def test_conversations_are_joined_by_the_axes_they_share() -> None:
    seen: list[tuple[str, str]] = []

    def judges(bill: str, refusal: str) -> None:
        seen.append((bill, refusal))

    signs: Values = (("cut", 1), ("empty", 2))
    judged(
        judges,
        bill=held(lambda codec: codec, codec=CODECS),
        refusal=held(lambda codec, sign: f"{codec}{sign}", codec=CODECS, sign=signs),
    )
    assert seen == [("json", "json1"), ("json", "json2"), ("xml", "xml1"), ("xml", "xml2")]


def test_a_parameter_for_all_rows_is_given_all_rows() -> None:
    def judges(every: Held[str]) -> None:
        assert [every.of(*labels) for labels in every.rows()] == ["json", "xml"]

    judged(judges, every=held(lambda codec: codec, codec=CODECS))


def test_every_deviating_row_is_named() -> None:
    def judges(answer: str) -> None:
        raise deviating(f"not {answer}")

    with pytest.raises(Deviation) as raised:
        judged(judges, answer=held(lambda codec: codec, codec=CODECS))
    assert [(one.row, one.expected) for one in raised.value.findings] == [
        ("json", "not json"),
        ("xml", "not xml"),
    ]


def test_a_deviation_is_told_whatever_else_could_not_be_judged() -> None:
    def judges(answer: str) -> None:
        if answer == "json":
            raise RuntimeError("ours")
        raise deviating("not xml")

    with pytest.raises(Deviation, match="not xml"):
        judged(judges, answer=held(lambda codec: codec, codec=CODECS))


def test_a_row_that_breaks_breaks_the_test() -> None:
    def asked(codec: str) -> str:
        if codec == "json":
            raise RuntimeError("no connection")
        return codec

    with pytest.raises(RuntimeError, match="no connection"):
        judged(keeps, answer=held(asked, codec=CODECS))


def test_a_row_that_hides_is_named_beside_those_that_pass() -> None:
    def judges(answer: str) -> None:
        if answer == "json":
            raise Blocked("IAK-AMOUNT-PRICE")

    book = judged(judges, answer=held(lambda codec: codec, codec=CODECS))
    assert book.partly == ["json: not judged: hidden behind IAK-AMOUNT-PRICE"]
    assert (book.behind, book.notes) == ("IAK-AMOUNT-PRICE", [])


def test_where_no_row_is_offered_the_test_is_not_either() -> None:
    def asked(codec: str) -> str:
        raise NotOffered(f"the target does not offer {codec}", hint="none")

    with pytest.raises(NotOffered, match="json"):
        judged(keeps, answer=held(asked, codec=CODECS))


def test_without_threads_a_row_is_held_when_it_is_looked_at() -> None:
    asked: list[str] = []

    def asks(codec: str) -> None:
        asked.append(codec)

    found = held(asks, codec=CODECS)
    assert asked == []
    found.of("json")
    assert asked == ["json"]
