"""Numbers as notices write them: 1,234,567.89, 叁拾万, 二〇二六."""

from fractions import Fraction
from functools import lru_cache

import cn2an

# Fifteen digits before the point are beyond any amount, six after it beyond any rounding. It
# starts with the digit, not with what must not stand before it: so a search skips to digits.
ARABIC = (
    r"[0-9](?<![0-9.].)(?<![0-9],.)"
    r"(?:[0-9]{0,2}(?:,[0-9]{3}){1,4}|[0-9]{0,14})(?:\.[0-9]{1,6})?(?!\.?[0-9])"
)
HAN = "零〇一二两三四五六七八九十百千万亿壹贰叁参肆伍陆柒捌玖拾佰仟"
HAN_LENGTH = 24  # 玖仟玖佰玖拾玖亿玖仟玖佰… to the yuan
REMEMBERED = 1024
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SPELLED = str.maketrans("参", "叁")


def arabic(written: str) -> Fraction:
    """The value of what `ARABIC` matched."""
    return Fraction(written.replace(",", ""))


@lru_cache(REMEMBERED)
def han(written: str) -> Fraction | None:
    """The value of a number in characters; None when it is none."""
    try:
        return Fraction(cn2an.cn2an(written.translate(_SPELLED), "smart"))
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None  # the library's own ways to say that these characters are no number


def small(written: str) -> int | None:
    """0 to 99, in digits or as 二十三; None when it is none."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _DIGITS.get(written)
    before, after = _DIGITS.get(tens or "一"), _DIGITS.get(ones or "零")
    return None if before is None or after is None else 10 * before + after


def year(written: str) -> int | None:
    """Four digits, also as 二〇二六; None when they are none."""
    digits = [int(c) if c.isdecimal() else _DIGITS.get(c) for c in written]
    if len(digits) != 4 or None in digits:
        return None
    return int("".join(map(str, digits)))
