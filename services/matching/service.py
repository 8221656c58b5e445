"""Matching, from a supply to its capacity used: every way in, on one page."""

from functools import partial

from services.contracts import contract, demand, exposure, importing, party, reading, supply
from services.contracts.registry import events_of
from services.matching import copies, queries, results
from services.matching.allotting import AllottingTimer
from services.matching.commands import (
    again,
    amendments,
    arrivals,
    capacity,
    confirmations,
    deals,
    expiry,
    files,
    imports,
    matches,
    outcomes,
    programme,
    proposals,
    supplies,
)
from services.matching.observed import ObservedDatabase
from services.matching.reading import read
from services.matching.retrieval import SUPPLY_FACTS, Retrieval
from services.messaging import (
    Relay,
    Tail,
    command,
    follow_clock,
    on_deadline,
    on_event,
    projection,
    query,
)

retrieval = Retrieval()  # this process's index


class IndexTail(Tail):
    """Keeps the index up; it is open before any request or fact is taken."""

    def setup(self) -> None:
        super().setup()
        read("", "", None)  # loads words and places before anybody waits for them
        retrieval.start()

    def stop(self) -> None:
        super().stop()
        retrieval.close()

    def not_ready(self) -> str | None:
        """Also while what it hears cannot be taken into the index."""
        return super().not_ready() or retrieval.not_ready()


OPENED = tuple(demand.demand.event(past).name for past in ("published", "amended", "reopened"))
MOVED_ON = tuple(
    demand.demand.event(past).name
    for past in ("closed", "awarded", "award_confirmed", "award_lapsed", "contracted",
                 "fulfilled", "unsuccessful", "cancelled")
)  # fmt: skip
QUOTED = tuple(
    demand.quote.event(past).name
    for past in ("sealed", "withdrawn", "invalidated", "opened", "accepted", "rejected", "expired")
)


class Matching:
    """Owns supplies, imports of them, matches and capacity."""

    name = "matching"

    database = ObservedDatabase("matching")
    relay = Relay()
    timer = AllottingTimer()
    tail = IndexTail(start=lambda: retrieval.position, apply=retrieval.follow, types=SUPPLY_FACTS)

    create_supply = command(supply.CreateSupply, supplies.create)
    amend_supply = command(supply.AmendSupply, amendments.amend)
    submit_supply = command(supply.SubmitSupply, supplies.submit)
    refresh_supply = command(supply.RefreshSupply, expiry.refresh)
    activate_supply = command(supply.ActivateSupply, supplies.activate)
    confirm_supply = command(supply.ConfirmClaims, confirmations.confirm)
    reject_supply = command(supply.RejectSupply, supplies.reject)
    archive_supply = command(supply.ArchiveSupply, supplies.archive)
    expire_supply = on_deadline("supply", "expire", expiry.expire)
    import_supply = command(supply.ImportSuppliesCommand, imports.import_supplies)
    import_records_supply = command(supply.ImportTrackRecordsCommand, imports.import_records)

    create_import = command(importing.StartImport, files.create)
    public_import = command(importing.StartPublicImport, files.create_public)
    cancel_import = command(importing.CancelImport, files.cancel)
    cancel_public_import = command(importing.CancelPublicImport, files.cancel)
    rows_import = query(importing.RowsOfImport, results.rows)
    work_off_import = on_deadline("import", "work_off", files.work_off)
    forget_rows_import = on_deadline("import", "forget_rows", files.forget_rows)

    create_match = command(supply.EnterMatchCommand, matches.create)
    show_interest_match = command(supply.ShowInterest, matches.show_interest)
    decline_match = command(supply.DeclineMatch, matches.decline)
    check_match = query(supply.CheckMatch, queries.check)
    read_demand = query(reading.ReadDemand, queries.read)
    exposure_match = query(exposure.ReadExposure, queries.exposure)
    withheld_match = query(exposure.ReadWithheld, queries.withheld)

    keep_parties = projection(events_of(party.party), copies.keep_parties)
    follow_party = on_event(("party.verified.v1",), supplies.follow_party)
    propose_matches = on_event(
        OPENED, partial(proposals.propose, retrieval), before=retrieval.catch_up
    )
    find_demands = projection(SUPPLY_FACTS, arrivals.find_demands)
    rank_again = on_deadline(
        demand.demand.name,
        again.RANK_AGAIN,
        partial(proposals.propose_again, retrieval),
        before=retrieval.catch_up,
    )
    allot = on_deadline(programme.NAME, programme.ALLOT, programme.allot)
    end_matches = on_event(MOVED_ON, outcomes.follow_demand)
    follow_quotes = on_event(QUOTED, outcomes.follow_quote)
    follow_awards = on_event(MOVED_ON, capacity.follow_award)
    keep_deals = on_event((contract.contract.event("completed").name,), deals.keep)

    follow_clock = follow_clock()
