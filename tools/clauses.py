#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists clause -> code -> tests. Fails when a clause that code carries (.clause = "V5.1.2", a right's,
a refusal's) has no test named after it in tests/stories ("V5.1.2 …")."""
import re
import sys
from pathlib import Path

ID = r"(?:C\d(?:\.\d+)?|V\d(?:\.\d+)*|X\d)"


def main():
    root = Path(__file__).resolve().parent.parent
    code, tests = {}, {}
    for path in sorted(root.glob("app/**/*.c")):
        for clause in re.findall(rf'"({ID})"', path.read_text(encoding="utf-8")):
            code.setdefault(clause, set()).add(str(path.relative_to(root)))
    for path in sorted(root.glob("tests/stories/*.js")):
        for clause in re.findall(rf"(?:test|it|story)\(\s*['\"`]({ID})\b", path.read_text(encoding="utf-8")):
            tests.setdefault(clause, set()).add(path.name)
    missing = sorted(set(code) - set(tests))
    for clause in sorted(code):
        print(f"{clause:8} {' '.join(sorted(code[clause]))} <- {' '.join(sorted(tests.get(clause, ['NO TEST'])))}")
    return 1 if missing else 0


sys.exit(main())
