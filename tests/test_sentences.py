"""The sentences of the catalogue: a report quotes them, so that no two clauses may share one."""

from __future__ import annotations

from collections import Counter

import pytest

from kontrak.clauses.catalogue import clauses


@pytest.mark.parametrize("key", ["digiswitch", "iak"])
def test_no_sentence_stands_twice(key: str) -> None:
    known = list(clauses(key).values())
    for sentences in ([one.text for one in known], [one.text_id for one in known]):
        assert [text for text, count in Counter(sentences).items() if count > 1] == []
