"""Reading a demand: what a free text says of budget, place, dates and requirements, and where.

Nothing is guessed: what a text does not say is an empty tuple, and the buyer sees and corrects
the rest beside the words that it came from.
"""

from services.matching.reading.found import Found, Guess, Reading
from services.matching.reading.reader import Categories, read

__all__ = ["Categories", "Found", "Guess", "Reading", "read"]
