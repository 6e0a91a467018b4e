/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_web.h"

#include "app/calls/call_day.h"
#include "app/calls/call_months.h"
#include "app/calls/call_more.h"
#include "app/calls/quarantine.h"
#include "app/gate/call_rule.h"
#include "app/records/record_page.h"
#include "base/texts.h"

#include <string.h>

/* ---- POST /api/calls: what call systems send ---- */

struct sending {
    struct request *rq;
    enum call_profile profile;
    bool is_machine;    /* which mends nothing: what is wrong is put aside */
    struct lines lines; /* of struct call_line */
    struct call_receipt receipt;
};

#define REJECTED_SHOWN 200 /* of them on a page */

struct receipt_counts {
    int32_t accepted, duplicates;
};
struct rejected_line {
    int32_t row;
    const char *code, *field, *value, *message;
};
static const struct field REJECTED_FIELDS[] = {
    FIELD(rejected_line, row),   FIELD(rejected_line, code),    FIELD(rejected_line, field),
    FIELD(rejected_line, value), FIELD(rejected_line, message), FIELDS_END,
};
static const struct field RECEIPT_FIELDS[] = {
    FIELD(receipt_counts, accepted),
    FIELD(receipt_counts, duplicates),
    FIELDS_END,
};

static enum result keep_line(void *host, const struct call_line *line)
{
    struct sending *sending = host;
    return lines_add(&sending->rq->cx, &sending->lines, line, sizeof *line);
}

void doc_receipt(struct request *rq, const struct call_receipt *receipt, const char *prefix)
{
    struct arena *arena = rq->cx.mem;
    struct receipt_counts *counts = ARENA_NEW(arena, struct receipt_counts);
    struct rejected_line *rows =
        ARENA_ARRAY(arena, struct rejected_line, receipt->rejected_count + 1);
    counts->accepted = (int32_t)receipt->accepted;
    counts->duplicates = (int32_t)receipt->duplicates;
    for (size_t i = 0; i < receipt->rejected_count; i++) {
        const struct call_rejected *rejected = &receipt->rejected[i];
        rows[i] = (struct rejected_line){
            (int32_t)rejected->row, rejected->code, rejected->field ? rejected->field : "",
            rejected->value ? rejected->value : "",
            texts_get(arena_printf(arena, "%s.%s", prefix, rejected->code), rq->cx.lang)};
    }
    doc_root(rq->doc, RECEIPT_FIELDS, counts);
    doc_records(rq->doc, "rejected", REJECTED_FIELDS, rows, receipt->rejected_count, sizeof *rows);
}

/* A page shows the first of those that were refused, and says how many there are. */
static void put_receipt(struct request *rq, struct call_receipt *receipt)
{
    rq->doc->page_only = true;
    doc_flag(rq->doc, "taken", true);
    doc_int(rq->doc, "rejected_count", (int64_t)receipt->rejected_count);
    rq->doc->page_only = false;
    doc_int(rq->doc, "revised", receipt->revised);
    if (rq->face == FACE_PAGE && receipt->rejected_count > REJECTED_SHOWN)
        receipt->rejected_count = REJECTED_SHOWN;
    doc_receipt(rq, receipt, "calls.fault");
}

static void answered(void *host, enum result result)
{
    struct sending *sending = host;
    struct request *rq = sending->rq;
    if (result == OK)
        put_receipt(rq, &sending->receipt);
    else if (rq->cx.fault.result == OK)
        (void)!fail(&rq->cx, result, "server.busy");
    request_done(rq, result);
}

static int64_t reporter_of(const struct request *rq)
{
    const struct actor *actor = rq->cx.actor;
    return actor->side == SIDE_PROVIDER ? actor->organisation_id : 0;
}

/* The line of that number, from 1. */
static struct quarantine_piece line_piece(const struct request *rq, struct call_rejected rejected)
{
    const char *line = rq->body, *const end = line + rq->body_len;
    const char *stop = memchr(line, '\n', rq->body_len);
    for (int64_t row = 1; row < rejected.row && stop; row++) {
        line = stop + 1;
        stop = memchr(line, '\n', (size_t)(end - line));
    }
    return (struct quarantine_piece){rejected.code, line, (size_t)((stop ? stop : end) - line)};
}

/* What was refused, as it came: a line by itself, but of too many or where none stands for itself
 * the whole, of which the rest is there already. */
static void put_aside(struct sending *sending)
{
    enum { LINES_MOST = 100 };
    struct request *rq = sending->rq;
    const struct call_receipt *receipt = &sending->receipt;
    const bool is_apart = receipt->rejected_count <= LINES_MOST && receipt->rejected[0].row > 0 &&
                          call_lines_apart(sending->profile, rq->body, rq->body_len);
    const size_t count = is_apart ? receipt->rejected_count : 1;
    struct quarantine_piece *pieces = ARENA_ARRAY(rq->cx.mem, struct quarantine_piece, count);
    pieces[0] = (struct quarantine_piece){receipt->rejected[0].code, rq->body, rq->body_len};
    for (size_t i = 0; is_apart && i < count; i++)
        pieces[i] = line_piece(rq, receipt->rejected[i]);
    const struct quarantined about = {.provider_id = reporter_of(rq),
                                      .source = CALL_PROFILES[sending->profile - 1],
                                      .profile = sending->profile};
    quarantine_keep(&rq->cx, &about, pieces, count, answered, sending);
}

static void taken(void *host, enum result result)
{
    struct sending *sending = host;
    if (result == OK && sending->is_machine && sending->receipt.rejected_count)
        put_aside(sending);
    else
        answered(sending, result);
}

/* Nothing of it can be read: the answer says so of row 0. */
static void whole_aside(struct sending *sending)
{
    struct call_receipt *receipt = &sending->receipt;
    sending->rq->cx.fault = (struct fault){.result = OK};
    *receipt = (struct call_receipt){
        .rejected = ARENA_NEW(sending->rq->cx.mem, struct call_rejected), .rejected_count = 1};
    *receipt->rejected = (struct call_rejected){0, "unreadable", "", ""};
    put_aside(sending);
}

/* The profile of that name. Results: INVALID. */
static enum result take_in(struct sending *sending, const char *name, const char *bytes, size_t len)
{
    struct request *rq = sending->rq;
    sending->profile = PROFILE_PLAIN;
    if (*name)
        sending->profile = choice_find(CALL_PROFILES, name, strlen(name));
    if (!sending->profile)
        reject(&rq->cx, "profile", "unknown");
    TRY(rejected(&rq->cx));
    const enum result read =
        call_lines_read(&rq->cx, sending->profile, bytes, len, keep_line, sending);
    if (read == INVALID && sending->is_machine) {
        whole_aside(sending);
        return OK;
    }
    TRY(read);
    calls_take_later(&rq->cx, sending->lines.at, sending->lines.count, reporter_of(rq),
                     &sending->receipt, taken, sending);
    return OK;
}

static struct sending *sending_new(struct request *rq)
{
    struct sending *sending = ARENA_NEW(rq->cx.mem, struct sending);
    sending->rq = rq;
    return sending;
}

static enum result calls_post(struct request *rq)
{
    struct sending *sending = sending_new(rq);
    sending->is_machine = true;
    return take_in(sending, query_text(rq, "profile"), rq->body, rq->body_len);
}

/* ---- the same from a file, on a page ---- */

static void put_profiles(struct request *rq, const char *chosen)
{
    struct doc **options = ARENA_ARRAY(rq->cx.mem, struct doc *, PROFILE_VICIDIAL);
    rq->doc->page_only = true;
    for (int i = 0; i < PROFILE_VICIDIAL; i++)
        options[i] =
            option_doc(rq, CALL_PROFILES[i],
                       word(rq, arena_printf(rq->cx.mem, "calls.profile.%s", CALL_PROFILES[i])),
                       strcmp(CALL_PROFILES[i], chosen) == 0);
    doc_docs(rq->doc, "profiles", options, PROFILE_VICIDIAL);
    rq->doc->page_only = false;
}

static enum result import_get(struct request *rq)
{
    put_profiles(rq, "");
    return OK;
}

struct import_input {
    enum call_profile profile;
};
static const struct field IMPORT_INPUT[] = {
    FIELD_ENUM(import_input, profile, CALL_PROFILES, .in = MAY),
    FIELDS_END,
};

static enum result import_post(struct request *rq)
{
    const struct part *file = input_file(rq, "file");
    const char *profile = input_text(rq, "profile");
    put_profiles(rq, profile);
    if (!file) {
        reject(&rq->cx, "file", "required");
        return rejected(&rq->cx);
    }
    return take_in(sending_new(rq), profile, file->bytes, file->len);
}

/* ---- figures ---- */

static enum result figures_span(struct request *rq, struct date *out_from, struct date *out_to)
{
    static const int DAYS_MOST = 400;
    struct ctx *cx = &rq->cx;
    const char *from = query_text(rq, "from"), *to = query_text(rq, "to");
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    *out_to = today;
    if (*to && !date_parse(to, out_to))
        reject(cx, "to", "malformed");
    *out_from = date_add(*out_to, -30);
    if (*from && !date_parse(from, out_from))
        reject(cx, "from", "malformed");
    if (out_from->days > out_to->days || out_to->days - out_from->days > DAYS_MOST)
        reject(cx, "from", "span", "400");
    return rejected(cx);
}

/* Months whose figures can no longer be counted again. */
static enum result put_deleted(struct request *rq, struct date from, struct date to)
{
    struct month_deleted *deleted;
    size_t count;
    TRY(months_deleted(&rq->cx, month_of(from), month_of(to), &deleted, &count));
    doc_records(rq->doc, "deleted_months", MONTH_DELETED_FIELDS, deleted, count, sizeof *deleted);
    return OK;
}

static enum result figures_get(struct request *rq)
{
    struct ctx *cx = &rq->cx;
    struct date from, to;
    struct call_figure *figures;
    size_t count, contracts;
    int64_t *contract_ids;
    const char *by = query_text(rq, "by");
    const enum figures_by kind = *by ? choice_find(FIGURES_BY, by, strlen(by)) : BY_DAY;
    if (!kind)
        reject(cx, "by", "unknown");
    TRY(figures_span(rq, &from, &to));
    TRY(call_contracts(cx, query_text(rq, "contract"), &contract_ids, &contracts));
    TRY(call_figures(cx, contract_ids, contracts, from, to, kind, &figures, &count));
    doc_records(rq->doc, "items", CALL_FIGURE_FIELDS, figures, count, sizeof *figures);
    return put_deleted(rq, from, to);
}

/* ---- one call ---- */

struct found_row {
    const char *kind, *words;
};
static const struct field FOUND_FIELDS[] = {FIELD(found_row, kind), FIELD(found_row, words),
                                            FIELDS_END};

static void put_found(struct request *rq, const struct call_more *more)
{
    struct found_row *rows = ARENA_ARRAY(rq->cx.mem, struct found_row, more->found_count + 1);
    for (size_t i = 0; i < more->found_count; i++) {
        const char *kind = choice_name(ALLOWANCES, more->found[i].kind);
        rows[i] = (struct found_row){
            kind, texts_get(arena_printf(rq->cx.mem, "gate.reason.%s", kind), rq->cx.lang)};
    }
    doc_records(rq->doc, "findings", FOUND_FIELDS, rows, more->found_count, sizeof *rows);
}

/* What stands on the do-not-call list already is not asked for again. */
static enum result put_refusal(struct request *rq, const struct call *call)
{
    struct contract contract;
    int64_t listed;
    if (!call->contract_id)
        return OK;
    TRY(record_get(&rq->cx, &CONTRACTS, call->contract_id, &contract));
    TRY(do_not_call_of(&rq->cx, contract.client_id, call->callee_key, &listed));
    doc_flag(rq->doc, "is_listed", listed != 0);
    doc_flag(rq->doc, "may_refuse", !listed && actor_may(rq->cx.actor, "do_not_call.write"));
    if (listed && record_is_seen(rq, &DO_NOT_CALL, listed))
        doc_link(rq, rq->doc, "listed_href",
                 arena_printf(rq->cx.mem, "/do_not_call/%lld", (long long)listed));
    return OK;
}

static call_page_more more_of_call;

void call_page_with(call_page_more more)
{
    more_of_call = more;
}

static enum result call_show(struct request *rq, void *record)
{
    const struct call *call = record;
    char began[INSTANT_MAX_TEXT];
    enum result result;
    struct call_more *more = ARENA_NEW(rq->cx.mem, struct call_more);
    TRY(call_more_read(&rq->cx, call, more));
    doc_call_decision(rq, &more->decision, call->gate_id);
    put_found(rq, more);
    doc_records(rq->doc, "revisions", CALL_REVISION_FIELDS, more->revisions, more->revision_count,
                sizeof *more->revisions);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    TRY(put_refusal(rq, call));
    instant_format(call->started_at, began);
    doc_text(rq->doc, "began", arena_printf(rq->cx.mem, "%.10s %.8s", began, began + 11));
    if (actor_may(rq->cx.actor, "call_days.read") && call->agent_id)
        doc_text(rq->doc, "day_href",
                 arena_printf(rq->cx.mem, "/call_days/%lld", (long long)call_day_id(call)));
    result = more_of_call ? more_of_call(rq, call) : OK;
    rq->doc->page_only = false;
    return result;
}

static enum result calls_listed(struct request *rq, const struct list *list)
{
    (void)list;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_link(rq, rq->doc, "import_href", "/calls/import");
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face CALL_FACE = {
    .resource = &CALLS, .show = call_show, .list = calls_listed, .icon = "phone-outgoing"};

/* Whoever was called said on this call that they want no more of them. */
static enum result refuse(struct request *rq, const struct call *call)
{
    struct contract contract;
    struct do_not_call refusal;
    const char *reason = input_text(rq, "reason");
    if (!call->contract_id)
        return fail(&rq->cx, CONFLICT, "calls.no_contract");
    TRY(record_get(&rq->cx, &CONTRACTS, call->contract_id, &contract));
    return do_not_call_said(&rq->cx, contract.client_id, call->callee_key, call->callee_code,
                            call->id, reason, &refusal);
}

static const struct field REFUSAL_INPUT[] = {
    {.name = "reason", .type = FIELD_TEXT, .in = MAY, .max = 500}, FIELDS_END};

static enum result refuse_post(struct request *rq)
{
    struct call call;
    TRY(record_of_path(rq, &CALLS, &call));
    return record_acted(rq, &CALL_FACE, &call, refuse(rq, &call), "flash.calls.refused");
}

/* ---- months ---- */

static enum result months_get(struct request *rq)
{
    struct call_month *months;
    size_t count;
    TRY(call_months(&rq->cx, &months, &count));
    doc_records(rq->doc, "items", CALL_MONTH_FIELDS, months, count, sizeof *months);
    return OK;
}

const struct route CALL_ROUTES[] = {
    RECORD_LIST("calls", CALL_FACE, "list"),
    RECORD_SHOW("calls", CALL_FACE, "call"),
    {POST, "/calls/{id}/do_not_call", "do_not_call.write", refuse_post, "call",
     .input = REFUSAL_INPUT, .nav = "calls"},
    RECORD_EXPORT("calls", CALL_FACE),
    {GET, "/calls/import", "calls.send", import_get, "call_import", .flags = PAGE_ONLY,
     .nav = "calls"},
    {POST, "/calls/import", "calls.send", import_post, "call_import", .flags = UPLOAD | DEFERS,
     .input = IMPORT_INPUT, .nav = "calls"},
    {POST, "/calls", "calls.send", calls_post, NULL, .flags = API_ONLY | RAW | DEFERS},
    {GET, "/call_figures", "call_figures.read", figures_get, NULL, .flags = API_ONLY},
    {GET, "/call_board", "call_figures.read", call_board_get, "call_board", .nav = "call_board"},
    RECORD_LIST("call_days", CALL_DAY_FACE, "list"),
    RECORD_SHOW("call_days", CALL_DAY_FACE, "call_day"),
    RECORD_EXPORT("call_days", CALL_DAY_FACE),
    {POST, "/agent_states", "calls.send", agent_states_post, NULL, .flags = API_ONLY | RAW | ASKS,
     .prepare = agent_states_prepare},
    {GET, "/call_months", "call_months.read", months_get, "call_months", .nav = "call_months"},
    ROUTES_END,
};
