"""What a difference says: new warns, gone and narrowed fail, chance says nothing."""

from __future__ import annotations

import pytest

from kontrak.drift import words
from kontrak.drift.changes import Kind
from kontrak.drift.difference import Record, differences
from kontrak.drift.latency import slower
from tests.drifting import PRICE, bill, exchange, record, results

ProviderStatus = set[tuple[str, bool, str]]


def reported(old: Record, new: Record) -> ProviderStatus:
    return {(one.kind.value, one.fails, one.what) for one in differences(old, new)}


def test_the_same_answers_are_no_difference() -> None:
    one = record(exchange(bill(price=1)), exchange(bill(price=2, denda=3)))
    other = record(
        exchange(bill(price=5, denda=4)), exchange(bill(price=9)), exchange(bill(price=9, denda=1))
    )
    assert reported(one, other) == set()
    assert words.closing(()) == "no difference"


def test_a_new_member_warns() -> None:
    old, new = record(exchange(bill())), record(exchange(bill(ppn={"rate": 11})))
    assert reported(old, new) == {("new", False, "data.ppn, object, always")}


def test_a_member_that_is_gone_fails() -> None:
    old, new = record(exchange(bill(desc={"daya": "900"}))), record(exchange(bill()))
    assert reported(old, new) == {("gone", True, "data.desc, which was there always")}


def test_an_optional_member_that_is_gone_fails() -> None:
    old = record(exchange(bill(denda=1)), exchange(bill(denda=2)), exchange(bill()))
    new = record(exchange(bill()), exchange(bill()), exchange(bill()))
    assert reported(old, new) == {("gone", True, "data.denda, which was there 2 times")}


def test_an_optional_member_seen_once_only_warns() -> None:
    old = record(exchange(bill(denda=1)), exchange(bill()))
    new = record(exchange(bill()), exchange(bill()))
    assert reported(old, new) == {("gone", False, "data.denda, which was there 1 times")}


def test_a_member_that_is_there_at_times_is_narrowed() -> None:
    old = record(exchange(bill(price=1)), exchange(bill(price=1)))
    new = record(exchange(bill(price=1)), exchange(bill()))
    assert reported(old, new) == {
        ("narrowed", True, "data.price was always there and is now at times")
    }
    assert reported(new, old) == set()


def test_a_type_that_changes_is_gone_and_new() -> None:
    old, new = record(exchange(bill(price=1))), record(exchange(bill(price="1")))
    assert reported(old, new) == {
        ("new", False, "data.price is also string (was integer)"),
        ("gone", True, "data.price is not integer any more (now string)"),
    }


def test_whole_numbers_are_numbers() -> None:
    old, new = record(exchange(bill(price=1.5))), record(exchange(bill(price=1)))
    assert reported(old, new) == set()


def test_an_empty_list_reports_nothing_of_its_elements() -> None:
    old = record(exchange(bill(detail=[{"total": 1}])))
    assert reported(old, record(exchange(bill(detail=[])))) == set()


def test_a_value_of_an_enum_is_new_or_gone() -> None:
    old = record(exchange(bill(status="1")), exchange(bill(status="2")))
    new = record(exchange(bill(status="1")), exchange(bill(status="9")))
    assert reported(old, new) == {
        ("new", False, "data.status = 9"),
        ("gone", True, "data.status = 2"),
    }


def test_what_is_in_process_comes_and_goes() -> None:
    pending = exchange({"data": {"response_code": "39"}})
    assert reported(record(exchange(bill()), pending), record(exchange(bill()))) == set()


def test_another_rc_is_gone_and_new() -> None:
    refused = [exchange({"data": {"response_code": code}}) for code in ("14", "15")]
    old, new = (record(exchange(bill()), one) for one in refused)
    assert reported(old, new) == {
        ("new", False, "answer HTTP 200 RC 15"),
        ("gone", True, "answer HTTP 200 RC 14"),
    }


def test_trouble_of_the_network_is_not_drift() -> None:
    bad = exchange(b"busy", status=503)
    assert reported(record(exchange(bill()), bad), record(exchange(bill()))) == set()


def test_answers_to_wrong_requests_only_warn() -> None:
    refused = [exchange({"data": {"response_code": code}}, right=False) for code in ("102", "103")]
    old, new = (record(exchange(bill()), one) for one in refused)
    assert reported(old, new) == {
        ("new", False, "answer to wrong requests: HTTP 200 RC 103"),
        ("gone", False, "answer to wrong requests: HTTP 200 RC 102"),
    }


def test_headers_of_the_interface_count_and_those_of_the_way_do_not() -> None:
    old = record(exchange(bill(), headers=(("X-Signature", "a"), ("Via", "proxy"))))
    new = record(exchange(bill(), headers=(("CF-Ray", "1"), ("X-Trace", "2"))))
    assert reported(old, new) == {
        ("new", False, "header x-trace"),
        ("gone", True, "header x-signature"),
    }


def test_a_clause_that_turns_red_fails() -> None:
    old = record(exchange(bill()))
    new = record(exchange(bill()), printed=results("failed"))
    assert reported(old, new) == {("turned", True, "passed -> failed: why")}
    assert {one[1] for one in reported(new, old)} == {False}


@pytest.mark.parametrize("verdict", ["skipped", "broken"])
def test_nothing_is_gone_where_the_test_did_not_judge_again(verdict: str) -> None:
    old = record(exchange(bill(price=1)))
    new = record(exchange(bill()), printed=results(verdict))
    found = reported(old, new)
    assert ("gone", False, "data.price, which was there always") in found
    assert not any(fails for _, fails, _ in found)


def test_what_is_hidden_behind_a_broken_clause_has_judged() -> None:
    old = record(exchange(bill(price=1)))
    new = record(exchange(bill()), printed=results("skipped", blocked_by="IAK-JSON-PRICE"))
    assert ("gone", True, "data.price, which was there always") in reported(old, new)


def reading(*answers: str) -> dict[str, object]:
    rows = [{"clause": PRICE, "question": "denda", "answer": one, "about": ""} for one in answers]
    return {**results(), "readings": rows}


def test_a_reading_that_switches_fails_and_one_more_warns() -> None:
    old = record(exchange(bill()), printed=reading("inside"))
    switched = record(exchange(bill()), printed=reading("outside"))
    both = record(exchange(bill()), printed=reading("inside", "outside"))
    assert reported(old, switched) == {("reading", True, "denda: inside -> outside")}
    assert reported(old, both) == {("reading", False, "denda: inside -> inside and outside")}
    assert reported(old, record(exchange(bill()), printed=reading())) == set()
    assert reported(old, record(exchange(bill()))) == set()


def latency(n: int, p50: float, p90: float) -> dict[str, float]:
    return {"n": n, "p50": p50, "p90": p90, "p99": p90}


@pytest.mark.parametrize(
    ("old", "new", "warns"),
    [
        (latency(20, 300, 500), latency(20, 900, 1500), True),
        (latency(20, 300, 500), latency(20, 310, 2500), True),
        (latency(20, 2, 5), latency(20, 40, 80), False),
        (latency(20, 300, 500), latency(20, 550, 900), False),
        (latency(5, 300, 500), latency(20, 900, 1500), False),
        (latency(20, 900, 1500), latency(20, 300, 500), False),
    ],
    ids=["slower", "slow tail", "both fast", "not twice", "too few", "faster"],
)
def test_slower_is_reported_when_it_is_plain(
    old: dict[str, float], new: dict[str, float], *, warns: bool
) -> None:
    assert bool(list(slower(old, new))) is warns


def test_a_slower_operation_warns() -> None:
    old = record(*[exchange(bill(), seconds=0.1)] * 10)
    new = record(*[exchange(bill(), seconds=0.9)] * 10)
    (only,) = differences(old, new)
    assert (only.kind, only.fails, only.where) == (Kind.SLOWER, False, "inq-pasca")


def test_the_same_change_in_many_places_is_one_line() -> None:
    names = [f"order {number}" for number in range(9)]
    old = record(*(exchange(bill(price=1), operation=one) for one in names))
    new = record(*(exchange(bill(), operation=one) for one in names))
    changes = differences(old, new)
    assert len(changes) == 9
    assert words.closing(changes) == "1 failure, 0 warnings"
    head, line = words.lines(changes)
    assert head == "iak"
    assert line.startswith(" ! gone      data.price, which was there always  (order 0, ")
    assert line.endswith("and 6 more)")


def test_clauses_that_turn_alike_are_one_line() -> None:
    old, new = record(exchange(bill())), record(exchange(bill()), printed=results("failed"))
    assert words.lines(differences(old, new)) == [
        "iak",
        f" ! turned    {PRICE}: passed -> failed: why",
    ]


def test_an_operation_that_is_not_asked_is_not_gone() -> None:
    old = record(exchange(bill()), exchange(bill(), operation="pay-pasca json"))
    (only,) = differences(old, record(exchange(bill())))
    assert (only.kind, only.fails, only.where) == (Kind.NOTE, False, "pay-pasca json")
