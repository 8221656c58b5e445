"""Parties and access, the HTTP API, the read model, the numbered feed, streams, webhooks."""
