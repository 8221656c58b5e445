"""Signatures of people: Ed25519 over the SHA-256 of a canonical document.

The private key stays with the person; the platform knows the public half only.
"""

import base64
import binascii
import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_PRIME = 2**255 - 19  # of the field in which the points of Ed25519 have their coordinates
_Y_OF_ORDER_8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
# The y of all eight points of order 1, 2, 4 and 8; the sign of x, the top bit, makes no difference.
# Under such a "key" one constant signature holds for every document, or for one in a few.
# Source: `ge25519_has_small_order` of libsodium, the vectors `low_order_A` of C2SP/CCTV.
_Y_OF_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _Y_OF_ORDER_8, _PRIME - _Y_OF_ORDER_8})


def canonical_sha256(document: dict[str, Any]) -> str:
    """Hex digest of the document as JSON with sorted keys, no spaces, UTF-8.

    Values are strings, integers, booleans, null, lists and objects; dates are ISO strings.
    """
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_public_key(public_key: str) -> Ed25519PublicKey:
    """A base64 raw 32-byte key that only one private key signs for. Raises ValueError for others.

    So no point of small order, and each in its one spelling (RFC 8032, 5.1.3: y below the prime).
    """
    try:
        raw = base64.b64decode(public_key, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y >= _PRIME or y in _Y_OF_SMALL_ORDER:
        raise ValueError("not canonical, or of small order")
    return Ed25519PublicKey.from_public_bytes(raw)


def verify(public_key: str, sha256: str, signature: str) -> bool:
    """Whether `signature` (base64) is that key's over the 32 bytes of `sha256` (hex)."""
    try:
        raw = base64.b64decode(signature, validate=True)
        read_public_key(public_key).verify(raw, bytes.fromhex(sha256))
    except (InvalidSignature, ValueError):
        return False
    return True
