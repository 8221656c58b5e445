"""Load the sample's supplies and demands."""

from typing import Any

from deploy.sails.demo.company import Company
from deploy.sails.demo.imports import bring_in
from deploy.sails.demo.narrator import Storyteller
from deploy.sails.demo.stage import Stage
from deploy.sails.samples import Sample
from deploy.sails.samples.real import batches

Body = dict[str, Any]


def load(stage: Stage, company: Company, sample: Sample, tell: Storyteller) -> None:
    """Supplies come in by the programme's import, active at once; demands by their buyers."""
    rows = [
        body | {"supplier_id": company.supplier(name).id, "source_ref": f"sample-{number}"}
        for number, (name, body) in enumerate(sample.supplies)
    ]
    with tell.bar("load-supplies", len(rows)) as done:
        for batch in batches(rows):
            bring_in(stage.operator, "/supplies/import", batch)
            done(len(batch))

    def demand(wanted: tuple[str, Body]) -> None:
        name, body = wanted
        purchaser = company.buyer(name)["buyer.purchaser"]
        draft = purchaser.does("/demands", body)
        purchaser.does(f"/demands/{draft['id']}/publish")

    tell.at_once("load-demands", demand, sample.demands)
