"""Signing in by an organisation's own provider (OpenID Connect), where one is configured."""
