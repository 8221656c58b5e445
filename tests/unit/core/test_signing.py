"""A signature holds for one document and one key."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.contracts.signing import canonical_sha256, read_public_key, verify

PRIME = 2**255 - 19
TOP_BIT = 1 << 255  # the sign of x
ORDER_8 = int.from_bytes(
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
)
# Every way to write a point of small order: y, and y + p where that still has 255 bits.
SMALL_ORDER = [0, 1, PRIME - 1, PRIME, PRIME + 1, ORDER_8, PRIME - ORDER_8]

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


def encoded(number: int) -> str:
    return base64.b64encode(number.to_bytes(32, "little")).decode()


def test_points_of_order_8_are_what_they_are_called() -> None:
    """Twice such a point is (sqrt(-1), 0): 2 y^2 = 1 - d y^4, from -x^2 + y^2 = 1 + d x^2 y^2."""
    d = -121665 * pow(121666, -1, PRIME)
    assert (2 * ORDER_8**2 - 1 + d * ORDER_8**4) % PRIME == 0


@pytest.mark.parametrize("sign", [0, TOP_BIT])
@pytest.mark.parametrize("y", SMALL_ORDER)
def test_a_key_for_which_nobody_has_to_sign_is_none(y: int, sign: int) -> None:
    key, identity = encoded(y | sign), (1).to_bytes(32, "little")
    with pytest.raises(ValueError, match="small order"):
        read_public_key(key)
    forged = base64.b64encode(identity + bytes(32)).decode()
    assert not any(verify(key, canonical_sha256({"n": n}), forged) for n in range(32))


@pytest.mark.parametrize("y", [PRIME + 3, 2**255 - 1])
def test_a_point_has_one_spelling(y: int) -> None:
    with pytest.raises(ValueError, match="canonical"):
        read_public_key(encoded(y))


@pytest.mark.parametrize("key", ["", "AAAA", "not base64!", "中"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        read_public_key(key)
