"""PostgreSQL: the analysed words in order, which a ``tsvector`` does not keep. SQLite's FTS5 tables hold them already."""

from django.db import migrations


def run(statement):
    def on(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return on


class Migration(migrations.Migration):
    dependencies = [("search", "0005_editors")]
    operations = [
        migrations.RunPython(
            run("ALTER TABLE search_archiveentry ADD COLUMN said text NOT NULL DEFAULT ''"),
            run("ALTER TABLE search_archiveentry DROP COLUMN said"),
        )
    ]
