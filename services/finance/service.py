"""Finance, from the claim to the settled loan: every way in, on one page."""

from services.contracts import application, contract, loan, party, product, receivable
from services.contracts.registry import events_of
from services.finance import copies, queries
from services.finance.commands import (
    applications,
    authorisations,
    closing,
    confirmations,
    instructing,
    limits,
    offers,
    payouts,
    positions,
    products,
    receivables,
    repayments,
    selection,
)
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


class Finance:
    """Owns receivables, positions, authorisations, products, limits, offers, loans, the ledger."""

    name = "finance"

    database = Database("finance")
    relay = Relay()
    timer = Timer()

    create_receivable = command(receivable.EnterReceivableCommand, receivables.create)
    correct_receivable = command(receivable.CorrectReceivableCommand, receivables.correct)
    check_receivable = command(receivable.CheckReceivable, receivables.check)
    reject_receivable = command(receivable.RejectReceivable, receivables.reject)
    withdraw_receivable = command(receivable.WithdrawReceivable, receivables.withdraw)
    request_confirmation_receivable = command(receivable.RequestConfirmation, confirmations.request)
    prepare_receivable = command(receivable.PrepareConfirmationCommand, confirmations.prepare)
    confirm_receivable = command(receivable.ConfirmReceivable, confirmations.confirm)
    refuse_receivable = command(receivable.RefuseReceivable, confirmations.refuse)

    create_authorisation = command(receivable.GrantAuthorisationCommand, authorisations.grant)
    revoke_authorisation = command(receivable.RevokeAuthorisation, authorisations.revoke)

    create_product = command(product.PublishProductCommand, products.publish)
    retire_product = command(product.RetireProduct, products.retire)
    create_limit = command(product.PrepareLimitCommand, limits.prepare)
    approve_limit = command(product.ApproveLimit, limits.approve)
    reject_limit = command(product.RejectLimit, limits.reject)
    propose_limit = command(product.ProposeLimitCommand, limits.propose)
    withdraw_limit = command(product.WithdrawLimit, limits.withdraw)
    end_limit = command(product.EndLimit, limits.end)
    history_limit = query(product.ReadLimitHistory, queries.limit_history)

    create_application = command(application.SubmitApplicationCommand, applications.submit)
    open_to_application = command(application.OpenApplicationCommand, applications.open_to)
    screen_out_application = command(application.ScreenOut, applications.screen_out)
    choose_application = command(application.ChooseOfferCommand, selection.choose)
    withdraw_application = command(application.WithdrawApplication, applications.withdraw)
    sheet_application = query(application.ReadSheet, queries.sheet)
    precheck_application = query(application.PrecheckApplication, queries.precheck)

    create_offer = command(application.PrepareOfferCommand, offers.prepare)
    approve_offer = command(application.ApproveOffer, offers.approve)
    reject_offer = command(application.RejectOffer, offers.reject)
    withdraw_offer = command(application.WithdrawOffer, offers.withdraw)
    terms_offer = query(application.ReadOfferTerms, queries.offer_terms)

    file_position = command(receivable.FilePositionCommand, positions.file)
    notify_position = command(receivable.NotifyDebtorCommand, positions.notify)
    acknowledge_position = command(receivable.AcknowledgeNotice, positions.acknowledge)
    release_position = command(receivable.ReleasePosition, positions.release)

    instruct_loan = command(loan.InstructLoan, instructing.instruct)
    record_payout_loan = command(loan.RecordPayoutCommand, payouts.record)
    record_repayment_loan = command(loan.RecordRepaymentCommand, repayments.record)

    keep_parties = projection(events_of(party.party), copies.keep_parties)
    keep_users = projection(events_of(party.user), copies.keep_users)
    keep_mandates = projection(events_of(party.mandate), copies.keep_mandates)
    keep_contracts = projection(events_of(contract.contract), copies.keep_contracts)
    keep_payables = projection(events_of(contract.payable), copies.keep_payables)
    note_report = on_event(("payable.payment_reported.v1",), positions.note_report)
    note_payment = on_event(("payable.paid.v1", "payable.paid_late.v1"), receivables.note_payment)

    remind = on_deadline("receivable", "remind", confirmations.remind)
    mark_overdue = on_deadline("receivable", "mark_overdue", confirmations.mark_overdue)
    expire_authorisation = on_deadline("authorisation", "expire", authorisations.expire)
    close_views = on_deadline("authorisation", "close_views", authorisations.close_views)
    close_offers = on_deadline("application", "close_offers", closing.close_offers)
    expire_application = on_deadline("application", "expire", closing.expire)
    expire_offer = on_deadline("offer", "expire", offers.expire)
    lapse_offer = on_deadline("offer", "lapse", selection.lapse)
    fall_due = on_deadline("loan", "fall_due", repayments.fall_due)
    fall_overdue = on_deadline("loan", "fall_overdue", repayments.fall_overdue)

    follow_clock = follow_clock()
