/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A statement on paper, with the amount in Chinese capitals, and as a workbook: the same lines and
 * the same sums. */
#include "app/settlement/settlement_web.h"

#include "app/records/export_log.h"
#include "app/records/paper_web.h"
#include "app/records/record_page.h"
#include "app/settlement/capitals.h"
#include "app/signatures/signature.h"
#include "web/stream.h"

#include <string.h>

struct printing {
    struct request *rq;
    struct settlement settlement;
    struct settlement_line *lines;
    const char **words; /* of each line */
    size_t count;
    struct signature *signatures;
    size_t signature_count;
};

static enum result printing_begin(struct request *rq, struct printing **out)
{
    struct printing *printing = *out = ARENA_NEW(rq->cx.mem, struct printing);
    struct settlement stored;
    printing->rq = rq;
    TRY(record_of_path(rq, &SETTLEMENTS, &stored));
    TRY(settlement_now(&rq->cx, &stored, &printing->settlement));
    TRY(settlement_lines(&rq->cx, &stored, &printing->lines, &printing->count));
    printing->words = ARENA_ARRAY(rq->cx.mem, const char *, printing->count + 1);
    for (size_t i = 0; i < printing->count; i++)
        TRY(settlement_line_words(&rq->cx, &printing->lines[i], rq->cx.lang, &printing->words[i]));
    TRY(signatures_list(&rq->cx, &SETTLEMENTS, stored.id, &printing->signatures,
                        &printing->signature_count));
    return export_note(&rq->cx, EXPORT_PRINT, &SETTLEMENTS, &stored, NULL, "");
}

static const char *yuan(struct request *rq, struct money money, bool grouped)
{
    char text[MONEY_MAX_TEXT];
    money_format(money, grouped, text);
    return arena_dup(rq->cx.mem, text);
}

static struct money taken_off(struct money money)
{
    return (struct money){-money.fen};
}

static const char *points_words(struct request *rq, struct points points)
{
    char text[POINTS_MAX_TEXT];
    points_format(points, text);
    return points.hundredths ? arena_dup(rq->cx.mem, text) : "";
}

/* The rows of both: the fee, what is taken off and given back, what is kept, and what is paid. */
struct row_of_statement {
    const char *name, *term, *words, *points, *evidence;
    struct money amount;
};

static struct row_of_statement line_row(const struct printing *printing, size_t at)
{
    const struct settlement_line *line = &printing->lines[at];
    struct request *rq = printing->rq;
    return (struct row_of_statement){
        settlement_line_name(rq, line), line->term,     printing->words[at],
        points_words(rq, line->points), line->evidence, taken_off(line->amount_fen)};
}

static struct row_of_statement own_row(const struct printing *printing, const char *field,
                                       struct money amount)
{
    const char *name =
        word(printing->rq, arena_printf(printing->rq->cx.mem, "settlements.%s", field));
    return (struct row_of_statement){name, "", "", "", "", amount};
}

typedef enum result (*row_put)(void *to, const struct printing *printing,
                               const struct row_of_statement *row);

static enum result each_row(const struct printing *printing, row_put put, void *to)
{
    const struct settlement *settlement = &printing->settlement;
    struct row_of_statement row = own_row(printing, "fee_fen", settlement->fee_fen);
    TRY(put(to, printing, &row));
    for (size_t i = 0; i < printing->count; i++) {
        row = line_row(printing, i);
        TRY(put(to, printing, &row));
    }
    if (settlement->retained_fen.fen) {
        row = own_row(printing, "retained_fen", taken_off(settlement->retained_fen));
        TRY(put(to, printing, &row));
    }
    row = own_row(printing, "payable_fen", settlement->payable_fen);
    return put(to, printing, &row);
}

/* ---- paper ---- */

static struct paper_fact fact(struct request *rq, const char *name, const void *settlement)
{
    const struct field *field = field_find(SETTLEMENTS.fields, name, strlen(name));
    return (struct paper_fact){field_label(rq, &SETTLEMENTS, field),
                               field_words(rq, &SETTLEMENTS, field, settlement), false};
}

static enum result paper_put(void *to, const struct printing *printing,
                             const struct row_of_statement *row)
{
    paper_row(to, (const char *const[]){row->name, row->term, row->words, row->points,
                                        yuan(printing->rq, row->amount, true)});
    return OK;
}

static void compose_signatures(struct paper *paper, const struct printing *printing)
{
    struct paper_signature shown[4];
    size_t count = 0;
    for (size_t i = 0; i < printing->signature_count && count < 4; i++) {
        const struct signature *signature = &printing->signatures[i];
        if (signature->valid)
            shown[count++] = (struct paper_signature){
                word(printing->rq,
                     arena_printf(printing->rq->cx.mem, "settlements.party.%s", signature->party)),
                signature->person_name, signature->signed_at, signature->sha256};
    }
    if (count)
        paper_signatures(paper, shown, count);
}

static enum result compose(struct paper *paper, void *host)
{
    static const char *const FACTS[] = {"contract_number", "month", "client_name",
                                        "provider_name",   "grade", "state"};
    const struct printing *printing = host;
    struct request *rq = printing->rq;
    const struct settlement *settlement = &printing->settlement;
    const struct paper_column columns[] = {
        {word(rq, "settlements.line.name"), 24, PAPER_LEFT},
        {word(rq, "settlement_lines.term"), 10, PAPER_LEFT},
        {word(rq, "settlement_lines.words"), 54, PAPER_LEFT},
        {word(rq, "settlement_lines.points"), 11, PAPER_RIGHT},
        {word(rq, "settlement_lines.amount_fen"), 21, PAPER_RIGHT},
    };
    struct paper_fact facts[6];
    for (size_t i = 0; i < 6; i++)
        facts[i] = fact(rq, FACTS[i], settlement);
    paper_title(paper, arena_printf(rq->cx.mem, "%s %s", settlement->contract_name,
                                    word(rq, "settlements.one")));
    paper_facts(paper, facts, 6);
    paper_table_begin(paper, columns, sizeof columns / sizeof columns[0]);
    TRY(each_row(printing, paper_put, paper));
    paper_table_end(paper);
    paper_text(paper,
               arena_printf(rq->cx.mem, "%s：%s（¥ %s）", word(rq, "settlements.payable_fen"),
                            money_capitals(rq->cx.mem, settlement->payable_fen),
                            yuan(rq, settlement->payable_fen, true)));
    compose_signatures(paper, printing);
    paper_note(paper, arena_printf(rq->cx.mem, "SHA-256 %s", settlement->sha256));
    paper_note(paper, word(rq, "settlements.clause_note"));
    return OK;
}

enum result settlement_print_get(struct request *rq)
{
    struct printing *printing;
    TRY(printing_begin(rq, &printing));
    return reply_paper(rq,
                       (struct paper_head){.title = printing->settlement.name, .form = PAPER_SHEET},
                       printing->settlement.name, compose, printing);
}

/* ---- workbook ---- */

/* A name and what it says, without an amount. */
static enum result sheet_words(struct sheet_writer *writer, const char *name, const char *words)
{
    return sheet_write(writer, (const char *const[]){name, "", words, "", "", ""});
}

static enum result sheet_facts(struct sheet_writer *writer, const struct printing *printing)
{
    static const char *const FACTS[] = {
        "contract_number", "contract_name", "month", "kind", "client_name",
        "provider_name",   "grade",         "total", "state"};
    for (size_t i = 0; i < sizeof FACTS / sizeof FACTS[0]; i++) {
        const struct paper_fact shown = fact(printing->rq, FACTS[i], &printing->settlement);
        if (strcmp(FACTS[i], "total") != 0 || printing->settlement.scored)
            TRY(sheet_words(writer, shown.label, shown.value));
    }
    return OK;
}

static enum result sheet_proof(struct sheet_writer *writer, const struct printing *printing)
{
    struct request *rq = printing->rq;
    TRY(sheet_words(writer, word(rq, "signatures.sha256"), printing->settlement.sha256));
    for (size_t i = 0; i < printing->signature_count; i++) {
        const struct signature *signature = &printing->signatures[i];
        char at[INSTANT_MAX_TEXT];
        if (!signature->valid)
            continue;
        instant_format(signature->signed_at, at);
        TRY(sheet_words(
            writer, word(rq, arena_printf(rq->cx.mem, "settlements.party.%s", signature->party)),
            arena_printf(rq->cx.mem, "%s %.10s %.5s SHA-256 %s", signature->person_name, at,
                         at + 11, signature->sha256)));
    }
    return OK;
}

/* The events by which somebody finds them again. */
static const char *evidence_words(struct request *rq, const char *evidence)
{
    struct text out = text_new(rq->cx.mem, 60);
    if (*evidence)
        text_printf(&out, "%s ", word(rq, "deduction_events.one"));
    for (const char *at = evidence; *at; at++) {
        if (at == evidence || at[-1] == ' ')
            text_puts(&out, "#");
        text_printf(&out, "%c", *at);
    }
    return text_end(&out);
}

static enum result sheet_put(void *to, const struct printing *printing,
                             const struct row_of_statement *row)
{
    return sheet_write(to, (const char *const[]){row->name, row->term, row->words, row->points,
                                                 evidence_words(printing->rq, row->evidence),
                                                 yuan(printing->rq, row->amount, false)});
}

static enum result workbook_write(struct request *rq, FILE *file, void *host)
{
    struct printing *printing = host;
    const struct sheet_column columns[] = {
        {word(rq, "settlements.line.name"), COLUMN_TEXT, 24},
        {word(rq, "settlement_lines.term"), COLUMN_TEXT, 10},
        {word(rq, "settlement_lines.words"), COLUMN_TEXT, 60},
        {word(rq, "settlement_lines.points"), COLUMN_TEXT, 10},
        {word(rq, "settlement_lines.evidence"), COLUMN_TEXT, 20},
        {word(rq, "settlement_lines.amount_fen"), COLUMN_MONEY, 16},
    };
    struct sheet_writer *writer;
    TRY(sheet_begin(&rq->cx, SHEET_XLSX, file, word(rq, "settlements.one"), printed_by(rq), columns,
                    sizeof columns / sizeof columns[0], &writer));
    enum result result = sheet_facts(writer, printing);
    if (result == OK)
        result = each_row(printing, sheet_put, writer);
    if (result == OK)
        result = sheet_proof(writer, printing);
    const enum result ended = sheet_end(writer); /* in any case: it holds files open */
    return result == OK ? ended : result;
}

enum result settlement_workbook_get(struct request *rq)
{
    struct printing *printing;
    TRY(printing_begin(rq, &printing));
    return reply_written(rq, workbook_write, printing,
                         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                         arena_printf(rq->cx.mem, "%s.xlsx", printing->settlement.name));
}
