"""Connections that cannot be made, TLS and the proxy."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from kontrak.errors import ConfigurationError, DeadlineExceeded, Unreachable
from kontrak.http.transport import Limits, Transport
from tests.rawserver import OK, closed_port, raw_server, replies, trickle
from tests.wire import get

SECRET = "s3cr3t-canary"  # noqa: S105 - the point is that it is seen nowhere


def test_a_closed_port_says_to_check_the_port() -> None:
    with pytest.raises(Unreachable, match="refused") as caught:
        get(f"http://127.0.0.1:{closed_port()}/")
    assert "check host and port" in caught.value.hint


def test_an_unknown_name_says_to_check_the_name() -> None:
    with pytest.raises(Unreachable, match=r"no-such-host\.invalid is not known") as caught:
        get("http://no-such-host.invalid/")
    assert "spelling" in caught.value.hint


def test_plain_http_on_a_tls_address_says_to_check_the_scheme() -> None:
    with (
        raw_server(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")) as server,
        pytest.raises(Unreachable, match="TLS handshake failed") as caught,
    ):
        get(server.url(scheme="https"))
    assert "speaks TLS" in caught.value.hint


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PEM file with the key and the certificate of 127.0.0.1, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl command to make a certificate with")
    made = tmp_path_factory.mktemp("tls") / "certificate.pem"
    made_by = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kontrak"]
    subject = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(  # noqa: S603 - fixed arguments
        [*made_by, *subject, "-keyout", made, "-out", f"{made}.crt"],
        check=True,
        capture_output=True,
    )
    with made.open("a") as file:
        file.write(Path(f"{made}.crt").read_text())
    return made


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_an_unknown_certificate_says_to_check_the_certificate(tls: ssl.SSLContext) -> None:
    with (
        raw_server(replies(OK), tls=tls) as server,
        pytest.raises(Unreachable, match="certificate is refused") as caught,
    ):
        get(server.url(scheme="https"))
    assert "ca_file" in caught.value.hint


def test_a_certificate_of_another_name_is_refused(tls: ssl.SSLContext, certificate: Path) -> None:
    with (
        raw_server(replies(OK), tls=tls) as server,
        pytest.raises(Unreachable, match="certificate is refused"),
    ):
        get(
            f"https://localhost:{server.port}/",
            Limits(ca_file=str(certificate), deadline_seconds=20),
        )


def test_a_certificate_of_the_ca_file_is_accepted(tls: ssl.SSLContext, certificate: Path) -> None:
    with raw_server(replies(OK), tls=tls) as server:
        exchange = get(server.url(scheme="https"), Limits(ca_file=str(certificate)))
    assert exchange.reply.body == b"ok"


def test_a_trickle_within_tls_ends_at_the_deadline(tls: ssl.SSLContext, certificate: Path) -> None:
    limits = Limits(ca_file=str(certificate), deadline_seconds=0.5)
    handler = trickle(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x")
    with raw_server(handler, tls=tls) as server, pytest.raises(DeadlineExceeded):
        get(server.url(scheme="https"), limits)


def test_an_unreadable_ca_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ca_file"):
        Transport(Limits(ca_file=str(tmp_path / "absent.pem")))


def test_a_proxy_that_is_no_address_is_a_configuration_error_without_its_text() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Transport(Limits(proxy=f"ftp://user:{SECRET}@host"))
    assert SECRET not in str(caught.value)


def test_a_proxy_gets_the_whole_address_and_its_credentials() -> None:
    kept: list[bytes] = []
    with raw_server(replies(OK, kept=kept)) as server:
        proxy = f"http://user:word@127.0.0.1:{server.port}"
        get("http://target.invalid/path?a=%2f", Limits(proxy=proxy))
    lines = kept[0].split(b"\r\n")
    assert lines[0].startswith(b"GET http://target.invalid/path?a=%2")
    assert b"proxy-authorization: Basic dXNlcjp3b3Jk" in kept[0].replace(b"Proxy-A", b"proxy-a")


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_certificate_that_the_environment_names_is_accepted(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for each in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, str(certificate))
    with raw_server(replies(OK), tls=tls) as server:
        exchange = get(server.url(scheme="https"))
    assert exchange.reply.body == b"ok"


def test_ca_file_comes_before_the_environment(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "absent.pem"))
    with raw_server(replies(OK), tls=tls) as server:
        exchange = get(server.url(scheme="https"), Limits(ca_file=str(certificate)))
    assert exchange.reply.body == b"ok"


def test_an_unreadable_file_of_the_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "absent.pem"))
    with pytest.raises(ConfigurationError, match="REQUESTS_CA_BUNDLE"):
        Transport(Limits())
