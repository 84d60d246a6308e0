"""All faults of Tokopedia, in the order of the clauses' file."""

from __future__ import annotations

from kontrak.sandbox.changes import Fault
from kontrak.sandbox.tokopedia import (
    faults_access,
    faults_answers,
    faults_errors,
    faults_fields,
    faults_generated,
    faults_mandatory,
    faults_money,
    faults_orders,
    faults_products,
    faults_repeat,
    faults_request,
    faults_sign,
)

FAULTS: tuple[Fault, ...] = (
    *faults_access.FAULTS,
    *faults_fields.FAULTS,
    *faults_request.FAULTS,
    *faults_answers.FAULTS,
    *faults_orders.FAULTS,
    *faults_sign.FAULTS,
    *faults_errors.FAULTS,
    *faults_repeat.FAULTS,
    *faults_money.FAULTS,
    *faults_generated.FAULTS,
    *faults_mandatory.FAULTS,
    *faults_products.FAULTS,
)
