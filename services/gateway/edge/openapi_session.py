"""What of the OpenAPI document is about signing in."""

from typing import Any

from services.contracts import joining, session
from services.contracts.fields import Arguments
from services.contracts.party import CAPACITIES, NATURES, SIZES
from services.contracts.roles import ROLES, SCOPES
from services.gateway.site import COOKIE, CSRF_HEADER, SECURE_COOKIE

Node = dict[str, Any]

KEY_SCHEME: Node = {"type": "http", "scheme": "bearer", "description": "An API key"}
COOKIE_SCHEME: Node = {
    "type": "apiKey",
    "in": "cookie",
    "name": COOKIE,
    "description": f"Of who is signed in; over https it is named `{SECURE_COOKIE}`. Whatever is no"
    f" GET carries `{CSRF_HEADER}`, too. Beside an Authorization header it does not count.",
}
CSRF: Node = {
    "name": CSRF_HEADER, "in": "header",
    "description": "`csrf_token` of the session; asked for beside the cookie, not beside a key.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]*$"},
}  # fmt: skip
SET_COOKIE: Node = {
    "Set-Cookie": {
        "description": "The session, or its end; at a sign-in that of the device, too",
        "schema": {"type": "string"},
    },
}
BODIES: dict[str, type[Arguments]] = {
    "sign_in": session.SignIn,
    "activate": session.Activate,
    "join": joining.Join,
    "oidc_connect": session.Connect,
    "password": session.ChangePassword,
}
SETTING = frozenset(
    {"oidc_connect", "sign_in", "activate", "join", "password", "sign_out"}
)  # the cookie


def _all_of(properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _some(*words: str) -> Node:
    return {"type": "array", "items": {"type": "string", "enum": sorted(words)}}


_NAMED: Node = {
    "id": {"type": "string", "format": "uuid"},
    "number": {"type": "string"},
    "name": {"type": "string"},
}
_FIRST: Node = {
    "type": "boolean",
    "description": "Whether the operator has added this person, who lets others go",
}
SESSION = _all_of(
    {
        "csrf_token": {"type": "string"},
        "expires_at": {
            "type": "string",
            "format": "date-time",
            "description": "When it ends if nothing is asked before, and in any case after a week",
        },
        "user": _all_of({**_NAMED, "is_first": _FIRST, "roles": _some(*ROLES)}),
        "party": _all_of(
            {
                **_NAMED,
                "state": {"type": "string"},
                "capacities": _some(*CAPACITIES),
                "size": {"type": ["string", "null"], "enum": [*SIZES, None]},
                "nature": {"type": "string", "enum": list(NATURES)},
            }
        ),
        "scopes": _some(*SCOPES),
    }
)
_SEEN: Node = {"$ref": "#/components/schemas/Session"}
FIXED: dict[str, tuple[str, Node]] = {
    "sign_in": ("Sign in by login and password", _SEEN),
    "activate": ("Choose login and password by the code of an invitation, and sign in", _SEEN),
    "join": ("Ask for an organisation to be let in; its first person is signed in", _SEEN),
    "oidc_offer": (
        "Whether people may sign in by an issuer, and by which host",
        _all_of({"issuer": {"type": ["string", "null"]}}),
    ),
    "oidc": ("To the issuer, to sign in there", {}),
    "oidc_callback": ("Back from the issuer, to the portal", {}),
    "oidc_connect": (
        "Sign in by the issuer from now on, too: where to go for it",
        _all_of({"url": {"type": "string"}}),
    ),
    "oidc_disconnect": (
        "Sign in by the issuer no more",
        {"type": "object", "maxProperties": 0},
    ),
    "session": ("Who is signed in, and until when", _SEEN),
    "sign_out": ("Sign out", {"type": "object", "maxProperties": 0}),
    "password": ("Change the password; all other sessions end, and the person's API keys", _SEEN),
}
