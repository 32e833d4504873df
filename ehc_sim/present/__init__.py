"""Charts, plain words and the briefing, made from the tables of a results folder.

Nothing here is simulated or estimated: the numbers are the experiment's, and this package chooses
how to show them. `outputs.write_all` makes everything at once.
"""
