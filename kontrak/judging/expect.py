"""Judging answers: what is wrong is collected and raised once, as one ``Deviation``.

Three things can come of a test besides passing: a ``Deviation`` (the target does not keep the
clause), ``Blocked`` (another clause is already known to be broken and this one cannot be seen
behind it) and a ``note`` (drift, a warning). A ``reading`` says which of several readings that the
document allows the target follows. Anything else that is raised is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from types import MappingProxyType, TracebackType
from typing import Self, TypeVar

from kontrak.clauses.catalogue import Clause, find, of_shape
from kontrak.clauses.shapes import Violation, received, shape
from kontrak.exchange import Exchange
from kontrak.http.body import Answer


@dataclass(frozen=True, slots=True)
class Finding:
    """One observed difference: what was expected and what was received, both in words."""

    expected: str
    received: str
    about: Exchange | None = None
    """The one exchange that it was seen in; None where it takes all that were judged together."""


class Deviation(AssertionError):  # noqa: N818 - it is the target's error, not one of ours
    """The target does not keep a clause. ``exchanges`` are the evidence, oldest first."""

    def __init__(self, findings: Iterable[Finding], exchanges: Iterable[Exchange]) -> None:
        self.findings = tuple(findings)
        self.exchanges = tuple(exchanges)
        lines = [f"expected {one.expected}; received {one.received}" for one in self.findings]
        super().__init__("\n".join(lines))


class Drift(Deviation):
    """A difference that no clause forbids: reported as a warning, with its evidence."""


class Blocked(Exception):  # noqa: N818 - not an error: another clause has the deviation
    """This clause cannot be judged because ``clause_id`` is already broken in the same answer.

    The plugin makes it a skip. The results check afterwards that ``clause_id`` really is bad;
    otherwise the skip counts as *broken*, so nothing hides behind a clause that passed.
    Raises ``CatalogueError`` for an id that no catalogue has.
    """

    def __init__(self, clause_id: str) -> None:
        find(clause_id)
        super().__init__(f"not judged: hidden behind {clause_id}")
        self.clause_id = clause_id


@dataclass(frozen=True, slots=True)
class Reading:
    """What the document leaves open, and how this target answers it.

    ``about`` is the product, where products may differ. All are fixed phrases, free of what varies
    between two runs, since runs are compared by them.
    """

    question: str
    answer: str
    about: str = ""


@dataclass(slots=True)
class Notebook:
    """What one test has noticed besides its verdict: warnings, and the evidence it looked at."""

    notes: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set, init=False, repr=False, compare=False)

    def look(self, exchange: Exchange) -> None:
        """Remember an exchange as evidence, once."""
        if id(exchange) not in self._seen:
            self._seen.add(id(exchange))
            self.exchanges.append(exchange)


_notebook: ContextVar[Notebook | None] = ContextVar("kontrak_notebook", default=None)


@contextmanager
def notebook() -> Iterator[Notebook]:
    """Collect the notes of one test; the plugin opens one around every test."""
    book = Notebook()
    token = _notebook.set(book)
    try:
        yield book
    finally:
        _notebook.reset(token)


def note(text: str) -> None:
    """Warn of drift. Never a failure."""
    book = _notebook.get()
    if book is not None and text not in book.notes:
        book.notes.append(text)


def reading(question: str, answer: str, *, about: str = "", warns: bool = False) -> None:
    """Say which reading of an ambiguity the target follows; see ``Reading``. Never a failure.

    ``warns`` is for the reading that the document suggests less: it makes a warning as well.
    """
    book = _notebook.get()
    if book is None:
        return
    found = Reading(question, answer, about)
    if found not in book.readings:
        book.readings.append(found)
    if warns:
        note(f"reading: {question}: {f'{about}: ' if about else ''}{answer}")


def look(*answers: Answer) -> None:
    """Name the answers that a test judges, so that the report shows them."""
    book = _notebook.get()
    if book is not None:
        for answer in answers:
            book.look(answer.exchange)


A = TypeVar("A", bound=Answer)


class expect:  # noqa: N801 - reads as a statement: with expect(answer) as that
    """Collect every difference in some answers and raise them together at the end.

    ``with expect(answer) as that: that.equal("price", bill.price, bill.nominal + bill.admin)``
    """

    def __init__(self, *answers: Answer) -> None:
        self.answers = answers
        self.findings: list[Finding] = []
        self._about: Exchange | None = None

    def __enter__(self) -> Self:
        look(*self.answers)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        # What was found before something else went wrong is a fact and comes first.
        if self.findings and not isinstance(error, Deviation):
            raise Deviation(self.findings, self._evidence()) from error

    def about(self, answer: Answer) -> None:
        """What is noted from now on is about this one of the answers: it is the evidence."""
        self._about = answer.exchange

    def each(self, answers: Iterable[A]) -> Iterator[A]:
        """Go through some answers; what is found meanwhile is about the one that is looked at."""
        for answer in answers:
            self._about = answer.exchange
            yield answer
        self._about = None

    def _evidence(self) -> list[Exchange]:
        """The exchanges, those that findings are about last; the last one is shown whole."""
        about = [one.about for one in reversed(self.findings) if one.about is not None]
        blamed = list({id(one): one for one in about}.values())
        others = [one.exchange for one in self.answers]
        return [one for one in others if not any(one is each for each in blamed)] + blamed

    def add(self, finding: Finding) -> None:
        """Note a finding."""
        if finding.about is None and self._about is not None:
            finding = replace(finding, about=self._about)
        self.findings.append(finding)

    def that(self, kept: bool, expected: str, came: str) -> None:  # noqa: FBT001 - the condition itself
        """Note a finding unless the condition holds."""
        if not kept:
            self.add(Finding(expected, came))

    def equal(self, what: str, came: object, wanted: object, because: str = "") -> None:
        """Note a finding unless two values are equal. ``because`` explains where wanted is from."""
        reason = f" ({because})" if because else ""
        self.that(came == wanted, f"{what} = {_value(wanted)}{reason}", f"{what} = {_value(came)}")

    def one_of(self, what: str, came: object, wanted: Iterable[object], because: str = "") -> None:
        """Note a finding unless the value is one of several."""
        options = list(wanted)
        words = " or ".join(_value(one) for one in options)
        reason = f" ({because})" if because else ""
        self.that(came in options, f"{what} = {words}{reason}", f"{what} = {_value(came)}")


def judge_place(answer: Answer, clause: Clause, *, builds_on: str = "") -> None:
    """Judge one place of an answer by the schema of the clause's shape.

    ``builds_on`` is the shape whose clauses judge the places that this one shares with others.
    Raises ``Deviation`` for what is wrong at the clause's own place, ``Blocked`` when the place
    cannot be seen because something around it is wrong. Undocumented members are noted.
    """
    look(answer)
    name = clause.shape or ""
    judged = shape(clause.provider, name)
    owners = _owners(clause.provider, builds_on, name)
    mine: list[Violation] = []
    for violation in judged.violations(answer.document):
        owner = _owner(violation.pattern, owners)
        if owner is None or owner.at == clause.at:
            mine.append(violation)
        elif clause.at and _is_inside(clause.at, owner.at or ""):
            raise Blocked(owner.id)
    if mine:
        findings = [Finding(f"{one.at}: {one.expected}", one.received) for one in mine]
        raise Deviation(findings, [answer.exchange])
    for extra in judged.extras(answer.document):
        owner = _owner(extra, owners)
        if owner is not None and owner.at == clause.at:
            note(f"the document does not name {extra}")


def clause_around(provider: str, shape_name: str, place: str) -> Clause | None:
    """The clause of the narrowest documented place around a place of an answer.

    What cannot be read there is blocked behind it.
    """
    return _owner(place, _owners(provider, shape_name))


@cache
def _owners(provider: str, *shapes: str) -> Mapping[str, Clause]:
    """The clauses of some shapes by their places; the last one owns a place that they share."""
    clauses = [one for name in shapes for one in of_shape(provider, name)]
    return MappingProxyType({one.at: one for one in clauses if one.at})


def _owner(pattern: str, owners: Mapping[str, Clause]) -> Clause | None:
    """The clause of the narrowest place around a pattern."""
    around = [at for at in owners if pattern == at or _is_inside(pattern, at)]
    return owners[max(around, key=len)] if around else None


def _is_inside(place: str, around: str) -> bool:
    return place.startswith((f"{around}.", f"{around}["))


def _value(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return received(value) if not isinstance(value, str) else value or '""'
