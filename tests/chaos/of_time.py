"""No fault, but what must go on among them: a business day passes, and what is due comes due."""

import time
from datetime import timedelta

from tests.chaos.field import Field
from tests.chaos.plan import Fault

DAY = timedelta(hours=25)  # past the window in which banks offer


def day(fault: Fault, field: Field) -> None:
    """Quotes and offers under way are late then; what waited for the bank goes on."""
    field.cast.clock.reach(field.cast.clock.now() + DAY)
    field.recovered("day", time.monotonic())
