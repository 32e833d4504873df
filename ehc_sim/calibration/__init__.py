"""Finds the explanations of a council's own figures: numbers of which nobody published any.

An ensemble smoother on the real model: many vectors of unknown numbers, each run once and moved by
how far it is from what was published, some times over. It keeps several structures side by side,
since the figures of a few years do not tell them apart.
"""
