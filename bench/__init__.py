"""Measures of the project, run by hand: never imported by what serves."""
