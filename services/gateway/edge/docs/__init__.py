"""The human page of the API: one HTML file without anything from elsewhere, in two languages."""

from services.gateway.edge.docs.page import encoded, page, policy

__all__ = ["encoded", "page", "policy"]
