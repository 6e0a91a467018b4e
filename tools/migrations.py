#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Embed the schema's texts: migrations.py OUT.c schema/0001_name.sql …

The numbers must be 1, 2, 3 … without gaps: a text is never taken back.
"""
import re
import sys
from pathlib import Path


def literal(text):
    rows = text.replace("\\", "\\\\").replace('"', '\\"').splitlines()
    return "\n     ".join(f'"{row}\\n"' for row in rows) or '""'


def entry(expected, path):
    match = re.fullmatch(r"(\d{4})_[a-z0-9_]+", path.stem)
    if not match or int(match[1]) != expected:
        sys.exit(f"{path}: expected the name {expected:04}_….sql")
    return f'    {{{expected}, "{path.stem}",\n     {literal(path.read_text(encoding="utf-8"))}}},\n'


def main(target, *sources):
    paths = sorted(map(Path, sources), key=lambda path: path.name)
    entries = "".join(entry(i, path) for i, path in enumerate(paths, 1))
    Path(target).write_text(
        "/* Made from schema/ by tools/migrations.py. */\n"
        '#include "store/migrations.h"\n\n'
        f"const struct migration MIGRATIONS[] = {{\n{entries}}};\n"
        "const size_t MIGRATION_COUNT = sizeof MIGRATIONS / sizeof *MIGRATIONS;\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
