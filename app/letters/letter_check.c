/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whoever holds a printed letter can check it by its code, without an account. */
#include "app/letters/letter.h"

#include "app/letters/letter.sql.h"
#include "app/records/patience.h"
#include "base/hash.h"

#include <string.h>

const struct field LETTER_CHECKED_FIELDS[] = {
    FIELD(letter_checked, type),
    FIELD(letter_checked, number),
    FIELD(letter_checked, client_name),
    FIELD(letter_checked, provider_name),
    FIELD_ENUM(letter_checked, from_side, SIDES),
    FIELD(letter_checked, sent_at),
    FIELD(letter_checked, answered_at),
    FIELD(letter_checked, sha256),
    FIELD(letter_checked, current),
    FIELD(letter_checked, attachments, .use = HIDDEN),
    FIELDS_END,
};

/* ---- nobody tries codes by the thousand ---- */

#define MINUTE_MS 60000
#define CHECKS_A_MINUTE 30

/* Of those who have no account. */
static enum result demand_patience(struct ctx *cx)
{
    static struct patience patience = PATIENCE(MINUTE_MS, CHECKS_A_MINUTE);
    return cx->actor || patience_has(&patience, cx, "")
               ? OK
               : fail(cx, TOO_MANY, "letter.too_many_checks", text_count(cx->mem, CHECKS_A_MINUTE));
}

/* The sign of a code that was meant: in small letters, O for 0. */
static char sign_of(char typed)
{
    const char sign = (char)(typed >= 'a' && typed <= 'z' ? typed - 'a' + 'A' : typed);
    return (char)(sign == 'O' ? '0' : sign == 'I' || sign == 'L' ? '1' : sign);
}

/* As it is printed, however it was typed. */
static const char *code_of(struct ctx *cx, const char *typed)
{
    enum { LENGTH = 12 };
    char code[LENGTH];
    size_t len = 0;
    for (const char *at = text_plain(cx->mem, typed); *at; at++) {
        if (*at == '-' || *at == ' ')
            continue;
        if (len == LENGTH)
            return typed;
        code[len++] = sign_of(*at);
    }
    return len == LENGTH ? arena_printf(cx->mem, "%.4s-%.4s-%.4s", code, code + 4, code + 8)
                         : typed;
}

enum result letter_by_code(struct ctx *cx, const char *code, struct letter_checked *out)
{
    *out = (struct letter_checked){.type = ""};
    TRY(demand_patience(cx));
    enum result result =
        db_one(cx, &q_letter_by_code, PARAMS(P(code_of(cx, code))), LETTER_CHECKED_FIELDS, out);
    return result == NOT_FOUND ? fail(cx, NOT_FOUND, "letter.no_such_code") : result;
}

enum letter_match letter_match(const struct letter_checked *letter, const char *sha256)
{
    if (strlen(sha256) != SHA256_HEX - 1)
        return MATCH_NONE;
    if (strcmp(sha256, letter->sha256) == 0)
        return MATCH_TEXT;
    for (const char *line = letter->attachments; *line; line += strcspn(line, "\n") + 1)
        if (strncmp(line, sha256, SHA256_HEX - 1) == 0)
            return MATCH_ATTACHMENT;
    return MATCH_NONE;
}
