"""Cases that are open on the first day: read from a file, put to their steps, or left by a run."""
