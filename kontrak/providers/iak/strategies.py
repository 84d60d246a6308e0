"""Generated inquiries: right ones in every way of writing, and wrong ones with one thing changed.

The fields are those of ``schemas/iak/inquiry-request.json``. A strategy of wrong requests gives
changes to a right one; what a lenient but correct endpoint may accept is never generated: other
letter case, outer blanks, other customer numbers (someone may have them).
"""

from __future__ import annotations

from xml.sax.saxutils import escape

import defusedxml.ElementTree as SafeXml
from hypothesis import strategies as st

from kontrak.clauses.shapes import shape
from kontrak.interface.strategies import (
    Fields,
    Writing,
    json_writings,
    malformed_json,
    without_one,
)
from kontrak.interface.strategies import wrong_texts as any_wrong_texts
from kontrak.providers.iak.codec import Codec

FIELDS: tuple[str, ...] = tuple(shape("iak", "inquiry-request").contents["properties"])


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
    return json_writings(FIELDS) if codec == "json" else xml_writings()


def wrong_texts(right: str, codec: Codec) -> st.SearchStrategy[str]:
    """Texts that are not a field's right value and can be written in an encoding."""
    return any_wrong_texts(right, controls=None if codec == "json" else "\t\n")


def wrong_ref_ids(ref_id: str, codec: Codec) -> st.SearchStrategy[str]:
    """A ref_id with one inner character that is no letter and no digit in any script."""
    marks = st.characters(
        exclude_categories=["L", "N", "M", "Cs", "Cc"], exclude_characters="\ufffe\uffff"
    )
    if codec == "json":
        marks |= st.characters(categories=["Cc"])
    places = st.integers(1, len(ref_id) - 1)
    return st.builds(lambda place, mark: ref_id[:place] + mark + ref_id[place:], places, marks)


def other_digits(right: str) -> st.SearchStrategy[str]:
    """Digits that are not the right ones: one or many more, a sign before them.

    A smaller number may be another bill, as where ids are counted, so it is never generated.
    """
    longer = st.sampled_from("0123456789").map(lambda digit: right + digit)
    return longer | st.sampled_from([f"-{right}", "9" * 40])


def malformed(codec: Codec, body: bytes) -> st.SearchStrategy[bytes]:
    """What a right body becomes when it is damaged in one place."""
    return malformed_json(body) if codec == "json" else malformed_xml(body)


def malformed_xml(body: bytes) -> st.SearchStrategy[bytes]:
    """What a right XML body becomes when it is damaged in one place."""
    text = body.decode()
    return (
        st.one_of(
            st.integers(1, len(text)).map(lambda cut: text[:-cut]),
            st.sampled_from("<>/").flatmap(lambda mark: without_one(text, mark)),
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


def _xml_text(text: str, how: str) -> str:
    if how == "reference":
        return "".join(f"&#{ord(mark)};" for mark in text)
    return f"<![CDATA[{text}]]>" if how == "cdata" else escape(text)


def _is_xml(body: bytes) -> bool:
    try:
        SafeXml.fromstring(body)
    except SafeXml.ParseError:
        return False
    return True
