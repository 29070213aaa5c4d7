from django.db import migrations, models

#: SQLite adds a column by making the table anew, and its triggers are lost with the old one.
TRIGGERS = [
    f"CREATE TRIGGER IF NOT EXISTS {table}_follow AFTER DELETE ON search_archiveentry BEGIN"  # noqa: S608 - names here
    f" DELETE FROM {table} WHERE rowid = old.story_id; END"
    for table in ("search_archiveexact", "search_archivefolded")
]


def follow(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in TRIGGERS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_fulltext")]
    operations = [
        # Undone in the opposite order: the triggers come back after the column has gone.
        migrations.RunPython(migrations.RunPython.noop, follow),
        migrations.AddField("archiveentry", "photos", models.BooleanField(default=False)),
        migrations.RunPython(follow, migrations.RunPython.noop),
    ]
