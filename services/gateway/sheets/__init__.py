"""Files of rows: read in a process of their own, whatever is in them, into JSON Lines."""
