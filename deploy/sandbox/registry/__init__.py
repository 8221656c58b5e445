"""A sandbox of the movables financing registry (中登): search, file, search again."""
