#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Embed the schema's texts: migrations.py OUT.c schema/0001_name.sql … schema/months/0001_name.sql …

The numbers of a folder must be 1, 2, 3 … without gaps: a text is never taken back.
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


NAMES = {"schema": "MIGRATION", "months": "MONTH_MIGRATION"}


def table(folder, paths):
    name = NAMES[folder]
    entries = "".join(entry(i, path) for i, path in enumerate(sorted(paths), 1))
    return (
        f"\nconst struct migration {name}S[] = {{\n{entries}}};\n"
        f"const size_t {name}_COUNT = sizeof {name}S / sizeof *{name}S;\n"
    )


def main(target, *sources):
    folders = {folder: [] for folder in NAMES}
    for path in map(Path, sources):
        folders[path.parent.name].append(path)
    Path(target).write_text(
        "/* Made from schema/ by tools/migrations.py. */\n"
        '#include "store/migrations.h"\n' + "".join(table(*folder) for folder in folders.items()),
        encoding="utf-8",
    )


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
