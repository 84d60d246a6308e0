"""Variants in which a day ends in the middle of a run, between a purchase and the list of today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from kontrak.sandbox.changes import Variant, Wrapper
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.acts import bought, postpaid
from kontrak.sandbox.rone.json_interface import Fields
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import variant
from kontrak.sandbox.rone.transactions import Transaction

_DATES = {"date", "start_date", "end_date"}


def _end_day(account: PartnerAccount, *_: object) -> None:
    """Once: let the day end."""
    with account.lock:
        if account.__dict__.setdefault("day_ended", False):
            return
        account.__dict__["day_ended"] = True
        now = account.now()
        tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        account.clock.advance((tomorrow - now).total_seconds() + 1)


def _before_list(names: set[str], earlier: int) -> Wrapper:
    """Wraps ``purchases``: the day ends before a list of today with these filters.

    ``earlier`` is how many of them are made before that.
    """

    def purchases(
        service: JsonService,
        original: Callable[[Fields, PartnerAccount], list[Transaction]],
        fields: Fields,
        account: PartnerAccount,
    ) -> list[Transaction]:
        ours = account is service.platform.main
        if ours and names <= fields.keys() and not _DATES & fields.keys():
            count: int = service.__dict__.setdefault("lists_of_today", 0) + 1
            service.__dict__["lists_of_today"] = count
            if count > earlier:
                _end_day(account)
        return original(fields, account)

    return purchases


RQID_MIDNIGHTS: tuple[Variant, ...] = (
    variant("rqid-midnight-first", "The day ends before the first list of today.",
            purchases=_before_list(set(), 0)),
    variant("rqid-midnight-later", "The day ends before the twelfth list of today.",
            purchases=_before_list(set(), 11)),
    variant("rqid-midnight-paged", "The day ends before the third page of today's list.",
            purchases=_before_list({"page"}, 2)),
    variant("rqid-midnight-filtered", "The day ends before today's list of one product.",
            purchases=_before_list({"product_code"}, 0)),
    variant("rqid-midnight-by-status", "The day ends before today's list of one status.",
            purchases=_before_list({"status"}, 0)),
)  # fmt: skip

HTTPGET_MIDNIGHTS: tuple[Variant, ...] = (
    variant("httpget-midnight", "The day ends right after the first payment of a bill.",
            account_buy=bought(_end_day, postpaid)),
)  # fmt: skip
