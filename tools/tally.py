#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Adds up what the test runners printed: cmocka's and node's closing lines, and our own checks'
("check: ok|failed NAME"). Prints "N passed, N failed, N skipped"; exits 1 if any failed."""
import re
import sys

COUNTS = [
    (r"^\[  PASSED  \] (\d+) test", "passed"),
    (r"^\[  FAILED  \] (\d+) test", "failed"),
    (r"^\[  SKIPPED \] (\d+) test", "skipped"),
    (r"^# pass (\d+)", "passed"),
    (r"^# fail (\d+)", "failed"),
    (r"^# cancelled (\d+)", "failed"),
    (r"^# skipped (\d+)", "skipped"),
]


def main(paths):
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for path in paths:
        for line in open(path, encoding="utf-8", errors="replace"):
            for pattern, kind in COUNTS:
                match = re.match(pattern, line)
                if match:
                    total[kind] += int(match.group(1))
            if line.startswith("check: "):
                total["passed" if line.startswith("check: ok") else "failed"] += 1
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**total))
    return 1 if total["failed"] or not total["passed"] else 0


sys.exit(main(sys.argv[1:]))
