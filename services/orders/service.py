"""Orders, from demand to payable: every way in, on one page."""

from services.contracts import contract, demand, party, receivable, supply
from services.contracts.registry import events_of
from services.messaging import (
    Database,
    Relay,
    Timer,
    command,
    follow_clock,
    on_deadline,
    on_event,
    projection,
    query,
)
from services.orders import copies, queries
from services.orders.commands import (
    awards,
    contracts,
    deliveries,
    demands,
    evaluations,
    imports,
    payables,
    quotes,
    signatures,
)


class Orders:
    """Owns demands, quotes, contracts, deliveries and payables."""

    name = "orders"

    database = Database("orders")
    relay = Relay()
    timer = Timer()

    create_demand = command(demand.CreateDemand, demands.create)
    import_demand = command(demand.ImportDemandsCommand, imports.import_demands)
    publish_demand = command(demand.PublishDemand, demands.publish)
    amend_demand = command(demand.AmendDemand, demands.amend)
    reopen_demand = command(demand.ReopenDemandCommand, demands.reopen)
    cancel_demand = command(demand.CancelDemand, demands.cancel)
    award_demand = command(demand.AwardDemandCommand, awards.award)
    confirm_award_demand = command(demand.ConfirmAward, awards.confirm)

    create_quote = command(demand.SealQuoteCommand, quotes.seal)
    replace_quote = command(demand.ReplaceQuoteCommand, quotes.replace)
    withdraw_quote = command(demand.WithdrawQuote, quotes.withdraw)
    sealed_price_quote = query(demand.ReadSealedPrice, queries.sealed_price)

    revise_contract = command(contract.ReviseContractCommand, contracts.revise)
    start_signing_contract = command(contract.StartSigning, contracts.start_signing)
    sign_contract = command(contract.SignContract, signatures.sign)
    decline_contract = command(contract.DeclineContract, contracts.decline)

    create_delivery = command(contract.ShipDelivery, deliveries.ship)
    arrive_delivery = command(contract.ArriveDelivery, deliveries.arrive)
    accept_delivery = command(contract.AcceptDeliveryCommand, deliveries.accept)
    reject_delivery = command(contract.RejectDelivery, deliveries.reject)
    redeliver_delivery = command(contract.RedeliverDelivery, deliveries.redeliver)

    record_payment_payable = command(contract.RecordPaymentCommand, payables.record_payment)
    report_payment_payable = command(contract.ReportPaymentCommand, payables.report_payment)

    keep_parties = projection(events_of(party.party), copies.keep_parties)
    keep_users = projection(events_of(party.user), copies.keep_users)
    keep_matches = projection(events_of(supply.match), copies.keep_matches)
    keep_claims = projection(events_of(receivable.receivable), copies.keep_claims)
    note_capacity = on_event(("supply.reserved.v1", "supply.short.v1"), awards.note_capacity)
    settle_receivable = on_event(
        ("receivable.allocated.v1", "receivable.settled.v1"), payables.settle_receivable
    )

    close_demand = on_deadline("demand", "close", evaluations.close)
    lapse_award = on_deadline("demand", "lapse_award", evaluations.lapse_award)
    expire_quote = on_deadline("quote", "expire", evaluations.expire_quote)
    expire_contract = on_deadline("contract", "expire", contracts.expire)
    end_inspection = on_deadline("delivery", "end_inspection", deliveries.end_inspection)
    fall_due = on_deadline("payable", "fall_due", payables.fall_due)
    become_overdue = on_deadline("payable", "become_overdue", payables.become_overdue)

    follow_clock = follow_clock()
