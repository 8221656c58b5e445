"""What the gateway itself carries out: `HANDLERS` names every command of its aggregates."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contracts import party
from services.gateway.commands import clock, invitations, keys, mandates, parties, users, webhooks

HANDLERS: Mapping[str, Callable[..., Any]] = {
    party.RegisterPartyCommand.name: parties.register,
    party.ImportPartiesCommand.name: parties.import_rows,
    party.VerifyPartyCommand.name: parties.verify,
    party.AddUserCommand.name: users.add,
    party.RegisterSigningKeyCommand.name: users.register_signing_key,
    party.InviteUserCommand.name: invitations.invite,
    party.IssueApiKeyCommand.name: keys.issue,
    party.RevokeApiKeyCommand.name: keys.revoke,
    party.GrantMandateCommand.name: mandates.grant,
    party.RevokeMandateCommand.name: mandates.revoke,
    party.RegisterWebhookCommand.name: webhooks.register,
    party.DisableWebhookCommand.name: webhooks.disable,
    party.EnableWebhookCommand.name: webhooks.enable,
    party.AdvanceClockCommand.name: clock.advance,
}
