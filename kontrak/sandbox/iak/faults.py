"""All faults of IAK, in the order of the clauses' file."""

from __future__ import annotations

from kontrak.sandbox.changes import Fault, by_chance
from kontrak.sandbox.iak import (
    faults_answers,
    faults_bill,
    faults_codes,
    faults_documents,
    faults_fields,
    faults_format,
    faults_generated,
    faults_payment,
    faults_pending,
    faults_repeat,
    faults_request,
    faults_sign,
    faults_status,
    faults_story,
)

_ALL: tuple[Fault, ...] = (
    *faults_documents.FAULTS,
    *faults_request.FAULTS,
    *faults_sign.FAULTS,
    *faults_format.FAULTS,
    *faults_fields.FAULTS,
    *faults_bill.FAULTS,
    *faults_codes.FAULTS,
    *faults_payment.FAULTS,
    *faults_pending.FAULTS,
    *faults_status.FAULTS,
    *faults_answers.FAULTS,
    *faults_story.FAULTS,
    *faults_repeat.FAULTS,
    *faults_generated.FAULTS,
)

FAULTS = by_chance(
    _ALL,
    {"iak-sign-without-leading-zeros", "iak-sign-without-leading-zero"},
    "any request may have such a sign by chance, whatever it is sent for",
)
