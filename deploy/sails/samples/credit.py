"""Made-up but well-formed 统一社会信用代码 (GB 32100-2015) with both of their check digits."""

import random

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997, the nine places of the body
COMPANY = "91"  # registered by the market regulator, an enterprise
PUBLIC_INSTITUTION = "12"  # registered by the staffing commission, a public institution
# The same beginning of every body: a made-up code is recognised as one.
FICTIONAL = "QF"


def credit_code(rng: random.Random, region: str, registered: str = COMPANY) -> str:
    """A code of an organisation in `region` (six digits)."""
    body = FICTIONAL + "".join(rng.choice("0123456789") for _ in range(6))
    first = registered + region + body + body_check(body)
    return first + check(first)


def check(first: str) -> str:
    """The 18th place: ISO 7064 MOD 31-3 over the first seventeen."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def body_check(body: str) -> str:
    """The ninth place of the body: modulo 11, ten is written X."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]
