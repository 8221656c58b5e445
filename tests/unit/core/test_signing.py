"""A signature holds for one document and one key."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.contracts.signing import canonical_sha256, read_public_key, verify

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.b64encode(PRIVATE.public_key().public_bytes_raw()).decode()
DOCUMENT = {"number": "QF-C-2026-000001", "amount_fen": 100, "title": "五轴加工"}


def sign(sha256: str) -> str:
    return base64.b64encode(PRIVATE.sign(bytes.fromhex(sha256))).decode()


def test_the_order_of_keys_does_not_matter() -> None:
    assert canonical_sha256(DOCUMENT) == canonical_sha256(dict(reversed(DOCUMENT.items())))


def test_a_signature_holds_for_its_document_only() -> None:
    sha256 = canonical_sha256(DOCUMENT)
    other = canonical_sha256({**DOCUMENT, "amount_fen": 101})
    assert verify(PUBLIC, sha256, sign(sha256))
    assert not verify(PUBLIC, other, sign(sha256))


@pytest.mark.parametrize("signature", ["", "***", "AAAA", "中文"])
def test_what_is_no_signature_does_not_hold(signature: str) -> None:
    assert not verify(PUBLIC, canonical_sha256(DOCUMENT), signature)


@pytest.mark.parametrize("key", ["", "AAAA", "not base64!", "中"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        read_public_key(key)
