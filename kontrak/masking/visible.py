"""Text that others have written, made safe to show: nothing in it acts, and all of it can be seen.

A terminal obeys escape sequences, a CI runner obeys ``::commands::``, a reader is misled by signs
that have no width or turn the direction of writing, and half a surrogate pair cannot be written as
UTF-8 at all. Each such character is shown as an escape: ``\\x1b``, ``\\u202e``, ``\\ud800``.
"""

from __future__ import annotations

import re
from typing import Any

import click

# Control and format characters, surrogates, separators of lines, and what XML cannot hold. Line
# feed and tab stay, and so does a carriage return before a line feed.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|\r(?!\n)"
)
# GitHub, GitLab, Azure and TeamCity take such lines of a log for orders, blanks before them or not.
_COMMAND = re.compile(r"^([ \t]*):(?=:)|#(?=#(?:\[|vso\[|teamcity\[))", re.MULTILINE)
_MARKUP = re.compile(r"[\\`*{}\[\]()#+!|~@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_CHAT = re.compile(r"[`*<>\[\]|~@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


def visible(text: str) -> str:
    """The text with everything unsafe shown as an escape; doing it again changes nothing."""
    shown = text if text.isascii() and text.isprintable() else _UNSAFE.sub(_escape, text)
    return _COMMAND.sub(_broken, shown) if "::" in shown or "##" in shown else shown


def visible_data(value: Any) -> Any:
    """A copy of JSON-like data with every string in it made visible, keys included."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible_data(key): visible_data(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [visible_data(inner) for inner in value]
    return value


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text, made visible; ``err`` and ``nl`` as of ``click.echo``."""
    click.echo(visible(text), err=err, nl=nl)


def markdown(text: str) -> str:
    """The text for a Markdown page, on one line: nothing in it is markup, HTML or a mention."""
    line = " ".join(visible(text).split())
    plain = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(lambda found: f"\\{found[0]}", plain)


def chat(text: str) -> str:
    """The text for a chat message, whichever markup the chat knows."""
    return _CHAT.sub(_escape, visible(text))


def _escape(found: re.Match[str]) -> str:
    number = ord(found[0])
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _broken(found: re.Match[str]) -> str:
    return "\\x23" if found[0] == "#" else f"{found[1]}\\x3a"
