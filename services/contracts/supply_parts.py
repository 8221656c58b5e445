"""The parts of a supply: what its supplier holds, has done, and is honoured with."""

from services.contracts import badges
from services.contracts.fields import Code, Day, Fen, Money, Part, Text
from services.contracts.kinds import SUPPLIES

KINDS = tuple(SUPPLIES)
PERIODS = ("day", "week", "month", "quarter", "year", "total")
MAX_CLAIMS = 50  # earlier deals that one operator looks through at once


class Qualification(Part):
    """A qualification 资质 held, with grade 等级 and expiry."""

    name = Text(120, required=True)
    grade = Text(20, load_default=None, allow_none=True)
    expires_on = Day(load_default=None, allow_none=True)


class Badge(Part):
    """A tier badge 称号 with the certificate that proves it, good until the day it expires."""

    code = Code(*badges.CODES, required=True)
    certificate_number = Text(60, required=True)
    expires_on = Day(required=True)


class TrackRecord(Part):
    """One earlier deal 业绩."""

    title = Text(300, required=True)
    buyer = Text(load_default=None, allow_none=True)
    place = Text(80, load_default=None, allow_none=True)
    date = Day(load_default=None, allow_none=True)
    amount_fen = Fen(load_default=None, allow_none=True)
    outcome = Code("won", "bid", "delivered", load_default="won")


class ImportedTrackRecord(Part):
    """The same as a caller writes it."""

    title = Text(300, required=True)
    buyer = Text(load_default=None, allow_none=True)
    place = Text(80, load_default=None, allow_none=True)
    date = Day(load_default=None, allow_none=True)
    amount_fen = Money(data_key="amount", load_default=None, allow_none=True)
    outcome = Code("won", "bid", "delivered", load_default="won")
