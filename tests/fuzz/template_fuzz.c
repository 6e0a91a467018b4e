/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any text as a page: compiled or refused with words, and what compiles is rendered. */
#include "base/texts.h"
#include "web/template.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct row {
    int64_t id;
    const char *name;
    struct money price_fen;
};
static const struct field ROW_FIELDS[] = {
    FIELD(row, id),
    FIELD(row, name),
    FIELD(row, price_fen),
    FIELDS_END,
};
static const struct row ROWS[] = {{1, "<a>", {.fen = 100}}, {2, "", {.fen = 0}}};

static const char *source(const void *host, const char *name)
{
    return strcmp(name, "part") == 0 ? "({{name}})" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct text_entry WORDS[] = {{"word", {"词", "word"}}};
    struct arena *arena = arena_new();
    const char *error = NULL;
    const char *text = arena_copy(arena, (const char *)bytes, len);
    struct doc *doc = doc_new(arena), *inner = doc_new(arena);
    texts_use(WORDS, 1);
    doc_text(inner, "name", "inner");
    doc_root(doc, ROW_FIELDS, &ROWS[0]);
    doc_records(doc, "items", ROW_FIELDS, ROWS, 2, sizeof ROWS[0]);
    doc_doc(doc, "a", inner);
    doc_flag(doc, "yes", true);
    if (utf8_valid(text, len) && !memchr(text, '\0', len)) {
        struct template *page =
            template_compile(arena, "fuzz", text, LANG_ZH, source, NULL, &error);
        struct text out = text_new(arena, 256);
        if (page)
            template_render(page, doc, &out);
        else if (!error)
            abort(); /* refused without words */
    }
    arena_free(arena);
    return 0;
}
