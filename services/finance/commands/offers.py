"""A bank's offer: prepared by one person, sealed by another, opened by the end of the window."""

from datetime import timedelta
from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.finance import pricing, risk, rules
from services.finance.commands import assessing, authorisations, closing, exposure, guards
from services.finance.commands.locking import part_of_application
from services.finance.tables.applications import Application
from services.finance.tables.copies import PartyCopy
from services.finance.tables.offers import Offer
from services.finance.tables.products import Product
from services.messaging import Transaction

MAX_COST_BP = 100_000  # the contract's bound: ten times the money in a year is a typing error


def prepare(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """By the maker, inside the window, under one of the bank's products. Its terms stay hidden."""
    guards.duty(actor, "bank.maker")
    bank = guards.bank(tx, actor)
    application = tx.load(Application, args["application_id"])
    product = tx.load(Product, args["product_id"], of=("bank_id",), lock=False)
    _judge_access(tx, application, bank.id)
    _judge_validity(tx, application, args)
    _judge_amount(tx, application, product, args["amount_fen"])
    row = tx.new(Offer, **_parties(application, bank), **_terms(tx, application, product, args))
    row.product_id, row.prepared_by = product.id, actor.user_id
    tx.record(row, "prepared")


def approve(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By another person of the bank: sealed, and the bank's limits reserved for it."""
    guards.duty(actor, "bank.approver")
    row, application = part_of_application(tx, Offer, id, ("bank_id",))
    guards.may(row, "approve")
    guards.other_person(actor, row.prepared_by)
    _judge_access(tx, application, row.bank_id)
    asked = assessing.request_of(tx, application)
    _judge_eligibility(tx, tx.session.get_one(Product, row.product_id), asked)
    row.approved_by = actor.user_id
    tx.move(row, "approve", "sealed")
    exhausted = exposure.reserve(tx, row, asked, "sealed")
    if exhausted:
        raise Problem(exhausted)


def reject(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By an approver, with a reason: back to the maker, who may prepare another inside the window.

    Nothing is reserved before approval, so there is nothing to release. One person may: by it the
    bank offers less, never more.
    """
    guards.duty(actor, "bank.approver")
    row, application = part_of_application(tx, Offer, id, ("bank_id",))
    guards.may(row, "reject")
    closing.judge_window(tx, application)
    row.reason_note = args["note"]
    tx.move(row, "reject", "rejected", args["reason_code"])


def withdraw(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Inside the window, to replace it by another or by none: what is to be opened binds."""
    row, application = part_of_application(tx, Offer, id, ("bank_id",))
    guards.may(row, "withdraw")
    closing.judge_window(tx, application)
    tx.move(row, "withdraw", "withdrawn")
    exposure.release(tx, [row])


def expire(tx: Transaction, id: str) -> None:
    """Timer: its validity is over and it was not chosen."""
    row, _ = part_of_application(tx, Offer, id)
    if row.state == "visible" and tx.now >= row.valid_until:
        tx.move(row, "expire", "expired")
        exposure.release(tx, [row])


def _judge_access(tx: Transaction, application: Application, bank_id: str) -> None:
    """Inside the window, by a bank that the applicant lets see it and that did not decline."""
    closing.judge_window(tx, application)
    if not authorisations.lets_see(tx, application, bank_id):
        raise Problem("sheet_not_opened", "/application_id")
    if any(screening.bank_id == bank_id for screening in application.screenings):
        raise Problem("screened_out", "/application_id")


def _judge_validity(tx: Transaction, application: Application, args: dict[str, Any]) -> None:
    max_days = rules.parameters("offer.validity", tx.today)["max_days_after_window"]
    window_end = application.offers_until
    if not window_end < args["valid_until"] <= window_end + timedelta(days=max_days):
        raise Problem("offer_validity", "/valid_until", max_days=max_days)


def _judge_amount(
    tx: Transaction, application: Application, product: Product, amount_fen: int
) -> None:
    asked, cap_fen = assessing.request_of(tx, application), assessing.cap_fen(tx, product)
    misfits = risk.misfits(product.criteria, asked, amount_fen, cap_fen)
    if misfits:
        raise Problem(misfits[0], "/amount" if misfits[0].startswith("amount") else "")


def _judge_eligibility(tx: Transaction, product: Product, asked: risk.Request) -> None:
    limits = [limit.terms for limit in exposure.approved(tx, [product], asked)]
    refusals = risk.eligible(product.criteria, limits, asked, assessing.cap_fen(tx, product))
    if refusals:
        raise Problem(refusals[0])


def _parties(application: Application, bank: PartyCopy) -> dict[str, Any]:
    return {
        "application_id": application.id,
        "applicant_id": application.applicant_id,
        "bank_id": bank.id,
        "bank_name": bank.name,
        "thread_id": application.thread_id,
    }


def _terms(
    tx: Transaction, application: Application, product: Product, args: dict[str, Any]
) -> dict[str, Any]:
    """Interest as if paid out today: what the applicant compares offers by."""
    amount_fen, fee_fen, rate_bp = args["amount_fen"], args["fee_fen"], args["rate_bp"]
    due_date = application.latest_due_date + timedelta(days=product.grace_days)
    days = pricing.days_between(tx.today, due_date)
    interest_fen = pricing.interest_fen(amount_fen, rate_bp, days, product.day_count)
    return {
        "sealed_amount_fen": amount_fen,
        "sealed_rate_bp": rate_bp,
        "sealed_fee_fen": fee_fen,
        "sealed_interest_fen": interest_fen,
        "sealed_all_in_cost_bp": _cost_bp(amount_fen, interest_fen, fee_fen, days),
        "sealed_day_count": product.day_count,
        "sealed_recourse": product.recourse,
        "sealed_loan_due_date": due_date,
        "sealed_pay_within_hours": args["pay_within_hours"],
        "valid_until": args["valid_until"],
    }


def _cost_bp(amount_fen: int, interest_fen: int, fee_fen: int, days: int) -> int:
    if fee_fen >= amount_fen:
        raise Problem("cost_out_of_range", "/fee")
    cost_bp = pricing.all_in_cost_bp(amount_fen, interest_fen, fee_fen, days)
    if cost_bp > MAX_COST_BP:
        raise Problem("cost_out_of_range", "/rate_bp")
    return cost_bp
