#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The text catalogue: `key | 中文 | English` lines become one sorted table.

One space beside a bar is not part of the words; empty in both languages says nothing on purpose.

    texts.py OUT.c TEXTS.txt...           writes the table
    texts.py --check SRC_DIR TEXTS.txt... every key that code and pages name has its words

Refused: a key twice, a language missing, placeholders {0} {1} {2} that differ between languages, a fault
"too_…" whose words do not name the limit.
"""
import re
import sys
from pathlib import Path

HEAD = '/* Made by tools/texts.py. */\n#include "main/generated.h"\n\n'
LINE = re.compile(r"([a-z0-9_.-]+) *\| ?(.*?) ?\| ?(.*)")
LIMITED = re.compile(r"fault\.(?!server\.)(.*[._])?too_")
CODE = r'"([a-z0-9_.-]+)"'
# What stands in C sources, and where its words may be: any one of the keys is enough.
USES = [
    (re.compile(r"\bfail\(\s*[^,;]+,\s*[A-Z_]+,\s*" + CODE), ["fault.{}"]),
    (re.compile(r"\brejected_as\(\s*[^,;]+,\s*[A-Z_]+,\s*" + CODE), ["fault.{}"]),
    (re.compile(r'\breject\(\s*[^,;]+,\s*[^,;]+,\s*' + CODE), ["fault.{}", "fault.field.{}"]),
    (re.compile(r'\breject_clause\(\s*[^,;]+,\s*[^,;]+,\s*[^,;]+,\s*' + CODE), ["fault.{}", "fault.field.{}"]),
    (re.compile(r"\btexts_(?:get|find)\(\s*" + CODE), ["{}"]),
    (re.compile(r"\btexts_fill\(\s*[^,;]+,\s*" + CODE), ["{}"]),
    (re.compile(r"\bmoved\(\s*[^,;]+,\s*" + CODE), ["{}"]),
]
PAGE_USE = re.compile(r"\{\{:\s*([^}\s]+)\s*\}\}")


def read(paths):
    """key -> (zh, en, place); ends the program when a line is wrong."""
    entries, wrong = {}, []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            place = f"{path}:{number}"
            match = LINE.fullmatch(line)
            if not match:
                wrong.append(f"{place}: not `key | 中文 | English`")
                continue
            key, zh, en = match.groups()
            if bool(zh) != bool(en):
                wrong.append(f"{place}: {key} lacks a language")
            elif key in entries:
                wrong.append(f"{place}: {key} stands already at {entries[key][2]}")
            elif sorted(re.findall(r"\{\d\}", zh)) != sorted(re.findall(r"\{\d\}", en)):
                wrong.append(f"{place}: the placeholders of {key} differ")
            elif LIMITED.match(key) and not all(re.search(r"\{\d\}|\d", words) for words in (zh, en)):
                wrong.append(f"{place}: {key} does not say what the limit is")
            else:
                entries[key] = (zh, en, place)
    if wrong:
        raise SystemExit("\n".join(wrong))
    return entries


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(out, entries):
    lines = [
        f"    {{{c_string(key)}, {{{c_string(zh)}, {c_string(en)}}}}},\n"
        for key, (zh, en, _) in sorted(entries.items(), key=lambda entry: entry[0].encode())
    ]
    out.write_text(
        HEAD + "const struct text_entry TEXTS[] = {\n" + "".join(lines) + "};\n"
        f"const size_t TEXT_COUNT = {len(entries)};\n",
        encoding="utf-8",
    )


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def blank_comments(text):
    """Comments become spaces, so that places stay right and examples in them do not count."""
    return re.sub(r"/\*.*?\*/", lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.DOTALL)


def check(source, entries):
    missing = []
    folders = ("base", "store", "sheets", "paper", "web", "jobs", "app", "main", "pages")
    files = [file for folder in folders for file in sorted((source / folder).rglob("*"))]
    for file in files:
        uses = []
        if file.suffix == ".c" and not file.name.endswith("_test.c") and not file.name.startswith("test_"):
            uses = USES
            text = blank_comments(file.read_text(encoding="utf-8"))
        elif file.suffix == ".html":
            uses = [(PAGE_USE, ["{}"])]
            text = file.read_text(encoding="utf-8")
        for pattern, forms in uses:
            for match in pattern.finditer(text):
                keys = [form.format(match[1]) for form in forms]
                if not any(key in entries for key in keys):
                    place = f"{file.relative_to(source)}:{line_of(text, match.start())}"
                    missing.append(f"{place}: no words for {' or '.join(keys)}")
    if missing:
        raise SystemExit("\n".join(missing))


def main():
    args = sys.argv[1:]
    if len(args) > 2 and args[0] == "--check":
        check(Path(args[1]), read(Path(arg) for arg in args[2:]))
    elif len(args) > 1:
        write(Path(args[0]), read(Path(arg) for arg in args[1:]))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
