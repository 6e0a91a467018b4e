#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists clause -> code -> tests. Fails when a clause that code carries (.clause = "V5.1.2", a right's,
a refusal's) has no test named after it in tests/stories ("V5.1.2 …"), or a test named after a clause
asserts nothing; and when the living regulation (app/regulation/clauses.txt) lacks a clause of the
regulation, which are listed in tools/clauses.txt, or code carries one that is none of them."""
import re
import sys
from pathlib import Path

import regulation

ID = r"(?:C\d(?:\.\d+)?|V\d(?:\.\d+)*|X\d)"
# A story's test begins and ends at the margin.
TEST = re.compile(rf"^(?:test|it)\(\s*['\"`]({ID})\b([^\n]*\n.*?)^}}\);", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
# assert(true) is none.
ASSERTION = re.compile(r"\bassert(?:(?:\.ok)?\((?!\s*(?:true|1)\s*[,)])|\.(?!ok\b)\w+\()")
LEFT_OUT = re.compile(r"^[^\n]*\{\s*(?:skip|todo)\b")


def clauses_of_code(root):
    code = {}
    for path in sorted(root.glob("app/**/*.c")):
        if path.name.endswith("_test.c"):
            continue
        for clause in re.findall(rf'"({ID})"', path.read_text(encoding="utf-8")):
            code.setdefault(clause, set()).add(str(path.relative_to(root)))
    return code


def tests_of(text):
    """Of each test that is named after a clause: the clause, and whether it asserts anything."""
    for match in TEST.finditer(text):
        clause, body = match.groups()
        yield clause, bool(ASSERTION.search(COMMENT.sub("", body))) and not LEFT_OUT.search(body)


def gaps(root, code):
    """What the list, the words of the living regulation and the code do not agree on."""
    listed = set(re.sub("#.*", "", (root / "tools/clauses.txt").read_text(encoding="utf-8")).split())
    words = {clause[0] for clause in regulation.read(root / "app/regulation/clauses.txt")}
    chapters = {regulation.parent_of(clause) for clause in words}
    for clause in sorted(listed ^ (words - chapters)):
        yield f"{clause}: {'app/regulation' if clause in listed else 'tools'}/clauses.txt lacks it"
    for clause in sorted(set(code) - words):
        yield f"{clause}: {' '.join(sorted(code[clause]))} carries it, but it is no clause"


def main(root):
    code, tests, empty = clauses_of_code(root), {}, []
    for path in sorted(root.glob("tests/stories/*.js")):
        for clause, asserts in tests_of(path.read_text(encoding="utf-8")):
            if asserts:
                tests.setdefault(clause, set()).add(path.name)
            else:
                empty.append(f"{path.name}: a test of {clause} asserts nothing")
    for clause in sorted(code):
        print(f"{clause:8} {' '.join(sorted(code[clause]))} <- {' '.join(sorted(tests.get(clause, ['NO TEST'])))}")
    wrong = empty + list(gaps(root, code))
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong or set(code) - set(tests) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent))
