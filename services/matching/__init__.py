"""Matching: supplies, the index over them, matches with demands, capacity and fair exposure."""
