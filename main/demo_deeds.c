/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo_deeds.h"

#include "app/access/account.h"
#include "app/access/session.h"
#include "app/documents/documents.h"
#include "app/letters/letter.h"

#include <string.h>

enum result demo_become(struct ctx *cx, const char *name, struct actor *out)
{
    struct account account;
    struct identity identity;
    TRY(account_secrets(cx, name, &account));
    TRY(identity_of_account(cx, account.id, &identity));
    identity_actor(cx->mem, &identity, out);
    return OK;
}

enum result demo_attach(struct ctx *cx, const struct resource *subject, int64_t id,
                        const char *name, const char *text)
{
    struct upload upload = {
        .name = name,
        .bytes = text,
        .len = strlen(text),
        .subject = subject->name,
        .subject_id = id,
        .retention = RETENTION_LONG,
    };
    struct document document;
    TRY(document_prepare(cx, &upload));
    return document_add(cx, &upload, &document);
}

void demo_line(struct ctx *cx, const struct letter_type *type, const char *text, void *line)
{
    struct field_reading reading = {.arena = cx->mem};
    fields_blank(type->line_fields, line);
    while (*text) {
        const size_t name = strcspn(text, "="), all = strcspn(text, ";");
        const struct field *field = field_find(type->line_fields, text, name);
        (void)field_read(field, arena_copy(cx->mem, text + name + 1, all - name - 1), &reading,
                         line);
        text += all + (text[all] == ';');
    }
}

enum result demo_send(struct ctx *cx, int64_t letter_id)
{
    struct letter letter;
    const char *digest;
    TRY(record_get(cx, &LETTERS, letter_id, &letter));
    TRY(letter_digest(cx, &letter, &digest));
    return letter_send(cx, &letter, digest);
}

enum result demo_step(struct ctx *cx, int64_t letter_id, const char *action, const char *words)
{
    struct letter letter;
    TRY(record_get(cx, &LETTERS, letter_id, &letter));
    return letter_step(cx, &letter, action, words);
}
