"""Systems of other people, played on this machine: they know the public API and nothing more."""
