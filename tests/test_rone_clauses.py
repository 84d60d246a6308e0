"""Sentences and strengths of the clauses of R-ONE, whose two interfaces run together."""

from __future__ import annotations

from collections import Counter

import pytest

from kontrak.clauses.catalogue import clauses
from kontrak.clauses.verdict import Strength

BOTH = [*clauses("rqid").values(), *clauses("httpget").values()]


@pytest.mark.parametrize("language", ["text", "text_id"])
def test_no_sentence_is_there_twice(language: str) -> None:
    count = Counter(getattr(one, language) for one in BOTH)
    assert [sentence for sentence, times in count.items() if times > 1] == []


def test_money_is_never_only_a_warning() -> None:
    money = ("costs nothing", "takes", "lowers", "falls", "money taken", "charged")
    weak = [
        one.id
        for one in BOTH
        if one.strength is Strength.INFERRED and any(word in one.text for word in money)
    ]
    assert weak == []
