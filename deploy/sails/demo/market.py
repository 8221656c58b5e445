"""Load the sample's supplies and demands as their owners would, several at a time."""

from typing import Any

from deploy.sails.demo.company import Company
from deploy.sails.demo.narrator import Storyteller
from deploy.sails.demo.stage import Stage
from deploy.sails.samples import Sample

Body = dict[str, Any]
MATCHED_TIMEOUT_S = 60.0


def load(stage: Stage, company: Company, sample: Sample, tell: Storyteller) -> None:
    """Supplies: drafted, submitted, activated by the operator. Demands: drafted, published."""

    def supply(offered: tuple[str, Body]) -> None:
        name, body = offered
        owner = company.named(name)["supplier.owner"]
        draft = owner.does("/supplies", body)
        owner.does(f"/supplies/{draft['id']}/submit")
        stage.operator.post(f"/supplies/{draft['id']}/activate")

    def demand(wanted: tuple[str, Body]) -> None:
        name, body = wanted
        purchaser = company.named(name)["buyer.purchaser"]
        draft = purchaser.does("/demands", body)
        purchaser.does(f"/demands/{draft['id']}/publish")

    tell.at_once("load-supplies", supply, sample.supplies)
    tell.at_once("load-demands", demand, sample.demands)
