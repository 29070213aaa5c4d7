"""Leaf room: normalising, folding, slugs, Vietnamese sorting, dates and tokens. No models, no clock."""
