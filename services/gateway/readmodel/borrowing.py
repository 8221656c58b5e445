"""What a list of loans leaves to the page: for which application, to whom, on whose debts."""

import json
from collections.abc import Sequence
from typing import Any

from services.messaging import Prepared, Reader

_APPLICATIONS = Prepared(
    "applications_of_loans",
    ("text[]", "text[]"),
    """
    SELECT DISTINCT ON (id) id::text, document FROM views
    WHERE kind = 'application' AND id = ANY(CAST($1 AS uuid[])) AND audience = ANY($2)
    ORDER BY id, array_position($2, audience)
    """,
)
_NAMES = Prepared(
    "names_of_borrowers",
    ("text[]",),
    "SELECT id::text, name FROM parties WHERE id = ANY(CAST($1 AS uuid[]))",
)

Document = dict[str, Any]


def with_names(reader: Reader, mine: Sequence[str], loans: Sequence[Document]) -> list[Document]:
    """Each with `application` (as these audiences see it) and `borrower_name`, which is public."""
    ids = sorted({loan["application_id"] for loan in loans})
    borrowers = sorted({loan["borrower_id"] for loan in loans})
    found = reader.rows(_APPLICATIONS, (ids, list(mine))) if ids else []
    applications = {id: json.loads(text) for id, text in found}
    names: dict[str, str] = dict(reader.rows(_NAMES, (borrowers,))) if borrowers else {}
    return [
        {
            **loan,
            "application": applications.get(loan["application_id"]),
            "borrower_name": names.get(loan["borrower_id"]),
        }
        for loan in loans
    ]
