"""Faults of the documents themselves: envelope, containers, and how JSON and XML are written."""

from __future__ import annotations

import json
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.edits import Edit, dropped, retyped
from kontrak.sandbox.iak import codec as codecs
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.interface import Answer, Kind
from kontrak.sandbox.iak.making import When, fault, several, single, with_fields


def _of_eight(name: str, clause: str, text: str, **wraps: Wrapper) -> Fault:
    """A fault that makes the answer with several bills unreadable."""
    also = ["IAK-CASE-EIGHT-BILLS"]
    if "-XML-" in clause:
        also.append("IAK-REQ-XML")
    because = "the answer with eight bills is the one that cannot be read"
    return fault(name, clause, text, also=also, because=because, **wraps)


def _inquiry(codec: Codec, edit: Edit, when: When | None = None) -> Wrapper:
    return with_fields(edit, Kind.INQUIRY, codec, when)


def _written(
    codec: Codec, rewrite: Callable[[Answer, bytes], bytes], when: When | None = None
) -> Wrapper:
    """Wraps ``write`` for successful inquiries."""

    def write(
        _service: object, original: Callable[[Codec, Answer], bytes], used: Codec, answer: Answer
    ) -> bytes:
        body = original(used, answer)
        if used is not codec or answer.kind is not Kind.INQUIRY:
            return body
        return rewrite(answer, body) if when is None or when(answer) else body

    return write


def _with_meta(change: Callable[[Fields], object]) -> Wrapper:
    """Wraps ``write``: another envelope."""

    def rewrite(_answer: Answer, body: bytes) -> bytes:
        whole = json.loads(body)
        change(whole)
        return json.dumps(whole).encode()

    return _written(Codec.JSON, rewrite)


def _data_in_an_array(_answer: Answer, body: bytes) -> bytes:
    whole = json.loads(body)
    return json.dumps({"data": [whole["data"]], "meta": []}).encode()


def _name_in_latin_1(answer: Answer, _body: bytes) -> bytes:
    fields = answer.fields | {"tr_name": "SITI RAHAYU, CAFÉ"}
    return json.dumps({"data": fields, "meta": []}, ensure_ascii=False).encode("latin-1")


def _without_envelope(answer: Answer, _body: bytes) -> bytes:
    return codecs.write_json(answer.fields)


def _listed(fields: Fields) -> None:
    fields["desc"]["tagihan"] = {"list": fields["desc"]["tagihan"]}


def _one_detail_is_an_object(fields: Fields) -> None:
    tagihan = fields["desc"]["tagihan"]
    tagihan["detail"] = tagihan["detail"][0]


def _details_as_array(fields: Fields) -> None:
    fields["desc"]["tagihan"] = fields["desc"]["tagihan"]["detail"]


def _data_inside_mp(answer: Answer, _body: bytes) -> bytes:
    return codecs.write_xml({"data": answer.fields, "meta": ""})


def _meta_inside_mp(answer: Answer, _body: bytes) -> bytes:
    return codecs.write_xml(answer.fields | {"meta": ""})


def _other_root(answer: Answer, _body: bytes) -> bytes:
    return codecs.write_xml(answer.fields, root="response")


def _with_a_dtd(_answer: Answer, body: bytes) -> bytes:
    return body.replace(b"<mp>", b'<!DOCTYPE mp [<!ENTITY rp "rupiah">]><mp>', 1)


def _served_as(codec: Codec, media_type: str) -> Wrapper:
    """Wraps ``content_type``."""

    def content_type(_service: object, original: Callable[[Codec], str], used: Codec) -> str:
        return media_type if used is codec else original(used)

    return content_type


JSON_FAULTS = (
    fault(
        "json-served-as-html", "IAK-JSON-MEDIA-TYPE", "JSON answers say that they are HTML.",
        content_type=_served_as(Codec.JSON, "text/html; charset=UTF-8"),
    ),
    fault(
        "json-name-stands-twice", "IAK-JSON-WELLFORMED",
        "In JSON inquiries, price stands twice.",
        write=_written(
            Codec.JSON, lambda _, body: body.replace(b'"price"', b'"price": 1, "price"', 1)
        ),
    ),
    fault(
        "json-nan", "IAK-JSON-WELLFORMED",
        "In JSON inquiries, a further field is NaN.",
        finish=_inquiry(Codec.JSON, lambda fields: fields.update(cashback=float("nan"))),
    ),
    _of_eight(
        "json-trailing-comma", "IAK-JSON-WELLFORMED",
        "In JSON, the answer with several bills ends with a comma.",
        write=_written(Codec.JSON, lambda _, body: body[:-1] + b",}", several),
    ),
    _of_eight(
        "json-warning-before", "IAK-JSON-WELLFORMED",
        "In JSON, a line of HTML stands before the answer with several bills.",
        write=_written(Codec.JSON, lambda _, body: b"<br />Notice: month\n" + body, several),
    ),
    _of_eight(
        "json-latin-1", "IAK-JSON-WELLFORMED",
        "In JSON, the answer with several bills is not in UTF-8.",
        write=_written(Codec.JSON, _name_in_latin_1, several),
    ),
    _of_eight(
        "json-data-is-an-array", "IAK-JSON-ENVELOPE",
        "In JSON, data is an array when there are several bills.",
        write=_written(Codec.JSON, _data_in_an_array, several),
    ),
    fault(
        "json-no-data", "IAK-JSON-ENVELOPE",
        "In JSON, the answer with several bills has its fields outside data.",
        also=("IAK-JSON-META", "IAK-CASE-EIGHT-BILLS"),
        because="without data there is no place beside it, and the answer cannot be read",
        write=_written(Codec.JSON, _without_envelope, several),
    ),
    fault(
        "json-meta-missing", "IAK-JSON-META", "In JSON, meta is left out.",
        write=_with_meta(lambda whole: whole.pop("meta")),
    ),
    fault(
        "json-meta-is-an-object", "IAK-JSON-META", "In JSON, meta is an object.",
        write=_with_meta(lambda whole: whole.update(meta={})),
    ),
    fault(
        "json-meta-is-null", "IAK-JSON-META", "In JSON, meta is null.",
        write=_with_meta(lambda whole: whole.update(meta=None)),
    ),
    fault(
        "json-desc-missing", "IAK-JSON-DESC", "In JSON, desc is left out.",
        finish=_inquiry(Codec.JSON, dropped("desc")),
    ),
    fault(
        "json-desc-is-text", "IAK-JSON-DESC", "In JSON, desc is JSON within a string.",
        finish=_inquiry(Codec.JSON, retyped("desc", json.dumps)),
    ),
    fault(
        "json-tagihan-missing", "IAK-JSON-TAGIHAN", "In JSON, desc.tagihan is left out.",
        finish=_inquiry(Codec.JSON, dropped("desc.tagihan")),
    ),
    fault(
        "json-tagihan-is-an-array", "IAK-JSON-TAGIHAN",
        "In JSON, desc.tagihan is the array of bills itself.",
        finish=_inquiry(Codec.JSON, _details_as_array),
    ),
    fault(
        "json-detail-missing", "IAK-JSON-DETAIL", "In JSON, desc.tagihan.detail is left out.",
        finish=_inquiry(Codec.JSON, dropped("desc.tagihan.detail")),
    ),
    fault(
        "json-one-detail-is-an-object", "IAK-JSON-DETAIL",
        "In JSON, detail is an object instead of an array when there is one bill.",
        finish=_inquiry(Codec.JSON, _one_detail_is_an_object, single),
    ),
)  # fmt: skip

XML_FAULTS = (
    fault(
        "xml-served-as-html", "IAK-XML-MEDIA-TYPE", "XML answers say that they are HTML.",
        content_type=_served_as(Codec.XML, "text/html; charset=UTF-8"),
    ),
    _of_eight(
        "xml-dtd", "IAK-XML-WELLFORMED",
        "In XML, the answer with several bills has a document type.",
        write=_written(Codec.XML, _with_a_dtd, several),
    ),
    _of_eight(
        "xml-unclosed", "IAK-XML-WELLFORMED",
        "In XML, the answer with several bills is cut off before its end.",
        write=_written(Codec.XML, lambda _, body: body.removesuffix(b"</mp>"), several),
    ),
    _of_eight(
        "xml-bare-ampersand", "IAK-XML-WELLFORMED",
        "In XML, the name of the customer with several bills has an ampersand that is not escaped.",
        write=_written(
            Codec.XML, lambda _, body: body.replace(b"</tr_name>", b" & CO</tr_name>"), several
        ),
    ),
    _of_eight(
        "xml-other-root", "IAK-XML-ENVELOPE",
        "In XML, the root of the answer with several bills is response.",
        write=_written(Codec.XML, _other_root, several),
    ),
    _of_eight(
        "xml-data", "IAK-XML-ENVELOPE",
        "In XML, the fields of the answer with several bills stand inside data.",
        write=_written(Codec.XML, _data_inside_mp, several),
    ),
    fault(
        "xml-meta", "IAK-XML-ENVELOPE", "In XML, there is an empty meta beside the fields.",
        write=_written(Codec.XML, _meta_inside_mp),
    ),
    fault(
        "xml-desc-missing", "IAK-XML-DESC", "In XML, desc is left out.",
        finish=_inquiry(Codec.XML, dropped("desc")),
    ),
    fault(
        "xml-desc-is-text", "IAK-XML-DESC", "In XML, desc is JSON as text.",
        finish=_inquiry(Codec.XML, retyped("desc", json.dumps)),
    ),
    fault(
        "xml-tagihan-missing", "IAK-XML-TAGIHAN", "In XML, desc.tagihan is left out.",
        finish=_inquiry(Codec.XML, dropped("desc.tagihan")),
    ),
    fault(
        "xml-tagihan-is-text", "IAK-XML-TAGIHAN", "In XML, desc.tagihan is JSON as text.",
        finish=_inquiry(Codec.XML, retyped("desc.tagihan", json.dumps)),
    ),
    fault(
        "xml-detail-missing", "IAK-XML-DETAIL",
        "In XML, an empty list stands in desc.tagihan instead of the detail elements.",
        finish=_inquiry(Codec.XML, retyped("desc.tagihan", lambda _: {"list": ""})),
    ),
    fault(
        "xml-details-in-a-list", "IAK-XML-DETAIL",
        "In XML, the detail elements stand inside a list element.",
        finish=_inquiry(Codec.XML, _listed),
    ),
    fault(
        "xml-details-in-a-list-when-several", "IAK-XML-DETAIL",
        "In XML, the detail elements stand inside a list element when there are several.",
        finish=_inquiry(Codec.XML, _listed, several),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*JSON_FAULTS, *XML_FAULTS)
