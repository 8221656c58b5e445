"""Refusals of finance."""

CODES: dict[str, tuple[int, str, str]] = {}
