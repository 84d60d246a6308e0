"""All faults of Digiswitch, in the order of the clauses' file."""

from __future__ import annotations

from kontrak.sandbox.changes import Fault, by_chance
from kontrak.sandbox.digiswitch import (
    faults_bills,
    faults_codes,
    faults_fields,
    faults_generated,
    faults_inquiry,
    faults_payment,
    faults_repeat,
    faults_request,
    faults_sign,
    faults_status,
)

_ALL: tuple[Fault, ...] = (
    *faults_request.FAULTS,
    *faults_sign.FAULTS,
    *faults_fields.FAULTS,
    *faults_bills.FAULTS,
    *faults_inquiry.FAULTS,
    *faults_payment.FAULTS,
    *faults_status.FAULTS,
    *faults_codes.FAULTS,
    *faults_repeat.FAULTS,
    *faults_generated.FAULTS,
)

FAULTS = by_chance(
    _ALL,
    {"digiswitch-sign-without-leading-zeros", "digiswitch-sign-without-leading-zero"},
    "any request may have such a sign by chance, whatever it is sent for",
)
