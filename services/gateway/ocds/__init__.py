"""Public demands as open data, by the Open Contracting Data Standard 1.1."""
