"""``dev`` (make run), ``production`` and ``test`` stand on ``base``; there is no default here on purpose."""
