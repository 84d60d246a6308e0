"""The exchange that is shown whole is the one that a finding is about."""

from __future__ import annotations

import pytest

from kontrak.exchange import Exchange, Reply, Request
from kontrak.http.body import Answer
from kontrak.judging.expect import Deviation, expect


def _answer(name: str) -> Answer:
    request = Request("POST", f"http://x/{name}", (), b"", name)
    return Answer(Exchange(request, Reply(200, "OK", (), b"{}"), 0.0, 0.0), {})


def _shown(*wrong: str) -> list[str]:
    answers = [_answer(name) for name in ("one", "two", "three")]
    with pytest.raises(Deviation) as caught:
        _judge(answers, wrong)
    return [one.request.summary for one in caught.value.exchanges]


def _judge(answers: list[Answer], wrong: tuple[str, ...]) -> None:
    with expect(*answers) as that:
        for answer in answers:
            that.about(answer)
            name = answer.exchange.request.summary
            that.that(name not in wrong, "rc 94", "rc 07")


@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_the_wrong_answer_is_the_evidence(name: str) -> None:
    shown = _shown(name)
    assert shown[-1] == name
    assert sorted(shown) == ["one", "three", "two"]


def test_of_several_wrong_answers_the_first_is_shown() -> None:
    assert _shown("one", "two") == ["three", "two", "one"]


def test_a_finding_about_all_of_them_keeps_their_order() -> None:
    answers = [_answer(name) for name in ("one", "two")]
    with pytest.raises(Deviation) as caught, expect(*answers) as that:
        that.equal("money taken", 1, 0)
    assert [one.request.summary for one in caught.value.exchanges] == ["one", "two"]
