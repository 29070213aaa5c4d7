"""The archive's adapter for Elasticsearch. Imported only where ELASTICSEARCH_URL is set: the client takes its time."""
