#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
import tempfile
import unittest
from pathlib import Path

import embed

ADDRESSES = {"icons.svg": "/assets/icons.0a1b2c3d.svg", "luyue.css": "/assets/luyue.4e5f6071.css"}


class Embed(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)

    def page(self, text, name="page.html"):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def test_assets_and_icons_become_their_addresses(self):
        self.assertEqual(embed.page_text(self.page("@asset(luyue.css)"), ADDRESSES), "/assets/luyue.4e5f6071.css")
        self.assertIn('href="/assets/icons.0a1b2c3d.svg#ti-{{.icon}}"', embed.page_text(self.page("@icon({{.icon}})"), ADDRESSES))

    def test_an_unknown_asset_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "there is no asset lost.css"):
            embed.page_text(self.page("@asset(lost.css)"), ADDRESSES)

    def test_white_space_that_only_indents_is_left_out(self):
        self.assertEqual(embed.page_text(self.page("<p>\n  a  b\n</p>\n"), ADDRESSES), "<p>\na  b\n</p>\n")

    def test_two_pages_of_one_name_are_refused(self):
        pages = [self.page("1"), self.page("2", "other/page.html")]
        with self.assertRaisesRegex(SystemExit, "there is already a page page"):
            embed.pages_c(pages, ADDRESSES)

    def test_text_survives_as_a_c_string(self):
        self.assertEqual(embed.c_string('a"b\\c\nd'), '"a\\"b\\\\c\\n"\n        "d"')


if __name__ == "__main__":
    unittest.main()
