"""What can go wrong and be told to a person: `texts` has the words for each class by name."""


class Problem(Exception):
    """An expected failure. Its text is the detail that the message shows; exit code 1."""
