"""Text, cells and counts that can be printed, opened and passed on without harm."""
