"""What the services say to each other: commands, facts, money and actors. Pure data."""
