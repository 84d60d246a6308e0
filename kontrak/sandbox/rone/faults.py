"""All faults of both interfaces."""

from __future__ import annotations

from kontrak.sandbox.changes import Fault
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

RQID_FAULTS: tuple[Fault, ...] = (
    *faults_access.FAULTS,
    *faults_shapes.FAULTS,
    *faults_catalogue.FAULTS,
    *faults_trade.FAULTS,
    *faults_later.FAULTS,
    *faults_money.FAULTS,
    *faults_subtle.FAULTS,
    *faults_generated.FAULTS,
)

HTTPGET_FAULTS: tuple[Fault, ...] = (
    *faults_text_access.FAULTS,
    *faults_text.FAULTS,
    *faults_text_requests.FAULTS,
    *faults_text_repeated.FAULTS,
    *faults_both.FAULTS,
)
