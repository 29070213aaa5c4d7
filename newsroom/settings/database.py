"""From the checked environment to Django's settings; ``dev`` and ``production`` share it."""

from typing import Any

from newsroom.environment import Environment

SQLITE_OPTIONS: dict[str, Any] = {
    # Web and worker are two processes that write: a transaction takes the write lock when it begins, so it waits for
    # its turn instead of failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=NORMAL;"
        "PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY;"
        "PRAGMA cache_size=-32000;"
        "PRAGMA mmap_size=134217728"
    ),
}


def database_settings(environment: Environment) -> dict[str, Any]:
    """The ``default`` database: SQLite as one desk uses it, or PostgreSQL with kept and checked connections."""
    settings = dict(environment.database)
    if settings["ENGINE"].endswith("sqlite3"):
        return {**settings, "OPTIONS": {**SQLITE_OPTIONS, **settings.get("OPTIONS", {})}, "CONN_MAX_AGE": None}
    return {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, **settings}
