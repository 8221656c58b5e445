"""What a demand asks for in parts: the qualifications to be held, and how it will be paid."""

from marshmallow import fields

from services.contracts.fields import Code, Count, Flag, Part, Text, listed

NAME_LENGTH, GRADE_LENGTH = 80, 20
ALTERNATIVES = 9  # beside the one that is named first; a notice that lists more means a class


class Alternative(Part):
    """A qualification 资质 that would do as well; no grade means any."""

    name = Text(NAME_LENGTH, required=True)
    grade = Text(GRADE_LENGTH, load_default=None, allow_none=True)


class Requirement(Alternative):
    """A required qualification 资质; no grade means any.

    To hold one of the `alternatives` 或 instead of it is enough; without any it has to be this one.
    """

    alternatives = listed(fields.Nested(Alternative), ALTERNATIVES)


class PaymentNode(Part):
    """One payment node of the terms 付款节点. `share_bp` of all nodes sum to 10,000."""

    kind = Code("advance", "progress", "delivery", "acceptance", "retention", required=True)
    share_bp = Count(1, 10_000, required=True)
    term_days = Count(0, 3650, required=True)


class Terms(Part):
    """The payment terms 付款条件 that every quote accepts and the contract takes over."""

    nodes = listed(fields.Nested(PaymentNode), 10, required=True)
    inspection_days = Count(0, 365, load_default=10)
    inspection_is_condition = Flag(load_default=False)
    pay_when_paid = Flag(load_default=False)
    term_reason = Text(500, load_default=None, allow_none=True)
    late_rate_bp = Count(0, 100_000, load_default=None, allow_none=True)  # per year; null: by law
