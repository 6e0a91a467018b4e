#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The regulation's clauses as a C table: regulation.py OUT.c CLAUSES.txt (its form stands at its top).

Refused: an id twice, a language missing, a clause before the one that it hangs below.
"""
import re
import sys
from pathlib import Path

HEAD = '/* Made by tools/regulation.py. */\n#include "app/regulation/clauses.h"\n\n'
TITLE = re.compile(r"([CVX][0-9.]*) \| ([^|]+) \| ([^|]+)")
TEXT = re.compile(r" {4}([^|]+) \| ([^|]+)")


def parent_of(identity):
    """V5.1.2 -> V5.1, V5 -> V, V -> nothing."""
    return identity.rpartition(".")[0] or (identity[0] if len(identity) > 1 else "")


def read(path):
    """[id, title, text], each word a pair (中文, English); ends the program when a line is wrong."""
    clauses = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        title, text = TITLE.fullmatch(line), TEXT.fullmatch(line)
        known = {clause[0] for clause in clauses}
        if not line or line.startswith("#"):
            continue
        if title and title[1] not in known and parent_of(title[1]) in known | {""}:
            clauses.append([title[1], title.groups()[1:], ("", "")])
        elif text and clauses and clauses[-1][2] == ("", ""):
            clauses[-1][2] = text.groups()
        else:
            raise SystemExit(f"{path}:{number}: neither a new clause below a known one nor its text")
    return clauses


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def pair(words):
    return "{" + ", ".join(map(c_string, words)) + "}"


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    clauses = read(Path(sys.argv[2]))
    lines = [
        f"    {{{c_string(identity)}, {c_string(parent_of(identity))},\n     {pair(title)},\n     {pair(text)}}},\n"
        for identity, title, text in clauses
    ]
    Path(sys.argv[1]).write_text(
        HEAD + "const struct clause_words CLAUSES[] = {\n" + "".join(lines) + "};\n"
        f"const size_t CLAUSE_COUNT = {len(clauses)};\n\n"
        f"const char *const CLAUSE_IDS[] = {{{', '.join(c_string(clause[0]) for clause in clauses)}, NULL}};\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
