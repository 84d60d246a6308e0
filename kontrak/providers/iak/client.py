"""The typed operations of IAK's postpaid interface. Amounts are rupiah.

One address takes every command (004_aa804b5916536fc5.txt:8); ``commands`` says which. Payment,
checkstatus and check-balance are public (iak-api-reference-docs).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kontrak.clauses.amounts import as_number
from kontrak.errors import NotOffered
from kontrak.exchange import Exchange, Request, Spend
from kontrak.http.body import Answer, read_json
from kontrak.interface.refid import new_ref_id
from kontrak.interface.sandbox_clock import advance_clock
from kontrak.interface.session import Result, Wire
from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.iak.codec import MEDIA_TYPES, Codec, decode, encode
from kontrak.providers.iak.probe import WRONG_SIGN, require_interface
from kontrak.providers.iak.settings import Case, Settings
from kontrak.providers.iak.signing import BALANCE_SALT, CHECKSTATUS_SALT, sign

PATH = "/api/v1/bill/check"
COMMANDS = ("inq-pasca", "pay-pasca", "checkstatus")
_PAYMENT = b"pay-pasca"
"""What stands in the body of every payment, however wrong it is, and in that of no other."""


class Iak:
    """A client of one IAK target. Nothing is retried; every call is one exchange."""

    def __init__(self, wire: Wire) -> None:
        self.settings = Settings.of(wire.target)
        self._wire = wire
        if self.settings.balance_url is not None:
            wire.gate.looks(self.check_balance)

    def side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """Ask what costs nothing, and does not depend on order, several at a time."""
        return self._wire.side_by_side(calls)

    def sign(self, salt: str, *, api_key: str | None = None, username: str | None = None) -> str:
        """The signature over a salt, made known to the masker before anyone can write it."""
        key = self.settings.api_key if api_key is None else api_key
        made = sign(self.settings.username if username is None else username, key, salt)
        self._wire.masker.learn(made)
        return made

    def inquiry_fields(self, number: str, ref_id: str | None = None) -> dict[str, object]:
        """A right inquiry, field by field, for tests that change one of them."""
        ref_id = ref_id or new_ref_id()
        return {
            "commands": "inq-pasca",
            "username": self.settings.username,
            "code": self.settings.product,
            "hp": number,
            "ref_id": ref_id,
            "sign": self.sign(ref_id),
        }

    def sign_as(self, username: str, salt: str) -> str:
        """The signature that another username would have with our key."""
        made = sign(username, self.settings.api_key, salt)
        self._wire.masker.learn(made)
        return made

    def case(self, name: str) -> Case:
        """A test case by name; ``NotOffered`` when the target sets it to false."""
        found = self.settings.cases.get(name)
        if found is None:
            raise NotOffered(
                f"the target does not offer the test case {name}",
                hint=f"give its number in the target: [iak.cases] {name} = ...",
            )
        return found

    def require(self, *, operation: str | None = None, codec: str | None = None) -> None:
        """Raise ``NotOffered`` unless the target offers a command and an encoding."""
        if operation is not None and operation not in self.settings.operations:
            raise NotOffered(
                f"the target does not offer {operation}", hint="see [iak] operations in the target"
            )
        if codec is not None and codec not in self.settings.codecs:
            raise NotOffered(
                f"the target does not offer {codec.upper()}", hint="see [iak] codecs in the target"
            )

    def probe(self) -> None:
        """Raise ``NoAnswer`` unless an IAK interface answers that knows our credentials.

        One inquiry, which costs nothing: what is wrong for every test is reported once.
        """
        cases = self.settings.cases
        case = cases.get("one_bill") or next(iter(cases.values()))
        answer = self.inquiry(case)
        if answer.rc == WRONG_SIGN:
            # It may be this one sign that is refused (IAK-SIGN-ACCEPTED): try another.
            answer = self.inquiry(case)
        require_interface(answer)
        self._wire.trouble.admitted = True

    def inquiry(self, case: Case, codec: Codec = "json", *, ref_id: str | None = None) -> IakAnswer:
        """Inquire the bill of a test case under a fresh ref_id."""
        promised = f"IAK-CASE-{case.name.upper().replace('_', '-')}"
        answer = self._inquired(case, codec, promised, ref_id)
        if codec == "json" or answer.malformed is not None or answer.is_success or case.rc:
            return answer
        # Either no inquiry succeeds in XML, or this number's does not.
        usual = self.settings.cases.get("one_bill", case)
        if usual != case and self._inquired(usual, codec, promised).is_success:
            return answer
        return replace(answer, promised_by="IAK-REQ-XML")

    def _inquired(
        self, case: Case, codec: Codec, promised_by: str, ref_id: str | None = None
    ) -> IakAnswer:
        fields = self.inquiry_fields(case.number, ref_id)
        return self.ask(fields, codec, promised_by=promised_by, right=ref_id is None)

    def pay(self, bill: IakAnswer, codec: Codec = "json", *, sign: str | None = None) -> IakAnswer:
        """Pay an inquired bill. ``sign`` takes the place of the right signature."""
        tr_id = bill.number("tr_id")
        return self.pay_id(int(tr_id), bill, codec, sign=sign, right=sign is None)

    def pay_id(
        self,
        tr_id: int,
        bill: IakAnswer,
        codec: Codec = "json",
        *,
        sign: str | None = None,
        right: bool = False,
    ) -> IakAnswer:
        """Pay a tr_id; what it may cost is what ``bill`` announced."""
        fields = self._payment_fields(str(tr_id))
        if sign is not None:
            fields["sign"] = sign
        return self.pay_fields(fields, bill, codec, right=right)

    def payment_fields(self, bill: IakAnswer) -> dict[str, object]:
        """A right payment of an inquired bill, field by field, for tests that change one."""
        return self._payment_fields(str(int(bill.number("tr_id"))))

    def _payment_fields(self, tr_id: str) -> dict[str, object]:
        return {
            "commands": "pay-pasca",
            "username": self.settings.username,
            "tr_id": tr_id,
            "sign": self.sign(tr_id),
        }

    def pay_fields(
        self,
        fields: Mapping[str, object],
        bill: IakAnswer,
        codec: Codec = "json",
        *,
        right: bool = False,
    ) -> IakAnswer:
        """Send some fields as a payment, right or wrong; it may cost what ``bill`` announced."""
        spend = _spend(bill, str(fields.get("tr_id", "")))
        promised = "IAK-PAY-XML" if codec == "xml" else "IAK-PAY-SUCCESS"
        return self.ask(fields, codec, promised_by=promised, spend=spend, right=right)

    def pay_body(self, body: bytes, bill: IakAnswer, codec: Codec) -> IakAnswer:
        """Send a body that is wrong as a payment; it may cost what ``bill`` announced."""
        spend = _spend(bill, str(int(bill.number("tr_id"))))
        summary = f"a malformed pay-pasca, {codec.upper()}"
        return self.ask_body(body, codec, summary=summary, spend=spend)

    def checkstatus(
        self, ref_id: str, codec: Codec = "json", *, sign: str | None = None
    ) -> IakAnswer:
        """Ask the status of a reference; costs nothing."""
        fields = self.checkstatus_fields(ref_id)
        if sign is not None:
            fields["sign"] = sign
        promised = "IAK-STATUS-XML" if codec == "xml" else "IAK-STATUS-SUCCESS"
        return self.ask(fields, codec, promised_by=promised, right=sign is None)

    def checkstatus_fields(self, ref_id: str) -> dict[str, object]:
        """A right checkstatus, field by field, for tests that change one of them."""
        return {
            "commands": "checkstatus",
            "username": self.settings.username,
            "ref_id": ref_id,
            "sign": self.sign(CHECKSTATUS_SALT),
        }

    def check_balance(self, *, sign: str | None = None) -> Answer:
        """Ask the balance; only where the target names ``balance_url``."""
        url = self.settings.balance_url
        if url is None:
            raise NotOffered("the target has no check-balance", hint="set [iak] balance_url")
        fields = {
            "username": self.settings.username,
            "sign": self.sign(BALANCE_SALT) if sign is None else sign,
        }
        body = json.dumps(fields).encode()
        request = self._request(url, body, "application/json", "check-balance")
        asked = replace(request, operation="check-balance", right=sign is None)
        answer = read_json(self._wire.transport.send(asked))
        self._wire.heed(answer.exchange)
        if sign is None and (balance := balance_of(answer)) is not None:
            self._wire.gate.saw_balance(int(balance), asked_at=answer.exchange.started_at)
        return answer

    @property
    def moves_clock(self) -> bool:
        """Whether the target's clock is ours to move, so that nothing ends by itself."""
        return self.settings.control_url is not None

    def advance_clock(self, seconds: int) -> None:
        """Move the clock of a kontrak sandbox; only where the target names ``control_url``."""
        advance_clock(self._wire.transport, self.settings, seconds)

    def ask(
        self,
        fields: Mapping[str, object],
        codec: Codec = "json",
        *,
        promised_by: str = "IAK-CASE-ONE-BILL",
        spend: Spend | None = None,
        right: bool = False,
    ) -> IakAnswer:
        """Send some fields as they are, right or wrong; ``right`` means that none was changed."""
        words = [
            str(fields.get(name, "")) for name in ("commands", "code", "hp", "tr_id", "ref_id")
        ]
        summary = f"{' '.join(word for word in words if word)}, {codec.upper()}"
        return self.ask_body(
            encode(fields, codec),
            codec,
            asked=fields,
            summary=summary,
            promised_by=promised_by,
            spend=spend,
            right=right,
        )

    def ask_body(  # noqa: PLR0913 - each is one fact of the request
        self,
        body: bytes,
        codec: Codec,
        *,
        asked: Mapping[str, object] | None = None,
        content_type: str | None = None,
        summary: str = "a body of our own making",
        promised_by: str = "IAK-CASE-ONE-BILL",
        spend: Spend | None = None,
        right: bool = False,
    ) -> IakAnswer:
        """Send a body as it is and read the answer in the codec given."""
        url = self.settings.base_url + PATH
        request = self._request(url, body, content_type or MEDIA_TYPES[codec], summary)
        command = (asked or {}).get("commands")
        operation = f"{command if command in COMMANDS else 'other'} {codec}"
        request = replace(request, operation=operation, right=right)

        def read(exchange: Exchange) -> IakAnswer:
            got = decode(exchange, codec)
            facts = (codec, asked or {}, promised_by)
            return IakAnswer(exchange, got.document, got.malformed, *facts)

        number = (asked or {}).get("hp") if spend is None else spend.customer
        return self._wire.ask(
            request,
            read,
            spend=spend,
            pays=_PAYMENT in body.lower(),
            asked_for=lambda _: self._asked_for(number),
            sound=self._is_sound(asked or {}, content_type),
        )

    def _is_sound(self, fields: Mapping[str, object], content_type: str | None) -> bool:
        """Whether some fields are those of an inquiry that nothing is wrong with."""
        number, ref_id = fields.get("hp"), str(fields.get("ref_id"))
        known = any(one.number == number for one in self.settings.cases.values())
        usual = content_type is None or "charset" in content_type
        formed = ref_id.isascii() and ref_id.isalnum()
        return usual and known and formed and fields == self.inquiry_fields(str(number), ref_id)

    def _asked_for(self, number: object) -> frozenset[str]:
        """The codes of the test cases of a number; of all of them where no number is sent."""
        cases = self.settings.cases.values()
        chosen = [one for one in cases if number is None or one.number == number]
        return frozenset(
            code
            for one in chosen
            for code in (*one.rc, *one.also, *one.payment_rc, *one.payment_also)
        )

    def _request(self, url: str, body: bytes, content_type: str, summary: str) -> Request:
        headers = (("Content-Type", content_type), ("Accept", content_type.partition(";")[0]))
        return Request("POST", url, headers, body, summary)


def _spend(bill: IakAnswer, tr_id: str) -> Spend:
    """What paying an inquired bill may cost."""
    return Spend(
        rupiah=math.ceil(bill.number("price")),
        product=str(bill.sent["code"]),
        customer=str(bill.sent["hp"]),
        reference=str(bill.sent["ref_id"]),
        their_id=tr_id,
    )


def balance_of(answer: Answer) -> Decimal | None:
    """The balance that check-balance reports, in rupiah; None where there is none to be read."""
    document = answer.document if isinstance(answer.document, dict) else {}
    data = document.get("data")
    return as_number(data.get("balance")) if isinstance(data, dict) else None
