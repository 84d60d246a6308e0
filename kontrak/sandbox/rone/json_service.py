"""The JSON interface: its eleven operations."""

from __future__ import annotations

from dataclasses import replace

from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_lists import JsonLists
from kontrak.sandbox.rone.json_records import (
    category_record,
    history_record,
    inquiry_record,
    mutation_record,
    payment_record,
    price_record,
    product_record,
    purchase_record,
    status_record,
)
from kontrak.sandbox.rone.products import CATEGORIES
from kontrak.sandbox.rone.reasons import Reason
from kontrak.sandbox.rone.transactions import State, Transaction


class JsonService(JsonLists):
    """One partner's view of the platform through JSON."""

    def carry_out(self, kind: Kind, fields: Fields, account: PartnerAccount) -> Answer:
        """Do what the request asks for."""
        match kind:
            case Kind.TOPUP | Kind.INQUIRY | Kind.PAYMENT:
                answer = self.trade(kind, fields, account)
            case Kind.STATUS | Kind.HISTORY_ONE:
                answer = self.look_up(kind, fields, account)
            case Kind.PRICE:
                answer = self.price(fields, account)
            case _:
                answer = self.listed(kind, fields, account)
        return replace(answer, asked=fields)

    # Trade

    def trade(self, kind: Kind, fields: Fields, account: PartnerAccount) -> Answer:
        """Topup, inquiry or payment."""
        ref, code = self.reference(fields), self.text(fields, "product_code")
        customer = self.text(fields, "customer_id")
        aim = account.aim(code, customer, part_required=False)
        match kind:
            case Kind.INQUIRY:
                transaction = account.inquire(ref, code, customer, aim)
                return self.shown_inquiry(transaction)
            case Kind.TOPUP:
                return self.shown_purchase(kind, account.top_up(ref, code, customer, aim), account)
            case _:
                return self.shown_purchase(kind, account.pay(ref, code, customer, aim), account)

    def shown_inquiry(self, transaction: Transaction) -> Answer:
        """The answer to an inquiry."""
        bill = transaction.bill
        about = f"{transaction.code}.{transaction.customer}"
        name = "" if bill is None else bill.nama
        message = f"INQ {about} SUKSES, DATA:{name} TAGIHAN:{transaction.price}"
        data = inquiry_record(transaction, message)
        whole = self.with_rc(Kind.INQUIRY, Reason.SUCCESS, data)
        return Answer(Kind.INQUIRY, Reason.SUCCESS, whole, transaction=transaction)

    def shown_purchase(
        self, kind: Kind, transaction: Transaction, account: PartnerAccount
    ) -> Answer:
        """The answer to a topup or a payment, whatever became of it."""
        message = self.words_of(transaction, account)
        if transaction.bill is None:
            data = purchase_record(transaction, transaction.price, message)
        else:
            data = payment_record(transaction, message)
        whole = self.with_rc(kind, transaction.reason, data)
        return Answer(kind, transaction.reason, whole, transaction=transaction)

    def words_of(self, transaction: Transaction, account: PartnerAccount) -> str:
        """The msg of a purchase."""
        verb = "TRX" if transaction.bill is None else "BAYAR"
        about = f"{verb} {transaction.code}.{transaction.customer}"
        match transaction.state:
            case State.PENDING:
                return f"{about} PROSES"
            case State.FAILED:
                return f"{about} GAGAL, {self.message_of(transaction.reason)}"
            case _:
                return f"{about} SUKSES, SN:{account.serial_of(transaction)}"

    # Looking up one thing

    def look_up(self, kind: Kind, fields: Fields, account: PartnerAccount) -> Answer:
        """Status, or history by ref_1."""
        transaction = account.find(self.reference(fields))
        if kind is Kind.HISTORY_ONE:
            whole = self.envelope(kind, Reason.SUCCESS, history_record(transaction))
            return Answer(kind, Reason.SUCCESS, whole, transaction=transaction)
        data = status_record(transaction, self.words_of(transaction, account))
        whole = self.with_rc(kind, transaction.reason, data)
        return Answer(kind, transaction.reason, whole, transaction=transaction)

    def price(self, fields: Fields, account: PartnerAccount) -> Answer:
        """The price of a product and whether it can be bought."""
        code = self.text(fields, "product_code")
        product = account.aim(code, "", part_required=False).product
        data = price_record(product, account.price_of(product))
        whole = self.with_rc(Kind.PRICE, Reason.SUCCESS, data)
        return Answer(Kind.PRICE, Reason.SUCCESS, whole)

    # Lists

    def listed(self, kind: Kind, fields: Fields, account: PartnerAccount) -> Answer:
        """Categories, products, history, balance or mutations."""
        whole = self.envelope(kind, Reason.SUCCESS, self.list_of(kind, fields, account))
        return Answer(kind, Reason.SUCCESS, whole)

    def list_of(self, kind: Kind, fields: Fields, account: PartnerAccount) -> object:
        """The data of a list."""
        match kind:
            case Kind.CATEGORIES:
                return [category_record(one) for one in CATEGORIES]
            case Kind.PRODUCTS:
                records = [
                    product_record(one, account.price_of(one))
                    for one in self.products(fields, account)
                ]
                return self.paged(records, fields, kind)
            case Kind.HISTORY:
                return self.history(fields, account)
            case Kind.MUTATIONS:
                return [mutation_record(one) for one in self.movements(fields, account)]
            case _:
                return {"saldo": account.balance()}

    def history(self, fields: Fields, account: PartnerAccount) -> object:
        """The purchases: an array, or an envelope where a page is asked for."""
        records = [history_record(one) for one in self.purchases(fields, account)]
        if self.option(fields, "page") is not None:
            return self.paged(records, fields, Kind.HISTORY)
        asked_size = self.option(fields, "per_page") is not None
        return records[: self.per_page(fields, Kind.HISTORY)] if asked_size else records
