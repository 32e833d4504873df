"""Experiments: replications, comparison, back-cast and the results folder."""
