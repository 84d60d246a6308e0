"""Expands the rules of ``relations.toml`` to the relations of one product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kontrak.errors import ConfigurationError
from kontrak.providers.tokopedia.formats import amount, recognise
from kontrak.providers.tokopedia.relations import BROKEN, HOLDS, LISTS, Relation, evaluate, value
from tools.derive.entries import Entry, same_name, squeezed
from tools.derive.product import Product, is_money
from tools.derive.rules import Rules, Table

_STRICT, _WARN = "strict", "warn"


def expand(product: Product, rules: Rules) -> list[Relation]:
    """Every relation the product is under, with how its own example fares.

    Raises ``ConfigurationError`` when an example breaks a relation that no exception excuses, or
    when an exception excuses what is not broken.
    """
    found = [
        *_attributes(product, rules),
        *_amounts(product, rules),
        *_sums(product, rules),
        *_each(product, rules),
        *_texts(product, rules),
    ]
    found = [_left_open(product, rules, one) for one in found]
    found += _carried(product, rules, found)
    return _judged(product, _numbered_ids(found), rules)


def _attributes(product: Product, rules: Rules) -> Iterator[Relation]:
    for table in rules.under("attribute", product.code):
        if all(product.has(term) for term in (*table["left"], *table["right"])):
            yield _relation(product, table, table["id"], table["left"], table["right"])


def _amounts(product: Product, rules: Rules) -> Iterator[Relation]:
    for message in LISTS:
        for table in rules.under("amount", product.code, message):
            for place in product.named(message, *table["names"]):
                if product.lists[message][place].per_bill:
                    continue
                left = product.term(message, place)
                right = _amount_right(product, message, left, table["right"])
                if right and _shows_amount(product, message, place, right, table):
                    yield _relation(product, table, f"{table['id']}-{message}", [left], right)


def _amount_right(product: Product, message: str, left: str, wanted: str) -> list[str]:
    base, sales = "inquiry.base_price", f"{message}.sales_price"
    if wanted != "computed":
        right = [base if wanted == "base_price" else f"{message}.{wanted}"]
        return [term for term in right if product.has(term)]
    shown = amount(str(value(left, product.messages) or ""))
    candidates = [term for term in (base, sales) if product.has(term)]
    meant = [term for term in candidates if value(term, product.messages) == shown]
    return meant or candidates


def _shows_amount(
    product: Product, message: str, place: int, right: Sequence[str], table: Table
) -> bool:
    """Rupiah, or plain digits that say the same; ``when_empty`` for what may be filled later."""
    entry = product.lists[message][place]
    if is_money(entry):
        return True
    if not entry.value:
        return bool(table.get("when_empty"))
    numbers = [value(term, product.messages) for term in right]
    return entry.format == "digits" and amount(entry.value) in numbers


def _sums(product: Product, rules: Rules) -> Iterator[Relation]:
    for message in LISTS:
        for table in rules.under("sum", product.code, message):
            needs = [list(product.named(message, name)) for name in table.get("needs", [])]
            parts = [*product.named(message, *table.get("parts", []))]
            if wanted := table.get("parts_format"):
                entries = enumerate(product.lists.get(message, ()))
                parts += [i for i, entry in entries if recognise(entry.name) == wanted]
            right = _sum_right(product, message, table["right"])
            if right and all(needs) and (needs or parts):
                yield _relation(
                    product,
                    table,
                    f"{table['id']}-{message}",
                    [product.term(message, i) for places in needs for i in places],
                    right,
                    plus=[product.term(message, i) for i in parts],
                    minus=[
                        product.term(message, i)
                        for i in product.named(message, *table.get("minus", []))
                    ],
                )


def _left_open(product: Product, rules: Rules, relation: Relation) -> Relation:
    """The relation with what no example shows above nothing counted or not.

    Where a penalty, a discount or a fee is empty or 0 in the example, it cannot be known whether
    the bill beside it includes it.
    """
    if relation.id.partition("-inquiry")[0].partition("-order")[0] not in rules.names("open_sums"):
        return relation
    if not relation.left:
        return relation
    message = relation.left[0].partition("#")[0]
    more = _undecided(product, message, rules.names("penalty"))
    less = _undecided(product, message, rules.names("discount"))
    fees = [one for one in _undecided(product, message, rules.names("fee")) if one in relation.left]
    open_terms = {*more, *less, *fees}
    left = tuple(one for one in relation.left if one not in open_terms)
    if not left or {*relation.right} & open_terms:
        return relation
    return replace(
        relation,
        left=left,
        plus=tuple(one for one in relation.plus if one not in open_terms),
        minus=tuple(one for one in relation.minus if one not in open_terms),
        maybe_plus=(*more, *fees),
        maybe_minus=tuple(less),
    )


def _undecided(product: Product, message: str, names: Sequence[str]) -> list[str]:
    """The terms of the entries of these names that are empty or nothing in the example."""
    entries = product.lists.get(message, ())
    return [
        product.term(message, place)
        for place in product.named(message, *names)
        if not (amount(entries[place].value) if entries[place].value else 0)
    ]


def _sum_right(product: Product, message: str, wanted: str) -> list[str]:
    entries = [product.term(message, i) for i in product.named(message, wanted)]
    owner = "inquiry" if wanted == "base_price" else message
    attribute = f"{owner}.{wanted}"
    return entries[:1] or ([attribute] if product.has(attribute) else [])


def _each(product: Product, rules: Rules) -> Iterator[Relation]:
    for message in LISTS:
        for table in rules.under("each", product.code, message):
            for place in product.named(message, *table["names"]):
                right = [_each_right(product, message, term) for term in table["right"]]
                left = product.term(message, place)
                yield _relation(product, table, f"{table['id']}-{message}", [left], right)


def _each_right(product: Product, message: str, wanted: str) -> str:
    """An attribute (``order.serial_number``), a name of the same list, or one of the inquiry's.

    The last is written ``inquiry#NAME``.
    """
    if wanted.startswith("inquiry#"):
        message, wanted = "inquiry", wanted.removeprefix("inquiry#")
    elif "." in wanted:
        return wanted
    return product.term(message, next(product.named(message, wanted)))


def _texts(product: Product, rules: Rules) -> Iterator[Relation]:
    """Entries that repeat an attribute in the example."""
    for message in LISTS:
        yield from _numbers(product, rules, message)
        for place in product.named(message, *rules.names("client_name")):
            name = _text(product, "name", message, place, f"{message}.client_name")
            yield replace(name, how="mask", register=rules.register("client_name"))
    for attribute in ("serial_number", "voucher_code"):
        right = f"order.{attribute}"
        places = list(product.named("order", *rules.names(attribute)))
        equal = [p for p in places if _equal(product, product.term("order", p), right)]
        for place in equal:
            yield _text(product, squeezed(attribute), "order", place, right)
        if value(right, product.messages) is None:
            for place in places:
                unseen = _text(product, squeezed(attribute), "order", place, right)
                yield replace(unseen, reading=_WARN, register=rules.register(attribute))


def _numbers(product: Product, rules: Rules, message: str) -> Iterator[Relation]:
    """The entry that shows the customer number; of several that may differ, one of them does.

    A meter and a customer id, the head of a family and a member are two numbers by name, though the
    example has one customer whose numbers are equal.
    """
    right = f"{message}.client_number"
    named = product.named(message, *rules.names("client_number"))
    equal = [place for place in named if _equal(product, product.term(message, place), right)]
    if len(equal) > 1 and any(rules.under("other_numbers", product.code, message)):
        terms = tuple(product.term(message, place) for place in equal)
        source = product.source(terms[0])
        yield Relation(f"number-{message}", "text", (right,), terms, _STRICT, source)
        return
    for place in equal:
        yield _text(product, "number", message, place, right)


def _equal(product: Product, left: str, right: str) -> bool:
    one, other = value(left, product.messages), value(right, product.messages)
    return one is not None and one == other


def _text(product: Product, rule: str, message: str, place: int, right: str) -> Relation:
    left = product.term(message, place)
    return Relation(f"{rule}-{message}", "text", (left,), (right,), _STRICT, product.source(left))


def _carried(product: Product, rules: Rules, found: Iterable[Relation]) -> Iterator[Relation]:
    """Entries of the order that the inquiry shows under the same name, as often in each list.

    It is one bill: what both examples show, unmasked and equal, is strictly the same. Months as
    many as a number says may still be other months.
    """
    single = [one for one in found if len(one.left) == 1 and one.how != "length"]
    tied = {term for relation in single for term in relation.left}
    strict = {
        name: table["register"]
        for table in rules.under("carried", product.code)
        for name in table["names"]
    }
    for here, there in _pairs(product, rules.spellings(product.code)):
        left, right = product.term("order", here), product.term("inquiry", there)
        if left in tied and right in tied:
            continue
        entry, earlier = product.lists["order"][here], product.lists["inquiry"][there]
        counted = all(is_money(e) or e.name in rules.names("counted") for e in (entry, earlier))
        loose = entry.name in rules.names("loosely_carried") or not _same(entry, earlier)
        repeated = entry.per_bill or earlier.per_bill
        yield Relation(
            f"carried-{squeezed(entry.name)}",
            "equal" if counted else "months" if repeated else "mask",
            (left,),
            (right,),
            _WARN if loose and entry.name not in strict else _STRICT,
            product.source(left),
            register=strict.get(entry.name),
        )


def _same(one: Entry, other: Entry) -> bool:
    """Whether two examples show the same value, unmasked."""
    masked = "*" in one.value + other.value
    counts = amount(one.value), amount(other.value)
    equal = one.value == other.value or (None not in counts and counts[0] == counts[1])
    return bool(one.value) and equal and not masked


def _pairs(product: Product, spellings: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    orders, inquiries = product.lists.get("order", ()), product.lists.get("inquiry", ())
    for here, entry in enumerate(orders):
        there = [i for i, e in enumerate(inquiries) if same_name(e.name, entry.name, spellings)]
        again = [i for i, e in enumerate(orders) if same_name(e.name, entry.name, spellings)]
        if len(there) == len(again) and not (len(again) > 1 and entry.per_bill):
            yield here, there[again.index(here)]


def _relation(
    product: Product,
    table: Table,
    name: str,
    left: Sequence[str],
    right: Sequence[str],
    *,
    plus: Sequence[str] = (),
    minus: Sequence[str] = (),
) -> Relation:
    return Relation(
        id=name,
        how=table.get("how", "equal"),
        left=tuple(left),
        right=tuple(right),
        reading=table.get("reading", _STRICT),
        source=product.source((*left, *plus)[0]),
        plus=tuple(plus),
        minus=tuple(minus),
        register=table.get("register"),
    )


def _numbered_ids(relations: Iterable[Relation]) -> Iterator[Relation]:
    """Unique ids: the second of one id is called ID-2."""
    seen: dict[str, int] = {}
    for relation in relations:
        count = seen[relation.id] = seen.get(relation.id, 0) + 1
        yield relation if count == 1 else replace(relation, id=f"{relation.id}-{count}")


def _judged(product: Product, found: Iterable[Relation], rules: Rules) -> list[Relation]:
    exceptions = rules.exceptions(product.code)
    judged = [_judge(product, relation, exceptions.pop(relation.id, {})) for relation in found]
    if exceptions:
        raise ConfigurationError(
            f"relations.toml: {product.code} has no relation {next(iter(exceptions))}",
            hint=f"it has {', '.join(relation.id for relation in judged)}",
        )
    return judged


def _judge(product: Product, relation: Relation, exception: Table) -> Relation:
    relation = replace(
        relation,
        how=exception.get("how", relation.how),
        right=tuple(exception.get("right", relation.right)),
        reading=exception.get("reading", relation.reading),
        register=exception.get("register", relation.register),
    )
    sample = evaluate(relation, product.messages)
    masked = relation.how == "mask" and relation.reading == _WARN
    if not masked and sample in (BROKEN, HOLDS) and sample != exception.get("sample", HOLDS):
        raise ConfigurationError(
            f"relations.toml: {product.code} {relation.id} is {sample} in the example: "
            f"{' + '.join(relation.left + relation.plus)} against {' or '.join(relation.right)}",
            hint='an [[exception]] with sample = "broken" says where and why, and only there',
        )
    return replace(relation, sample=sample)
