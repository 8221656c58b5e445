"""Refusals of gateway."""

CODES: dict[str, tuple[int, str, str]] = {}
