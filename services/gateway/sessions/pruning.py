"""What is over is forgotten: sessions, invitations, failures in a row, files of who has gone."""

from datetime import timedelta
from functools import partial

from services.gateway.tables import (
    CONTACTS,
    CONTENTS,
    INVITATIONS,
    KNOWN_DEVICES,
    OIDC_ATTEMPTS,
    SESSIONS,
    SIGN_IN_FAILURES,
)
from services.messaging import prune_older

KEPT = timedelta(hours=2)  # past the end; longer than failures count
FILES_AT_ONCE = 10  # of megabytes each, where other rows have some hundred bytes

PRUNES = {
    table.name: partial(prune_older, table=table, since=over, kept=KEPT)
    for table, over in (
        (SESSIONS, SESSIONS.c.ends_at),
        (INVITATIONS, INVITATIONS.c.ends_at),
        (SIGN_IN_FAILURES, SIGN_IN_FAILURES.c.last_at),
        (KNOWN_DEVICES, KNOWN_DEVICES.c.ends_at),
        (OIDC_ATTEMPTS, OIDC_ATTEMPTS.c.ends_at),
        (CONTACTS, CONTACTS.c.ends_at),
    )
} | {
    CONTENTS.name: partial(
        prune_older, table=CONTENTS, since=CONTENTS.c.ends_at, kept=KEPT, at_once=FILES_AT_ONCE
    )
}
