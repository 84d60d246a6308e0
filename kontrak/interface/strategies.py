"""Generated requests that any provider with a JSON body can be asked.

What a lenient but correct endpoint may accept is never generated: other letter case, outer blanks,
other digits (someone may have that number).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

Fields = Mapping[str, object]
Writing = Callable[[Fields], bytes]

INJECTIONS = (
    "' OR '1'='1",
    "1; DROP TABLE transaksi;--",
    '"><script>alert(1)</script>',
    "{{7*7}}",
    "${jndi:ldap://127.0.0.1/a}",
    "../../../../etc/passwd",
    "%00%0d%0a",
    "$(id)",
    "\\u0000",
    "]]>",
)


def json_writings(names: Sequence[str]) -> st.SearchStrategy[Writing]:
    """Ways to write these fields in JSON: order, blanks and escapes."""

    def write(order: list[str], indent: int | None, tight: bool, escaped: bool) -> Writing:  # noqa: FBT001 - drawn
        separators = (",", ":") if tight else None

        def written(fields: Fields) -> bytes:
            sorted_fields = {name: fields[name] for name in order}
            text = json.dumps(sorted_fields, indent=indent, separators=separators)
            return (_escaped(text) if escaped else text).encode()

        return written

    order = st.permutations(names)
    indent = st.sampled_from([None, 1, 4])
    return st.builds(write, order, indent, st.booleans(), st.booleans())


def not_strings() -> st.SearchStrategy[object]:
    """JSON values that are no string and no digits either."""
    scalars = st.none() | st.booleans() | st.floats(-1e6, -1.5)
    lists = st.lists(st.text(max_size=4), max_size=2)
    objects = st.dictionaries(st.sampled_from(["$ne", "a"]), st.text(max_size=4), max_size=2)
    return scalars | lists | objects


def wrong_texts(right: str, *, controls: str | None = None) -> st.SearchStrategy[str]:
    """Texts that are not a field's right value, however an endpoint trims and folds it.

    ``controls`` are the control characters to use, all of them where it is None.
    """
    control = st.characters(categories=["Cc"]) if controls is None else st.sampled_from(controls)
    letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    inserted = st.builds(
        lambda place, mark: f"{right[:place]}{mark}{right[place:]}",
        st.integers(1, max(1, len(right) - 1)),
        st.sampled_from(["'", "\\", "\u200b", "\u202e", "é", "<", "&"]) | control,
    )
    texts = st.one_of(
        st.text(letters, min_size=1, max_size=30),
        st.sampled_from(INJECTIONS).map(lambda tail: right + tail),
        st.integers(200, 4_000).map(lambda size: "A" * size),
        inserted,
    )
    return texts.filter(lambda text: _differs(text, right))


def malformed_json(body: bytes) -> st.SearchStrategy[bytes]:
    """What a right JSON body becomes when it is damaged in one place."""
    text = body.decode()
    return (
        st.one_of(
            st.integers(1, len(text)).map(lambda cut: text[:-cut]),
            st.sampled_from('{}:,"').flatmap(lambda mark: without_one(text, mark)),
            st.sampled_from(["}", "{", "]", '"', "x", text]).map(lambda tail: text + tail),
            st.just(text.replace('"', "'")),
            st.sampled_from(["", "null", "[]", "42", '"text"', f"[{text}]"]),
        )
        .map(str.encode)
        .filter(lambda damaged: not _is_json_object(damaged))
    )


def without_one(text: str, mark: str) -> st.SearchStrategy[str]:
    """The text with one of its marks left out."""
    places = [place for place, found in enumerate(text) if found == mark]
    return st.sampled_from(places).map(lambda place: text[:place] + text[place + 1 :])


def _escaped(text: str) -> str:
    r"""JSON with every letter inside a string written as \uXXXX."""
    inside, out = False, []
    for mark in text:
        inside = inside != (mark == '"')
        out.append(f"\\u{ord(mark):04x}" if inside and mark != '"' else mark)
    return "".join(out)


def _differs(text: str, right: str) -> bool:
    folded = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    printed = "".join(mark for mark in folded if mark.isprintable())
    # Digits alone may be a customer's number.
    differs = printed != right.casefold() and not printed.isdigit() and bool(printed)
    return differs and not _may_be_a_number(printed, right)


def _may_be_a_number(text: str, right: str) -> bool:
    """Whether the digits of a text are a number like the right one.

    An endpoint may strip what is no digit from a number, as people write it with marks.
    """
    if any(mark.isalpha() for mark in right):
        return False
    digits = sum(mark.isdigit() for mark in text)
    return digits == sum(mark.isdigit() for mark in right)


def _is_json_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False
