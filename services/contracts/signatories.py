"""Who signed what two parties have between them: told to these two, and to nobody else.

A signature counts because a person gave it, so the other side may know whose it is (电子签名法
arts 13, 14): the name under which the person's key is registered, when, and by which key. Nothing
else of the person is told, and no fact carries the name.
"""

from marshmallow import fields

from services.contracts.contract import contract
from services.contracts.fields import Id, Part, Sha256, Text, Timestamp, listed
from services.contracts.receivable import receivable
from services.contracts.roles import READ


class Signatory(Part):
    """`key_sha256`: the fingerprint, of the 32 bytes of the public key.

    Key and fingerprint are null of a claim that an earlier release confirmed.
    """

    party_id = Id(required=True)
    name = Text(80, required=True)
    signed_at = Timestamp(required=True)
    key_id = Id(allow_none=True)
    key_sha256 = Sha256(allow_none=True)


class Signatories(Part):
    """In the order in which they signed."""

    items = listed(fields.Nested(Signatory), 10)


ContractSignatures = contract.query("signatures", Signatories, scope=READ, served_by="gateway")
ReceivableSignatures = receivable.query("signatures", Signatories, scope=READ, served_by="gateway")
