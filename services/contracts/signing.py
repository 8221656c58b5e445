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


def canonical_sha256(document: dict[str, Any]) -> str:
    """Hex digest of the document as JSON with sorted keys, no spaces, UTF-8.

    Values are strings, integers, booleans, null, lists and objects; dates are ISO strings.
    """
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_public_key(public_key: str) -> Ed25519PublicKey:
    """A base64 raw 32-byte key. Raises ValueError when it is none."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    except binascii.Error as error:
        raise ValueError("not base64") from error


def verify(public_key: str, sha256: str, signature: str) -> bool:
    """Whether `signature` (base64) is that key's over the 32 bytes of `sha256` (hex)."""
    try:
        raw = base64.b64decode(signature, validate=True)
        read_public_key(public_key).verify(raw, bytes.fromhex(sha256))
    except (InvalidSignature, ValueError):
        return False
    return True
