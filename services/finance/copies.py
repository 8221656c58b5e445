"""What finance keeps of other services' things, as their facts told it."""

from services.finance.tables.copies import (
    ContractCopy,
    MandateCopy,
    PartyCopy,
    PayableCopy,
    UserCopy,
)
from services.messaging import keeper

keep_parties = keeper(PartyCopy)
# The keys stay as the fact's JSON: their instants are only compared with null.
keep_users = keeper(UserCopy, signing_keys=lambda event: event.data["signing_keys"])
keep_mandates = keeper(MandateCopy)
keep_contracts = keeper(ContractCopy, thread_id=lambda event: event.thread_id)
keep_payables = keeper(PayableCopy)
