"""The commands: what is typed, what is shown in the terminal, and the exit codes."""
