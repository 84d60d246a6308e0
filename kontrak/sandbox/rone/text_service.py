"""The text interface: query strings in, lines of plain text out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.rone.access import REFERENCE, same, sign
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.platform import Partner, Platform
from kontrak.sandbox.rone.reasons import SAYINGS, Reason, Refusal
from kontrak.sandbox.rone.transactions import State, Transaction

PATH = "/V1/http-get"
BALANCE_PATH = f"{PATH}/balance"
LONGEST = 64
Parameters = dict[str, str]


class Kind(Enum):
    """What a request asks for."""

    TRX = auto()
    CEK = auto()
    BAYAR = auto()
    STATUS = auto()
    BALANCE = auto()


TEMPLATES = {
    Kind.TRX: "TRX {product}.{dest} SUKSES, HRG:{hrg} SN:{sn} REFID:{ref}.",
    Kind.CEK: "CEK {product}.{dest} SUKSES, DATA:{data} TAGIHAN:{tagihan} ADMIN:{admin}.",
    Kind.BAYAR: "BAYAR {product}.{dest} SUKSES, HRG:{hrg} REFID:{ref}.",
    Kind.STATUS: "STATUS {product}.{dest} SUKSES, HRG:{hrg} SN:{sn} REFID:{ref}.",
    # Two blanks before the @ (001_c00a3ef8cdb59c68.txt:473).
    Kind.BALANCE: "saldo={saldo}  @ {moment}",
}
PENDING = "{verb} {product}.{dest} PROSES, REFID:{ref}."
FAILED = "{verb} {product}.{dest} GAGAL, {message}. REFID:{ref}."
REFUSED = "GAGAL, {message}."


@dataclass(frozen=True, slots=True)
class Line:
    """An answer before it is written: a template and what is put into it.

    ``kind`` is None where the request could not be read that far.
    """

    kind: Kind | None
    reason: Reason
    template: str
    values: Mapping[str, object]
    http_status: int = 200
    transaction: Transaction | None = field(default=None, compare=False)

    @property
    def is_success(self) -> bool:
        """Whether it is one of the documented texts."""
        return self.reason is Reason.SUCCESS


class TextService:
    """One partner's view of the platform through text."""

    def __init__(self, platform: Platform, partners: tuple[Partner, ...]) -> None:
        self.platform = platform
        self.partners = partners

    # From request to answer

    def owns(self, path: str) -> bool:
        """Whether the path is one of this interface, with or without a slash at its end."""
        return path.rstrip("/") in {PATH, BALANCE_PATH}

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """The response to one request."""
        try:
            line = self.perform(request)
        except Refusal as refusal:
            line = self.refused(refusal.reason)
        line = self.finish(line)
        headers = (("Content-Type", self.content_type()),)
        return SandboxResponse(line.http_status, headers, self.write(line))

    def finish(self, line: Line) -> Line:
        """The answer as it leaves the service."""
        return line

    def perform(self, request: SandboxRequest) -> Line:
        """Read the request and carry it out, or raise ``Refusal``."""
        if request.method != "GET":
            raise Refusal(Reason.METHOD)
        parameters = self.read(request)
        account = self.partner_of(parameters).account
        if request.path.rstrip("/") == BALANCE_PATH:
            return self.balance(account)
        kind = self.kind_of(parameters)
        self.require(kind, parameters)
        try:
            return self.carry_out(kind, parameters, account)
        except Refusal as refusal:
            return self.refused(refusal.reason, kind, parameters)

    # Reading

    def read(self, request: SandboxRequest) -> Parameters:
        """The parameters, each of which may stand once."""
        parameters: Parameters = {}
        for name, value in request.query:
            if name in parameters:
                raise Refusal(Reason.REPEATED)
            parameters[name] = value
        return parameters

    def kind_of(self, parameters: Parameters) -> Kind:
        """What jenis and cek ask for."""
        if "cek" in parameters:
            if parameters["cek"] != "1":
                raise Refusal(Reason.FORMAT)
            return Kind.STATUS
        kinds = {None: Kind.TRX, "5": Kind.CEK, "6": Kind.BAYAR}
        jenis = parameters.get("jenis")
        if jenis not in kinds:
            raise Refusal(Reason.FORMAT)
        return kinds[jenis]

    def require(self, kind: Kind, parameters: Parameters) -> None:
        """Refuse a request that lacks a parameter, or has one that cannot be."""
        for name in self.required(kind):
            value = parameters.get(name, "")
            if not value:
                raise Refusal(Reason.MISSING)
            if len(value) > LONGEST or not self.is_plain(value):
                raise Refusal(Reason.FORMAT)
        if not REFERENCE.fullmatch(parameters["refID"]):
            raise Refusal(Reason.FORMAT)
        if kind is Kind.TRX and parameters.get("qty", "1") != "1":
            raise Refusal(Reason.FORMAT)

    def required(self, kind: Kind) -> tuple[str, ...]:
        """The parameters that a request has to have, besides those that say who asks."""
        names = ("product", "dest", "refID")
        return (*names, "qty") if kind is Kind.TRX else names

    def is_plain(self, value: str) -> bool:
        """Whether a value can stand in a template: letters, digits, and a few signs."""
        return value.isascii() and all(sign.isalnum() or sign in "@_-" for sign in value)

    # Who asks

    def partner_of(self, parameters: Parameters) -> Partner:
        """The partner whose request this is, or a refusal."""
        partner = self.partner_named(parameters.get("memberID"))
        if partner is None or not self.accepts(partner, parameters):
            raise Refusal(Reason.CREDENTIALS)
        return partner

    def partner_named(self, member: str | None) -> Partner | None:
        """The partner of that memberID."""
        return next((one for one in self.partners if one.mmid == member), None)

    def accepts(self, partner: Partner, parameters: Parameters) -> bool:
        """Whether pin and password are the partner's or, where it signs, the signature is."""
        if partner.signs:
            return self.accepts_sign(partner, parameters.get("sign"), parameters)
        pin, password = parameters.get("pin"), parameters.get("password")
        return self.accepts_pin(partner, pin) and self.accepts_password(partner, password)

    def accepts_pin(self, partner: Partner, pin: str | None) -> bool:
        """Whether this is the partner's pin."""
        return same(pin, partner.pin)

    def accepts_password(self, partner: Partner, password: str | None) -> bool:
        """Whether this is the partner's password."""
        return same(password, partner.api_key)

    def accepts_sign(self, partner: Partner, given: str | None, parameters: Parameters) -> bool:
        """Whether this is the partner's signature of these parameters."""
        return same(given, self.sign(partner, parameters))

    def sign(self, partner: Partner, parameters: Parameters) -> str:
        """The signature that takes the place of pin and password."""
        parts = (parameters.get(name, "") for name in ("product", "dest", "refID"))
        return sign(partner.mmid, *parts, partner.pin, partner.api_key)

    # Doing

    def carry_out(self, kind: Kind, parameters: Parameters, account: PartnerAccount) -> Line:
        """Do what the request asks for."""
        ref, code, customer = (parameters[name] for name in ("refID", "product", "dest"))
        if kind is Kind.STATUS:
            return self.shown(kind, self.asked_about(ref, code, customer, account), account)
        aim = account.aim(code, customer, part_required=True)
        match kind:
            case Kind.CEK:
                return self.shown_bill(account.inquire(ref, code, customer, aim))
            case Kind.BAYAR if aim.product.is_bill:
                return self.shown(kind, account.pay(ref, code, customer, aim), account)
            case Kind.TRX:
                return self.shown(kind, account.top_up(ref, code, customer, aim), account)
            case _:
                raise Refusal(Reason.UNKNOWN_PRODUCT)

    def asked_about(
        self, ref: str, code: str, customer: str, account: PartnerAccount
    ) -> Transaction:
        """The transaction that a status is asked of, under its own product and dest."""
        transaction = account.find(ref)
        aim = transaction.aim
        if code not in {transaction.code, aim.product.code} or customer not in {
            transaction.customer,
            aim.customer,
        }:
            raise Refusal(Reason.UNKNOWN_REF)
        return transaction

    def balance(self, account: PartnerAccount) -> Line:
        """What is left of the deposit, and when."""
        with account.lock:
            saldo, moment = account.balance(), account.now()
        values = {"saldo": saldo, "moment": f"{moment:%Y-%m-%d %H:%M:%S}"}
        return Line(Kind.BALANCE, Reason.SUCCESS, TEMPLATES[Kind.BALANCE], values)

    # What the lines say

    def echo(self, transaction: Transaction) -> dict[str, object]:
        """What every line repeats of its transaction."""
        return {
            "product": transaction.code,
            "dest": transaction.customer,
            "ref": transaction.ref,
        }

    def shown_bill(self, transaction: Transaction) -> Line:
        """The answer to an inquiry."""
        values = self.echo(transaction) | {
            "data": "" if transaction.bill is None else transaction.bill.nama,
            "tagihan": transaction.price,
            "admin": transaction.admin,
        }
        return Line(Kind.CEK, Reason.SUCCESS, TEMPLATES[Kind.CEK], values, transaction=transaction)

    def shown(self, kind: Kind, transaction: Transaction, account: PartnerAccount) -> Line:
        """A purchase as it stands."""
        reason, values = transaction.reason, self.echo(transaction)
        match transaction.state:
            case State.SUCCESS:
                values |= {"hrg": transaction.total, "sn": account.serial_of(transaction)}
                template = TEMPLATES[kind]
            case State.PENDING:
                values["verb"], template = kind.name, PENDING
            case _:
                values |= {"verb": kind.name, **self.returned(reason)}
                template = FAILED
        return Line(kind, reason, template, values, transaction=transaction)

    def refused(
        self, reason: Reason, kind: Kind | None = None, parameters: Parameters | None = None
    ) -> Line:
        """The answer to a request that is not carried out."""
        status = self.http_status(reason)
        if kind is None or parameters is None or reason is not Reason.WRONG_NUMBER:
            return Line(kind, reason, REFUSED, self.returned(reason), status)
        values = {
            "verb": kind.name,
            "product": parameters["product"],
            "dest": parameters["dest"],
            "ref": parameters["refID"],
            **self.returned(reason),
        }
        return Line(kind, reason, FAILED, values, status)

    def returned(self, reason: Reason) -> dict[str, object]:
        """The words for a reason, for a template."""
        return {"message": self.message_of(reason)}

    def message_of(self, reason: Reason) -> str:
        """The words for a reason."""
        return SAYINGS[reason].message

    def http_status(self, reason: Reason) -> int:  # noqa: ARG002 - changes wrap this
        """The HTTP status of a refusal: the legacy interface has one for all."""
        return 200

    def content_type(self) -> str:
        """The Content-Type of an answer."""
        return "text/plain; charset=utf-8"

    def render(self, line: Line) -> str:
        """The text of an answer."""
        return line.template.format_map(line.values)

    def write(self, line: Line) -> bytes:
        """The body of an answer."""
        return self.render(line).encode()
