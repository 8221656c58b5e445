"""A person of the story: a name, a duty, an API key and a signing key that only they hold."""

import base64
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.client import Client

Document = dict[str, Any]


@dataclass
class Person:
    """Acts on the platform with the rights of their own key; nobody else can sign for them."""

    name: str
    duty: str
    organisation: str
    user_id: str
    client: Client
    key_id: str = ""
    _private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate, repr=False)

    def does(self, path: str, body: Document | None = None) -> Document:
        """Give a command; answers the document as this person sees it. Raises Refused, NoAnswer."""
        return self.client.post(path, body)

    def sees(self, path: str, **query: Any) -> Document:
        """Read something."""
        return self.client.get(path, **query)

    def finds(self, path: str, thread_id: str, **wanted: Any) -> list[Document]:
        """What this person's organisation has at `path` of one thread, with these values."""
        return [
            item
            for item in self.client.items(path, thread_id=thread_id)
            if all(item.get(name) == value for name, value in wanted.items())
        ]

    def register_signing_key(self) -> None:
        """Tell the platform the public half; the private half stays here."""
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        body = {"public_key": base64.b64encode(raw).decode()}
        user = self.does(f"/users/{self.user_id}/register-signing-key", body)
        self.key_id = user["signing_keys"][-1]["key_id"]

    def signs(self, sha256_hex: str) -> Document:
        """`key_id` and `signature` (Ed25519, base64) over the digest's bytes."""
        signature = self._private.sign(bytes.fromhex(sha256_hex))
        return {"key_id": self.key_id, "signature": base64.b64encode(signature).decode()}
