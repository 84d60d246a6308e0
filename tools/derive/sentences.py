"""The sentences of a product's clauses: which values they judge, and by which rule.

Both languages name the entries and attributes as the document does; only the words between differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kontrak.providers.tokopedia.formats import MONEY, is_strict_format
from kontrak.providers.tokopedia.relations import LISTS, Relation

_WORDS: Mapping[str, tuple[str, str]] = {
    "equal": ("=", "="),
    "at_most": ("<=", "<="),
    "text": ("=", "="),
    "padded": ("= (leading zeros aside)", "= (tanpa nol di depan)"),
    "digits": ("= (digits)", "= (angkanya)"),
    "mask": ("= (masked or not)", "= (disamarkan atau tidak)"),
    "months": ("= (month by month)", "= (per bulan)"),
    "length": ("has parts:", "berjumlah bagian:"),
    "range": ("spans", "mencakup"),
}
_MESSAGES: Mapping[str, tuple[str, str]] = {
    "inquiry": ("inquiry", "inquiry"),
    "checkout": ("checkout", "checkout"),
    "order": ("order", "pesanan"),
    "asked": ("inquiry request", "permintaan inquiry"),
    "request": ("checkout request", "permintaan checkout"),
}


def amounts_reported(code: str, relations: Sequence[Relation]) -> tuple[str, str]:
    """What AMOUNTS judges, in English and in Indonesian."""
    return (
        f"Amounts of {code}: {_rules(relations, 0)}.",
        f"Nominal {code}: {_rules(relations, 1)}.",
    )


def values_reported(
    code: str, product: Mapping[str, Any], relations: Sequence[Relation]
) -> tuple[str, str]:
    """What VALUES judges: how entries are written, and which ones repeat another value."""
    english = [one for one in (_rules(relations, 0), *_written(product, 0)) if one]
    indonesian = [one for one in (_rules(relations, 1), *_written(product, 1)) if one]
    return (
        f"Values of {code}: {'; '.join(english)}.",
        f"Nilai {code}: {'; '.join(indonesian)}.",
    )


def _rules(relations: Sequence[Relation], language: int) -> str:
    reported = [_rule(one, language) for one in relations if one.reading == "strict"]
    reported = reported or [_rule(one, language) for one in relations]
    return ", ".join(dict.fromkeys(reported))


def _rule(relation: Relation, language: int) -> str:
    terms = (*relation.left, *relation.plus)
    left = " + ".join(_named(one, language) for one in terms)
    left += "".join(f" - {_named(one, language)}" for one in relation.minus)
    right = (" or ", " atau ")[language].join(_named(one, language) for one in relation.right)
    maybe = [_named(one, language) for one in (*relation.maybe_plus, *relation.maybe_minus)]
    without = (" with or without ", " dengan atau tanpa ")[language] + ", ".join(maybe)
    return f"{left} {_WORDS[relation.how][language]} {right}{without if maybe else ''}"


def _named(term: str, language: int) -> str:
    """``order#9 Total Bayar`` as ``Total Bayar (order)``, ``order.id`` as ``id (order)``."""
    message, mark, rest = term.partition("#")
    if not mark:
        message, _, rest = term.partition(".")
    name = rest.partition(" ")[2] if mark else rest
    return f"{name} ({_MESSAGES[message][language]})"


def _written(product: Mapping[str, Any], language: int) -> Iterator[str]:
    """The entries whose way of writing is judged: amounts in rupiah, and days and the like."""
    entries = [one for key in LISTS.values() for one in product[key] or []]
    strict = [one for one in entries if is_strict_format(one["format"])]
    money = [one for one in strict if one["format"].removeprefix("list:") in MONEY]
    shown = (
        (("in rupiah, with Rp", "dalam rupiah, dengan Rp"), money),
        (
            ("written as in the example", "ditulis seperti pada contoh"),
            [one for one in strict if one not in money],
        ),
    )
    for words, found in shown:
        names = ", ".join(dict.fromkeys(one["name"] for one in found))
        if names:
            yield f"{names} {words[language]}"
