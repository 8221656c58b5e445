"""Whatever a file says: figures, or a refusal that names the place; never anything else."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.sails.samples.reading import qualifications
from services.matching.evaluation import NothingToFit, NothingToJudge, Unreadable, evaluate
from tests.unit.matching.evaluation.folders import SPLIT, SUPPLIERS, tenders, written

SAID = st.sampled_from(
    ["pave", "2026-03-05", "2026-02-05", "补路", 'AND ("* +路', "路" * 20_000, "道\u200b"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | SAID
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
BIDS = st.lists(
    st.fixed_dictionaries({}, optional={"supplier": VALUES, "grade": VALUES}), max_size=3
)


def an_object(*names, **others):
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES) | others)


ODD_SUPPLIER = an_object("id", "name", "qualifications", "text")
ODD_TENDER = an_object("id", "date", "title", "scope", "place", "price", "days", rel=VALUES | BIDS)


@settings(max_examples=60, deadline=None)
@given(st.lists(ODD_SUPPLIER, max_size=4), st.lists(ODD_TENDER, max_size=4), st.booleans())
def test_odd_lines_beside_good_ones_change_little(odd_suppliers, odd_tenders, with_baseline):
    with TemporaryDirectory() as folder:
        written(Path(folder), [*SUPPLIERS, *odd_suppliers], [*tenders(), *odd_tenders])
        found = evaluate(
            Path(folder), SPLIT, qualifications, lambda *_: None, with_baseline=with_baseline
        )
    assert 16 <= found.judged <= 16 + len(odd_tenders)
    assert len(SUPPLIERS) <= found.suppliers <= len(SUPPLIERS) + len(odd_suppliers)
    assert all(value == value for value in json.loads(json.dumps(found.figures["ndcg10"])).values())


@settings(max_examples=40, deadline=None)
@given(st.lists(ODD_SUPPLIER, max_size=4), st.lists(ODD_TENDER, max_size=4))
def test_odd_lines_alone_are_measured_or_refused(odd_suppliers, odd_tenders):
    with TemporaryDirectory() as folder:
        written(Path(folder), odd_suppliers, odd_tenders)
        try:
            evaluate(Path(folder), SPLIT, qualifications, lambda *_: None, with_baseline=True)
        except (Unreadable, NothingToJudge, NothingToFit) as refused:
            assert str(refused)
