from tests.elastic import elastic, elastic_server

__all__ = ["elastic", "elastic_server"]
