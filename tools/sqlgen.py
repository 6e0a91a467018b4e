#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turn named SQL statements into C constants: sqlgen.py IN.sql OUT.h

A statement begins with a line `-- q_name (words about parameters) -> what it gives` and ends at `;`.
What the engines spell differently stands between `-- @sqlite`, `-- @postgres` and `-- @end`.
"""
import re
import sys
from pathlib import Path

ENGINES = ("sqlite", "postgres")
HEAD = re.compile(r"-- (q_[a-z0-9_]+)\b(.*)")
MARK = re.compile(r"\s*-- @(\w+)\s*")
# Quoted texts, quoted names and comments; what is left over is SQL itself.
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", re.S)


class Refused(Exception):
    def __init__(self, line, words):
        super().__init__(f"{line}: {words}")


def blocks(text):
    """(line number, head match, lines) of each statement."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        head = HEAD.fullmatch(line)
        if head:
            found.append((number, head, []))
        elif found:
            found[-1][2].append(line)
        elif line.strip() and not line.startswith("--"):
            raise Refused(number, "SQL before the first `-- q_name`")
    return found


def engine_lines(number, lines):
    """The lines of each engine, without the marks between them."""
    sql = {engine: [] for engine in ENGINES}
    wanted = ENGINES
    for line in lines:
        mark = MARK.fullmatch(line)
        if not mark:
            for engine in wanted:
                sql[engine].append(line)
        elif mark[1] == "end":
            wanted = ENGINES
        elif mark[1] in ENGINES:
            wanted = (mark[1],)
        else:
            raise Refused(number, f"unknown mark @{mark[1]}")
    if wanted != ENGINES:
        raise Refused(number, "`-- @end` is missing")
    return sql


def statement(number, lines):
    """One engine's text without comments, up to its `;`, and how many parameters it has."""
    text = QUOTED.sub(lambda m: "" if m[0].startswith(("--", "/*")) else m[0], "\n".join(lines))
    bare = QUOTED.sub(lambda m: "x" * len(m[0]), text)
    end = bare.find(";")
    if end < 0:
        raise Refused(number, "the statement does not end with `;`")
    if bare[end + 1 :].strip():
        raise Refused(number, "something follows the `;`; begin a new statement with `-- q_name`")
    bare = bare[:end]
    if not bare.strip():
        raise Refused(number, "the statement is empty")
    if "::" in bare:
        raise Refused(number, "`::` is a parameter's name to SQLite; use CAST(… AS …)")
    if "?" in bare:
        raise Refused(number, "`?` parameters; use $1, $2 …")
    numbers = {int(n) for n in re.findall(r"\$(\d+)", bare)}
    if numbers != set(range(1, len(numbers) + 1)):
        raise Refused(number, f"the parameters have gaps: {sorted(numbers)}")
    rows = [line.rstrip() for line in text[:end].splitlines() if line.strip()]
    return rows, len(numbers)


def literal(rows):
    """C string literals, one a line of SQL."""
    escaped = [row.replace("\\", "\\\\").replace('"', '\\"') for row in rows]
    return "\n         ".join(f'"{row}\\n"' for row in escaped[:-1]) + (
        "\n         " if len(escaped) > 1 else ""
    ) + f'"{escaped[-1]}"'


def constant(source, number, head, lines):
    sql = engine_lines(number, lines)
    texts = {engine: statement(number, sql[engine]) for engine in ENGINES}
    counts = {count for _, count in texts.values()}
    if len(counts) > 1:
        raise Refused(number, "the engines' texts have different parameters")
    bodies = ",\n        ".join(literal(texts[engine][0]) for engine in ENGINES)
    return (
        f"/* {source}:{number} {head[2].strip()} */\n"
        f"static const struct query {head[1]} __attribute__((unused)) = {{\n"
        f'    "{head[1]}",\n    {{\n        {bodies},\n    }},\n    {counts.pop()},\n}};\n'
    )


def header(path):
    found = blocks(path.read_text(encoding="utf-8"))
    names = [head[1] for _, head, _ in found]
    for (number, head, _), i in zip(found, range(len(names))):
        if head[1] in names[:i]:
            raise Refused(number, f"{head[1]} exists twice")
    stem = re.sub(r"\W", "_", path.stem).upper()
    source = f"{path.parent.name}/{path.name}"
    listed = "".join(f"    &{name},\n" for name in names)
    return "\n".join(
        [f"/* Made from {source} by tools/sqlgen.py. */", '#include "store/db.h"', ""]
        + [constant(source, *block) for block in found]
        + [
            f"static const struct query *const ALL_{stem}_QUERIES[] __attribute__((unused)) = {{",
            f"{listed}    NULL,\n}};\n",
        ]
    )


def main(source, target):
    try:
        text = header(Path(source))
    except Refused as refused:
        sys.exit(f"{source}:{refused}")
    Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
