"""The two interfaces over one platform, and the accounts that each of them knows."""

from __future__ import annotations

from collections.abc import Mapping

from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.platform import Platform
from kontrak.sandbox.rone.text_service import TextService

RQID_ACCOUNT = {
    "mmid": "R1MAIN",
    "api_key": "sandbox-rqid-key",
    "pin": "135790",
    "signed_mmid": "R1SIGNED",
    "signed_api_key": "sandbox-signed-key",
    "signed_pin": "246801",
}
HTTPGET_ACCOUNT = {
    "member_id": "R1MAIN",
    "password": "sandbox-rqid-key",
    "pin": "135790",
    "signed_member_id": "R1SIGNED",
    "signed_password": "sandbox-signed-key",
    "signed_pin": "246801",
}


def rqid_service(account: Mapping[str, str], platform: Platform) -> JsonService:
    """The JSON interface of a platform."""
    return JsonService(platform, platform.partners(account, "mmid", "api_key"))


def httpget_service(account: Mapping[str, str], platform: Platform) -> TextService:
    """The text interface of a platform."""
    return TextService(platform, platform.partners(account, "member_id", "password"))
