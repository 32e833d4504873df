"""The event loop of the compiled model."""
