"""Demo data: a plausible archive in our own words, drawn and written by chance that is the same every time, offline.

``seeding.Seeding`` puts it all together; the words are in ``words/``, the pictures in ``scenes/``. This file stays
empty of imports: the processes that draw load nothing but the scenes.
"""
