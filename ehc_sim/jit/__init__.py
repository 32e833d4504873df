"""How functions are compiled by numba, and the memory in which they work."""
