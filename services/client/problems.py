"""How a call can end other than well."""

from typing import Any

import requests


class Refused(Exception):
    """The API answered with a problem (RFC 9457); nothing has changed.

    `code` is the platform's stable word for the reason, `problem` the whole document.
    """

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        self.code = str(problem.get("code", "unknown"))
        super().__init__(f"{status} {self.code}: {_sentence(problem)}")

    @classmethod
    def of(cls, response: requests.Response) -> "Refused":
        try:
            document = response.json()
        except ValueError:  # a proxy's own page, not the platform's answer
            document = {"detail": response.text[:200]}
        return cls(response.status_code, document if isinstance(document, dict) else {})


class NoAnswer(Exception):
    """No final answer within the caller's patience; a write may or may not have happened.

    Repeating the call with the same Idempotency-Key is safe and gets the first answer.
    """


def _sentence(problem: dict[str, Any]) -> str:
    fields = [f"{error.get('pointer')}: {error.get('message')}" for error in _errors(problem)]
    return " ".join([str(problem.get("detail") or problem.get("title") or ""), *fields])


def _errors(problem: dict[str, Any]) -> list[dict[str, Any]]:
    return [error for error in problem.get("errors") or [] if isinstance(error, dict)]
