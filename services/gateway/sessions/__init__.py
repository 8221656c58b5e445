"""People signing in: invitations used, passwords checked, sessions opened and ended."""
