"""Loaded by Schemathesis: makes its generated requests ones that a biller can carry out.

It follows the recipes of ``description.py``, read from the file that CONTROL_SETTINGS names, and
uses nothing of kontrak: it runs in the tool's own environment.

* Before a call, well-formed references are replaced by fresh ones, or by what earlier steps gave.
* On the wire, a placeholder signature is replaced by the right one. It happens behind the tool's
  metadata, so that a wrong signature that the tool chose stays a wrong one.
* Replies in plain text are read, so that the pattern of their text is judged.
* After a call, a reply that says in its body that it refuses is given a status that says so too.
"""

from __future__ import annotations

import atexit
import base64
import copy
import hashlib
import json
import os
import re
import secrets
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SETTINGS: dict[str, Any] = json.loads(
    Path(os.environ["CONTROL_SETTINGS"]).read_text(encoding="utf-8")
)
BASE_URL = os.environ["CONTROL_URL"]
PLACEHOLDER = "0" * 32
HEADERS = {name: os.path.expandvars(value) for name, value in SETTINGS["headers"].items()}
SECONDS = 10

calls: Counter[tuple[str, str, str, int]] = Counter()
reported: set[str] = set()
"""References that replies gave; one that the tool links into its next request is left alone."""


def get(document: Any, at: str) -> Any:
    """The value at a JSON pointer, or None."""
    for part in at.split("/")[1:]:
        if isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        elif isinstance(document, dict):
            document = document.get(part)
        else:
            return None
    return document


def put(document: Any, at: str, value: Any) -> None:
    """Put a value at a JSON pointer."""
    *way, last = at.split("/")[1:]
    for part in way:
        document = document[int(part) if isinstance(document, list) else part]
    document[last] = value


class Signature(requests.auth.AuthBase):
    """Puts the right signature into a request as it leaves."""

    def __init__(self, sign: dict[str, Any] | None) -> None:
        self.sign = sign

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request."""
        if self.sign is None:
            return request
        if self.sign["how"] == "rsa":
            if request.headers.get(self.sign["at"]) == PLACEHOLDER:
                request.headers[self.sign["at"]] = rsa(request.body, self.sign["of"][0])
            return request
        return self.md5(request, self.sign)

    def md5(
        self, request: requests.PreparedRequest, sign: dict[str, Any]
    ) -> requests.PreparedRequest:
        """md5 over the parts, in lower-case hexadecimal digits, at its place of a JSON body."""
        try:
            body = json.loads(request.body or b"")
        except ValueError:
            return request
        parts = [get(body, one) if one.startswith("/") else one for one in sign["of"]]
        if get(body, sign["at"]) == PLACEHOLDER and all(isinstance(one, str) for one in parts):
            made = hashlib.md5("".join(parts).encode("utf-8", "replace"), usedforsecurity=False)
            put(body, sign["at"], made.hexdigest())
            request.prepare_body(json.dumps(body).encode(), None)
        return request


@cache
def private_key(key_file: str) -> Any:
    """An RSA key of a file."""
    return load_pem_private_key(Path(key_file).read_bytes(), password=None)


def rsa(body: bytes | str | None, key_file: str) -> str:
    """The base64 signature of a body: RSA-PSS with SHA-256 and the longest salt."""
    raw = body.encode() if isinstance(body, str) else body or b""
    made = private_key(key_file).sign(raw, PSS(MGF1(SHA256()), PSS.MAX_LENGTH), SHA256())
    return base64.b64encode(made).decode("ascii")


class Chain:
    """The replies of a recipe's steps, asked one after the other for one case."""

    def __init__(self, steps: list[str]) -> None:
        self.fresh = f"K{secrets.token_hex(8)}"
        self.replies: dict[str, Any] = {}
        for name in steps:
            self.replies[name] = self.ask(SETTINGS["steps"][name])

    def ask(self, step: dict[str, Any]) -> Any:
        """Send one step; its reply, or None where none can be read."""
        body = copy.deepcopy(step["body"])
        place = {"body": body, "path": {}, "query": dict(step["query"])}
        for at, value in step["put"].items():
            part, _, name = at.partition(":")
            put(place[part], name if name.startswith("/") else f"/{name}", self.value(value))
        # A connection of its own: one that the server has closed would look like a refusal.
        headers = {"Accept": "application/json", "Connection": "close", **HEADERS}
        sign = step["sign"]
        if sign and sign["how"] == "rsa":
            headers[sign["at"]] = PLACEHOLDER
        try:
            return requests.request(
                step["method"],
                BASE_URL + step["path"].format(**place["path"]),
                json=body,
                params=place["query"],
                headers=headers,
                auth=Signature(sign),
                timeout=SECONDS,
            ).json()
        except (requests.RequestException, ValueError):
            return None

    def value(self, wanted: dict[str, Any]) -> Any:
        """A value as the recipe wants it; the fresh reference where a step did not give one."""
        if wanted["step"] == "given":
            return wanted["at"]
        if wanted["step"] == "fresh":
            return self.fresh
        found = get(self.replies.get(wanted["step"]), wanted["at"])
        if found is None:
            return self.fresh
        return str(found) if wanted["text"] else found


def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001 - the tool's form
    """Make a generated request one that can be carried out."""
    recipe = SETTINGS["recipes"].get(case.operation.label)
    if recipe is None:
        return
    kwargs["auth"] = Signature(recipe["sign"])
    wanted = {at: one for at, one in recipe["put"].items() if is_right(case, at, one, recipe)}
    if not wanted or is_linked(case, recipe):
        return
    chain = Chain(recipe["steps"])
    for at, one in wanted.items():
        part, _, name = at.partition(":")
        if part == "body":
            body = copy.deepcopy(case.body)
            put(body, name, chain.value(one))
            case.body = body
        else:
            container = case.path_parameters if part == "path" else case.query
            container[name] = chain.value(one)


def value_at(case: Any, at: str) -> Any:
    """What a case has at a place."""
    part, _, name = at.partition(":")
    if part == "body":
        return get(case.body, name)
    return (case.path_parameters if part == "path" else case.query).get(name)


def is_right(case: Any, at: str, wanted: dict[str, Any], recipe: dict[str, Any]) -> bool:
    """Whether a place holds what was not generated wrong on purpose."""
    found = value_at(case, at)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return False
    if wanted["step"] == "given":
        return isinstance(found, str) and found != ""
    return re.fullmatch(recipe["well_formed"], str(found)) is not None


def is_linked(case: Any, recipe: dict[str, Any]) -> bool:
    """Whether the tool took the reference from an earlier reply: the first place holds it."""
    first = next(iter(recipe["put"]))
    stateful = bool(recipe["steps"]) and phase_of(case) == "stateful"
    return stateful and str(value_at(case, first)) in reported


def phase_of(case: Any) -> str:
    """The tool's phase that made a case."""
    return str(case.meta.phase.name.value) if case.meta else "none"


def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001 - the tool's form
    """Give a reply that refuses in its body a status that refuses; count what was answered."""
    recipe = SETTINGS["recipes"].get(case.operation.label)
    if recipe is None:
        return
    try:
        document = json.loads(response.content)
    except ValueError:
        document = None
    if response.status_code == 200:
        response.status_code = meant(recipe, document, response.content)
    if response.status_code < 300:
        reported.update(
            str(get(document, at)) for at in SETTINGS["linked"].get(case.operation.label, ())
        )
    mode = case.meta.generation.mode.value if case.meta else "none"
    calls[case.operation.label, phase_of(case), mode, response.status_code] += 1


def meant(recipe: dict[str, Any], document: Any, content: bytes) -> int:
    """The HTTP status that says what a reply with HTTP 200 says in its body."""
    if recipe["refused"] and re.search(recipe["refused"], content.decode("utf-8", "replace")):
        return 422
    code = get(document, recipe["reported_at"]) if recipe["reported_at"] else None
    if not isinstance(code, str) or code in recipe["accepted"]:
        return 200
    return 409 if code in recipe["conflict"] else 422


def write_calls() -> None:
    """Leave behind how the calls of every operation were answered."""
    rows = [[*key, count] for key, count in sorted(calls.items())]
    Path(os.environ["CONTROL_CALLS"]).write_text(json.dumps(rows), encoding="utf-8")


def read_text(context: Any, response: Any) -> str:  # noqa: ARG001 - the tool's form
    """A reply in plain text, whose pattern the tool would otherwise not look at."""
    return str(response.content.decode("utf-8"))


schemathesis.deserializer("text/plain", "text/html")(read_text)
schemathesis.hook(before_call)
schemathesis.hook(after_call)
atexit.register(write_calls)
