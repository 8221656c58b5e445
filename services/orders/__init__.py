"""Demand to payable: publish, quote, award, contract, deliver, accept, owe."""
