"""The bills of all thirteen products. The same number has the same bill every time.

The first bill of each product is the document's own example, amount for amount.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kontrak.sandbox.digiswitch.customers import Customer, plain
from kontrak.sandbox.json_body import Fields

ADMIN = 2500
"""The admin fee of one bill, in rupiah."""


@dataclass(frozen=True, slots=True)
class Bill:
    """All that is owed under one customer number, in rupiah; ``desc`` as a payment shows it."""

    code: str
    name: str
    admin: int
    price: int
    selling_price: int
    desc: Fields = field(hash=False)
    base_commission: int | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """How a product's bills are made.

    ``desc`` gets the customer number and the customer; ``selling`` finds selling_price in a desc
    and the admin fee. ``margin`` is what selling_price has above price, per bill. ``sn`` are the
    letters around the digits of a serial number.
    """

    desc: Callable[[str, Customer], Fields]
    selling: Callable[[Fields, int, int], int]
    margin: int
    sn: tuple[str, str]
    base_commission: int | None = None


def bill_of(code: str, customer_no: str, customer: Customer) -> Bill:
    """The bill of a customer of this product."""
    product = PRODUCTS[code]
    desc = product.desc(customer_no, customer)
    admin = ADMIN * desc["lembar_tagihan"]
    selling = product.selling(desc, admin, customer.dearer)
    return Bill(
        code=code,
        name=customer.name,
        admin=admin,
        price=selling - product.margin * desc["lembar_tagihan"],
        selling_price=selling,
        desc=desc,
        base_commission=product.base_commission,
    )


# What selling_price is made of

SUMMED = ("nilai_tagihan", "denda", "biaya_lain")


def _sum_of_details(desc: Fields, admin: int, _dearer: int) -> int:
    """Every amount in the details, and the admin fee."""
    parts = (int(one.get(name, 0)) for one in desc["detail"] for name in SUMMED)
    return sum(parts) + admin


def _sum_of_fees(desc: Fields, admin: int, _dearer: int) -> int:
    """SAMSAT: its fees and the admin fee are price, so the margin is added."""
    fees = sum(int(value) for name, value in desc.items() if name.startswith("biaya_"))
    return fees + admin + PRODUCTS["samsat"].margin


def _fixed(rupiah: int) -> Callable[[Fields, int, int], int]:
    """Products whose desc names no amounts: so much per bill."""

    def selling(desc: Fields, _admin: int, dearer: int) -> int:
        return int(rupiah * desc["lembar_tagihan"] + dearer)

    return selling


# What desc reports


def _details(customer: Customer, details: list[Fields]) -> list[Fields]:
    """As many of the details as the customer has bills; the first one is dearer."""
    chosen = details[: customer.bills]
    if "nilai_tagihan" in chosen[0]:
        chosen[0]["nilai_tagihan"] = str(int(chosen[0]["nilai_tagihan"]) + customer.dearer)
    return chosen


def _pln(_number: str, customer: Customer) -> Fields:
    months = [("201901", "8000", "500", 80_000), ("201902", "11500", "0", 90_000)]
    details = [
        {
            "periode": periode,
            "nilai_tagihan": nilai,
            "admin": str(ADMIN),
            "denda": denda,
            "meter_awal": f"{meter:08d}",
            "meter_akhir": f"{meter + 10_000:08d}",
        }
        for periode, nilai, denda, meter in months
    ]
    return {
        "tarif": "R1",
        "daya": 1300,
        "lembar_tagihan": customer.bills,
        "detail": _details(customer, details),
    }


def _pdam(_number: str, customer: Customer) -> Fields:
    detail = {
        "periode": "201901",
        "nilai_tagihan": "8000",
        "denda": "500",
        "meter_awal": "00080000",
        "meter_akhir": "00090000",
        "biaya_lain": "1500",
    }
    return {
        "tarif": "3A",
        "lembar_tagihan": 1,
        "alamat": "WONOKROMO S.S BARU 2 8",
        "jatuh_tempo": "1-15 DES 2014",
        "detail": _details(customer, [detail]),
    }


def _one_bill(_number: str, _customer: Customer) -> Fields:
    return {"lembar_tagihan": 1}


def _internet(_number: str, customer: Customer) -> Fields:
    details: list[Fields] = [
        {"periode": "MEI 2019", "nilai_tagihan": "8000", "admin": str(ADMIN)},
        {"periode": "JUN 2019", "nilai_tagihan": "11500", "admin": str(ADMIN)},
    ]
    return {"lembar_tagihan": customer.bills, "detail": _details(customer, details)}


def _bpjs(_number: str, _customer: Customer) -> Fields:
    return {
        "jumlah_peserta": "2",
        "lembar_tagihan": 1,
        "alamat": "JAKARTA PUSAT",
        "detail": [{"periode": "01"}],
    }


def _multifinance(_number: str, _customer: Customer) -> Fields:
    return {
        "lembar_tagihan": 1,
        "item_name": "HONDA VARIO TECHNO 125 PGM FI NON CBS",
        "no_rangka": "MH1JFB111CK196426",
        "no_pol": "B6213UWX",
        "tenor": "030",
        "detail": [{"periode": "002", "denda": "0", "biaya_lain": "0"}],
    }


def _pbb(_number: str, _customer: Customer) -> Fields:
    return {
        "lembar_tagihan": 1,
        "alamat": "KO. GRIYA ASRI CIPAGERAN",
        "tahun_pajak": "2019",
        "kelurahan": "CIPAGERAN",
        "kecamatan": "CIMAHI UTARA",
        "kode_kab_kota": "0023",
        "kab_kota": "PEMKOT CIMAHI",
        "luas_tanah": "113 M2",
        "luas_gedung": "47 M2",
    }


def _pgas(_number: str, customer: Customer) -> Fields:
    months = [("0320", 6_538), ("0420", 6_573)]
    details: list[Fields] = [
        {"periode": periode, "meter_awal": f"{meter:06d}", "meter_akhir": f"{meter + 35:06d}"}
        for periode, meter in months
    ]
    return {
        "lembar_tagihan": customer.bills,
        "alamat": "KO. GRIYA ASRI CIPAGERAN",
        "detail": _details(customer, details),
    }


def _tv(_number: str, customer: Customer) -> Fields:
    detail = {"periode": "MEI 22", "nilai_tagihan": "97500", "no_ref": "205A"}
    return {"lembar_tagihan": 1, "detail": _details(customer, [detail])}


def _plnnontaglis(_number: str, _customer: Customer) -> Fields:
    return {
        "lembar_tagihan": 1,
        "transaksi": "PENYAMBUNGAN BARU",
        "no_registrasi": "5392112011703",
        "tanggal_registrasi": "20120524",
    }


def _samsat(number: str, customer: Customer) -> Fields:
    return {
        "lembar_tagihan": 1,
        "alamat": "GRIYA BULELENG 2 RT 005 RW 014 BULELENG",
        "nomor_identitas": plain(number).partition(",")[2],
        "nomor_rangka": "MHKV5EA2JFJ001044",
        "nomor_mesin": "1NRF012268",
        "nomor_polisi": "DK 1243AL",
        "milik_kenama": "001",
        "merek_kb": "DAIHATSU",
        "model_kb": "XENIA 1.3 R M/T F653RV-GMDFJ",
        "tahun_buatan": "2018",
        "tgl_akhir_pajak_baru": "20210309",
        "biaya_pokok_bbn": "0",
        "biaya_pokok_swd": "14000",
        "biaya_pokok_pkb": str(83_000 + customer.dearer),
        "biaya_denda_swd": "0",
        "biaya_denda_bbn": "0",
        "biaya_denda_pkb": "0",
        "biaya_admin_stnk": "0",
        "biaya_admin_tnkb": "0",
        "biaya_parkir_pokok": "0",
        "biaya_pajak_progresif": "0",
    }


PRODUCTS: dict[str, Product] = {
    "pln": Product(_pln, _sum_of_details, 1_000, ("P", "L")),
    "pdam": Product(_pdam, _sum_of_details, 1_000, ("PD", "AM")),
    "hp": Product(_one_bill, _fixed(12_500), 1_500, ("H", "P")),
    "internet": Product(_internet, _sum_of_details, 1_000, ("I", "N")),
    "bpjs": Product(_bpjs, _fixed(25_000), 300, ("BP", "JS")),
    "multifinance": Product(_multifinance, _fixed(25_000), 300, ("FP", "I")),
    "pbb": Product(_pbb, _fixed(100_000), 500, ("P", "B")),
    "pgas": Product(_pgas, _fixed(100_000), 500, ("G", "S")),
    "tv": Product(_tv, _sum_of_details, 500, ("T", "V")),
    "plnnontaglis": Product(_plnnontaglis, _fixed(100_000), 500, ("P", "NH"), 1_500),
    "emoney": Product(_one_bill, _fixed(100_000), 500, ("E", "M"), 1_500),
    "samsat": Product(_samsat, _sum_of_fees, 500, ("S", "T")),
    "kirimuang": Product(_one_bill, _fixed(35_000), 500, ("K", "U"), 1_500),
}
