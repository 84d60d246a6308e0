"""Drives py-sat-sdk against a sandbox and writes what it understood, as JSON.

Run by tests/test_tokopedia_clients.py with the Python that has py-sat-sdk:
``python py_sat_walk.py SANDBOX_URL PRIVATE_KEY PROVIDER_PUBLIC_KEY``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from py_sat.client import (  # type: ignore[import-not-found]  # installed by the test that runs this
    SATClient,
    SATClientConfig,
)
from py_sat.models import (  # type: ignore[import-not-found]  # as above
    Field,
    InquiryRequest,
    OrderRequest,
)


def main(url: str, private: str, public: str) -> dict[str, Any]:
    config = (
        SATClientConfig(
            "sandbox-partner", "sandbox-secret", Path(private).read_text(), Path(public).read_text()
        )
        .with_sat_base_url(f"{url}/api")
        .with_access_token_base_url(f"{url}/token")
    )
    client = SATClient(config)
    reported: dict[str, Any] = {"ping": client.ping().status, "saldo": client.account().saldo}
    reported["products"] = [one.id for one in client.list_product().products]
    reported["one"] = [one.id for one in client.list_product("pgn,cbn").products]
    reported["unknown"] = client.list_product("nothing").get_error_codes()

    period = [Field("period", "2022")]
    bill = client.inquiry(InquiryRequest("pbb-dki-jakarta", "317103000201711111", fields=period))
    reported["inquired"] = [
        bill.client_number,
        bill.base_price + bill.admin_fee == bill.sales_price,
    ]
    reported["no-bill"] = client.inquiry(InquiryRequest("nothing", "1")).get_error_codes()

    order = OrderRequest(
        id="py-1", product_code="pbb-dki-jakarta", client_number="317103000201711111",
        amount=bill.sales_price, fields=period,
    )  # fmt: skip
    reported["checkout"] = client.checkout(order).status
    reported["again"] = client.checkout(order).get_error_codes()
    looks = [client.check_status("py-1") for _ in range(2)]
    reported["looks"] = [look.status for look in looks]
    reported["entries"] = len(looks[-1].fulfillment_result)
    reported["fulfilled"] = looks[-1].fulfilled_at is not None
    # The client sends the amount 0.0 where none is given.
    failing = OrderRequest(id="py-2", product_code="50k-simpati", client_number="081211311999")
    reported["failing"] = client.checkout(failing).status
    reported["failed"] = [client.check_status("py-2").status for _ in range(2)]
    reported["missing"] = client.check_status("py-3").get_error_codes()
    return reported


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
