"""What a constraint says of a pair, and what there is to say of that."""

from typing import Any, NamedTuple

from services.contracts.notes import NOTE_LENGTH

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
Holds = bool | None  # None: unknown
SAID = {True: PASS, False: FAIL, None: UNKNOWN}


class Note(NamedTuple):
    """What there is to say of a verdict: a variant of the constraint's notes, and its values."""

    variant: str
    values: tuple[str, ...] = ()


class Verdict(NamedTuple):
    """What one constraint says of a pair. Its words are in `services.contracts.notes`."""

    constraint: str
    verdict: str
    note: Note

    def to_json(self) -> dict[str, Any]:
        """As the contract writes it, and no more than it has to say."""
        said: dict[str, Any] = {"constraint": self.constraint, "verdict": self.verdict}
        if self.note.variant:
            said["note"] = self.note.variant
        if self.note.values:
            said["given"] = [value[:NOTE_LENGTH] for value in self.note.values]
        return said
