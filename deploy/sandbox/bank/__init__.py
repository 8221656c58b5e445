"""A sandbox bank: it pulls applications, offers, notifies, pays and records what it is repaid."""
