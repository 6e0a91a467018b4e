#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
import tempfile
import unittest
from pathlib import Path

import sqlgen

GOOD = """-- q_thing_get ($1 id) -> one thing; "quoted"
SELECT name, 'a;b?::' AS "odd;name" -- a remark with $9 ; in it
  FROM things
 WHERE id = $1 OR owner_id = $1;

-- q_now ($1 id)
-- @sqlite
SELECT 1 WHERE $1 = 1
-- @postgres
SELECT 2 WHERE $1 = 1
-- @end
;
"""


class Sqlgen(unittest.TestCase):
    def header(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "thing-list.sql"
            path.write_text(text, encoding="utf-8")
            return sqlgen.header(path)

    def test_statements_become_constants_without_their_comments(self):
        made = self.header(GOOD)
        self.assertIn("static const struct query q_thing_get ", made)
        self.assertIn('thing-list.sql:1 ($1 id) -> one thing; "quoted" */', made)
        self.assertIn("'a;b?::' AS \\\"odd;name\\\"", made)
        self.assertNotIn("a remark", made)
        self.assertIn("ALL_THING_LIST_QUERIES[]", made)

    def test_each_engine_gets_its_own_block(self):
        made = self.header(GOOD)
        self.assertEqual(made.count("SELECT 1 WHERE"), 1)
        self.assertLess(made.index("SELECT 1 WHERE"), made.index("SELECT 2 WHERE"))

    def test_traps_are_refused_with_their_line(self):
        cases = {
            "SELECT $1::text;": "::",
            "SELECT ?;": r"\?",
            "SELECT 1": "does not end",
            "SELECT 1; SELECT 2;": "follows",
            "SELECT $1, $3;": "gaps",
            "SELECT $0;": "gaps",
            ";": "empty",
            "SELECT 1;\n-- q_x\nSELECT 1;": "twice",
            "-- @oracle\nSELECT 1;": "oracle",
            "-- @sqlite\nSELECT 1;": "@end",
            "-- @sqlite\nSELECT $1\n-- @postgres\nSELECT 1\n-- @end\n;": "different",
        }
        for sql, words in cases.items():
            with self.subTest(sql):
                with self.assertRaisesRegex(sqlgen.Refused, rf"^\d+: .*{words}"):
                    self.header("-- q_x\n" + sql + "\n")

    def test_sql_without_a_name_is_refused(self):
        with self.assertRaisesRegex(sqlgen.Refused, "before the first"):
            self.header("SELECT 1;")


if __name__ == "__main__":
    unittest.main()
