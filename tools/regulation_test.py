#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
import tempfile
import unittest
from pathlib import Path

import regulation


class Regulation(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "clauses.txt")
            path.write_text(text, encoding="utf-8")
            return regulation.read(path)

    def refused(self, text):
        with self.assertRaises(SystemExit) as raised:
            self.read(text)
        return str(raised.exception)

    def test_a_clause_hangs_below_the_one_whose_id_begins_its_own(self):
        parents = {"V": "", "V1": "V", "C2.10": "C2", "V6.1.2.1": "V6.1.2"}
        self.assertEqual({one: regulation.parent_of(one) for one in parents}, parents)

    def test_a_clause_has_its_title_and_the_text_below_it(self):
        self.assertEqual(self.read("# so\nV | 监控 | Watch\n    文 | Text\n\nV1 | 目的 | Purpose\n"),
                         [["V", ("监控", "Watch"), ("文", "Text")], ["V1", ("目的", "Purpose"), ("", "")]])

    def test_what_is_wrong_is_named_with_its_line(self):
        self.assertIn("clauses.txt:2:", self.refused("V | 监控 | Watch\nV | 监控 | Watch\n"))
        self.assertIn("clauses.txt:2:", self.refused("V | 监控 | Watch\nV5.1 | 一般 | General\n"))
        self.assertIn("clauses.txt:1:", self.refused("V | 监控\n"))
        self.assertIn("clauses.txt:1:", self.refused("    文 | Text\n"))


if __name__ == "__main__":
    unittest.main()
