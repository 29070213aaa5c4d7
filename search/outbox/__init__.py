"""What Elasticsearch has yet to be told: one row for each document, which outlives its page."""
