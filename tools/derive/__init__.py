"""From documented examples to fixtures, schemas and facts; nothing is typed seventy times.

``python -m tools.derive PROVIDER`` works in three steps, each of which can be repeated at any
time and gives the same bytes for the same input:

1. document to fixtures (only with ``--document``): the example payloads, cut out verbatim and
   fixed by ``repairs.toml``, and ``index.json``, which says where in the document each one stands;
2. fixtures to schemas: JSON Schemas inferred from the payloads and tightened by ``shapes.toml``,
   and ``products.json``, the ordered entry names, formats and relations of every product, expanded
   from the payloads by the rules of ``relations.toml``;
3. facts to clauses: the part of the suite's ``clauses.toml`` that has a few for every product.

The document itself is not part of the repository; only the first step needs it.
"""

from __future__ import annotations
