"""What may be asked of matching, by noun."""
