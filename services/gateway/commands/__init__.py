"""What the gateway itself carries out: `HANDLERS` names every command of its aggregates."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contracts import joining as joining_contract
from services.contracts import party, webhook
from services.gateway.commands import (
    clock,
    documents,
    invitations,
    joining,
    keys,
    mandates,
    parties,
    replays,
    seats,
    users,
    webhooks,
)

HANDLERS: Mapping[str, Callable[..., Any]] = {
    party.RegisterPartyCommand.name: parties.register,
    party.ImportPartiesCommand.name: parties.import_rows,
    party.VerifyPartyCommand.name: parties.verify,
    joining_contract.AmendJoiningCommand.name: joining.amend,
    joining_contract.SubmitJoining.name: joining.submit,
    joining_contract.RefuseJoining.name: joining.refuse,
    joining_contract.RejectJoining.name: joining.reject,
    joining_contract.AddDocumentCommand.name: documents.add,
    joining_contract.RemoveDocument.name: documents.remove,
    party.AddUserCommand.name: users.add,
    party.RegisterSigningKeyCommand.name: users.register_signing_key,
    party.RevokeSigningKeyCommand.name: seats.revoke_signing_key,
    party.InviteUserCommand.name: invitations.invite,
    party.LeaveUserCommand.name: seats.leave,
    party.IssueApiKeyCommand.name: keys.issue,
    party.RevokeApiKeyCommand.name: keys.revoke,
    party.GrantMandateCommand.name: mandates.grant,
    party.RevokeMandateCommand.name: mandates.revoke,
    webhook.RegisterWebhookCommand.name: webhooks.register,
    webhook.DisableWebhookCommand.name: webhooks.disable,
    webhook.EnableWebhookCommand.name: webhooks.enable,
    webhook.RotateSecretCommand.name: webhooks.rotate_secret,
    webhook.ReplayWebhookCommand.name: replays.replay,
    webhook.PingWebhookCommand.name: replays.ping,
    party.AdvanceClockCommand.name: clock.advance,
}
