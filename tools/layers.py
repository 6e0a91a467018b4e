#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks who may include whom (docs/style.md, rule 2): base < store, sheets, paper, web < jobs < app < main,
slices only those listed before them in app/meson.build; rules (app/*/x.c) never the web, pages
(app/*/*_web.c) never SQL; base no input or output."""
import re
import sys
from pathlib import Path

MAY = {
    "base": {"base"},
    "store": {"base", "store"},
    "sheets": {"base", "sheets"},
    "paper": {"base", "paper"},
    "web": {"base", "web"},
    "jobs": {"base", "store", "jobs"},
    "app": {"base", "store", "sheets", "paper", "web", "jobs", "app"},
    "ship": {"ship"},
    "main": {"base", "store", "sheets", "paper", "web", "jobs", "app", "main"},
}
# Headers of the system that do input or output, which base leaves to others.
NO_IO = {"sys/socket.h", "netinet/in.h", "fcntl.h", "sqlite3.h", "libpq-fe.h", "microhttpd.h", "dirent.h"}


def slices(root):
    text = (root / "app/meson.build").read_text(encoding="utf-8")
    return re.findall(r"'(\w+)'", re.search(r"slices = \[(.*?)\]", text, re.S).group(1))


def is_web(path):
    return path.stem.endswith(("_web", "_page", "_form")) or path.name == "record_web.h"


def is_test(path):
    return path.stem.endswith("_test") or path.stem.startswith("test_")


def faults(path, root, order):
    parts = path.relative_to(root).parts
    layer = parts[0]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r'#include (["<])([^">]+)[">]', line)
        if not match:
            continue
        target = match.group(2)
        place = f"{path.relative_to(root)}:{number}"
        if match.group(1) == "<":
            if layer == "base" and target in NO_IO:
                yield f"{place}: base does no input or output ({target})"
            continue
        other = target.split("/")[0]
        if other not in MAY.get(layer, MAY["main"]) and other in MAY:
            yield f"{place}: {layer} may not use {target}"
        if layer != "app":
            continue
        if other == "web" and not is_web(path):
            yield f"{place}: rules do not know the web ({target})"
        if is_web(path) and target.endswith(".sql.h"):
            yield f"{place}: pages contain no SQL ({target})"
        mine = parts[1]
        theirs = target.split("/")[1] if other == "app" else mine
        if theirs in order and mine in order and order.index(theirs) > order.index(mine):
            yield f"{place}: {mine} comes before {theirs} in app/meson.build"


def main():
    root = Path(__file__).resolve().parent.parent
    order = slices(root)
    found = []
    for layer in MAY:
        for path in sorted((root / layer).rglob("*.[ch]")):
            if not is_test(path):
                found += faults(path, root, order)
    for fault in found:
        print(fault)
    return 1 if found else 0


sys.exit(main())
