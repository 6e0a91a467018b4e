#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import clauses


WORDS = "V | 监控 | Supervision\nV5 | 要求 | Rules\nV5.1 | 一般 | General\nV5.1.2 | 交底 | Briefing\n"
KEPT = "test('V5.1.2 both sign', () => {\n  assert.ok(f());\n});\n"


class Clauses(unittest.TestCase):
    def said(self, story, code='{.clause = "V5.1.2"}', listed="V5.1.2", words=WORDS):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("app/x/x.c", code), ("tests/stories/x.test.js", story), ("tools/clauses.txt", listed),
                               ("app/regulation/clauses.txt", words)):
                path = Path(folder, name)
                path.parent.mkdir(parents=True)
                path.write_text(text, encoding="utf-8")
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                status = clauses.main(Path(folder))
            return status, out.getvalue()

    def test_a_clause_with_a_test_that_asserts_is_carried_out(self):
        status, text = self.said("test('V5.1.2 both sign', async () => {\n  assert.equal(1, await f());\n});\n")
        self.assertEqual((status, text), (0, "V5.1.2   app/x/x.c <- x.test.js\n"))

    def test_a_clause_without_a_test_is_missing(self):
        status, text = self.said("test('V5.1 both sign', () => {\n  assert.ok(f());\n});\n")
        self.assertEqual(status, 1)
        self.assertIn("NO TEST", text)

    def test_a_test_that_asserts_nothing_does_not_count(self):
        for body in ("", "  await f();\n", "  // assert.ok(f());\n", "  /* assert(f()) */\n", "  assert.ok(true);\n",
                     "  assert(1, 'so');\n"):
            status, text = self.said(f"test('V5.1.2 both sign', async () => {{\n{body}}});\n")
            self.assertEqual(status, 1, body)
            self.assertIn("x.test.js: a test of V5.1.2 asserts nothing", text)

    def test_the_next_tests_assertions_are_its_own(self):
        status, _ = self.said("test('V5.1.2 a', () => {\n});\n\ntest('another', () => {\n  assert.ok(f());\n});\n")
        self.assertEqual(status, 1)

    def test_the_living_regulation_has_the_clauses_that_are_listed_and_no_others(self):
        self.assertEqual(self.said(KEPT)[0], 0)
        status, text = self.said(KEPT, listed="V5.1.2 # both\nV5.1.3")
        self.assertEqual(status, 1)
        self.assertIn("V5.1.3: app/regulation/clauses.txt lacks it", text)
        status, text = self.said(KEPT, words=WORDS + "V5.1.9 | 新 | New\n")
        self.assertEqual(status, 1)
        self.assertIn("V5.1.9: tools/clauses.txt lacks it", text)

    def test_code_carries_no_clause_that_there_is_not(self):
        status, text = self.said(KEPT.replace("V5.1.2", "V9"), code='{.clause = "V9"}')
        self.assertEqual(status, 1)
        self.assertIn("V9: app/x/x.c carries it, but it is no clause", text)

    def test_a_test_that_is_left_out_does_not_count(self):
        status, _ = self.said("test('V5.1.2 a', { skip: true }, () => {\n  assert.ok(f());\n});\n")
        self.assertEqual(status, 1)


if __name__ == "__main__":
    unittest.main()
