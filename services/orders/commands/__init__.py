"""The commands of orders, by noun. `threads` holds the lock that all of them share."""
