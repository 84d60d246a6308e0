"""Faults of a request's document: its codec, its Content-Type, and how it may be written."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.iak.bills import CUSTOMERS, NUMBERS
from kontrak.sandbox.iak.codec import CONTENT_TYPES, Codec, Fields, Malformed, fields_of
from kontrak.sandbox.iak.codes import Reason, Refusal
from kontrak.sandbox.iak.interface import Kind
from kontrak.sandbox.iak.making import fault, with_answer


def _rescued(codec: Codec, rescue: Callable[[bytes], Fields]) -> Wrapper:
    """Wraps ``read``: another reading of what is malformed."""

    def read(
        _service: object,
        original: Callable[[Codec, bytes], Fields],
        used: Codec,
        body: bytes,
    ) -> Fields:
        try:
            return original(used, body)
        except Refusal:
            if used is codec:
                return rescue(body)
            raise

    return read


def _pairs(pattern: str) -> Callable[[bytes], Fields]:
    """Whatever looks like a field, in a body that is not what it says."""

    def found(body: bytes) -> Fields:
        fields: Fields = dict(re.findall(pattern, body.decode("utf-8", "replace")))
        if not fields:
            raise Refusal(Reason.MALFORMED)
        return fields

    return found


JSON_PAIRS = r"""["']?(\w+)["']?\s*:\s*["']?([\w-]+)"""
XML_PAIRS = r"<(\w+)[^>]*>([\w-]+)"


def _expanding(body: bytes) -> Fields:
    try:
        return fields_of(ET.fromstring(body))  # noqa: S314 - the fault is to expand entities
    except (ET.ParseError, Malformed, ValueError, LookupError) as error:
        raise Refusal(Reason.MALFORMED) from error


def _guessing_codec(
    _service: object,
    original: Callable[[SandboxRequest], Codec],
    request: SandboxRequest,
) -> Codec:
    named = (request.header("Content-Type") or "").partition(";")[0]
    if named in CONTENT_TYPES and _guess(request.body) is CONTENT_TYPES[named]:
        return original(request)
    return _guess(request.body)


def _guess(body: bytes) -> Codec:
    return Codec.XML if body.lstrip().startswith(b"<") else Codec.JSON


def _without(*types: str) -> Wrapper:
    """Wraps ``codec_of``: these Content-Types are not known."""

    def codec_of(
        _service: object,
        original: Callable[[SandboxRequest], Codec],
        request: SandboxRequest,
    ) -> Codec:
        if (request.header("Content-Type") or "").partition(";")[0] in types:
            raise Refusal(Reason.CONTENT_TYPE)
        return original(request)

    return codec_of


DOCUMENTS = (
    fault(
        "request-json-repaired", "IAK-GEN-JSON", "Malformed JSON is repaired and carried out.",
        also=("IAK-GEN-PAYMENT-BODY", "IAK-GEN-STATUS-BODY"),
        because="every command is read alike",
        read=_rescued(Codec.JSON, _pairs(JSON_PAIRS)),
    ),
    fault(
        "request-xml-repaired", "IAK-GEN-XML", "Malformed XML is repaired and carried out.",
        also=("IAK-GEN-PAYMENT-BODY", "IAK-GEN-STATUS-BODY"),
        because="every command is read alike",
        read=_rescued(Codec.XML, _pairs(XML_PAIRS)),
    ),
    fault(
        "request-xml-entities", "IAK-GEN-ENTITIES", "Entities of a document type are expanded.",
        read=_rescued(Codec.XML, _expanding),
    ),
    fault(
        "request-content-type-guessed", "IAK-GEN-CONTENT-TYPE",
        "The body's first character says whether it is XML, not its Content-Type.",
        codec_of=_guessing_codec,
    ),
    fault(
        "request-text-xml-unknown", "IAK-REQ-XML-TEXT", "text/xml is not known.",
        codec_of=_without("text/xml"),
    ),
)  # fmt: skip


def _refusing(codec: Codec, unwanted: bytes) -> Wrapper:
    """Wraps ``read``: bodies with these bytes are refused."""

    def read(
        _service: object,
        original: Callable[[Codec, bytes], Fields],
        used: Codec,
        body: bytes,
    ) -> Fields:
        if used is codec and unwanted in body:
            raise Refusal(Reason.MALFORMED)
        return original(used, body)

    return read


VALID = (
    fault(
        "request-order-matters", "IAK-GEN-VALID",
        "A request whose first field is not commands is refused.",
        complete=lambda _service, original, fields: (
            original(fields if next(iter(fields), "commands") == "commands" else {})
        ),
    ),
    fault(
        "request-escapes-unknown", "IAK-GEN-VALID", "JSON with \\u escapes is refused.",
        read=_refusing(Codec.JSON, b"\\u"),
    ),
    fault(
        "request-tight-json-unknown", "IAK-GEN-VALID", "JSON without blanks is refused.",
        read=_refusing(Codec.JSON, b'":"'),
    ),
    fault(
        "request-cdata-unknown", "IAK-GEN-VALID", "XML with CDATA is refused.",
        read=_refusing(Codec.XML, b"<![CDATA["),
    ),
    fault(
        "request-ref-id-too-short", "IAK-GEN-VALID",
        "A ref_id of fewer than twenty characters is refused.",
        accepts_ref_id=lambda _service, original, ref_id: original(ref_id) and len(ref_id) >= 20,
    ),
    fault(
        "request-ref-id-in-lower-case", "IAK-GEN-VALID",
        "A ref_id with lower-case letters is refused.",
        accepts_ref_id=lambda _service, original, ref_id: (
            original(ref_id) and ref_id == ref_id.upper()
        ),
    ),
)  # fmt: skip


def _bills_refused_in_xml(
    _service: object,
    original: Callable[[Codec, bytes], Fields],
    codec: Codec,
    body: bytes,
) -> Fields:
    fields = original(codec, body)
    if codec is Codec.XML and NUMBERS.get(fields.get("hp", "")) in CUSTOMERS:
        raise Refusal(Reason.MALFORMED)
    return fields


def _one_bill_refused_in_xml(
    _service: object,
    original: Callable[[Codec, bytes], Fields],
    codec: Codec,
    body: bytes,
) -> Fields:
    fields = original(codec, body)
    if codec is Codec.XML and fields.get("hp") == "530000000001":
        raise Refusal(Reason.MALFORMED)
    return fields


WAYS = (
    fault(
        "request-xml-bills-refused", "IAK-REQ-XML",
        "An inquiry in XML is refused if its customer has a bill.",
        also=("IAK-GEN-VALID",), because="a generated request asks for such a customer",
        read=_bills_refused_in_xml,
    ),
    fault(
        "request-xml-one-bill-refused", "IAK-REQ-XML",
        "An inquiry in XML for the customer with one bill is refused.",
        also=("IAK-GEN-VALID",), because="a generated request asks for that customer",
        read=_one_bill_refused_in_xml,
    ),
    fault(
        "xml-answered-in-json", "IAK-XML-WELLFORMED", "A request in XML is answered in JSON.",
        also=("IAK-GEN-VALID", "IAK-AGREE-RC", "IAK-STATUS-XML"),
        because="every answer in XML is such an answer",
        write=lambda _service, original, _codec, answer: original(Codec.JSON, answer),
    ),
    fault(
        "request-answered-with-202", "IAK-REQ-PATH", "An inquiry is answered with HTTP 202.",
        finish=with_answer(lambda answer: replace(answer, status=202), Kind.INQUIRY),
    ),
    fault(
        "request-answered-with-201", "IAK-REQ-PATH", "An inquiry is answered with HTTP 201.",
        finish=with_answer(lambda answer: replace(answer, status=201), Kind.INQUIRY),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*WAYS, *DOCUMENTS, *VALID)
