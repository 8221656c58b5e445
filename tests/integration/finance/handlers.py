"""Which handler carries out which command and deadline of finance, as `service.py` binds them."""

from typing import Any

from services.finance import queries
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

HANDLERS: dict[str, Any] = {
    "create_receivable": receivables.create,
    "correct_receivable": receivables.correct,
    "check_receivable": receivables.check,
    "reject_receivable": receivables.reject,
    "withdraw_receivable": receivables.withdraw,
    "request_confirmation_receivable": confirmations.request,
    "prepare_receivable": confirmations.prepare,
    "confirm_receivable": confirmations.confirm,
    "refuse_receivable": confirmations.refuse,
    "create_authorisation": authorisations.grant,
    "revoke_authorisation": authorisations.revoke,
    "create_product": products.publish,
    "retire_product": products.retire,
    "create_limit": limits.prepare,
    "approve_limit": limits.approve,
    "reject_limit": limits.reject,
    "propose_limit": limits.propose,
    "end_limit": limits.end,
    "create_application": applications.submit,
    "open_to_application": applications.open_to,
    "screen_out_application": applications.screen_out,
    "choose_application": selection.choose,
    "withdraw_application": applications.withdraw,
    "create_offer": offers.prepare,
    "approve_offer": offers.approve,
    "withdraw_offer": offers.withdraw,
    "file_position": positions.file,
    "notify_position": positions.notify,
    "acknowledge_position": positions.acknowledge,
    "release_position": positions.release,
    "instruct_loan": instructing.instruct,
    "record_payout_loan": payouts.record,
    "record_repayment_loan": repayments.record,
}
TIMERS: dict[tuple[str, str], Any] = {
    ("receivable", "remind"): confirmations.remind,
    ("receivable", "mark_overdue"): confirmations.mark_overdue,
    ("authorisation", "expire"): authorisations.expire,
    ("authorisation", "close_views"): authorisations.close_views,
    ("application", "close_offers"): closing.close_offers,
    ("application", "expire"): closing.expire,
    ("offer", "expire"): offers.expire,
    ("offer", "lapse"): selection.lapse,
    ("loan", "fall_due"): repayments.fall_due,
    ("loan", "fall_overdue"): repayments.fall_overdue,
}
QUERIES: dict[str, Any] = {
    "precheck_application": queries.precheck,
    "sheet_application": queries.sheet,
    "terms_offer": queries.offer_terms,
}
