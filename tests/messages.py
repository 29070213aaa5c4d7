"""The Vietnamese catalogue: ``python -m tests.messages`` writes it anew, ``--check`` says whether it is complete.

The source strings are Vietnamese, so the catalogue maps each to itself: nothing needs it at run time, and a second
language starts from a whole list. For the same reason no compiled ``.mo`` is kept.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"
IGNORED = [".venv/*", "data/*", "build/*", "tests/*", "bench/*", "docs/*"]
HEADER = r"""# The Vietnamese catalogue; written by: make messages
msgid ""
msgstr ""
"Language: vi\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
_ENTRY = re.compile(r'^((?:msgctxt (?:".*"\n)+)?msgid (?:".*"\n)+)', re.MULTILINE)


def write() -> None:
    """Gather every marked string from code and templates; needs the gettext programs."""
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings.test")
    django.setup()
    CATALOGUE.unlink(missing_ok=True)  # nothing is merged: an old entry would be guessed into a new one
    call_command(
        "makemessages", locale=["vi"], ignore_patterns=IGNORED, no_location=True, no_obsolete=True, verbosity=0
    )
    filled = subprocess.run(
        ["msgen", "--sort-output", "--width=110", str(CATALOGUE)], capture_output=True, text=True, check=True
    ).stdout
    # msgen knows of two forms; Vietnamese has one.
    filled = re.sub(r'^msgstr\[1\] (?:".*"\n)+', "", filled, flags=re.MULTILINE)
    CATALOGUE.write_text(HEADER + filled.partition("\n\n")[2], encoding="utf-8")


def entries(text: str) -> set[str]:
    """The keys of a catalogue: context and source string, as they stand in the file."""
    return {re.sub(r'"\n"', "", match[1]) for match in _ENTRY.finditer(text)}


def check() -> list[str]:
    """What the catalogue on disk lacks or has too many of; the file is left as it was."""
    kept = CATALOGUE.read_text(encoding="utf-8") if CATALOGUE.exists() else None
    try:
        write()
        needed = entries(CATALOGUE.read_text(encoding="utf-8"))
    finally:
        if kept is None:
            CATALOGUE.unlink(missing_ok=True)
        else:
            CATALOGUE.write_text(kept, encoding="utf-8")
    have = entries(kept or "")
    return [f"missing: {entry}" for entry in sorted(needed - have)] + [
        f"no longer used: {entry}" for entry in sorted(have - needed)
    ]


def main(arguments: list[str]) -> int:
    if shutil.which("xgettext") is None or shutil.which("msgen") is None:
        print("messages: skipped, the gettext programs are not installed")
        return 1 if os.environ.get("CI") else 0
    if arguments != ["--check"]:
        write()
        return 0
    faults = check()
    if faults:
        print("\n".join([*faults, f"{CATALOGUE.relative_to(ROOT)} is not up to date: make messages"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
