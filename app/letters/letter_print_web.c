/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A letter on paper, with what proves it, and checked by whoever holds the paper. */
#include "app/letters/letter_web.h"

#include "app/records/export_log.h"
#include "app/records/paper_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"
#include "base/hash.h"
#include "web/stream.h"

#include <string.h>

/* ---- as PDF ---- */

struct printing {
    struct request *rq;
    struct letter letter;
    const struct letter_type *type;
    void *lines;
    size_t line_count;
    struct signature *signatures;
    size_t signature_count;
};

static const char *sender_name(const struct letter *letter)
{
    return letter->from_side == SIDE_CLIENT ? letter->client_name : letter->provider_name;
}

static const char *receiver_name(const struct letter *letter)
{
    return letter->from_side == SIDE_CLIENT ? letter->provider_name : letter->client_name;
}

static void compose_body(struct paper *paper, struct request *rq, const char *body)
{
    while (*body) {
        size_t len = strcspn(body, "\r\n");
        if (len)
            paper_text(paper, arena_copy(rq->cx.mem, body, len));
        body += len + strspn(body + len, "\r\n");
    }
}

static void compose_lines(struct paper *paper, const struct printing *printing)
{
    struct request *rq = printing->rq;
    struct resource resource = lines_resource(printing->type);
    resource.fields = lines_said(rq->cx.mem, printing->type, printing->lines, printing->line_count);
    struct paper_column *columns = ARENA_ARRAY(rq->cx.mem, struct paper_column, PAPER_COLUMNS);
    size_t width = 0;
    columns[width++] = (struct paper_column){word(rq, "letters.row_number"), 1, PAPER_CENTRE};
    for (const struct field *field = resource.fields; field->name && width < PAPER_COLUMNS; field++)
        columns[width++] = (struct paper_column){field_label(rq, &resource, field), 3, PAPER_LEFT};
    paper_table_begin(paper, columns, width);
    for (size_t i = 0; i < printing->line_count; i++) {
        const char *cells[PAPER_COLUMNS] = {arena_printf(rq->cx.mem, "%zu", i + 1)};
        for (size_t at = 1; at < width; at++)
            cells[at] = line_words(rq, &resource, &resource.fields[at - 1],
                                   (const char *)printing->lines + i * resource.size);
        paper_row(paper, cells);
    }
    paper_table_end(paper);
}

static void compose_attachments(struct paper *paper, struct request *rq, const char *attachments)
{
    enum { NAMES_MOST = 200, NAME_AT = 66 }; /* behind the SHA-256 and two spaces */
    const char **names = ARENA_ARRAY(rq->cx.mem, const char *, NAMES_MOST);
    size_t count = 0;
    while (*attachments && count < NAMES_MOST) {
        const size_t len = strcspn(attachments, "\n");
        names[count++] = arena_copy(rq->cx.mem, attachments + NAME_AT, len - NAME_AT);
        attachments += len + (attachments[len] == '\n');
    }
    if (count)
        paper_attachments(paper, names, count);
}

static void compose_signatures(struct paper *paper, const struct printing *printing)
{
    struct request *rq = printing->rq;
    struct paper_signature *shown =
        ARENA_ARRAY(rq->cx.mem, struct paper_signature, printing->signature_count);
    size_t count = 0;
    for (size_t i = 0; i < printing->signature_count; i++) {
        const struct signature *signature = &printing->signatures[i];
        if (signature->valid)
            shown[count++] =
                (struct paper_signature){sender_name(&printing->letter), signature->person_name,
                                         signature->signed_at, signature->sha256};
    }
    if (count)
        paper_signatures(paper, shown, count);
}

/* What the other side did about it, below the letter itself. */
static void compose_outcome(struct paper *paper, const struct printing *printing)
{
    struct request *rq = printing->rq;
    const struct letter *letter = &printing->letter;
    if (!letter->decided_at.ms)
        return;
    const struct paper_fact facts[] = {
        {word(rq, "letters.state"), letter_state_words(&rq->cx, letter), false},
        {word(rq, "letters.decided_by"),
         *letter->decided_for
             ? arena_printf(rq->cx.mem, "%s%s%s%s", letter->decided_by, word(rq, "letters.for"),
                            letter->decided_for, word(rq, "letters.for_end"))
             : letter->decided_by,
         false},
        {word(rq, "letters.reason"), letter->reason, true},
        {word(rq, "letters.answer"), letter->answer, true},
    };
    paper_facts(paper, facts, sizeof facts / sizeof facts[0] - (*letter->answer ? 0 : 1));
}

static enum result compose(struct paper *paper, void *host)
{
    const struct printing *printing = host;
    struct request *rq = printing->rq;
    const struct letter *letter = &printing->letter;
    paper_letterhead(paper, sender_name(letter));
    paper_number(paper, letter_is_open(letter) ? word(rq, "letters.state.draft") : letter->number);
    paper_title(paper, letter->subject);
    paper_addressee(
        paper, arena_printf(rq->cx.mem, "%s%s", receiver_name(letter), word(rq, "letters.colon")));
    compose_body(paper, rq, letter->body);
    if (printing->line_count)
        compose_lines(paper, printing);
    compose_attachments(paper, rq, letter->attachments);
    paper_closing(paper, sender_name(letter), instant_date(letter->sent_at, SHANGHAI_OFFSET_MIN));
    paper_note(paper, arena_printf(rq->cx.mem, "%s %s　%s", word(rq, "letters.contract_id"),
                                   letter->contract_number, letter->contract_name));
    compose_outcome(paper, printing);
    compose_signatures(paper, printing);
    return OK;
}

/* Where the reader of the paper finds the check; NULL for what may still change. */
static const char *check_url(struct request *rq, const struct letter *letter)
{
    const char *host = header_text(rq, "Host");
    if (!*host || letter_is_open(letter))
        return NULL;
    return arena_printf(rq->cx.mem, "%s://%s/check/%s?sha256=%s", rq->secure ? "https" : "http",
                        host, letter->code, letter->sha256);
}

enum result letter_print_get(struct request *rq)
{
    struct printing *printing = ARENA_NEW(rq->cx.mem, struct printing);
    printing->rq = rq;
    struct letter *letter = &printing->letter;
    TRY(record_of_path(rq, &LETTERS, letter));
    printing->type = letter_type_find(letter->type);
    TRY(letter_lines(&rq->cx, letter, &printing->lines, &printing->line_count));
    TRY(signatures_list(&rq->cx, &LETTERS, letter->id, &printing->signatures,
                        &printing->signature_count));
    TRY(export_note(&rq->cx, EXPORT_PRINT, &LETTERS, letter, NULL, ""));
    const char *url = check_url(rq, letter);
    return reply_paper(rq,
                       (struct paper_head){.title = letter->subject,
                                           .form = PAPER_LETTER,
                                           .check_code = url ? letter->code : NULL,
                                           .check_url = url},
                       *letter->number ? letter->number : letter->subject, compose, printing);
}

/* ---- with what proves it ---- */

static enum result evidence_write(struct request *rq, FILE *file, void *host)
{
    return letter_evidence(&rq->cx, host, file);
}

enum result letter_evidence_get(struct request *rq)
{
    struct letter *letter = ARENA_NEW(rq->cx.mem, struct letter);
    TRY(record_of_path(rq, &LETTERS, letter));
    TRY(export_note(&rq->cx, EXPORT_FILE, &LETTERS, letter, NULL, ""));
    return reply_written(
        rq, evidence_write, letter, "application/zip",
        arena_printf(rq->cx.mem, "%s.zip", *letter->number ? letter->number : letter->subject));
}

/* ---- the check of a printed one ---- */

static enum result put_checked(struct request *rq, const char *sha256)
{
    static const char *const MATCHES[] = {
        [MATCH_NONE] = "none", [MATCH_TEXT] = "text", [MATCH_ATTACHMENT] = "attachment"};
    struct letter_checked *letter = ARENA_NEW(rq->cx.mem, struct letter_checked);
    TRY(letter_by_code(&rq->cx, path_text(rq, "code"), letter));
    doc_root(rq->doc, LETTER_CHECKED_FIELDS, letter);
    char public_key[2 * sizeof rq->cx.keys->sign_public + 1];
    hex_text(rq->cx.keys->sign_public, sizeof rq->cx.keys->sign_public, public_key);
    doc_text(rq->doc, "public_key", arena_dup(rq->cx.mem, public_key));
    doc_text(rq->doc, "match", *sha256 ? MATCHES[letter_match(letter, sha256)] : "");
    rq->doc->page_only = true;
    doc_text(rq->doc, "code", path_text(rq, "code"));
    doc_text(rq->doc, "asked", sha256);
    rq->doc->page_only = false;
    return OK;
}

enum result letter_check_get(struct request *rq)
{
    return put_checked(rq, query_text(rq, "sha256"));
}

enum result letter_check_post(struct request *rq)
{
    return put_checked(rq, input_text(rq, "sha256"));
}

/* Where the code on the paper is typed in: ?code= leads to what it proves. */
enum result letter_check_ask(struct request *rq)
{
    const char *code = text_plain(rq->cx.mem, query_text(rq, "code"));
    struct letter_checked letter;
    struct text place = text_new(rq->cx.mem, 64);
    if (!*code)
        return OK;
    const enum result found = letter_by_code(&rq->cx, code, &letter);
    if (found == NOT_FOUND) {
        rq->cx.fault = (struct fault){0};
        doc_text(rq->doc, "unknown", code);
        return OK;
    }
    TRY(found);
    text_puts(&place, "/check/");
    text_url(&place, code, strlen(code));
    return moved(rq, NULL, "%s", text_end(&place));
}
