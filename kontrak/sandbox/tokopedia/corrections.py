"""Where the document's own examples contradict themselves, and what is answered instead.

The payloads in ``fixtures/tokopedia`` keep those slips, because what was meant cannot be known.
An answer has to be consistent, so one meaning is chosen here, product by product. Keys of a
message are names of attributes, or the place of an entry in its list, counted from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Values = Mapping[str | int, object]


@dataclass(frozen=True, slots=True)
class Correction:
    """Other values for the inquiry and for the order of one product."""

    inquiry: Values = field(default_factory=dict)
    order: Values = field(default_factory=dict)


USER, UPPER = "Tokopedia User", "TOKOPEDIA USER"
GOPAY = "Gop** Simu***** A"
MASKED_UPPER = "TOKO***** US**"

CORRECTIONS: Mapping[str, Correction] = {
    # The token's parts leave out the mark-up of five rupiah (lines 393 to 413).
    "pln-prepaid-token-50k-sat-new": Correction(order={10: "44005"}),
    "mobile-legends-18-diamonds": Correction(order={"client_name": "Fox69", 1: "Fox69"}),
    "bigo-live-10-diamonds": Correction({"client_name": UPPER}, {"client_name": UPPER}),
    # Total Bayar and Tagihan are swapped (lines 1990 to 1998).
    "myrepublic": Correction(
        {3: "Rp 101000", 5: "Rp 100000"}, {"admin_fee": 1000}
    ),
    "mnc-play": Correction(order={"client_name": USER}),
    # The fee is added twice (lines 2744 to 2863).
    "transvision": Correction(
        {"client_name": MASKED_UPPER, 0: MASKED_UPPER, 2: "Rp471.750", 9: "Rp466.750",
         11: "Rp466.750"},
        {"client_name": UPPER, 3: "Rp466.750"},
    ),
    "centrin-online": Correction(order={"client_name": USER, 1: "Centrin Online"}),
    "pgn": Correction(order={"partner_fee": 1000}),
    "bpjs-kesehatan-iuran-1month": Correction(
        order={"client_name": "Tokopedia User Default", 3: "Tokopedia User Default"}
    ),
    "bpjs-ketenagakerjaan-iuran-1month": Correction({0: "Tokop**** Us**"}),
    "bpjs-denda": Correction(
        {1: "099994301127"},
        {"client_name": "Tokopedia User Default", 4: "Tokopedia User Default"},
    ),
    "samsat-jateng": Correction(order={"partner_fee": 1000}),
    "samsat-jatim": Correction(
        {"client_name": MASKED_UPPER, 1: MASKED_UPPER},
        {"client_name": UPPER, "serial_number": "7433221103341111", 2: UPPER, 9: "31/10/2023"},
    ),
    "samsat-kaltara": Correction({"client_name": MASKED_UPPER, 0: MASKED_UPPER}),
    "samsat-kaltim": Correction(order={"serial_number": "20221109077655000000000001122334"}),
    # Two bills are mixed: attributes of one, entries of the other (lines 7599 to 7768).
    "pdam-jatim-kota-surabaya": Correction(
        {"base_price": 50440, "sales_price": 52940},
        {"admin_fee": 2500, "client_name": USER, "serial_number": "123412341234",
         3: "Rp50.440", 9: "202306", 11: "7259-7270 m3", 12: "11 m3"},
    ),
    "pdam-dki-palyja": Correction(
        {"client_name": MASKED_UPPER, 2: MASKED_UPPER}, {"client_name": UPPER, 2: UPPER}
    ),
    "pdam-jabar-kota-cirebon": Correction(order={9: "DEC22"}),
    "pdam-jatim-kota-surabaya-new": Correction(
        order={"admin_fee": 2500, "client_name": USER, "serial_number": "121232313123",
               12: "7259-7270 m3"},
    ),
    # The documented day does not exist (line 9028).
    "kredit-mandiri-utama-finance": Correction({3: "2020-03-16"}),
    "kredit-mtf-new": Correction({6: "Rp0"}, {6: "2023-05-03"}),
    "edu-lspr": Correction({"client_name": UPPER}),
    # Two bills are mixed again (lines 9532 to 9647, 9717 to 9812).
    "edu-univ-sangga-buana-ypkp": Correction(
        {"client_name": MASKED_UPPER, 0: "2041110907112", 2: "Rp166.500", 6: "Rp163.000"},
        {"serial_number": "2041110907112", 0: "2041110907112", 2: "Rp166.500", 6: "Rp163.000"},
    ),
    "edu-petra-alpha-school": Correction(
        {0: "2041110907113", 2: "Rp100.500", 8: "0"},
        {"serial_number": "2041110907113", 0: "2041110907113", 2: "Rp100.500", 8: "0"},
    ),
    "pbb-kota-depok": Correction({0: "Jl. XYZ***"}),
    "pbb-kab-bandung-barat": Correction(order={3: "Rp 52.500"}),
    "pbb-kota-pangkal-pinang": Correction({4: "PBB"}),
    "dompet-digital-gopay-open-amount": Correction(
        {"client_name": GOPAY}, {"client_name": GOPAY, 1: GOPAY}
    ),
    "topup-dana": Correction({"client_name": "DNI* n*"}, {"client_name": "DNI* n*"}),
}  # fmt: skip

UNSEEN: Mapping[str, tuple[tuple[str, str], ...]] = {
    # The document shows no fulfilled order of this voucher (line 1762); it has its neighbour's.
    "sony-sugema-college-2": (("Harga", "Rp 50.000"), ("Kode Voucher", "ssc2-olow-rujk")),
}
