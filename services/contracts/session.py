"""What people say to sign in: the bodies of the session routes, which are no commands."""

from typing import Any

from marshmallow import fields, validate

from services.contracts.fields import Arguments, Text

LOGIN_LENGTH = (3, 64)  # the longest is that of most mail addresses
LOGIN = r"^[A-Za-z0-9._@+-]+$"  # ASCII alone: of two letters that look alike one is an impostor's
# NIST SP 800-63B asks for 8 where nothing else is asked of a password; 128 take any phrase.
PASSWORD_LENGTH = (10, 128)
CODE_LENGTH = 100  # of an invitation, which has some fifty characters


class Secret(fields.String):
    """A password or a code exactly as it was typed: spaces are part of it."""

    def __init__(self, low: int, high: int, **kwargs: Any):
        super().__init__(validate=validate.Length(low, high), **kwargs)


def new_login() -> fields.String:
    """One that is chosen."""
    bounds = [validate.Length(*LOGIN_LENGTH), validate.Regexp(LOGIN)]
    return fields.String(validate=bounds, required=True)


def new_password() -> Secret:
    """One that is chosen."""
    return Secret(*PASSWORD_LENGTH, required=True)


class SignIn(Arguments):
    """`login` in capitals or small letters."""

    login = Text(LOGIN_LENGTH[1], required=True)
    password = Secret(1, PASSWORD_LENGTH[1], required=True)


class ChangePassword(Arguments):
    """All other sessions of the person end, and their API keys with the webhooks that live by them.

    Whoever changes a password may fear that somebody else has come in, and left a way back.
    """

    old_password = Secret(1, PASSWORD_LENGTH[1], required=True)
    new_password = new_password()


class Connect(Arguments):
    """That it is the person who connects: a session left open is not enough to stay for good."""

    password = Secret(1, PASSWORD_LENGTH[1], required=True)


class Activate(Arguments):
    """An invited person chooses how to sign in; `code` works once, within 72 hours."""

    code = Secret(1, CODE_LENGTH, required=True)
    login = new_login()
    password = new_password()
