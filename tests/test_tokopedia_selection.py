"""tokopedia: a clause is judged alone just as in a whole run, and one product is bought alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.limits.ledger import Ledger
from tests.runs import Ended, kontrak


def _run(folder: Path, *arguments: str) -> Ended:
    options = ["run", "-p", "tokopedia", "--no-html", f"--output={folder}", "--seed=1"]
    return kontrak(*options, *arguments, output=folder)


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("tokopedia-checkout-dearer", "TOKOPEDIA-CHECKOUT-PRICE"),
        ("tokopedia-order-of-bill-stays-pending", "TOKOPEDIA-ORDER-SETTLES"),
        ("tokopedia-order-name-of-another", "TOKOPEDIA-ORDER-NAME"),
    ],
)
def test_a_fault_of_one_product_is_seen_by_its_clause_alone(
    fault: str, clause: str, tmp_path: Path
) -> None:
    ended = _run(tmp_path, f"--clause={clause}", f"--fault={fault}")

    assert ended.verdicts() == {clause: "failed"}
    assert ended.code == 1


def test_the_tests_of_one_product_buy_this_product_alone(tmp_path: Path) -> None:
    ended = _run(tmp_path, "-k", "samsat-jatim and not new")

    verdicts = ended.verdicts()
    assert ended.code == 0
    assert set(verdicts.values()) == {"passed"}
    assert all(one.startswith("TOKOPEDIA-SAMSAT-JATIM-") for one in verdicts)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert [one.product for one in ledger.entries()] == ["samsat-jatim"]
