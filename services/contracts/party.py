"""Organisations and people, their mandates and access: owned by the gateway."""

from marshmallow import fields

from services.contracts.declare import Aggregate
from services.contracts.fields import (
    Arguments,
    Code,
    Day,
    Flag,
    Id,
    Money,
    Part,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.roles import ROLES, SCOPES

NATURES = ("government", "public_institution", "association", "state_owned", "private")
SIZES = ("large", "medium", "small", "micro")
MAX_KEYS = 200  # of an organisation, those that were used last
CAPACITIES = ("buyer", "supplier", "bank", "provider", "authority", "operator", "registry")


class PartyState(State):
    """An organisation 机构. `credit_code` 统一社会信用代码 is null for an unverified real name."""

    name = Text(required=True)
    credit_code = Text(18, allow_none=True)
    capacities = listed(Code(*CAPACITIES), len(CAPACITIES))
    nature = Code(*NATURES)
    fiscal_funded = Flag()  # lives on fiscal funds: the 30-day payment rule binds it
    size = Code(*SIZES, allow_none=True)
    region = Text(12, allow_none=True)  # GB/T 2260 code or the name it was given
    industry = Text(8, allow_none=True)  # GB/T 4754
    tiers = listed(Text(40), 10)
    group_id = Id(allow_none=True)  # the parent group, for a debtor's group limit
    verified_until = Day(allow_none=True)
    reason_note = Text(500, allow_none=True)  # to whom the operator has sent its application back
    apply_until = Timestamp(allow_none=True)  # until when to hand it in, before its code is free


# As long as it is in one of these, the operator has not let it in.
JOINING = frozenset({"applying", "applied", "refused", "rejected"})


class RegisterParty(Arguments):
    name = Text(required=True)
    credit_code = Text(18, load_default=None, allow_none=True)
    capacities = listed(Code(*CAPACITIES), len(CAPACITIES), required=True)
    nature = Code(*NATURES, load_default="private")
    fiscal_funded = Flag(load_default=False)
    size = Code(*SIZES, load_default=None, allow_none=True)
    region = Text(12, load_default=None, allow_none=True)
    industry = Text(8, load_default=None, allow_none=True)
    tiers = listed(Text(40), 10, load_default=list)
    group_id = Id(load_default=None, allow_none=True)


class ImportParties(Arguments):
    """Real names from a public source: they stay unverified, a code is never invented."""

    rows = listed(fields.Nested(RegisterParty), required=True)


class VerifyParty(Arguments):
    valid_until = Day(required=True)


party = Aggregate(
    "party",
    "gateway",
    "P",
    PartyState,
    ("registered", "verified", "introduced", "amended", "submitted", "refused", "rejected"),
    "parties",
)
RegisterPartyCommand = party.command("create", RegisterParty, scope="parties:write")
ImportPartiesCommand = party.command(
    "import", ImportParties, scope="programme:import", creates=True
)
VerifyPartyCommand = party.command("verify", VerifyParty, scope="parties:verify")


class SigningKey(Part):
    """An Ed25519 public key (32 bytes, base64) whose private half only the person holds."""

    key_id = Id(required=True)
    public_key = Text(64, required=True)
    revoked_at = Timestamp(allow_none=True)


class UserState(State):
    """A person (or a system) of one organisation, with duties."""

    party_id = Id(required=True)
    name = Text(80, required=True)
    roles = listed(Code(*ROLES), len(ROLES))
    signing_keys = listed(fields.Nested(SigningKey), 20)
    can_sign_in = Flag()  # has chosen a login and a password


class AddUser(Arguments):
    """The operator adds the first person of an organisation, its people add the others."""

    party_id = Id(load_default=None, allow_none=True)
    name = Text(80, required=True)
    roles = listed(Code(*ROLES), len(ROLES), required=True)


class RegisterSigningKey(Arguments):
    public_key = Text(64, required=True)


class InviteUser(Arguments):
    """The answer holds a code, once: with it the person chooses login and password.

    A newer code replaces an older one. For who can sign in already it is the way to a new password.
    Whoever uses a code that somebody else asked for takes the seat: all that was there before ends,
    API keys and signing keys too.
    """


class RevokeSigningKey(Arguments):
    """Nothing is signed with it any more; what was signed before stays signed."""

    key_id = Id(required=True)


class LeaveUser(Arguments):
    """The person has left: signed in nowhere, without keys, webhooks and mandates from now on.

    A successor is added as a person of their own.
    """


user = Aggregate(
    "user",
    "gateway",
    "U",
    UserState,
    (
        "added",
        "signing_key_registered",
        "signing_key_revoked",
        "invited",
        "activated",
        "reassigned",
        "left",
    ),
)
AddUserCommand = user.command("create", AddUser, scope="users:write")
RegisterSigningKeyCommand = user.command(
    "register_signing_key", RegisterSigningKey, scope="keys:write"
)
RevokeSigningKeyCommand = user.command("revoke_signing_key", RevokeSigningKey, scope="keys:write")
InviteUserCommand = user.command("invite", InviteUser, scope="users:write")
LeaveUserCommand = user.command("leave", LeaveUser, scope="users:write")


class ApiKeyState(State):
    """A machine's key: only its prefix is shown again, only its hash is kept.

    `name` says which system has it, `issued_by` who made it; keys of earlier releases have neither.
    """

    party_id = Id(required=True)
    user_id = Id(required=True)
    name = Text(60)
    issued_by = Id(allow_none=True)
    prefix = Text(20, required=True)
    scopes = listed(Code(*sorted(SCOPES)), len(SCOPES))
    revoked_at = Timestamp(allow_none=True)


class IssueApiKey(Arguments):
    """No scopes given: all that the person's duties allow. The answer holds the secret, once."""

    user_id = Id(required=True)
    name = Text(60, required=True)
    scopes = listed(Code(*sorted(SCOPES)), len(SCOPES), load_default=None, allow_none=True)


api_key = Aggregate("api_key", "gateway", "K", ApiKeyState, ("issued", "revoked"))
IssueApiKeyCommand = api_key.command("create", IssueApiKey, scope="keys:write")


class KeyUse(Part):
    """The day on which a key was last used, in Asia/Shanghai and in real time."""

    key_id = Id(required=True)
    last_used_on = Day(required=True)


class KeyUses(Part):
    """Of an organisation's keys those that were used at all, the latest first."""

    items = listed(fields.Nested(KeyUse), MAX_KEYS)


KeyUsesQuery = party.query("key_uses", KeyUses, scope="read")
RevokeApiKeyCommand = api_key.command("revoke", scope="keys:write")


class MandateState(State):
    """A confirmation mandate 授权书: who of a buyer may confirm which claims up to what amount."""

    party_id = Id(required=True)
    user_id = Id(required=True)
    supplier_id = Id(allow_none=True)  # null: every supplier
    contract_id = Id(allow_none=True)  # null: every contract
    limit_fen = fields.Integer(required=True)
    valid_until = Day(required=True)
    revoked_at = Timestamp(allow_none=True)


class GrantMandate(Arguments):
    user_id = Id(required=True)
    supplier_id = Id(load_default=None, allow_none=True)
    contract_id = Id(load_default=None, allow_none=True)
    limit_fen = Money(required=True, data_key="limit")
    valid_until = Day(required=True)


mandate = Aggregate("mandate", "gateway", "M", MandateState, ("granted", "revoked"))
GrantMandateCommand = mandate.command("create", GrantMandate, scope="mandates:write")
RevokeMandateCommand = mandate.command("revoke", scope="mandates:write")


class ClockState(State):
    """The demonstration clock: business time runs `offset_s` seconds ahead of real time."""

    offset_s = fields.Integer(required=True)


class AdvanceClock(Arguments):
    """Move business time to 09:00 Asia/Shanghai of `to`, or to the instant `at`; never back."""

    to = Day(load_default=None, allow_none=True)
    at = Timestamp(load_default=None, allow_none=True)


clock = Aggregate("clock", "gateway", "X", ClockState, ("advanced",), "clock")
AdvanceClockCommand = clock.command("advance", AdvanceClock, scope="clock:write", creates=True)
