"""Response: values that repeat the request."""

import pytest

from kontrak.clauses.catalogue import cited
from kontrak.judging.expect import expect
from kontrak.providers.digiswitch import DigiswitchAnswer

ECHOES = [
    cited("DIGISWITCH-ECHO-REF-ID", "ref_id"),
    cited("DIGISWITCH-ECHO-CUSTOMER-NO", "customer_no"),
    cited("DIGISWITCH-ECHO-CODE", "code"),
]


@pytest.mark.parametrize("field", ECHOES)
def test_a_field_repeats_the_request(payments: list[DigiswitchAnswer], field: str) -> None:
    for paid in payments:
        with expect(paid) as that:
            that.equal(field, paid.text(field), paid.sent[field], "as sent")
