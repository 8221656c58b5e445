"""Duties of people, and the scopes that a key of each may carry."""

READ = "read"
PROGRAMME, AUDIT = "programme:read", "audit:read"  # its figures; who did what when
# In the place of all duties, for whoever's organisation has not been let in yet; nobody gives it.
APPLICANT = "applicant"

ROLES: dict[str, frozenset[str]] = {
    "buyer.purchaser": frozenset(
        {"demands:write", "demands:award", "matches:respond", "contracts:write",
         "contracts:sign", "deliveries:accept", "receivables:respond"}
    ),
    "buyer.maker": frozenset({"confirmations:prepare", "receivables:respond"}),
    "buyer.checker": frozenset({"confirmations:sign", "contracts:sign", "receivables:respond"}),
    "supplier.owner": frozenset(
        {"supplies:write", "matches:respond", "quotes:write", "awards:confirm", "contracts:write",
         "contracts:sign", "deliveries:write", "receivables:write", "authorisations:write",
         "applications:write", "offers:accept", "demands:write"}
    ),
    "supplier.accountant": frozenset({"receivables:write"}),
    "bank.maker": frozenset({"products:write", "limits:prepare", "offers:prepare"}),
    "bank.approver": frozenset({"limits:approve", "offers:approve"}),
    "bank.system": frozenset({"applications:screen", "positions:secure", "loans:record"}),
    "registry.system": frozenset({"positions:file"}),
    "operator.staff": frozenset(
        {"parties:write", "parties:verify", "supplies:verify", "programme:import", "clock:write",
         "receivables:check", "metrics:read", PROGRAMME, AUDIT}
    ),
    "authority.reader": frozenset({PROGRAMME, AUDIT}),
}  # fmt: skip

# What every signed-in person may do for themselves or their organisation.
COMMON = frozenset(
    {READ, "keys:write", "users:write", "webhooks:write", "mandates:write", "membership:write",
     "documents:write"}
)  # fmt: skip
APPLYING = frozenset({READ, "membership:write", "documents:write"})

SCOPES: frozenset[str] = COMMON.union(*ROLES.values())


def scopes_of(roles: frozenset[str]) -> frozenset[str]:
    """All scopes that a key of a person with these duties may carry."""
    if APPLICANT in roles:
        return APPLYING
    return COMMON.union(*(ROLES[role] for role in roles))
