"""What the tables of a results folder hold: every measure and every column once, as data."""
