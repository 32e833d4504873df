"""Measures: pure functions of the log, tables in and tables out."""
