"""Categories."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.judging.expect import expect, judge_place
from kontrak.providers.rqid.catalogue import Catalogue

PLACES = [cited(one.id, one) for one in of_shape("rqid", "categories")]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_categories(catalogue: Catalogue, place: Clause) -> None:
    judge_place(catalogue.categories().require_success(), place)


@clause("RQID-CATEGORIES-ALL")
def test_every_product_has_its_category(catalogue: Catalogue) -> None:
    rows = catalogue.known().values()
    lost = [row for row in rows if not catalogue.categories_of(row)]
    strangers = {catalogue.text(row, "kategori") for row in lost}
    with expect(catalogue.categories()) as that:
        that.that(not strangers, "a category for every kategori", ", ".join(sorted(strangers)))


@clause("RQID-CATEGORIES-DISTINCT")
def test_no_category_stands_twice(catalogue: Catalogue) -> None:
    answer = catalogue.categories()
    rows = answer.rows()
    with expect(answer) as that:
        for name in ("id", "code"):
            values = [str(row.get(name)) for row in rows]
            twice = sorted({one for one in values if values.count(one) > 1})
            that.that(not twice, f"{name} once each", f"{', '.join(twice)} twice")


@clause("RQID-CATEGORIES-NO-RC")
def test_categories_have_no_rc(catalogue: Catalogue) -> None:
    answer = catalogue.categories()
    with expect(answer) as that:
        that.that("rc" not in answer.members, "no rc", f"rc {answer.rc}")
