"""The compiled model: a network packed into memory, a loop that works through its events."""
