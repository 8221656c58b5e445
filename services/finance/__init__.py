"""Receivables, positions, authorisations, products, risk, offers, loans, ledger and evidence."""
