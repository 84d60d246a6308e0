"""How a request of the R-ONE JSON interface looks on the wire, and which answer it gets."""

from __future__ import annotations

from collections.abc import Mapping

from kontrak.exchange import Headers, Request

_SHAPES = {"product-categories": "categories", "history/ref_1": "history"}
_WORDS = ("product_code", "customer_id", "ref_1", "page", "date", "status")


def shape_of(operation: str, fields: Mapping[str, object]) -> str:
    """The name of the shape that an operation's answer has; pages of the history have their own."""
    if operation == "history" and "page" in fields:
        return "history-page"
    return _SHAPES.get(operation, operation)


def post(
    base_url: str,
    operation: str,
    body: bytes,
    headers: Headers,
    ref_1: str | None,
    fields: Mapping[str, object],
    *,
    right: bool,
) -> Request:
    """The request of an operation with this body; ``fields`` are what it says, for its summary.

    ``ref_1`` stands in the address where the operation is ``history/ref_1``; ``right`` says that
    nothing in the request is wrong on purpose.
    """
    by_reference = operation == "history/ref_1"
    path = f"history/{ref_1}" if by_reference else operation
    words = [str(fields[name]) for name in _WORDS if name in fields]
    return Request(
        "POST",
        f"{base_url}/V1/api/{path}",
        (("Content-Type", "application/json"), ("Accept", "application/json"), *headers),
        body,
        " ".join([path, *words]),
        operation=operation if by_reference else shape_of(operation, fields),
        right=right,
    )
