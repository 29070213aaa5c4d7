"""What takes too long, or too many machines, for every run of the tests: ``make audit``."""
