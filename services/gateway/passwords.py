"""Passwords: which may be chosen, and how they are kept.

Hashing takes some 30 ms of one core on purpose: whoever calls `hashed` or `checked` does it in a
native thread, where it lets the others go on, a few at once.
"""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from services.contracts.problems import Problem
from services.contracts.session import PASSWORD_LENGTH

# argon2id with the least that OWASP's Password Storage Cheat Sheet (2024) holds for enough: 19 MiB,
# two passes, one lane. More memory would let two sign-ins at once push others out of the caches
# of a two-core machine; whoever raises it has each hash renewed when its person signs in.
HASHER = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
# The first that are tried, of those that are long enough.
_COMMON = """
    0123456789 1234567890 12345678910 123456789a 9876543210 0987654321 1122334455 1234512345
    123123123123 123456123456 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345 qwerty123456
    asdfghjkl123 zxcvbnm123 qazwsxedcrfv password12 password123 password1234 passw0rd123
    p@ssw0rd123 administrator admin12345 admin123456 welcome123 iloveyou123 woaini1314
    woaini520520 5201314520 aa123456789 abc1234567 abcd123456 abc123456789 a123456789
    changeme123 letmein1234 sails123456 qianfan123 qianfan2026
"""
COMMON = frozenset(_COMMON.split())


def normal(password: str) -> str:
    """NFKC: what looks alike is alike, whichever keyboard or phone it was typed on."""
    return unicodedata.normalize("NFKC", password)


def chosen(password: str, login: str, pointer: str) -> str:
    """A new password in its normal form.

    Raises Problem password_short, password_common, password_is_login with the field's pointer.
    """
    plain = normal(password)
    small = plain.casefold()
    if len(plain) < PASSWORD_LENGTH[0]:
        raise Problem("password_short", pointer, least=PASSWORD_LENGTH[0])
    if small == login.casefold():
        raise Problem("password_is_login", pointer)
    if small in COMMON or len(set(small)) == 1:
        raise Problem("password_common", pointer)
    return plain


def hashed(plain: str) -> str:
    """As argon2id writes it: parameters, salt and hash."""
    return HASHER.hash(plain)


def checked(plain: str, password_hash: str | None) -> str | None:
    """None where it is not the password of this hash; else the hash to keep from now on.

    That is another one where the old was made with lesser parameters. Without a hash it takes as
    long to say no.
    """
    password_hash = password_hash or _nobodys()
    try:
        HASHER.verify(password_hash, plain)
    except (VerificationError, InvalidHashError):
        return None
    return hashed(plain) if HASHER.check_needs_rehash(password_hash) else password_hash


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return hashed(secrets.token_urlsafe())
