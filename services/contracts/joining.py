"""Joining 入驻: an organisation comes by itself, shows who it is, and is let in by the operator."""

from marshmallow import fields

from services.contracts.declare import Aggregate
from services.contracts.fields import Arguments, Code, Count, Id, Part, Sha256, State, Text, listed
from services.contracts.party import NATURES, SIZES, party
from services.contracts.reasons import PartyRefused
from services.contracts.roles import READ
from services.contracts.session import new_login, new_password

# As what an organisation may come by itself, and the duty its first person then has: no half of a
# pair, so that this person may bring in both. A service body offers its packages as a supplier.
FIRST_DUTIES = {"buyer": "buyer.purchaser", "supplier": "supplier.owner", "bank": "bank.system"}
LICENCE = "business_licence"  # without which no application is handed in
PURPOSES = (
    LICENCE, "authorisation_letter", "financial_licence", "qualification", "other",
)  # fmt: skip
MEDIA_TYPES = ("application/pdf", "image/png", "image/jpeg")
# A licence scanned at 300 dpi, or a phone's photograph of it, has two to four megabytes.
DOCUMENT_BYTES = 5 * 1024 * 1024
MAX_DOCUMENTS = 10  # a licence, a letter, some certificates; whoever needs more replaces old ones
NAME_LENGTH = 120  # of a file; the longest that common systems let people give is 255 bytes
CONTACT_LENGTH = 100  # a telephone number with its extension, or a mail address


class Organisation(Arguments):
    """What an organisation says of itself when it asks to be let in."""

    name = Text(required=True)
    credit_code = Text(18, required=True)
    capacities = listed(Code(*FIRST_DUTIES), len(FIRST_DUTIES), 1, required=True)
    nature = Code(*NATURES, load_default="private")
    size = Code(*SIZES, load_default=None, allow_none=True)
    region = Text(12, load_default=None, allow_none=True)
    industry = Text(8, load_default=None, allow_none=True)


class Join(Organisation):
    """An organisation and its first person, who is signed in at once.

    Until the operator has let it in the person can mend this, add documents and hand it in.
    """

    person_name = Text(80, required=True)
    contact = Text(CONTACT_LENGTH, required=True)
    login = new_login()
    password = new_password()


class AmendJoining(Organisation):
    """All of it anew; `contact` null leaves it as it is."""

    contact = Text(CONTACT_LENGTH, load_default=None, allow_none=True)


class Contact(Part):
    """How the operator reaches who asked. In no fact, and gone with a refused application."""

    person_name = Text(80, required=True)
    contact = Text(CONTACT_LENGTH, required=True)


AmendJoiningCommand = party.command("amend", AmendJoining, scope="membership:write")
SubmitJoining = party.command("submit", scope="membership:write")
RefuseJoining = party.command("refuse", PartyRefused, scope="parties:verify")
RejectJoining = party.command("reject", PartyRefused, scope="parties:verify")
ContactQuery = party.query("contact", Contact, scope=READ)


class DocumentState(State):
    """A small file of an organisation: a fact has its digest, and never what is in it."""

    party_id = Id(required=True)
    purpose = Code(*PURPOSES)
    name = Text(NAME_LENGTH, required=True)
    sha256 = Sha256(required=True)
    size_bytes = Count(1, DOCUMENT_BYTES, required=True)
    media_type = Text(40, required=True)


class Documents(Part):
    """Those that are kept of one organisation, the oldest first."""

    items = listed(fields.Nested(DocumentState), MAX_DOCUMENTS)


class AddDocument(Arguments):
    """A file as the edge has seen it: `name` and `purpose` are said, the rest is of its bytes."""

    name = Text(NAME_LENGTH, required=True)
    purpose = Code(*PURPOSES, load_default=PURPOSES[0])
    sha256 = Sha256(required=True)
    size_bytes = Count(1, DOCUMENT_BYTES, required=True)
    media_type = Code(*MEDIA_TYPES, required=True)


document = Aggregate("document", "gateway", "E", DocumentState, ("added", "removed"))
AddDocumentCommand = document.command("create", AddDocument, scope="documents:write", is_file=True)
DocumentsQuery = party.query("documents", Documents, scope=READ)
RemoveDocument = document.command("remove", scope="documents:write")
