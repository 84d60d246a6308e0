"""What a target says of IAK, as typed values; the document's test cases fill the gaps."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kontrak.config.paths import FIXTURES
from kontrak.config.target import ProviderTarget


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: a customer number and what it leads to.

    ``rc`` are the codes that mean the case at inquiry, ``payment_rc`` at payment (empty: success);
    the ``also`` ones have a near meaning and warn.
    """

    name: str
    number: str
    bills: int | None = None
    rc: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    payment_rc: tuple[str, ...] = ()
    payment_also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``[iak]`` table of a target."""

    base_url: str
    username: str = field(repr=False)
    api_key: str = field(repr=False)
    product: str
    operations: frozenset[str]
    codecs: frozenset[str]
    cases: Mapping[str, Case]
    balance_url: str | None
    control_url: str | None
    control_token: str | None = field(repr=False)

    @classmethod
    def of(cls, target: ProviderTarget) -> Settings:
        """Read a checked target table; cases the target sets to false are left out."""
        options = target.options
        product, cases = _documented()
        for name, reported in options.get("cases", {}).items():
            if reported is False:
                del cases[name]
            else:
                cases[name] = _adjusted(cases[name], reported)
        return cls(
            base_url=options["base_url"].rstrip("/"),
            username=options["username"],
            api_key=options["api_key"],
            product=options.get("product_code", product),
            operations=frozenset(
                options.get("operations", ("inq-pasca", "pay-pasca", "checkstatus"))
            ),
            codecs=frozenset(options.get("codecs", ("json", "xml"))),
            cases=cases,
            balance_url=options.get("balance_url"),
            control_url=options.get("control_url"),
            control_token=options.get("control_token"),
        )


def documented() -> Mapping[str, Case]:
    """The document's test cases by name."""
    return _documented()[1]


@cache
def _read() -> dict[str, Any]:
    path = FIXTURES / "iak" / "test_cases.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _documented() -> tuple[str, dict[str, Case]]:
    data = _read()
    cases = {}
    for name, row in data["case"].items():
        codes = {
            key: tuple(row.get(key, ())) for key in ("rc", "also", "payment_rc", "payment_also")
        }
        cases[name] = Case(name, row["number"], row.get("bills"), **codes)
    return data["product"], cases


def _adjusted(case: Case, reported: Any) -> Case:
    number, codes = (
        (reported, None) if isinstance(reported, str) else (reported["number"], reported.get("rc"))
    )
    changed: dict[str, Any] = {}
    if codes is not None:
        # A code that the provider has reported is its own word: no near meanings beside it.
        at_payment = bool(case.payment_rc)
        changed["payment_rc" if at_payment else "rc"] = tuple(codes)
        changed["payment_also" if at_payment else "also"] = ()
    kept = {
        name: getattr(case, name) for name in ("bills", "rc", "also", "payment_rc", "payment_also")
    }
    return Case(case.name, number, **{**kept, **changed})
