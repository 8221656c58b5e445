"""What a text may hold: characters that are seen, and say what they seem to say."""

import re
import unicodedata

from marshmallow import ValidationError

# Line feed and tab are text; other control characters (NUL first of all) no database or
# spreadsheet takes back unharmed, and a lone surrogate is no character.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What is said on one line has no other.
_LINE_BREAKS = re.compile("[\n\r\u2028\u2029]")
# Format characters that words are written with: the joiners of Persian, Hindi and emoji.
_JOINERS = "\u200c\u200d"
# Those that turn the direction of what follows, and show a text as another than it is.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # Hangul fillers and the empty Braille pattern


def has_control_characters(text: str) -> bool:
    """NUL, other control characters but line feed and tab, or lone surrogates."""
    return _CONTROLS.search(text) is not None


def refuse_control_characters(text: str) -> None:
    """Raises ValidationError for NUL, other control characters and lone surrogates."""
    if has_control_characters(text):
        raise ValidationError("Contains a control character.")


def refuse_disguises(text: str, *, is_long: bool) -> None:
    """Two names that look alike are alike, and a name shows itself in the order of its letters.

    Raises ValidationError for line breaks and format characters, of which a long text may have all
    but those that turn what is read.
    """
    if is_long:
        unseen = next(iter(_TURNS.findall(text)), "")
    else:
        unseen = next(filter(_is_disguise, text), "")
    if unseen:
        raise ValidationError(f"Contains the invisible character U+{ord(unseen):04X}.")
    if not is_long and _LINE_BREAKS.search(text):
        raise ValidationError("Contains a line break.")


def _is_disguise(character: str) -> bool:
    return unicodedata.category(character) == "Cf" and character not in _JOINERS


def says_something(text: str) -> bool:
    """Whether a person sees anything of it."""
    return any(map(_is_seen, text))


def _is_seen(character: str) -> bool:
    """Not a space, a mark, a format character or one that no font shows (Unicode's L, N, P, S)."""
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK_LETTERS
