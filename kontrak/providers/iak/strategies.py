"""Generated inquiries: right ones in every way of writing, and wrong ones with one thing changed.

The fields are those of ``schemas/iak/inquiry-request.json``. A strategy of wrong requests gives
changes to a right one; what a lenient but correct endpoint may accept is never generated: other
letter case, outer blanks, other customer numbers (somebody may have them).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import defusedxml.ElementTree as SafeXml
from hypothesis import strategies as st

from kontrak.providers.iak.codec import Codec
from kontrak.schema import shape

Fields = Mapping[str, object]
Writing = Callable[[Fields], bytes]

FIELDS: tuple[str, ...] = tuple(shape("iak", "inquiry-request").contents["properties"])

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


def json_writings() -> st.SearchStrategy[Writing]:
    """Ways to write the same fields in JSON: order, blanks and escapes."""

    def write(order: list[str], indent: int | None, tight: bool, escaped: bool) -> Writing:  # noqa: FBT001 - drawn
        separators = (",", ":") if tight else None

        def written(fields: Fields) -> bytes:
            sorted_fields = {name: fields[name] for name in order}
            text = json.dumps(sorted_fields, indent=indent, separators=separators)
            return (_escaped(text) if escaped else text).encode()

        return written

    order = st.permutations(FIELDS)
    indent = st.sampled_from([None, 1, 4])
    return st.builds(write, order, indent, st.booleans(), st.booleans())


def xml_writings() -> st.SearchStrategy[Writing]:
    """Ways to write the same fields in XML: order, blanks, declaration, references, CDATA."""

    def write(order: list[str], declaration: str, blank: str, how: str) -> Writing:
        def written(fields: Fields) -> bytes:
            parts = [f"<{name}>{_xml_text(str(fields[name]), how)}</{name}>" for name in order]
            return f"{declaration}<mp>{blank}{blank.join(parts)}{blank}</mp>".encode()

        return written

    declarations = ['<?xml version="1.0" ?>\n', '<?xml version="1.0" encoding="UTF-8"?>', ""]
    return st.builds(
        write,
        st.permutations(FIELDS),
        st.sampled_from(declarations),
        st.sampled_from(["", "\n  ", "\t"]),
        st.sampled_from(["plain", "reference", "cdata"]),
    )


def writings(codec: Codec) -> st.SearchStrategy[Writing]:
    """Ways to write the same fields in an encoding."""
    return json_writings() if codec == "json" else xml_writings()


def not_strings() -> st.SearchStrategy[object]:
    """JSON values that are no string and no digits either."""
    scalars = st.none() | st.booleans() | st.floats(-1e6, -1.5)
    lists = st.lists(st.text(max_size=4), max_size=2)
    objects = st.dictionaries(st.sampled_from(["$ne", "a"]), st.text(max_size=4), max_size=2)
    return scalars | lists | objects


def wrong_texts(right: str, codec: Codec) -> st.SearchStrategy[str]:
    """Texts that are not a field's right value, whatever an endpoint trims, folds or widens."""
    controls = st.characters(categories=["Cc"]) if codec == "json" else st.sampled_from("\t\n")
    letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    inserted = st.builds(
        lambda place, mark: f"{right[:place]}{mark}{right[place:]}",
        st.integers(1, max(1, len(right) - 1)),
        st.sampled_from(["'", "\\", "\u200b", "\u202e", "é", "<", "&"]) | controls,
    )
    texts = st.one_of(
        st.text(letters, min_size=1, max_size=30),
        st.sampled_from(INJECTIONS).map(lambda tail: right + tail),
        st.integers(200, 4_000).map(lambda size: "A" * size),
        inserted,
    )
    return texts.filter(lambda text: _differs(text, right))


def wrong_ref_ids(ref_id: str, codec: Codec) -> st.SearchStrategy[str]:
    """A ref_id with one inner character that is no letter and no digit in any script."""
    marks = st.characters(
        exclude_categories=["L", "N", "M", "Cs", "Cc"], exclude_characters="\ufffe\uffff"
    )
    if codec == "json":
        marks |= st.characters(categories=["Cc"])
    places = st.integers(1, len(ref_id) - 1)
    return st.builds(lambda place, mark: ref_id[:place] + mark + ref_id[place:], places, marks)


def malformed_json(body: bytes) -> st.SearchStrategy[bytes]:
    """What a right JSON body becomes when it is damaged in one place."""
    text = body.decode()
    return (
        st.one_of(
            st.integers(1, len(text)).map(lambda cut: text[:-cut]),
            st.sampled_from('{}:,"').flatmap(lambda mark: _without_one(text, mark)),
            st.sampled_from(["}", "{", "]", '"', "x", text]).map(lambda tail: text + tail),
            st.just(text.replace('"', "'")),
            st.sampled_from(["", "null", "[]", "42", '"text"', f"[{text}]"]),
        )
        .map(str.encode)
        .filter(lambda damaged: not _is_json_object(damaged))
    )


def malformed_xml(body: bytes) -> st.SearchStrategy[bytes]:
    """What a right XML body becomes when it is damaged in one place."""
    text = body.decode()
    return (
        st.one_of(
            st.integers(1, len(text)).map(lambda cut: text[:-cut]),
            st.sampled_from("<>/").flatmap(lambda mark: _without_one(text, mark)),
            st.sampled_from(["<mp>", "</mp>", "x", "&", "<a/>"]).map(lambda tail: text + tail),
            st.sampled_from(["&", "<", "&nbsp;", "&x;"]).map(
                lambda mark: text.replace("</hp>", f"{mark}</hp>")
            ),
            st.sampled_from(["", "mp", "<mp", "<>"]),
        )
        .map(str.encode)
        .filter(lambda damaged: not _is_xml(damaged))
    )


def entity_documents(fields: Fields) -> st.SearchStrategy[bytes]:
    """Inquiries whose customer number is spelt by an entity, plain or nested."""
    number = str(fields["hp"])

    def document(depth: int, cut: int) -> bytes:
        entities = [f'<!ENTITY e0 "{number[cut:]}">']
        entities += [f'<!ENTITY e{n} "&e{n - 1};">' for n in range(1, depth + 1)]
        spelt = {**fields, "hp": f"{number[:cut]}\0"}
        parts = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in spelt.items())
        whole = f'<?xml version="1.0"?><!DOCTYPE mp [{"".join(entities)}]><mp>{parts}</mp>'
        return whole.replace("\0", f"&e{depth};").encode()

    return st.builds(document, st.integers(0, 4), st.integers(0, len(number) - 1))


def _without_one(text: str, mark: str) -> st.SearchStrategy[str]:
    places = [place for place, found in enumerate(text) if found == mark]
    return st.sampled_from(places).map(lambda place: text[:place] + text[place + 1 :])


def _escaped(text: str) -> str:
    r"""JSON with every letter inside a string written as \uXXXX."""
    inside, out = False, []
    for mark in text:
        inside = inside != (mark == '"')
        out.append(f"\\u{ord(mark):04x}" if inside and mark != '"' else mark)
    return "".join(out)


def _xml_text(text: str, how: str) -> str:
    if how == "reference":
        return "".join(f"&#{ord(mark)};" for mark in text)
    return f"<![CDATA[{text}]]>" if how == "cdata" else escape(text)


def _differs(text: str, right: str) -> bool:
    folded = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    printed = "".join(mark for mark in folded if mark.isprintable())
    # Digits alone may be somebody's number.
    return printed != right.casefold() and not printed.isdigit() and bool(printed)


def _is_json_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _is_xml(body: bytes) -> bool:
    try:
        SafeXml.fromstring(body)
    except SafeXml.ParseError:
        return False
    return True
