"""Random numbers by name and place: the same for a case whatever happens around it."""
