"""Frozen certificates and their lists are closed in the database itself, not only in the program.

SQLite drops a table’s triggers when Django rebuilds the table: a later migration of either table makes them again
(``close`` below can be called from there).
"""

from django.db import migrations

# Table, and when a row of it is closed (None: always).
_CLOSED = (("column_certificate", "OLD.state = 'frozen'"), ("column_frozenstory", None))


def close(apps, schema_editor):
    open_again(apps, schema_editor)
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION column_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'a frozen certificate is never changed'; END$$"
        )
    for table, when in _CLOSED:
        for deed in ("UPDATE", "DELETE"):
            name = f"column_frozen_{table}_{deed.lower()}"
            condition = f" WHEN ({when})" if when else ""
            if vendor == "postgresql":
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW{condition} "
                    "EXECUTE FUNCTION column_frozen()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {deed} ON {table}{condition} "
                    "BEGIN SELECT RAISE(ABORT, 'a frozen certificate is never changed'); END"
                )


def open_again(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table, _when in _CLOSED:
        for deed in ("update", "delete"):
            on = f" ON {table}" if vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS column_frozen_{table}_{deed}{on}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS column_frozen()")


class Migration(migrations.Migration):
    dependencies = [("column", "0013_api_keys")]

    operations = [migrations.RunPython(close, open_again)]
