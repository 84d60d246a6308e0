"""All faults of both interfaces."""

from __future__ import annotations

from kontrak.sandbox.changes import Fault, also_breaking
from kontrak.sandbox.rone import (
    faults_access,
    faults_both,
    faults_catalogue,
    faults_generated,
    faults_later,
    faults_money,
    faults_shapes,
    faults_subtle,
    faults_text,
    faults_text_access,
    faults_text_repeated,
    faults_text_requests,
    faults_trade,
)

_GENERATED = {
    "rqid-price-of-nothing": ("RQID-GEN-TEXT",),
    "rqid-price-of-anything": ("RQID-GEN-TYPE",),
    "rqid-topup-no-customer": ("RQID-GEN-TOPUP",),
    "rqid-topup-no-ref": ("RQID-GEN-TOPUP",),
    "rqid-topup-no-product": ("RQID-GEN-TOPUP",),
    "rqid-inquiry-no-product": ("RQID-GEN-TYPE",),
    "rqid-inquiry-no-ref": ("RQID-GEN-TYPE",),
    "rqid-inquiry-unknown-product": ("RQID-GEN-TEXT",),
    "rqid-status-no-ref": ("RQID-GEN-TYPE",),
    "rqid-products-category-ignored": ("RQID-GEN-PRODUCTS",),
    "rqid-products-category-ids-ignored": ("RQID-GEN-PRODUCTS",),
    "rqid-products-type-ignored": ("RQID-GEN-PRODUCTS",),
    "rqid-products-operator-ignored": ("RQID-GEN-PRODUCTS",),
    "rqid-products-search-ignored": ("RQID-GEN-PRODUCTS",),
    "rqid-history-date-ignored": ("RQID-GEN-HISTORY",),
    "rqid-history-date-from": ("RQID-GEN-HISTORY",),
    "rqid-history-product-ignored": ("RQID-GEN-HISTORY",),
    "rqid-history-customer-ignored": ("RQID-GEN-HISTORY",),
    "rqid-history-trx-no-ignored": ("RQID-GEN-HISTORY-REF",),
}
_STRANGERS = {
    "rqid-sign-padded": ("RQID-SIGN-FOREIGN", "RQID-STATUS-PRIVATE", "RQID-BYREF-PRIVATE"),
}

_RQID: tuple[Fault, ...] = (
    *faults_access.FAULTS,
    *faults_shapes.FAULTS,
    *faults_catalogue.FAULTS,
    *faults_trade.FAULTS,
    *faults_later.FAULTS,
    *faults_money.FAULTS,
    *faults_subtle.FAULTS,
    *faults_generated.FAULTS,
)

RQID_FAULTS = also_breaking(
    also_breaking(_RQID, _GENERATED, "generated values meet it as well"),
    _STRANGERS,
    "a partner who signs rightly is asked for them",
)

_HTTPGET: tuple[Fault, ...] = (
    *faults_text_access.FAULTS,
    *faults_text.FAULTS,
    *faults_text_requests.FAULTS,
    *faults_text_repeated.FAULTS,
    *faults_both.FAULTS,
)

HTTPGET_FAULTS = also_breaking(
    _HTTPGET,
    {"httpget-both-status": ("HTTPGET-BOTH-PRODUCT", "HTTPGET-BOTH-SERIAL")},
    "what has failed by JSON has no product and no serial number there",
)
