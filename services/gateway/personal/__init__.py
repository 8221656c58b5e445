"""What is one person's own: what it has read, and what its portal remembers."""
