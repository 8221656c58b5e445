"""Refusals of matching."""

CODES: dict[str, tuple[int, str, str]] = {}
