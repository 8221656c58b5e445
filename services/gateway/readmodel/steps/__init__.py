"""Who owes the next step of what, until when, and by which rule."""
