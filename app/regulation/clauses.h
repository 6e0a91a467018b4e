/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of the regulation, as clauses.txt has them (made by tools/regulation.py). */
#ifndef REGULATION_CLAUSES_H
#define REGULATION_CLAUSES_H

#include "base/ctx.h"

struct clause_words {
    const char *id, *parent; /* "V5.1.2", "V5.1"; a part ("V") has none: "" */
    const char *title[LANG_COUNT], *text[LANG_COUNT];
};
extern const struct clause_words CLAUSES[]; /* a clause comes after the one that it hangs below */
extern const size_t CLAUSE_COUNT;
extern const char *const CLAUSE_IDS[]; /* NULL-terminated: the choices of a field */
/* NULL when there is none of this id. */
const struct clause_words *clause_words_of(const char *id);

#endif
