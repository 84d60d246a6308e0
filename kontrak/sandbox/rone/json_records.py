"""What the JSON answers show of products, transactions and money, in the document's order."""

from __future__ import annotations

from typing import Any

from kontrak.sandbox.rone.book import Entry
from kontrak.sandbox.rone.products import Category, Product
from kontrak.sandbox.rone.transactions import Transaction

Fields = dict[str, Any]
MOMENT = "%Y-%m-%d %H:%M:%S"


def yes(holds: bool) -> str:  # noqa: FBT001 - the one thing that it writes down
    """Ya or Tidak."""
    return "Ya" if holds else "Tidak"


def price_record(product: Product, price: int) -> Fields:
    """A price check (000_225173fa548c7a0b.txt:19)."""
    return {
        "gangguan": yes(product.disturbed),
        "kosong": yes(product.empty),
        "harga": str(price),
        "kode": product.code,
        "nama": product.name,
    }


def category_record(category: Category) -> Fields:
    """A category (000_225173fa548c7a0b.txt:34)."""
    return {
        "id": category.id,
        "code": category.code,
        "name": category.name,
        "type": category.type,
    }


def product_record(product: Product, price: int) -> Fields:
    """A product of the list (000_225173fa548c7a0b.txt:53)."""
    return {
        "kode": product.code,
        "nama": product.name,
        "operator": product.operator,
        "kategori": product.category.code,
        "gangguan": yes(product.disturbed),
        "kosong": yes(product.empty),
        "harga": str(price),
        "nominal": product.nominal,
    }


def head(transaction: Transaction) -> Fields:
    """What topup, inquiry and payment begin with."""
    ref_2 = {}
    if transaction.inquired_at is not None:
        ref_2 = {"ref_2": f"I-{transaction.inquired_at:%Y%m%d}-{transaction.number}"}
    return {
        "ref_1": transaction.ref,
        **ref_2,
        "product_code": transaction.code,
        "product_name": transaction.aim.product.name,
        "customer_id": transaction.customer,
        "status": transaction.status,
        "status_label": transaction.label,
    }


def purchase_record(transaction: Transaction, price: int, message: str) -> Fields:
    """A topup (000_225173fa548c7a0b.txt:75)."""
    return {
        **head(transaction),
        "price": str(price),
        "total_price": str(price + transaction.admin),
        "msg": message,
    }


def inquiry_record(transaction: Transaction, message: str) -> Fields:
    """An inquiry (000_225173fa548c7a0b.txt:94). Raises ``ValueError`` without a bill."""
    bill = transaction.bill
    if bill is None:
        raise ValueError(f"{transaction.ref} has no bill")
    return {
        **head(transaction),
        # An inquiry is answered before anything is bought.
        "status": 1,
        "status_label": "success",
        "price": str(transaction.price),
        "admin": str(transaction.admin),
        "total_price": str(transaction.total),
        "msg": message,
        "detail": {
            "no_pelanggan": transaction.aim.customer,
            "nama": bill.nama,
            "bl_th": bill.bl_th,
            "tagihan": str(bill.tagihan),
        },
    }


def payment_record(transaction: Transaction, message: str) -> Fields:
    """A payment (000_225173fa548c7a0b.txt:113)."""
    return {**head(transaction), "total_price": str(transaction.total), "msg": message}


def status_record(transaction: Transaction, message: str) -> Fields:
    """A status (000_225173fa548c7a0b.txt:130)."""
    return {
        "ref_1": transaction.ref,
        "product_code": transaction.code,
        "status": transaction.status,
        "status_label": transaction.label,
        "msg": message,
    }


def history_record(transaction: Transaction) -> Fields:
    """A purchase in the history (000_225173fa548c7a0b.txt:160)."""
    return {
        "ref_1": transaction.ref,
        "product_code": transaction.code,
        "customer_id": transaction.customer,
        "status_label": transaction.label,
        "total_price": str(transaction.total),
        "created_at": transaction.moment.strftime(MOMENT),
    }


def mutation_record(entry: Entry) -> Fields:
    """A movement of money; a purchase is a credit (000_225173fa548c7a0b.txt:191)."""
    return {
        "debit": max(entry.rupiah, 0),
        "credit": max(-entry.rupiah, 0),
        "balance": entry.balance,
        "notes": entry.notes,
        "trx_no": entry.trx_no,
        "created_at": entry.moment.strftime(MOMENT),
    }
