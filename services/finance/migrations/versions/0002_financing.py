"""Consents, products, limits, applications, offers, and the positions that secure them."""

import sqlalchemy as sa
from alembic import op

from services.finance.migrations.columns import (
    aggregate,
    check,
    day,
    flag,
    foreign_key,
    moment,
    number,
    primary_key,
    text,
    texts,
    unique_where,
    uuid,
    uuids,
)

revision = "0002"
down_revision = "0001"

TABLES = (
    "authorisations", "products", "limits", "applications", "application_shares", "screenings",
    "offers", "reservations", "positions",
)  # fmt: skip

# Per receivable, what is allocated is the sum of its live positions: held at the commit, because
# within a transaction the position and the receivable are written one after the other.
POSITIONS_FIT = """
CREATE FUNCTION positions_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE live bigint; allocated bigint;
BEGIN
  SELECT coalesce(sum(amount_fen), 0) INTO live FROM positions
   WHERE receivable_id = NEW.receivable_id AND state NOT IN ('settled', 'released');
  SELECT allocated_fen INTO allocated FROM receivables WHERE id = NEW.receivable_id;
  IF live <> allocated THEN
    RAISE EXCEPTION 'positions of % hold % fen, % allocated', NEW.receivable_id, live, allocated
      USING ERRCODE = 'check_violation', CONSTRAINT = 'positions_fit';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER positions_fit
  AFTER INSERT OR UPDATE OF state, amount_fen, receivable_id ON positions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION positions_fit();
"""


def upgrade() -> None:
    _authorisations()
    _products()
    _limits()
    _applications()
    _application_shares()
    _screenings()
    _offers()
    _reservations()
    _positions()
    op.execute(POSITIONS_FIT)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION positions_fit()")


def _authorisations() -> None:
    aggregate(
        "authorisations",
        "expired granted revoked",
        *uuid("grantor_id"),
        *uuids("recipient_ids"),
        *texts("items"),
        *text("purpose"),
        *moment("valid_from"),
        *day("valid_until"),
        *moment("revoked_at", null=True),
        *uuid("closed_down_to", null=True),
    )
    op.create_index("ix_authorisations_grantor_id", "authorisations", ["grantor_id"])


def _products() -> None:
    aggregate(
        "products",
        "published retired",
        *uuid("bank_id"),
        *text("bank_name", "kind", "name", "security"),
        *flag("recourse"),
        *number("advance_rate_bp", "min_fen", "max_fen", "max_term_days", "grace_days"),
        *text("day_count"),
        check("products", "amounts", "min_fen <= max_fen"),
    )
    op.create_index("ix_products_bank_id", "products", ["bank_id"])


def _limits() -> None:
    aggregate(
        "limits",
        "approved prepared",
        *uuid("bank_id"),
        *text("scope"),
        *uuid("subject_id", null=True),
        *number("granted_fen", "sealed_fen", "reserved_fen", "used_fen"),
        *text("prepared_by"),
        *text("approved_by", null=True),
        check("limits", "subject", "(scope = 'total') = (subject_id IS NULL)"),
        check("limits", "two_people", "prepared_by <> approved_by"),
        check("limits", "granted", "sealed_fen + reserved_fen + used_fen <= granted_fen"),
        check("limits", "fen", "sealed_fen >= 0 AND reserved_fen >= 0 AND used_fen >= 0"),
        sa.UniqueConstraint(
            "bank_id",
            "scope",
            "subject_id",
            name="uq_limits_subject",
            postgresql_nulls_not_distinct=True,
        ),
    )


def _applications() -> None:
    aggregate(
        "applications",
        "closed declined disbursed draft expired offering ready releasing securing selecting "
        "withdrawn",
        *uuid("applicant_id"),
        *text("applicant_name"),
        *uuids("debtor_ids"),
        *texts("debtor_names"),
        *number("amount_fen"),
        *day("latest_due_date"),
        *text("purpose"),
        *uuids("authorisation_ids", "opened_to", "eligible_bank_ids"),
        *moment("submitted_at", "offers_until"),
        *moment("select_until", null=True),
        *number("offer_count"),
        *uuid("accepted_offer_id", "loan_id", null=True),
        check("applications", "amount", "amount_fen > 0"),
    )
    op.create_index("ix_applications_applicant_id", "applications", ["applicant_id"])


def _application_shares() -> None:
    op.create_table(
        "application_shares",
        *uuid("application_id", "receivable_id"),
        *number("line_no"),
        *uuid("debtor_id"),
        *number("amount_fen"),
        *day("due_date"),
        *uuid("position_id", null=True),
        check("application_shares", "amount", "amount_fen > 0"),
        foreign_key("application_shares", "application_id", "applications"),
        foreign_key("application_shares", "receivable_id", "receivables"),
        primary_key("application_shares", "application_id", "receivable_id"),
    )


def _screenings() -> None:
    op.create_table(
        "screenings",
        *uuid("application_id", "bank_id"),
        *texts("reason_codes"),
        *moment("screened_at"),
        foreign_key("screenings", "application_id", "applications"),
        primary_key("screenings", "application_id", "bank_id"),
    )


def _offers() -> None:
    aggregate(
        "offers",
        "accepted expired fulfilled lapsed lost prepared sealed visible withdrawn",
        *uuid("application_id", "applicant_id", "bank_id"),
        *text("bank_name"),
        *uuid("product_id"),
        *text("prepared_by"),
        *text("approved_by", null=True),
        *moment("valid_until"),
        *moment("pay_until", "opened_at", null=True),
        *number(
            "sealed_amount_fen",
            "sealed_rate_bp",
            "sealed_fee_fen",
            "sealed_interest_fen",
            "sealed_all_in_cost_bp",
        ),
        *text("sealed_day_count"),
        *flag("sealed_recourse"),
        *day("sealed_loan_due_date"),
        *number("sealed_pay_within_hours"),
        check("offers", "two_people", "prepared_by <> approved_by"),
        check("offers", "amount", "sealed_amount_fen > sealed_fee_fen"),
        foreign_key("offers", "application_id", "applications"),
        foreign_key("offers", "product_id", "products"),
    )
    op.create_index("ix_offers_bank_id", "offers", ["bank_id"])
    unique_where(
        "uq_offers_accepted", "offers", ["application_id"], "state IN ('accepted', 'fulfilled')"
    )
    unique_where(
        "uq_offers_live",
        "offers",
        ["application_id", "bank_id"],
        "state IN ('prepared', 'sealed', 'visible', 'accepted', 'fulfilled')",
    )


def _reservations() -> None:
    op.create_table(
        "reservations",
        *uuid("limit_id", "offer_id"),
        *number("amount_fen"),
        *text("stage"),
        check("reservations", "stage", "stage IN ('sealed', 'reserved', 'used')"),
        check("reservations", "amount", "amount_fen > 0"),
        foreign_key("reservations", "limit_id", "limits"),
        foreign_key("reservations", "offer_id", "offers"),
        primary_key("reservations", "limit_id", "offer_id"),
    )
    op.create_index("ix_reservations_offer_id", "reservations", ["offer_id"])


def _positions() -> None:
    aggregate(
        "positions",
        "acknowledged committed filed funded held noticed released releasing settled",
        *uuid("application_id", "receivable_id", "seller_id", "debtor_id"),
        *uuid("bank_id", null=True),
        *text("bank_name", null=True),
        *number("amount_fen"),
        *text("filing_number", null=True),
        *moment("filed_at", null=True),
        *text("search", null=True),
        *moment("noticed_at", null=True),
        *text("voucher_sha256", null=True),
        *moment("acknowledged_at", "settled_at", null=True),
        check("positions", "bank", "(bank_id IS NULL) = (bank_name IS NULL)"),
        check("positions", "amount", "amount_fen > 0"),
        foreign_key("positions", "application_id", "applications"),
        foreign_key("positions", "receivable_id", "receivables"),
    )
    op.create_index("ix_positions_application_id", "positions", ["application_id"])
    op.create_index("ix_positions_receivable_id", "positions", ["receivable_id"])
    unique_where(
        "uq_positions_live",
        "positions",
        ["application_id", "receivable_id"],
        "state IN ('held', 'committed', 'filed', 'noticed', 'acknowledged', 'funded', 'releasing')",
    )
