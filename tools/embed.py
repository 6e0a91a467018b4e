#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts the pages and what browsers load into the program.

    embed.py OUT.c ASSETS.json PAGE.html...

ASSETS.json is what tools/assets.mjs wrote; its files lie beside it and are taken in by the assembler
(.incbin), which compiles at once at any size. In pages, @asset(luyue.css) becomes the asset's address
and @icon(name) the drawing; the white space that only indents is left out.
"""
import json
import re
import sys
from pathlib import Path

HEAD = '/* Made by tools/embed.py. */\n#include "main/generated.h"\n\n'


def c_string(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", '\\n"\n        "')
    return f'"{escaped}"'.removesuffix('\n        ""')


def page_text(path, addresses):
    def asset(match):
        if match[1] not in addresses:
            raise SystemExit(f"{path}: there is no asset {match[1]}")
        return addresses[match[1]]

    text = path.read_text(encoding="utf-8")
    text = re.sub(
        r"@icon\(([^)]+)\)",
        r'<svg class="ti" aria-hidden="true"><use href="@asset(icons.svg)#ti-\1"/></svg>',
        text,
    )
    text = re.sub(r"@asset\(([^)]+)\)", asset, text)
    return re.sub(r"^[ \t]+", "", text, flags=re.MULTILINE)


def pages_c(paths, addresses):
    pages = {}
    for path in paths:
        if path.stem in pages:
            raise SystemExit(f"{path}: there is already a page {path.stem}")
        pages[path.stem] = page_text(path, addresses)
    lines = [f"    {{{c_string(name)},\n        {c_string(text)}}},\n" for name, text in sorted(pages.items())]
    return (
        "const struct web_page PAGES[] = {\n" + "".join(lines) + "};\n"
        f"const size_t PAGE_COUNT = {len(pages)};\n\n"
    )


def incbin(symbol, file):
    return (
        f'__asm__(".section .rodata\\n.balign 16\\n{symbol}: .incbin \\"{file}\\"\\n.byte 0\\n.previous");\n'
        f"extern const unsigned char {symbol}[];\n"
    )


def assets_c(assets, folder):
    blobs, entries = [], []
    for index, asset in enumerate(assets):
        bytes_of, len_of = {}, {}
        for form in ("file", "br", "gz"):
            if asset[form]:
                bytes_of[form] = f"asset_{index}_{form}"
                file = (folder / asset[form]).resolve()
                len_of[form] = file.stat().st_size
                blobs.append(incbin(bytes_of[form], file))
        entries.append(
            f'    {{"{asset["path"]}", "{asset["type"]}", '
            + ", ".join(bytes_of.get(form, "NULL") for form in ("file", "br", "gz"))
            + ", "
            + ", ".join(str(len_of.get(form, 0)) for form in ("file", "br", "gz"))
            + "},\n"
        )
    return (
        "".join(blobs) + "\nconst struct web_asset ASSETS[] = {\n" + "".join(entries) + "};\n"
        f"const size_t ASSET_COUNT = {len(assets)};\n"
    )


def main():
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    out, listing, *pages = (Path(arg) for arg in sys.argv[1:])
    assets = json.loads(listing.read_text(encoding="utf-8"))
    addresses = {asset["name"]: asset["path"] for asset in assets}
    out.write_text(HEAD + pages_c(pages, addresses) + assets_c(assets, listing.parent), encoding="utf-8")


if __name__ == "__main__":
    main()
