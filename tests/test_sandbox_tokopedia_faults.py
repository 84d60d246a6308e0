"""Tokopedia's faults and variants: their registry, and what can be seen of those of one product."""

from __future__ import annotations

import re
import tomllib

import pytest

from kontrak.config.paths import SUITES
from kontrak.sandbox import Fault, Variant, all_faults, all_variants
from kontrak.sandbox.changes import install
from kontrak.sandbox.tokopedia import ACCOUNT, TokopediaService
from tests.still_clock import StillClock
from tests.tokopedia_walk import FACTS, Walk, aligned, broken

CLAUSES = {
    row["id"]: row
    for row in tomllib.loads((SUITES / "tokopedia" / "clauses.toml").read_text("utf-8"))["clause"]
}
FAULTS = all_faults("tokopedia")
VARIANTS = all_variants("tokopedia")
OF_PRODUCTS = {
    f"TOKOPEDIA-{re.sub('[^A-Z0-9]+', '-', code.upper())}-{part}": code
    for code in FACTS
    for part in ("INQUIRY-NAMES", "ORDER-NAMES", "AMOUNTS", "VALUES")
}


def test_ids_are_words_and_unique() -> None:
    """No fault and no variant shares its id."""
    ids = [*(fault.id for fault in FAULTS), *(variant.id for variant in VARIANTS)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"tokopedia(-[a-z0-9]+)+", one) for one in ids)


def test_every_clause_has_a_fault() -> None:
    """Also the inferred ones, and no fault cites what is no clause."""
    cited = {clause for fault in FAULTS for clause in fault.clauses}
    assert cited <= set(CLAUSES)
    assert {fault.clauses[0] for fault in FAULTS} == set(CLAUSES)


def test_sentences_end_and_differ() -> None:
    """Each fault and variant says what it does in a sentence of its own."""
    texts = [*(fault.text for fault in FAULTS), *(variant.text for variant in VARIANTS)]
    assert all(text.endswith(".") for text in texts)
    assert len(set(texts)) == len(texts)


def walked(code: str, change: Fault | Variant | None = None) -> Walk:
    service = TokopediaService(ACCOUNT, StillClock())
    if change is not None:
        install(service, change)
    return Walk(service, code, None)


@pytest.mark.parametrize(
    "fault", [one for one in FAULTS if one.clauses[0] in OF_PRODUCTS], ids=lambda one: one.id
)
def test_a_fault_of_a_product_is_seen_in_its_answers(fault: Fault) -> None:
    """And not in those of its neighbour."""
    code = OF_PRODUCTS[fault.clauses[0]]
    other = "mnc-play" if code != "mnc-play" else "mnc-vision"

    assert walked(code, fault).messages != walked(code).messages
    assert walked(other, fault).messages == walked(other).messages


OTHER_LISTS = {
    "pdam-sumatera-kota-medan",
    "comet-internet",
    "pdam-dki-palyja",
    "pdam-kota-kediri",
    "pdam-jabar-kota-cirebon",
    "pdam-kab-pandeglang",
}
"""Products with an entry for each bill: their lists are longer or shorter in some variants."""


@pytest.mark.parametrize(
    "variant",
    [one for one in VARIANTS if "bill_of" in one.wraps],
    ids=lambda one: one.id,
)
def test_a_variant_of_bills_keeps_the_relations(variant: Variant) -> None:
    """What the plain answers keep, every other bill keeps as well, but for what only warns."""
    for code in sorted(set(FACTS) - OTHER_LISTS):
        plain = broken(code, aligned(walked(code)))

        other = aligned(walked(code, variant))
        assert broken(code, other, strictly=True) <= plain, code
