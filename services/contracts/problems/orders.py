"""Refusals of orders."""

CODES: dict[str, tuple[int, str, str]] = {}
