"""What a stretch of a conversation takes from the balance, in rupiah."""

from __future__ import annotations

from kontrak.judging.expect import expect
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.shop import Shop


class Till:
    """The balance at one moment, while no order is open, to be compared with a later one.

    It is not seen where the target has no account, an order is still open, or the balance cannot
    be read, which has a clause of its own.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._before = shop.seen_saldo()

    def taken(self) -> int | None:
        """What was taken since, once every order has ended; None where that is not seen."""
        now = self._shop.seen_saldo() if self._before is not None else None
        if self._before is None or now is None:
            return None
        return self._before - now

    def expect_nothing_taken(self, *evidence: TokopediaAnswer) -> None:
        """Raise ``Deviation`` where anything was taken."""
        taken = self.taken()
        if taken is not None:
            with expect(*evidence) as that:
                that.equal("money taken, in rupiah", taken, 0)

    def expect_less_taken(self, rupiah: int, *evidence: TokopediaAnswer) -> None:
        """Raise ``Deviation`` where so much was taken, or more."""
        taken = self.taken()
        if taken is not None:
            with expect(*evidence) as that:
                that.that(taken < rupiah, f"less than {rupiah} rupiah taken", f"{taken} rupiah")
