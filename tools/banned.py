#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Refuses calls that docs/style.md forbids: unsafe ones everywhere, memory and time of one's own in app/."""
import re
import sys
from pathlib import Path

EVERYWHERE = "strcpy strcat sprintf vsprintf gets strtok atof alloca"
IN_APP = "malloc calloc realloc free strdup strndup time localtime gmtime atoi getenv system popen goto"


def pattern(words):
    return re.compile(r"(?<![\w.>])(" + "|".join(words.split()) + r")\s*\(")


def without_comments_and_texts(text):
    blank = lambda match: re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def main():
    root = Path(__file__).resolve().parent.parent
    found = []
    for path in sorted(root.glob("*/**/*.[ch]")):
        layer = path.relative_to(root).parts[0]
        if layer not in ("base", "store", "sheets", "paper", "web", "jobs", "app", "main"):
            continue
        text = without_comments_and_texts(path.read_text(encoding="utf-8"))
        rules = [pattern(EVERYWHERE)]
        if layer == "app" and not path.stem.endswith("_test"):
            rules.append(pattern(IN_APP))
        for number, line in enumerate(text.splitlines(), 1):
            for rule in rules:
                for match in rule.finditer(line):
                    found.append(f"{path.relative_to(root)}:{number}: {match.group(1)} is banned here")
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


sys.exit(main())
