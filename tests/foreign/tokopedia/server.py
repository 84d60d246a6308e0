"""A stateful stand-in for the biller API of document 002 (v2/inquiry, v2/order). Independent of kontrak.

Written from the document by someone who had not read kontrak, with faults of their own choosing.
Kept as it was written: see tests/foreign/README.md.
"""
import argparse, base64, hashlib, json, secrets, sys, threading, time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

KEYS = str(Path(__file__).parents[3] / "fixtures/tokopedia/keys") + "/"
CLIENT, SECRET = "foreign-client", "foreign-secret"
SETTLE = 0.25                       # seconds until an order is final
FAILING = "081200000000"           # 50k-simpati for it ends as Failed
F = ""                             # the fault switched on

FAULTS = {}
def fault(name, says):
    FAULTS[name] = says

# ---------------------------------------------------------------- products
def rp(n):  return "Rp " + f"{n:,}".replace(",", ".")     # Rp 52.000
def rps(n): return "Rp" + f"{n:,}".replace(",", ".")      # Rp52.000
def rpd(n): return f"Rp {n}"                              # Rp 100000

def mask(name):
    return " ".join(w[:len(w) // 2] + "*" * (len(w) - len(w) // 2) for w in name.split(" "))

def h(*parts):
    return int(hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest(), 16)

PEOPLE = ["BUDIMAN SANTOSO", "SITI RAHAYUNI", "AGUSTINUS WIBOWO", "DEWIANA LESTARI", "TOKOPEDIA USER"]
MON = ["JAN", "FEB", "MAR", "APR", "MEI", "JUN", "JUL", "AGU", "SEP", "OKT", "NOV", "DES"]

class Ctx:
    """What a product's lines may say: of one bill (inquiry) and, with an order, of its fulfilment."""
    def __init__(c, code, number, fields, amount=None, order=None):
        p = PRODUCTS[code]
        c.code, c.num, c.fields, c.p, c.o = code, number, {f["name"]: f["value"] for f in fields or []}, p, order
        c.admin = p.get("admin", 0)
        seed = h(code, number)
        c.seed = seed
        base = p["base"]
        if base == "open":
            c.base = amount
        elif isinstance(base, tuple):
            c.base = base[0] + seed % ((base[1] - base[0]) // 100) * 100
        else:
            c.base = base
        c.full = PEOPLE[seed % len(PEOPLE)]
        if p.get("title"):
            c.full = c.full.title()
        c.name = c.full if order else (mask(c.full) if not p.get("plain") else c.full)
        c.total = c.base + c.admin
        c.year = c.fields.get("period", "2022")
        if order:
            s = h("order", order["uid"])
            c.ser = p["ser"](c, s) if "ser" in p else ""
            c.vou = p["vou"](c, s) if "vou" in p else ""
            c.s = s
        # parts of a bill
        c.part1 = c.base * 3 // 5 // 100 * 100
        c.part2 = c.base - c.part1

def digits(s, n): return str(s % 10 ** n).zfill(n)
def token(s): d = digits(s, 20); return "-".join(d[i:i + 4] for i in range(0, 20, 4))
def hx(s): return f"{s:064X}"[:32]
def code8(s): return "".join("ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[(s >> (5 * i)) % 32] for i in range(8))

P = PRODUCTS = {}

P["50k-simpati"] = dict(base=52000, ser=lambda c, s: "TLKM" + digits(s, 10), needs_number=True, out=lambda c: [
    ("Nomor", c.num), ("Serial Number", c.ser), ("Harga", rp(c.base))])
P["pasca-telkomsel"] = dict(base=(60000, 180000), admin=2000, title=1, inq=lambda c: [
    ("Nomor Telepon", c.num), ("Nama", c.name), ("Total Bayar", rp(c.total)), ("Total Tagihan", rp(c.base)),
    ("Biaya Admin", rps(c.admin))], out=lambda c: [
    ("Nomor Telepon", c.num), ("Nama", c.name), ("Total Tagihan", rp(c.base)), ("Biaya Admin", rps(c.admin)),
    ("Total Bayar", rp(c.total))])
def _idpel(c): return "5" + digits(c.seed // 7, 11)
P["pln-prepaid-token-50k-sat-new"] = dict(base=50005, meter=1, ser=lambda c, s: token(s), vou=lambda c, s: token(s),
    inq=lambda c: [("Nama", c.name), ("Nomor", c.num), ("ID Pelanggan", _idpel(c)), ("Tarif/Daya", "B1/000007000VA"),
    ("Harga", rp(c.base)), ("Jenis Layanan", "")], out=lambda c: [
    ("No. Meter/Idpel", c.num), ("Nomor Meter", c.num), ("ID Pelanggan", _idpel(c)), ("Nama", c.name),
    ("Tarif/Daya", "B1/000007000VA"), ("No Ref", "0BMS" + digits(c.s, 16) + hx(c.s)[:12]), ("Materai", "0"), ("PPn", "0"),
    ("PPj", "0"), ("Angsuran", "6005"), ("Rp Stroom/Token", "44000"), ("kWh", "88"),
    ("Token", c.ser.replace("-", " ")), ("Info Tambahan", "Informasi Hubungi Call Center 123 Atau hubungi PLN Terdekat"),
    ("Total Bayar", rp(c.total)), ("Rp Bayar", ""), ("Admin Bank", rps(c.admin))])
def _pln(c):
    n = 4
    bills = [c.base // 5, c.base // 4, c.base // 4]
    pens = [9000, 6000, 3000, 0]
    bills.append(c.base - sum(bills) - sum(pens))
    return n, bills, pens
P["pln-postpaid-new"] = dict(base=(600000, 950000), admin=6000, fee=1000, ser=lambda c, s: "0BMS" + hx(s)[:28],
    inq=lambda c: [("Nama", c.name), ("ID Pelanggan", c.num), ("BL/TH", "JUN26, JUL26, AGU26, SEP26"),
    ("TARIF/DAYA", "R1/450"), ("STAND METER", "888800-889900"), ("Jumlah Tagihan", "4"), ("RP TAG PLN", rp(c.base)),
    ("ADMIN BANK", rp(c.admin)), ("TOTAL BAYAR", rp(c.total)), ("TOTAL TAGIHAN", "4 BULAN")],
    out=lambda c: [("No. Meter/Idpel", c.num), ("Nama", c.name), ("Tarif/Daya", "R1/000000450"), ("Jumlah Tagihan", "4"),
    ("RP TAG PLN", rp(c.base)), ("NO REF", c.ser), ("Total Tagihan", rp(c.base)), ("Biaya Admin", rp(c.admin)),
    ("Total Bayar", rp(c.total)), ("BL/TH", "JUN26, JUL26, AGU26, SEP26"),
    ("STAND METER", ", ".join(["00888800-00889900"] * 4)), ("TAGIHAN", ", ".join(map(str, _pln(c)[1]))),
    ("PENALTY", ", ".join(map(str, _pln(c)[2]))), ("JATUH TEMPO", "2026-06-22, 2026-07-22, 2026-08-22, 2026-09-22"),
    ("INSENTIVE", "0, 0, 0, 0"), ("METERREAD", "0, 0, 0, 0")])
P["pln-non-taglis"] = dict(base=(200000, 300000), admin=5000, ser=lambda c, s: hx(s), vou=lambda c, s: c.num,
    inq=lambda c: [("Nomor Registrasi", c.num), ("Nama", c.name), ("Total Harga", rps(c.total)), ("Nomor Registrasi", c.num),
    ("Jenis Transaksi", "PENYELESAIAN P2TL"), ("Biaya PLN", rps(c.base)), ("Admin", rps(c.admin))],
    out=lambda c: [("IDPEL", c.num), ("NO REG", c.num), ("TGL REG", "22SEP26"), ("NAMA", c.name), ("NO REF", c.ser),
    ("BIAYA PLN", rps(c.base)), ("ADMIN BANK", rps(c.admin)), ("TOTAL BAYAR", rps(c.total))])
P["gofood-20k"] = dict(base=17820, vou=lambda c, s: code8(s)[:7], out=lambda c: [
    ("Harga", rps(c.base)), ("Kode Voucher", c.vou), ("Berlaku Hingga", "07 Feb 2028 00:00")])
P["kfc-50k"] = dict(base=43750, vou=lambda c, s: "https://egift.id/" + code8(s) + code8(s >> 60)[:4], out=lambda c: [
    ("Harga", rps(c.base)), ("E-voucher", c.vou), ("Berlaku Hingga", "20 May 2028 00:00")])
P["kode-voucher-google-play-10000"] = dict(base=11000, vou=lambda c, s: code8(s), ser=lambda c, s: digits(s, 11), out=lambda c: [
    ("Harga", rp(c.base)), ("Kode Voucher", c.vou), ("Serial", c.ser), ("Total Bayar", rps(c.base)), ("Biaya Admin", rps(0))])
P["steam-wallet-idr-90"] = dict(base=145000, fee=100, vou=lambda c, s: code8(s) + "-" + code8(s >> 50), out=lambda c: [
    ("Harga", rp(c.base)), ("Kode Voucher", c.vou), ("Total Bayar", rps(c.base)), ("Biaya Admin", rps(0))])
P["mobile-legends-18-diamonds"] = dict(base=5500, fee=500, plain=1, need=["zone_id"], inq=lambda c: [
    ("Nomor", c.num + "_" + c.fields["zone_id"]), ("Jenis Layanan", "18 Diamonds"), ("Harga", rps(c.base)),
    ("Username", c.name), ("User ID", c.num), ("Server ID", c.fields["zone_id"]), ("Total Bayar", rps(c.total)),
    ("Biaya Admin", rps(0))], out=lambda c: [
    ("Harga", rps(c.base)), ("Username", c.name), ("User ID", c.num), ("Server ID", c.fields["zone_id"]),
    ("Total Bayar", rps(c.total)), ("Biaya Admin", rps(0))])
P["spotify-premium-spotify-premium-6"] = dict(base=300000, vou=lambda c, s: code8(s) + "Q6P", ser=lambda c, s: digits(s, 10),
    out=lambda c: [("Harga", rp(c.base)), ("Kode Voucher", c.vou), ("Serial", c.ser)])
P["bigo-live-10-diamonds"] = dict(base=3520, fee=500, anon=1, vou=lambda c, s: digits(s, 10), inq=lambda c: [
    ("Jenis Layanan", "10 Diamonds"), ("User ID", c.num), ("Username", c.full), ("Harga", rps(c.base))],
    out=lambda c: [("Harga", rps(c.base)), ("Kode Voucher", c.vou)])
P["mnc-play"] = dict(base=(90000, 120000), title=1, ser=lambda c, s: digits(s, 9), inq=lambda c: [
    ("Nama", c.name), ("Nomor Pelanggan", c.num), ("Total Bayar", rpd(c.total)), ("Biaya Admin", rpd(0)), ("Tagihan", rpd(c.base))],
    out=lambda c: [("Nomor Referensi", c.ser), ("Nomor Pelanggan", c.num), ("Nama", c.name), ("Total Tagihan", rpd(c.base)),
    ("Total Bayar", rpd(c.total))])
P["biznet-home"] = dict(base=(150000, 190000), ser=lambda c, s: digits(s, 18), inq=lambda c: [
    ("Nama", c.name), ("Nomor", c.num), ("Tagihan", rps(c.base)), ("Biaya Admin", rps(0)), ("Total Bayar", rps(c.total)),
    ("Jumlah Tagihan", ""), ("Denda", ""), ("Nilai Keterlambatan", ""), ("Jumlah Total Tagihan", "")],
    out=lambda c: [("Nama Pelanggan", c.name), ("Nomor", c.num), ("Total Tagihan", rps(c.base)), ("Nomor Referensi", c.ser),
    ("Biaya Admin", rps(0)), ("Total Bayar", rps(c.total)), ("Jumlah Tagihan", ""), ("Denda", ""), ("Nilai Keterlambatan", "")])
P["pgn"] = dict(base=(10000, 20000), admin=1200, fee=700, title=1, ser=lambda c, s: "PGN" + digits(s, 10), inq=lambda c: [
    ("ID Pelanggan", c.num), ("Nama", c.name), ("Periode", "17/09/2026"), ("Total Tagihan", rps(c.base)),
    ("Biaya Admin", rps(c.admin)), ("Total Bayar", rps(c.total))], out=lambda c: [
    ("Nomor Pelanggan", c.num), ("Nama", c.name), ("Periode", "17/09/2026"), ("Stand Awal", "760"), ("Stand Akhir", "769"),
    ("Volume Pemakaian", "9"), ("Kode Reff", ""), ("No Resi", c.ser), ("Total Tagihan", rp(c.base)),
    ("Biaya Admin", rps(c.admin)), ("Total Bayar", rps(c.total))])
P["bpjs-kesehatan-iuran-1month"] = dict(base=80000, admin=2500, fee=1000, title=1, plain=1, ser=lambda c, s: "MJ" + digits(s, 8),
    inq=lambda c: [("No. VA Kepala Keluarga", c.num), ("No. VA", c.num), ("Nama", c.name), ("Total Bayar", rp(c.total)),
    ("Jumlah Anggota Keluarga", "1 orang"), ("Jumlah Periode Pembayaran", "1 bulan"), ("Biaya Iuran", rp(c.base)),
    ("Biaya Admin", rp(c.admin))], out=lambda c: [
    ("Nomor Referensi", c.ser), ("Tanggal Lunas", c.o["local"].strftime("%Y-%m-%d %H-%M-%S")), ("No. VA Keluarga", c.num),
    ("Nama", c.name), ("Jml. Keluarga", "1"), ("Periode", "1 bulan"), ("Nama Cabang", "Tokopedia"), ("Premi", rp(c.base)),
    ("Biaya Admin", rp(c.admin)), ("Total Bayar", rp(c.total))])
P["bpjs-ketenagakerjaan-iuran-1month"] = dict(base=36800, admin=3500, title=1, ser=lambda c, s: digits(s, 12), inq=lambda c: [
    ("Nama", c.full), ("Nomor Kepesertaan", c.num), ("Periode", "1 bulan"), ("Total Bayar", rp(c.total)),
    ("Kantor Cabang", "PULAU LAUT KOTABARU(KCP)"), ("JKK", rp(10000)), ("JKM", rp(6800)), ("JHT", rp(20000)),
    ("Biaya Admin", rp(c.admin))], out=lambda c: [
    ("Kode Iuran", c.ser), ("Tanggal Lunas", c.o["local"].strftime("%d-%m-%Y")), ("Nomor Kepesertaan", c.num), ("Nama", c.name),
    ("JKK", rp(10000)), ("JKM", rp(6800)), ("JHT", rp(20000)), ("Bulan", "1 bulan"), ("Total Iuran", rp(c.base)),
    ("Biaya Admin", rp(c.admin)), ("Total Bayar", rp(c.total)), ("Tanggal Efektif", "10-11-2026"),
    ("Tanggal Berakhir", "09-12-2026"), ("Kantor Cabang", "PULAU LAUT KOTABARU(KCP)")])
P["bpjs-denda"] = dict(base=(90000, 150000), admin=2500, title=1, ser=lambda c, s: hx(s), inq=lambda c: [
    ("Pembayaran", "BPJS Denda"), ("No. Kartu Peserta", c.num), ("Nama Badan Usaha", c.name.split(" ")[0]),
    ("Nama Peserta", c.name), ("Jenis Tagihan", "Tagihan Awal"), ("Jumlah Tagihan Denda", rps(c.base)),
    ("Biaya Admin", rps(c.admin))], out=lambda c: [
    ("Nomor Referensi", c.ser), ("Kode Hit Denda", digits(c.s, 7)), ("Tanggal Lunas", c.o["local"].strftime("%Y-%m-%d %H-%M-%S")),
    ("Kode Badan Usaha", "01350036"), ("Nama Peserta", c.name), ("No. Kartu Peserta", c.num),
    ("Jumlah Tagihan Denda", rps(c.base)), ("Jenis Tagihan", "Tagihan Awal"), ("Biaya Admin", rps(c.admin)),
    ("Total Bayar", rps(c.total))])
P["samsat-jateng"] = dict(base=(80000, 120000), admin=5000, fee=1000, title=1, ser=lambda c, s: "FM" + digits(s, 13), inq=lambda c: [
    ("Kode Bayar", c.num), ("Atas Nama", c.name), ("Alamat", mask("Jl. Petikan Tengah")), ("Nomor Polisi", "H 9922 KPD"),
    ("Jenis Kendaraan", "SPM/SEPEDA MOTOR"), ("Tipe Kendaraan", "GSX-R150"), ("Merek Kendaraan", "SUZUKI"),
    ("Warna Kendaraan", "BIRU"), ("Tahun Buat Kendaraan", "2018"), ("Nomor Mesin", "CHA9IF169422"),
    ("Nomor Krangka", "MH8TL23ANTJK35845"), ("Tagihan", rp(c.base)), ("Biaya Admin", rp(c.admin))], out=lambda c: [
    ("Status", "Transaksi berhasil"), ("Kode Bayar", c.num), ("Atas Nama", c.name), ("NIK", "3301100000000000"),
    ("Alamat", "Jl. Petikan Tengah"), ("Nomor Polisi", "H 9922 KPD"), ("Tipe Kendaraan", "GSX-R150"),
    ("Merek Kendaraan", "SUZUKI"), ("Nomor Mesin", "CHA9IF169422"), ("Nomor Rangka", "MH8TL23ANTJK35845"), ("NTB", c.ser),
    ("Tagihan", rp(c.base)), ("Biaya Admin", rp(c.admin)), ("Total Bayar", rp(c.total))])
def _jatim(c, full):
    parts = [("PKB Pokok", rps(c.base - 50000)), ("JR Pokok", rps(35000))]
    if F == "jatim-zero-penalty":
        parts.append(("JR Denda", rps(0)))
    parts.append(("Parkir Berlangganan", rps(15000)))
    return parts
P["samsat-jatim"] = dict(base=(150000, 250000), admin=6000, need=["nik", "machine_number", "phone_number"], inq=lambda c: [
    ("Kode Bayar", c.num), ("Atas Nama", c.name), ("Nomor Polisi", c.num[:-2] + "**"), ("Jenis Kendaraan", "SEPEDA MOTOR"),
    ("Tipe Kendaraan", "NF 100D"), ("Merek Kendaraan", "HONDA"), ("Warna Kendaraan", "HITAM"), ("Tahun Buat Kendaraan", "2002"),
    ("Tanggal Masa Laku", "31/10/2027"), *_jatim(c, 0), ("Nomor Mesin", "KEV8E155****"), ("Tagihan", rps(c.base)),
    ("Biaya Admin", rps(c.admin))], out=lambda c: [
    ("Status", "Transaksi berhasil"), ("Bukti Bayar", digits(c.s, 16)), ("Atas name", c.name), ("Nomor Polisi", c.num),
    ("Jenis Kendaraan", "SEPEDA MOTOR"), ("Tipe Kendaraan", "NF 100D"), ("Merek Kendaraan", "HONDA"),
    ("Warna Kendaraan", "HITAM"), ("Tahun Buat Kendaraan", "2002"), ("Tanggal Masa Laku", "31/10/2027"), *_jatim(c, 1),
    ("Nomor Mesin", "KEV8E1554111"), ("Tagihan", rps(c.base)), ("Biaya Admin", rps(c.admin)), ("Total Bayar", rps(c.total))])
P["pdam-dki-palyja"] = dict(base=(90000, 140000), admin=2500, inq=lambda c: [
    ("Jumlah Periode", "1"), ("No. Pelanggan", c.num), ("Nama", c.name), ("Total Tagihan", rps(c.total)),
    ("Periode", "November 2026"), ("Jumlah Tagihan", rps(c.base)), ("Biaya Admin", rps(c.admin))], out=lambda c: [
    ("Wilayah", "PALYJA JAKARTA"), ("Nomor Pelanggan", c.num), ("Nama", c.name), ("Total Tagihan", rps(c.base)),
    ("No.Reff", ""), ("Jumlah Periode", "1"), ("Biaya Admin", rps(c.admin)), ("Total Bayar", rps(c.total)),
    ("Periode", "November 2026"), ("Tagihan", rps(c.base))])
P["kredit-mtf"] = dict(base=(400000, 480000), admin=10000, fee=1000, title=1, ser=lambda c, s: digits(s, 10), inq=lambda c: [
    ("Nama", c.name), ("Nomor Pelanggan", c.num), ("Jatuh Tempo", "2026-11-03"), ("Tagihan Ke", "47"),
    ("Total Tagihan", rp(c.total)), ("Denda", rp(10000)), ("Admin", rp(c.admin)), ("Tagihan", rp(c.base - 10000))],
    out=lambda c: [("Nomor Pelanggan", c.num), ("Nama", c.name), ("Nomor Referensi", c.ser), ("Tagihan Ke", "47"),
    ("Denda", rp(10000)), ("Biaya Admin", rp(c.admin)), ("Jatuh Tempo", "2026-11-03"), ("Total Tagihan", rp(c.base - 10000)),
    ("Total Bayar", rp(c.total))])
P["kredit-mandiri-utama-finance"] = dict(base=(300000, 380000), admin=6500, fee=1000, title=1, plain=1, ser=lambda c, s: digits(s, 13),
    inq=lambda c: [("Nama", c.name), ("Nomor Pelanggan", c.num), ("Total Tagihan", rp(c.total)), ("Jatuh Tempo", "2026-11-20"),
    ("Tagihan Ke", "2"), ("Denda", ""), ("Admin", rp(c.admin)), ("Tagihan", rp(c.base))], out=lambda c: [
    ("Nomor Pelanggan", c.num), ("Nama", c.name), ("Nomor Referensi", c.ser), ("Tagihan Ke", "2"), ("Denda", ""),
    ("Biaya Admin", rp(c.admin)), ("Jatuh Tempo", "20-NOV-26"), ("Total Tagihan", rp(c.base)), ("Total Bayar", rp(c.total))])
P["kredit-mtf-new"] = dict(base=(4000000, 4900000), admin=10000, fee=5000, ser=lambda c, s: digits(s, 14), inq=lambda c: [
    ("Nama", c.name), ("Total Tagihan", rps(c.total)), ("Jatuh Tempo", "2026-11-20"), ("Tagihan Ke", "5"),
    ("Tagihan", rps(c.base)), ("Nomor Pelanggan", c.num), ("Denda", rps(0)), ("Admin", rps(c.admin)), ("Nomor Polisi", "")],
    out=lambda c: [("Nomor Pelanggan", c.num), ("Nama", c.name), ("Nomor Referensi", c.ser), ("Tagihan Ke", "5"),
    ("Denda", rps(0)), ("Biaya Admin", rps(c.admin)), ("Jatuh Tempo", "2026-11-20"), ("Total Tagihan", rps(c.base)),
    ("Total Bayar", rps(c.total)), ("Total Cicilan", ""), ("Nomor Polisi", "B1849CZK"),
    ("Jenis Kendaraan", "SUZUKI-ERTIGA******* 1.* A*"), ("Nama Cabang", "BSD - MOBIL"), ("Warna", "METALLIC MAGMA GRAY 2"),
    ("Biaya Tagih", rps(0))])
P["edu-lspr"] = dict(base=(400000, 600000), admin=3000, fee=1000, ser=lambda c, s: c.num, inq=lambda c: [
    ("Nomor Pembayaran", c.num), ("Nama", c.full), ("Biaya Admin", rps(c.admin)), ("Total Tagihan", rps(c.total))],
    out=lambda c: [("Nomor Pembayaran", c.num), ("Nomor Nasabah", c.num), ("Nama Nasabah", c.name), ("Informasi Tagihan", ""),
    ("Biaya Admin", rps(c.admin)), ("Total Tagihan", rps(c.total))], anon_inq=1)
P["pbb-dki-jakarta"] = dict(base=(5000000, 8000000), admin=2500, fee=1000, title=1, plain=1, need=["period"], ser=lambda c, s: digits(s, 16),
    inq=lambda c: [("Jenis Pajak", "PBB"), ("Nomor Objek Pajak", c.num), ("Nama", c.name), ("Alamat", "Jl. Bersama Jakarta"),
    ("Tahun Pajak", c.year), ("Total Tagihan", rp(c.base)), ("Biaya Admin", rp(c.admin)), ("Jumlah Pembayaran", rp(c.total)),
    ("Jumlah Pokok", rp(c.part1)), ("Jumlah Sanksi", rp(0)), ("Jumlah Bunga", rp(c.part2)), ("Jumlah Denda", rp(0))],
    out=lambda c: [("Jenis Pajak", "PBB"), ("Merchant/Biller", "PBB DKI Jakarta"), ("Nomor Objek Pajak", c.num), ("NTPD", c.ser),
    ("Nama", c.name), ("Tahun Pajak", c.year), ("Total Tagihan", rp(c.base)), ("Biaya Admin", rp(c.admin)),
    ("Total Bayar", rp(c.total)), ("Jumlah Pokok", rp(c.part1)), ("Jumlah Sanksi", rp(0)), ("Jumlah Bunga", rp(c.part2)),
    ("Jumlah Denda", rp(0))])
P["pbb-dki-jakarta-new"] = dict(base=(5000000, 8000000), admin=2500, fee=2000, title=1, need=["period"], ser=lambda c, s: digits(s, 16),
    inq=lambda c: [("Alamat", "Jl. Bersama Jakarta"), ("Biaya Admin", rp(c.admin)), ("Jumlah Denda", rp(0)), ("Diskon", ""),
    ("Jatuh Tempo", ""), ("Jenis Pajak", "PBB"), ("Jumlah Pembayaran", rp(c.total)), ("Jumlah Pokok", rp(c.part1)),
    ("Jumlah Sanksi", rp(0)), ("Jumlah Bunga", rp(c.part2)), ("Kelurahan", ""), ("Kabupaten Kota", ""), ("Kecamatan", ""),
    ("Luas Bangunan", ""), ("Luas Tanah", ""), ("Merchant Biller", ""), ("Nama", c.name), ("Nomor Objek Pajak", c.num),
    ("Provinsi", ""), ("Tagihan", ""), ("Tahun Pajak", c.year), ("Tahun Terhutang", ""), ("Total Tagihan", rp(c.base))],
    out=lambda c: [("Alamat", ""), ("Biaya Admin", rp(c.admin)), ("Jumlah Denda", rp(0)), ("Diskon", ""), ("Jatuh Tempo", ""),
    ("Jenis Pajak", "PBB"), ("Jumlah Pokok", rp(c.part1)), ("Jumlah Sanksi", rp(0)), ("Jumlah Bunga", rp(c.part2)),
    ("Kelurahan", ""), ("Kabupaten Kota", ""), ("Kecamatan", ""), ("Luas Bangunan", ""), ("Luas Tanah", ""),
    ("Merchant/Biller", "PBB DKI Jakarta"), ("Nama", c.name), ("Nomor Objek Pajak", c.num), ("Provinsi", ""), ("Tagihan", ""),
    ("Tahun Pajak", c.year), ("Tahun Terhutang", ""), ("Total Tagihan", rp(c.base)), ("Total Bayar", rp(c.total)),
    ("NTPD", c.ser), ("NTB", ""), ("Kode Sah", ""), ("Nomor Referensi", "")])
P["insurance-prudential"] = dict(base=(400000, 500000), fee=1000, ser=lambda c, s: digits(c.seed, 9), inq=lambda c: [
    ("Nama", c.name), ("Nomor Polis", c.num), ("Nomor Proposal", digits(c.seed, 9)), ("Periode", "16 Okt 2026 - 16 Nov 2026"),
    ("Mata Uang", "IDR"), ("Premi", rps(c.base)), ("Total Tagihan", rps(c.total))])
P["insurance-prudential"]["out"] = P["insurance-prudential"]["inq"]
P["donasi-rumah-zakat-50"] = dict(base=50000, fee=2000, out=lambda c: [("Harga", rp(c.base))])
P["dompet-digital-gopay-open-amount"] = dict(base="open", fee=10, anon=1, long_pending=1, inq=lambda c: [
    ("Nomor HP", c.num), ("Nama", mask(c.full)), ("Nominal Top-up", rps(c.base)), ("Biaya Admin", rp(0))], out=lambda c: [
    ("Nomor HP", c.num), ("Nama", mask(c.full)), ("Nominal Top-up", rps(c.base)), ("Biaya Admin", rp(0)),
    ("Total Bayar", rps(c.total))])
P["topup-dana"] = dict(base="open", fee=100, anon=1, inq=lambda c: [
    ("Nomor HP", c.num), ("Nama", mask(c.full)), ("Nominal Top-up", rps(c.base))], out=lambda c: [
    ("Nomor HP", c.num), ("Nama", mask(c.full)), ("Nominal Top-up", rps(c.base)), ("Total Bayar", rps(c.total))])

TITLES = {c: c.replace("-", " ").title() for c in P}

# ---------------------------------------------------------------- state
LOCK = threading.RLock()
TOKENS, ORDERS, INQUIRED, CACHE = {}, {}, set(), {}
BALANCE = [500_000_000]
PUB = serialization.load_pem_public_key(open(KEYS + "partner-public.pem", "rb").read())
PRIV = serialization.load_pem_private_key(open(KEYS + "provider-private.pem", "rb").read(), None)

class Refuse(Exception):
    def __init__(self, code, detail, status=400):
        self.code, self.detail, self.status = code, detail, status

def rows(pairs): return [{"name": n, "value": v} for n, v in pairs]

def setrow(lines, name, value, only=None):
    for l in lines:
        if l["name"] == name: l["value"] = value
def droprow(lines, name): lines[:] = [l for l in lines if l["name"] != name]
def getrow(lines, name): return next((l["value"] for l in lines if l["name"] == name), None)

def signed(raw, sig):
    try: s = base64.b64decode(sig or "", validate=True)
    except Exception: return False
    for pad in (padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO), padding.PKCS1v15()):
        try:
            PUB.verify(s, raw, pad, hashes.SHA256()); return True
        except InvalidSignature: pass
    return False

def parse(raw, kind):
    try: doc = json.loads(raw)
    except Exception: raise Refuse("P01", "Invalid request body")
    d = doc.get("data") if isinstance(doc, dict) else None
    if not isinstance(d, dict) or not isinstance(d.get("attributes"), dict):
        raise Refuse("P01", "Invalid request body")
    if d.get("type") != kind and not (F == "type-unchecked" and kind == "inquiry"):
        raise Refuse("P01", "Invalid type")
    return d, d["attributes"]

def subject(a, order=False):
    """The product, number, fields and amount that a request names, checked."""
    code = a.get("product_code")
    if not isinstance(code, str) or code not in PRODUCTS:
        raise Refuse("P02" if F == "wrong-code-product" else "P04", "Product not found")
    p = PRODUCTS[code]
    num = a.get("client_number", "")
    if not isinstance(num, str): raise Refuse("P01", "client_number must be a string")
    wants = "inq" in p or p.get("needs_number")
    ok = num.isalnum() and 5 <= len(num) <= 20
    if F == "dana-number-unchecked" and code == "topup-dana": ok = True
    if F == "order-number-unchecked" and order and code == "50k-simpati": ok = True
    if wants and not ok: raise Refuse("P06", "Invalid client number")
    fields = a.get("fields")
    if fields is not None:
        if not isinstance(fields, list) or any(not isinstance(f, dict) or not isinstance(f.get("name"), str)
                                               or not isinstance(f.get("value"), str) for f in fields):
            raise Refuse("P01", "Invalid fields")
    have = {f["name"]: f["value"] for f in fields or []}
    for n in p.get("need", []):
        if not have.get(n):
            if (F == "zone-not-required" and n == "zone_id") or (F == "period-not-required" and n == "period" and code == "pbb-dki-jakarta") \
                    or (F == "nik-not-required" and n == "nik") or (F == "order-fields-not-required" and order and code == "pbb-dki-jakarta-new"):
                have[n] = {"zone_id": "1", "period": "2022"}.get(n, "")
                continue
            raise Refuse("P01", f"Field {n} is required")
    amount = a.get("amount")
    if amount is not None and (isinstance(amount, bool) or not isinstance(amount, int) or amount < 0):
        raise Refuse("P01", "Invalid amount")
    amount = amount or None
    if p["base"] == "open" and amount is None:
        raise Refuse("P01", "amount is required")
    if F == "dana-needs-downline" and code == "topup-dana" and not a.get("downline_id"):
        raise Refuse("P01", "downline_id is required")
    return code, num, fields, have, amount

def fl(have): return [{"name": k, "value": v} for k, v in have.items()]

def inquire(raw):
    d, a = parse(raw, "inquiry")
    code, num, fields, have, amount = subject(a)
    p = PRODUCTS[code]
    if "inq" not in p: raise Refuse("P01", "Product has no inquiry")
    if F == "gopay-fixed-amount" and code == "dompet-digital-gopay-open-amount": amount = 100000
    bf = fl(have)
    if F == "pbb-year-ignored" and code == "pbb-dki-jakarta-new": bf = [{"name": "period", "value": "2020"}]
    c = Ctx(code, num, bf, amount)
    lines = rows(p["inq"](c))
    at = {"admin_fee": c.admin, "base_price": c.base, "client_name": "" if p.get("anon") or p.get("anon_inq") else c.name,
          "client_number": num, "fields": fields, "inquiry_result": lines, "meter_id": num if p.get("meter") else "",
          "product_code": code, "sales_price": c.total}
    doc = {"data": {"type": "inquiry", "id": num, "attributes": at}}
    fault_inquiry(code, c, doc, at, lines)
    if F == "inquiry-cached-by-product":
        with LOCK: doc = CACHE.setdefault(code, doc)
    with LOCK: INQUIRED.add((code, num))
    return doc

def fault_inquiry(code, c, doc, at, lines):
    f = F
    if f == "inq-other-number-palyja" and code == "pdam-dki-palyja": at["client_number"] = at["client_number"].lstrip("0")
    if f == "inq-id-lspr" and code == "edu-lspr": doc["data"]["id"] = "1"
    if f == "mtf-base-sum" and code == "kredit-mtf": at["base_price"] -= 10000
    if f == "mnc-admin-row" and code == "mnc-play": setrow(lines, "Biaya Admin", rpd(2500))
    if f == "pbb-payment-without-fee" and code == "pbb-dki-jakarta": setrow(lines, "Jumlah Pembayaran", rp(c.base))
    if f == "jatim-components" and code == "samsat-jatim": setrow(lines, "JR Pokok", rps(53000))
    if f == "jateng-penalty-shown" and code == "samsat-jateng": lines.insert(-2, {"name": "Denda PKB", "value": rp(12000)})
    if f == "jatim-fields-cut" and code == "samsat-jatim": at["fields"] = at["fields"][:2]
    if f == "meter-id-empty" and code.startswith("pln-prepaid"): at["meter_id"] = ""
    if f == "meter-id-everywhere": at["meter_id"] = at["client_number"]
    if f == "prudential-price-text" and code == "insurance-prudential": at["sales_price"] = str(at["sales_price"])
    if f == "pgn-base-float" and code == "pgn": at["base_price"] = at["base_price"] + 0.5
    if f == "telkomsel-comma" and code == "pasca-telkomsel": setrow(lines, "Total Tagihan", "Rp " + f"{c.base:,}")
    if f == "mtf-number-value" and code == "kredit-mtf":
        for l in lines:
            if l["name"] == "Tagihan Ke": l["value"] = 47
    if f == "bpjs-tk-programmes" and code == "bpjs-ketenagakerjaan-iuran-1month": setrow(lines, "JHT", rp(21000))
    if f == "biznet-row-missing" and code == "biznet-home": droprow(lines, "Nilai Keterlambatan")
    if f == "ml-other-server" and code.startswith("mobile"): setrow(lines, "Server ID", "2101")
    if f == "mtf-due-date-impossible" and code == "kredit-mtf": setrow(lines, "Jatuh Tempo", "2026-02-30")
    if f == "row-name-misspelt" and code == "bpjs-denda":
        for l in lines:
            if l["name"] == "Jenis Tagihan": l["name"] = "Jenis tagihan"
    if f == "pln-month-count" and code == "pln-postpaid-new": setrow(lines, "BL/TH", "JUL26, AGU26, SEP26")

def checkout(raw):
    d, a = parse(raw, "order")
    oid = d.get("id")
    if not isinstance(oid, str) or not oid: raise Refuse("P01", "id is required")
    if F == "failed-instead-of-refused" and str(a.get("product_code")) not in PRODUCTS:
        with LOCK:
            o = dict(id=oid, code=str(a.get("product_code")), num="", fields=None, price=0, uid=secrets.token_hex(8), born=time.time(),
                     fail=True, looks=0, pfee=0, unknown=True)
            ORDERS[oid] = o
            return view(o, first=True)
    code, num, fields, have, amount = subject(a, order=True)
    p = PRODUCTS[code]
    if F == "gopay-needs-inquiry" and code.startswith("dompet") and (code, num) not in INQUIRED:
        raise Refuse("P07", "Please inquire first")
    c = Ctx(code, num, fl(have), amount)
    if "inq" in p and p["base"] != "open":
        if amount is None and code not in ("mobile-legends-18-diamonds",):
            if not (F == "amount-not-required" and code == "kredit-mtf-new"): raise Refuse("P01", "amount is required")
    if amount is not None and amount != c.total:
        loose = (F == "credit-amount-unchecked" and code == "kredit-mandiri-utama-finance") or F == "amount-unchecked" \
            or (F == "overpay-accepted" and amount > c.total)
        if not loose: raise Refuse("P05", "Amount is not the one inquired")
    price = c.total
    if F == "credit-amount-unchecked" or F == "amount-unchecked": price = amount if amount is not None else price
    key = oid
    if F == "dup-race":
        dup = key in ORDERS
        time.sleep(0.15)
    with LOCK:
        if F != "dup-race": dup = key in ORDERS
        if dup:
            old = ORDERS[key]
            if F == "dup-pln-accepted" and code.startswith("pln-prepaid"): dup = False
            if F == "dup-after-final" and time.time() - old["born"] > SETTLE: dup = False
            if F == "dup-other-product" and old["code"] != code: dup = False
            if F == "dup-returns-original": return view(old, first=True)
            if F == "dup-overwrites":
                old["num"], old["code"], old["price"] = num, code, price
        if dup: raise Refuse("P02" if F == "dup-wrong-code" else "P03", "Duplicate Request ID, please check your system")
        if price > BALANCE[0]: raise Refuse("S03", "Balance is not enough")
        o = dict(id=oid, code=code, num=num, fields=fields, have=have, amount=amount, price=price, uid=secrets.token_hex(8),
                 born=time.time(), fail=num == FAILING and code == "50k-simpati", looks=0, pfee=p.get("fee", 0), refunded=False)
        ORDERS[key] = o
        if F == "pgn-checkout-price" and code == "pgn": o["price"] += 500
        BALANCE[0] -= price * (2 if F == "charged-twice-donasi" and code.startswith("donasi") else 1)
        if F == "not-charged-voucher" and code == "steam-wallet-idr-90": BALANCE[0] += price
        return view(o, first=True)

def iso(t): return t.strftime("%Y-%m-%dT%H:%M:%SZ")

def view(o, first=False):
    code = o["code"]
    age = time.time() - o["born"]
    final = not first and age > SETTLE
    if F == "kfc-stuck" and code == "kfc-50k": final = False
    p = PRODUCTS.get(code, {})
    if not first: o["looks"] += 1
    at = {"client_number": o["num"], "error_code": "", "error_detail": "", "fields": o["fields"], "fulfilled_at": None,
          "partner_fee": o["pfee"], "product_code": code, "sales_price": o["price"], "serial_number": "", "status": "Pending"}
    doc = {"data": {"type": "order", "id": o["id"], "attributes": at}}
    if final: o["finals"] = o.get("finals", 0) + 1
    if final and o["fail"]:
        at.update(status="Failed", error_code="S02", error_detail="Product is not available")
        if not o.get("refunded") and not o.get("unknown"):
            o["refunded"] = True
            if F != "failed-not-refunded": BALANCE[0] += o["price"]
        if F == "failed-no-code": at["error_code"] = ""
        if F == "failed-serial": at["serial_number"] = "TLKM0305956071"
        if F == "failed-fulfilled-at": at["fulfilled_at"] = iso(datetime.now(timezone.utc))
        if F == "failed-becomes-success" and o["finals"] > 1: at.update(status="Success", error_code="", error_detail="")
        if not at["status"] == "Success": return doc
    if F == "back-to-pending" and code == "bpjs-kesehatan-iuran-1month" and o.get("finals") == 2: final = False
    if not final:
        if p.get("long_pending"):
            at.update(admin_fee=0, client_name="", fulfillment_result=None, voucher_code="")
        if F == "pending-serial-simpati" and code == "50k-simpati": at["serial_number"] = "TLKM" + digits(h(o["uid"]), 10)
        if F == "donasi-fee-null" and code.startswith("donasi"): at["partner_fee"] = None
        if F == "pending-fulfilled-at" and code == "gofood-20k": at["fulfilled_at"] = iso(datetime.now(timezone.utc))
        if F == "pending-other-number" and code == "insurance-prudential": at["client_number"] = "2041110907112"
        if F == "checkout-fee-differs" and code == "pln-postpaid-new": at["partner_fee"] = 1500
        if F == "dana-fields-object" and code == "topup-dana": at["fields"] = {}
        if F == "pending-unknown-status" and code == "spotify-premium-spotify-premium-6": at["status"] = "On Progress"
        if F == "gopay-empty-list-pending" and p.get("long_pending"): del at["voucher_code"]
        return doc
    done = datetime.fromtimestamp(o["born"] + SETTLE, timezone.utc)
    if F == "fulfilled-at-moves": done = datetime.now(timezone.utc)
    if F == "fulfilled-at-local": done += timedelta(hours=7)
    if F == "fulfilled-before-order" and code == "mnc-play": done -= timedelta(days=1)
    uid = o["uid"]
    if F == "serial-regenerated" and code == "kode-voucher-google-play-10000": uid = secrets.token_hex(4)
    if F == "same-voucher" and code == "gofood-20k": uid = "same"
    if F == "same-serial" and code == "50k-simpati": uid = "same"
    if F == "same-token-per-customer" and code.startswith("pln-prepaid"): uid = o["num"]
    v = {"uid": uid, "local": done + timedelta(hours=7)}
    amount = o["amount"] if p["base"] == "open" else None
    c = Ctx(code, o["num"], fl(o.get("have") or {}), amount, v)
    lines = rows(p["out"](c))
    at.update(admin_fee=c.admin, client_name="" if p.get("anon") or "inq" not in p else c.name, fulfilled_at=iso(done),
              fulfillment_result=lines, serial_number=c.ser, status="Success", voucher_code=c.vou)
    if code == "edu-lspr": at["client_name"] = c.full
    f = F
    if f == "final-flips" and o["finals"] > 2: at.update(status="Failed", error_code="S02", error_detail="Product is not available")
    if f == "spotify-price-grows" and code.startswith("spotify"): at["sales_price"] += 100
    if f == "steam-final-price-later" and code.startswith("steam") and o["finals"] > 1: at["sales_price"] += 1000
    if f == "pgn-millis" and code == "pgn": at["fulfilled_at"] = at["fulfilled_at"].replace("Z", ".123Z")
    if f == "other-customer-name" and code == "pasca-telkomsel":
        at["client_name"] = "Andi Wijaya"; setrow(lines, "Nama", "Andi Wijaya")
    if f == "kfc-other-product" and code == "kfc-50k": at["product_code"] = "gofood-20k"
    if f == "bpjs-leading-zero" and code == "bpjs-kesehatan-iuran-1month": setrow(lines, "No. VA Keluarga", o["num"].lstrip("0"))
    if f == "order-number-masked" and code == "pln-non-taglis": at["client_number"] = o["num"][:-4] + "****"
    if f == "pln-penalty-short" and code == "pln-postpaid-new": setrow(lines, "PENALTY", "9000, 6000, 3000")
    if f == "pln-token-differs" and code.startswith("pln-prepaid"): setrow(lines, "Token", digits(c.s + 1, 20))
    if f == "pln-token-short" and code.startswith("pln-prepaid"):
        at["serial_number"] = at["voucher_code"] = c.ser[:-1]; setrow(lines, "Token", c.ser[:-1].replace("-", " "))
    if f == "pln-kwh-missing" and code.startswith("pln-prepaid"): droprow(lines, "kWh")
    if f == "pln-token-not-in-voucher" and code.startswith("pln-prepaid"): at["voucher_code"] = ""
    if f == "palyja-period-differs" and code == "pdam-dki-palyja": setrow(lines, "Periode", "December 2026")
    if f == "mtf-new-instalment" and code == "kredit-mtf-new": setrow(lines, "Tagihan Ke", "6")
    if f == "pbb-order-year" and code == "pbb-dki-jakarta": setrow(lines, "Tahun Pajak", "2021")
    if f == "pbb-order-fields-null-final" and code == "pbb-dki-jakarta": at["fields"] = [{"name": "period", "value": "1999"}]
    if f == "dana-nominal" and code == "topup-dana": setrow(lines, "Nominal Top-up", rps(c.base - 500))
    if f == "denda-admin-fee" and code == "bpjs-denda": at["admin_fee"] = 0
    if f == "denda-total" and code == "bpjs-denda": setrow(lines, "Total Bayar", rps(c.base))
    if f == "pgn-usage" and code == "pgn": setrow(lines, "Volume Pemakaian", "11")
    if f == "google-serial-row" and code.startswith("kode-voucher"): setrow(lines, "Serial", digits(c.s + 5, 11))
    if f == "voucher-attribute-empty" and code == "kfc-50k": at["voucher_code"] = ""
    if f == "id-lower": doc["data"]["id"] = o["id"].lower()
    if f == "status-upper" and code == "edu-lspr": at["status"] = "SUCCESS"
    if f == "donasi-lines-null" and code.startswith("donasi"): at["fulfillment_result"] = None
    if f == "lines-as-object" and code == "bigo-live-10-diamonds": at["fulfillment_result"] = {l["name"]: l["value"] for l in lines}
    if f == "samsat-value-null" and code == "samsat-jateng": setrow(lines, "Merek Kendaraan", None)
    if f == "samsat-plate-differs" and code == "samsat-jateng": setrow(lines, "Nomor Polisi", "H 9929 KPD")
    if f == "samsat-ntb-not-serial" and code == "samsat-jateng": at["serial_number"] = "FM0000000000000"
    if f == "success-with-error" and code == "topup-dana": at.update(error_code="S00", error_detail="Internal Server Error")
    if f == "mtf-order-penalty-differs" and code == "kredit-mtf": setrow(lines, "Denda", rp(0))
    if f == "tk-paid-date" and code == "bpjs-ketenagakerjaan-iuran-1month": setrow(lines, "Tanggal Lunas", "27-03-2020")
    return doc

FAULT_TEXT = """
get-without-token	GET order answers without any token
get-any-token	GET order takes any bearer token, checkout does not
inquiry-any-token	inquiry takes any bearer token
account-without-token	the balance can be read without a token
token-any-secret	the token endpoint gives a token for a wrong client_secret
token-expiry-text	expires_in of the token is text
signature-unchecked	checkout takes any or no signature
signature-presence-only	checkout only wants a signature header to be there
signature-dana-unchecked	checkout of topup-dana takes any or no signature
signature-reserialised	checkout verifies the signature of nothing but the order id: a changed body passes once signed
order-signature-stale	the signature of a final order is that of its pending body
order-signature-missing	order details carry no signature
type-unchecked	inquiry takes data.type order
wrong-code-product	unknown product is answered with P02
wrong-code-order	unknown order is answered with P04
dup-wrong-code	duplicate id is answered with P02
unknown-order-200	unknown order is answered with HTTP 200 and an errors body
unknown-order-created	GET of an unknown id answers a Pending order
errors-status-number	errors[].status is a number
errors-object	errors is an object, not a list
error-internal-wrong-type	a wrong type in the body of inquiry answers HTTP 500 S00
dana-number-unchecked	topup-dana takes any client number, even an empty one
order-number-unchecked	50k-simpati is ordered for an empty client number
zone-not-required	mobile-legends does without zone_id
period-not-required	pbb-dki-jakarta bills without a period
nik-not-required	samsat-jatim does without nik
order-fields-not-required	checkout of pbb-dki-jakarta-new takes no period
dana-needs-downline	topup-dana is refused without downline_id
gopay-needs-inquiry	GoPay is refused without an inquiry before
gopay-fixed-amount	the inquiry of GoPay answers 100000 whatever amount is asked
inquiry-cached-by-product	inquiries are cached by product: later ones get the first customer's bill
inq-other-number-palyja	the inquiry of pdam-dki-palyja loses the leading zeros of client_number
inq-id-lspr	data.id of the inquiry of edu-lspr is 1
mtf-base-sum	base_price and admin_fee of kredit-mtf do not add up to sales_price
mnc-admin-row	mnc-play displays an admin fee of 2500, admin_fee is 0
pbb-payment-without-fee	Jumlah Pembayaran of pbb-dki-jakarta lacks the fee
jatim-components	the parts of the bill of samsat-jatim do not add up to Tagihan
jatim-zero-penalty	samsat-jatim returns JR Denda Rp0 where there is none
jateng-penalty-shown	samsat-jateng displays a penalty
jatim-fields-cut	the inquiry of samsat-jatim echoes two of three fields
pbb-year-ignored	pbb-dki-jakarta-new bills 2020 whatever period is asked
meter-id-empty	meter_id of PLN prepaid is empty
meter-id-everywhere	meter_id is the client number for all products
prudential-price-text	sales_price of the inquiry of insurance-prudential is text
pgn-base-float	base_price of pgn has half a rupiah
telkomsel-comma	Total Tagihan of pasca-telkomsel is grouped with commas in the inquiry
mtf-number-value	the value of Tagihan Ke of kredit-mtf is a number
bpjs-tk-programmes	JKK, JKM and JHT do not add up to the base price
biznet-row-missing	the inquiry of biznet-home lacks Nilai Keterlambatan
ml-other-server	the inquiry of mobile-legends shows another server than asked
mtf-due-date-impossible	Jatuh Tempo of kredit-mtf is 30 February
row-name-misspelt	an entry of the inquiry of bpjs-denda is spelt in another case
pln-month-count	BL/TH lists three months of four bills
amount-not-required	kredit-mtf-new is ordered without amount
credit-amount-unchecked	kredit-mandiri-utama-finance is bought for any amount
amount-unchecked	every product is bought for any amount
overpay-accepted	an amount above the bill is accepted, and the bill's price charged
dup-pln-accepted	a used id buys a second PLN token
dup-after-final	a used id is taken again once its order is final
dup-other-product	a used id is taken again for another product
dup-returns-original	a used id is answered with the first order, HTTP 200
dup-overwrites	a refused duplicate overwrites customer and price of the first order
dup-race	two checkouts with one id at the same time are both accepted
pgn-checkout-price	checkout of pgn costs 500 more than inquired
charged-twice-donasi	a donation is taken from the balance twice
not-charged-voucher	a Steam voucher is not taken from the balance
failed-instead-of-refused	checkout of an unknown product is accepted, then ends as Failed
failed-not-refunded	the balance is not given back after a Failed order
failed-no-code	a Failed order has no error_code
failed-serial	a Failed order has a serial number
failed-fulfilled-at	a Failed order has fulfilled_at
failed-becomes-success	a Failed order becomes Success at the second look
failed-http-400	a Failed order is answered with HTTP 400
kfc-stuck	kfc-50k stays Pending for ever
back-to-pending	bpjs-kesehatan is Pending once again after Success
pending-serial-simpati	50k-simpati shows the serial number while Pending
donasi-fee-null	partner_fee of a pending donation is null
pending-fulfilled-at	a pending gofood-20k has fulfilled_at
pending-other-number	the checkout of insurance-prudential answers another customer number
checkout-fee-differs	partner_fee of pln-postpaid-new is 1500 at checkout and 1000 later
dana-fields-object	fields of a pending topup-dana is an object
pending-unknown-status	a pending spotify order has the status On Progress
gopay-empty-list-pending	a pending GoPay order has 13 of the 14 keys
fulfilled-at-moves	fulfilled_at is the time of the look
fulfilled-at-local	fulfilled_at is local time with a Z
fulfilled-before-order	mnc-play is fulfilled a day before it is ordered
serial-regenerated	the voucher and serial of Google Play change at each look
same-voucher	all gofood-20k orders get the same voucher
same-serial	all 50k-simpati orders get the same serial number
same-token-per-customer	a meter gets the same PLN token each time
final-flips	a Success order is Failed from the third look on
spotify-price-grows	sales_price of a fulfilled spotify order is 100 above the checkout
steam-final-price-later	sales_price of a fulfilled Steam order grows at the second look
pgn-millis	fulfilled_at of pgn has milliseconds
other-customer-name	the order of pasca-telkomsel names another customer than the inquiry
kfc-other-product	the order details of kfc-50k say gofood-20k
bpjs-leading-zero	No. VA Keluarga of bpjs-kesehatan loses its leading zero
order-number-masked	client_number of a fulfilled pln-non-taglis is masked
pln-penalty-short	PENALTY of pln-postpaid-new lists three of four bills
pln-token-differs	the Token entry of PLN prepaid is not the serial number
pln-token-short	the PLN token has 19 digits
pln-kwh-missing	the fulfilment of PLN prepaid lacks kWh
pln-token-not-in-voucher	voucher_code of PLN prepaid is empty
palyja-period-differs	pdam-dki-palyja pays December where November was inquired
mtf-new-instalment	kredit-mtf-new pays instalment 6 where 5 was inquired
pbb-order-year	the order of pbb-dki-jakarta says another tax year
pbb-order-fields-null-final	the final order of pbb-dki-jakarta echoes another period
dana-nominal	topup-dana tops up 500 less than paid
denda-admin-fee	admin_fee of a fulfilled bpjs-denda is 0
denda-total	Total Bayar of bpjs-denda lacks the fee
pgn-usage	Volume Pemakaian of pgn is not Stand Akhir minus Stand Awal
google-serial-row	the Serial entry of Google Play is not serial_number
voucher-attribute-empty	voucher_code of kfc-50k is empty, the entry has it
id-lower	order details answer the id in lower case
status-upper	edu-lspr ends as SUCCESS
donasi-lines-null	fulfillment_result of a donation is null
lines-as-object	fulfillment_result of bigo-live is an object
samsat-value-null	the value of Merek Kendaraan of samsat-jateng is null
samsat-plate-differs	samsat-jateng pays for another number plate than inquired
samsat-ntb-not-serial	serial_number of samsat-jateng is not its NTB
success-with-error	a fulfilled topup-dana carries error_code S00
mtf-order-penalty-differs	the penalty of kredit-mtf is gone in the order, its total is not
tk-paid-date	Tanggal Lunas of bpjs-ketenagakerjaan lies years before the order
list-inquiry-wrong	the product list says that pln-postpaid-new needs no inquiry
list-price-wrong	the product list has another price for gofood-20k than the order
list-product-missing	the product list lacks pgn
list-status-text	status of products in the list is text
saldo-text	saldo of the account is text
"""
for _l in FAULT_TEXT.strip().splitlines():
    fault(*_l.split("\t"))

# ---------------------------------------------------------------- HTTP
LOG = None
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "foreign/1"
    wbufsize = 1 << 16                 # headers and body in one packet
    disable_nagle_algorithm = True
    def log_message(self, *a): pass

    def reply(self, status, doc, headers=()):
        body = json.dumps(doc, ensure_ascii=False, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        extra = headers(body) if callable(headers) else headers
        for k, v in extra: self.send_header(k, v)
        self.end_headers()
        self.wfile.write(body)
        if LOG:
            LOG.write(f"{self.command} {self.path} {dict(self.headers)}\n  > {getattr(self, 'raw', b'')!r}\n  < {status} {body!r}\n"); LOG.flush()

    def refuse(self, r):
        err = {"code": r.code, "detail": r.detail, "status": int(r.status) if F == "errors-status-number" else str(r.status)}
        status = r.status
        if F == "unknown-order-200" and r.detail.startswith("Transaction"): status = 200
        self.reply(status, {"errors": err if F == "errors-object" else [err]})

    def authed(self, what):
        got = self.headers.get("Authorization", "")
        if F == "get-without-token" and what == "order-get": return
        if F == "account-without-token" and what == "account": return
        if F == "get-any-token" and what == "order-get" and got.startswith("Bearer "): return
        if F == "inquiry-any-token" and what == "inquiry" and got.startswith("Bearer "): return
        kind, _, tok = got.partition(" ")
        if kind.lower() != "bearer" or TOKENS.get(tok, 0) < time.time():
            raise Refuse("P08", "Unauthorized", 401)

    def token(self):
        form = {k: v[0] for k, v in parse_qs(self.raw.decode("utf-8", "replace")).items()}
        q = parse_qs(urlsplit(self.path).query)
        cid, sec = form.get("client_id"), form.get("client_secret")
        auth = self.headers.get("Authorization", "")
        if auth.lower().startswith("basic "):
            try: cid, _, sec = base64.b64decode(auth[6:]).decode().partition(":")
            except Exception: pass
        grant = form.get("grant_type") or (q.get("grant_type") or [""])[0]
        if grant != "client_credentials": return self.reply(400, {"error": "unsupported_grant_type"})
        if cid != CLIENT or (sec != SECRET and F != "token-any-secret"): return self.reply(401, {"error": "invalid_client"})
        t = secrets.token_urlsafe(24)
        TOKENS[t] = time.time() + 3600
        self.reply(200, {"access_token": t, "token_type": "Bearer", "expires_in": "3600" if F == "token-expiry-text" else 3600})

    def handle_any(self):
        n = int(self.headers.get("Content-Length") or 0)
        self.raw = self.rfile.read(n) if n else b""
        path = urlsplit(self.path).path
        if path.startswith("/api"): path = path[4:]
        m = self.command
        try:
            if path == "/token" and m == "POST": return self.token()
            if path == "/ping" and m == "GET":
                return self.reply(200, {"buildhash": "f0e1d2c", "sandbox": True, "status": "ok"})
            if path == "/v2/account" and m == "GET":
                self.authed("account")
                s = BALANCE[0]
                return self.reply(200, {"data": {"type": "account", "id": "7001", "attributes": {"saldo": str(s) if F == "saldo-text" else s}}})
            if path.rstrip("/") == "/v2/product-list" and m == "GET":
                self.authed("list"); return self.products()
            if path == "/v2/inquiry" and m == "POST":
                self.authed("inquiry")
                if F == "error-internal-wrong-type":
                    try: return self.reply(200, inquire(self.raw))
                    except Refuse as r:
                        if r.code == "P01": raise Refuse("S00", "Internal Server Error", 500)
                        raise
                return self.reply(200, inquire(self.raw))
            if path == "/v2/order" and m == "POST":
                self.authed("order"); self.check_signature()
                return self.reply(200, checkout(self.raw))
            if path.startswith("/v2/order/") and m == "GET":
                self.authed("order-get")
                return self.detail(path[len("/v2/order/"):])
            raise Refuse("P09", "Not found", 404)
        except Refuse as r:
            self.refuse(r)
        except Exception as e:
            import traceback; traceback.print_exc()
            self.refuse(Refuse("S00", "Internal Server Error", 500))

    SIGNED = {}
    def check_signature(self):
        sig = self.headers.get("Signature", "")
        if F == "signature-unchecked": return
        if F == "signature-presence-only" and sig: return
        if F == "signature-dana-unchecked" and b'topup-dana' in self.raw: return
        if F == "signature-reserialised" and sig in self.SIGNED: return
        if not signed(self.raw, sig): raise Refuse("P10", "Invalid signature", 401)
        self.SIGNED[sig] = 1

    def detail(self, oid):
        with LOCK:
            o = ORDERS.get(oid)
            if o is None:
                if F == "unknown-order-created":
                    return self.reply(200, {"data": {"type": "order", "id": oid, "attributes": {"client_number": "", "error_code": "",
                        "error_detail": "", "fields": None, "fulfilled_at": None, "partner_fee": 0, "product_code": "50k-simpati",
                        "sales_price": 52000, "serial_number": "", "status": "Pending"}}})
                raise Refuse("P04" if F == "wrong-code-order" else "P02", "Transaction is not found")
            doc = view(o)
        def sign(body):
            if F == "order-signature-missing": return []
            if F == "order-signature-stale" and "sig" in o: return [("Signature", o["sig"])]
            s = PRIV.sign(body, padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH), hashes.SHA256())
            o["sig"] = base64.b64encode(s).decode()
            return [("Signature", o["sig"])]
        self.reply(400 if F == "failed-http-400" and doc["data"]["attributes"]["status"] == "Failed" else 200, doc, sign)

    def products(self):
        want = parse_qs(urlsplit(self.path).query).get("product_code", [""])[0]
        data = []
        for code, p in PRODUCTS.items():
            if want and code not in want.split(","): continue
            if F == "list-product-missing" and code == "pgn": continue
            inq = "inq" in p
            price = p["base"] if isinstance(p["base"], int) else 0
            if F == "list-price-wrong" and code == "gofood-20k": price = 16820
            st = 1
            if F == "list-inquiry-wrong" and code == "pln-postpaid-new": inq = False
            data.append({"type": "product", "id": code, "attributes": {"is_inquiry": inq, "price": price,
                         "product_name": TITLES[code], "status": "1" if F == "list-status-text" else st}})
        if want and not data: raise Refuse("P04", "Product not found")
        self.reply(200, {"data": data})

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any

class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

def main():
    global F, LOG
    ap = argparse.ArgumentParser()
    ap.add_argument("--port", type=int, default=9102); ap.add_argument("--fault", default="")
    ap.add_argument("--list", action="store_true"); ap.add_argument("--log")
    a = ap.parse_args()
    if a.list:
        for n, s in FAULTS.items(): print(n, s, sep="\t")
        return
    if a.fault and a.fault not in FAULTS: sys.exit("no such fault: " + a.fault)
    F = a.fault
    if a.log: LOG = open(a.log, "w")
    Server(("127.0.0.1", a.port), Handler).serve_forever()

if __name__ == "__main__":
    main()
