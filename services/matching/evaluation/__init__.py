"""How well matching finds the suppliers that tenders were really awarded to, split in time.

The code that serves is what ranks here; only the files, the judging and the yardstick are of this
room. Nothing of the files is kept.
"""

from services.matching.evaluation.baseline import NothingToFit
from services.matching.evaluation.lines import Unreadable
from services.matching.evaluation.refit import Refit, refit
from services.matching.evaluation.run import NothingToJudge, Report, evaluate

__all__ = [
    "NothingToFit", "NothingToJudge", "Refit", "Report", "Unreadable", "evaluate", "refit",
]  # fmt: skip
