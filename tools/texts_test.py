#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
import tempfile
import unittest
from pathlib import Path

import texts


class Texts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def refused(self, text):
        with self.assertRaises(SystemExit) as raised:
            texts.read([self.put("texts.txt", text)])
        return str(raised.exception)

    def test_the_table_is_sorted_by_the_bytes_of_its_keys(self):
        entries = texts.read([self.put("a.txt", "b | 乙 | B\na_c | 丙 | C\n"), self.put("b.txt", "# x\na.z | 甲 | \"A\"\n")])
        out = self.root / "out.c"
        texts.write(out, entries)
        made = out.read_text(encoding="utf-8")
        self.assertIn('{"a.z", {"甲", "\\"A\\""}},\n    {"a_c", {"丙", "C"}},\n    {"b", {"乙", "B"}},', made)
        self.assertIn("TEXT_COUNT = 3;", made)

    def test_one_space_beside_a_bar_is_not_part_of_the_words(self):
        entries = texts.read([self.put("texts.txt", "list.comma | 、 | , \n")])
        self.assertEqual(entries["list.comma"][:2], ("、", ", "))

    def test_what_is_wrong_is_named_with_its_line(self):
        self.assertIn("texts.txt:2: a stands already at", self.refused("a | 甲 | A\na | 乙 | B\n"))
        self.assertIn("texts.txt:1: a lacks a language", self.refused("a | 甲 | \n"))
        self.assertIn("texts.txt:1: the placeholders of a differ", self.refused("a | {0} 份 | some\n"))
        self.assertIn("fault.field.too_long does not say", self.refused("fault.field.too_long | 太长 | Too long\n"))
        self.assertIn("texts.txt:1: not `key", self.refused("a = 甲\n"))

    def test_every_key_that_is_used_needs_its_words(self):
        self.put("app/x/x.c", '/* fail(cx, INVALID, "in.comment") */\n'
                 'return fail(cx, CONFLICT,\n    "x.not_draft", number);\nreject(cx, "ends_on", "before");\n')
        self.put("app/x/pages/x.html", "<h1>{{:x.title}}</h1>")
        known = {"fault.field.before": ()}
        with self.assertRaises(SystemExit) as raised:
            texts.check(self.root, known)
        self.assertEqual(
            str(raised.exception),
            "app/x/pages/x.html:1: no words for x.title\napp/x/x.c:2: no words for fault.x.not_draft",
        )
        texts.check(self.root, {**known, "x.title": (), "fault.x.not_draft": ()})


if __name__ == "__main__":
    unittest.main()
