"""The full-text tables: their words are analysed by us, the database only stores and finds them.

SQLite: FTS5 with the ``ascii`` tokenizer, which takes every byte beyond ASCII for a part of a word and so splits
at our spaces alone. PostgreSQL: ``tsvector`` columns that are filled with literals, never by a parser.
"""

from django.db import migrations

#: Base table, its key, full-text table, columns. Several tables and not one: a query reads only what it asks for.
TABLES = [
    ("search_archiveentry", "story_id", "search_archiveexact", "title, text", ""),
    ("search_archiveentry", "story_id", "search_archivefolded", "title, text", ""),
    ("search_adminentry", "id", "search_adminwords", "title, text", ""),
    ("search_adminentry", "id", "search_adminstarts", "exact, folded", "prefix = '1 2 3',"),
]
SQLITE = [
    statement
    for base, key, table, columns, prefix in TABLES
    for statement in (
        f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, {prefix} tokenize = 'ascii')",
        f"CREATE TRIGGER {table}_follow AFTER DELETE ON {base} BEGIN DELETE FROM {table} WHERE rowid = old.{key}; END",  # noqa: S608 - names above
    )
]
SQLITE_BACK = [
    statement
    for _base, _key, table, _columns, _prefix in TABLES
    for statement in (f"DROP TRIGGER {table}_follow", f"DROP TABLE {table}")
]
POSTGRESQL = [
    "ALTER TABLE search_archiveentry ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_archiveentry_words ON search_archiveentry USING gin (words)",
    "ALTER TABLE search_adminentry ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_adminentry_words ON search_adminentry USING gin (words)",
    "ALTER TABLE search_adminentry ADD COLUMN starts tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_adminentry_starts ON search_adminentry USING gin (starts)",
]
POSTGRESQL_BACK = [
    "ALTER TABLE search_adminentry DROP COLUMN starts",
    "ALTER TABLE search_adminentry DROP COLUMN words",
    "ALTER TABLE search_archiveentry DROP COLUMN words",
]


def run(statements):
    def on(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement)

    return on


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [
        migrations.RunPython(
            run({"sqlite": SQLITE, "postgresql": POSTGRESQL}),
            run({"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}),
        )
    ]
