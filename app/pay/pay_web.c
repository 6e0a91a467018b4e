/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/pay/pay_web.h"

#include "app/pay/pay.h"
#include "app/records/record_page.h"
#include "app/scores/scheme_web.h"

static enum result from_now(struct request *rq, struct month *month)
{
    if (!month->months)
        *month = month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN));
    return OK;
}

static enum result terms_begin(struct request *rq, void *record)
{
    return from_now(rq, &((struct pay_terms *)record)->from_month);
}

static enum result rule_begin(struct request *rq, void *record)
{
    struct pay_rule *rule = record;
    if (!rule->month_days.hundredths)
        rule->month_days = (struct points){2175};
    return from_now(rq, &rule->from_month);
}

static enum result minimum_begin(struct request *rq, void *record)
{
    struct minimum_wage *wage = record;
    if (!wage->deduction_share.hundredths)
        wage->deduction_share = (struct points){2000};
    if (!wage->sick_floor.hundredths)
        wage->sick_floor = (struct points){8000};
    return from_now(rq, &wage->from_month);
}

static enum result entry_begin(struct request *rq, void *record)
{
    return from_now(rq, &((struct pay_entry *)record)->month);
}

static const struct record_face TERMS_FACE = {.resource = &PAY_TERMS, .begin = terms_begin};
static const struct record_face RULE_FACE = {.resource = &PAY_RULES, .begin = rule_begin};
static const struct record_face MINIMUM_FACE = {.resource = &MINIMUM_WAGES, .begin = minimum_begin};

/* ---- beside the result ---- */

static enum result entry_show(struct request *rq, void *record)
{
    const struct pay_entry *entry = record;
    const struct actor *actor = rq->cx.actor;
    const int64_t person = actor->person_id;
    const bool waits = entry->state == (pay_entry_takes(entry) ? ENTRY_AGREED : ENTRY_DRAFT);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_agree",
             pay_entry_takes(entry) && entry->state == ENTRY_DRAFT && entry->person_id == person &&
                 actor_may(actor, "pay_entries.agree"));
    doc_flag(rq->doc, "may_approve",
             waits && entry->recorder_id != person && entry->person_id != person &&
                 actor_may(actor, "pay_entries.approve"));
    doc_flag(rq->doc, "may_change",
             entry->state == ENTRY_DRAFT && actor_may(actor, "pay_entries.write"));
    doc_flag(rq->doc, "may_void",
             entry->state != ENTRY_VOID && !entry->deducted_fen.fen &&
                 actor_may(actor, "pay_entries.approve"));
    doc_flag(rq->doc, "takes", pay_entry_takes(entry));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face ENTRY_FACE = {
    .resource = &PAY_ENTRIES, .show = entry_show, .begin = entry_begin};

static enum result entry_agree_post(struct request *rq)
{
    struct pay_entry entry;
    TRY(record_for_action(rq, &PAY_ENTRIES, &entry));
    return record_acted(rq, &ENTRY_FACE, &entry, pay_entry_agree(&rq->cx, &entry),
                        "flash.pay_entry.agreed");
}

static enum result entry_approve_post(struct request *rq)
{
    struct pay_entry entry;
    TRY(record_for_action(rq, &PAY_ENTRIES, &entry));
    return record_acted(rq, &ENTRY_FACE, &entry, pay_entry_approve(&rq->cx, &entry),
                        "flash.pay_entry.approved");
}

static enum result entry_void_post(struct request *rq)
{
    struct pay_entry entry;
    TRY(record_for_action(rq, &PAY_ENTRIES, &entry));
    return record_acted(rq, &ENTRY_FACE, &entry,
                        pay_entry_void(&rq->cx, &entry, input_text(rq, "reason")),
                        "flash.pay_entry.void");
}

/* ---- a month's sheet ---- */

static enum result sheet_lines(struct request *rq, const struct pay_sheet *sheet, int limit,
                               struct list *out)
{
    struct list_query query = {.limit = limit};
    (void)list_condition(&rq->cx, &PAY_LINES, "pay_sheet_id",
                         arena_printf(rq->cx.mem, "%lld", (long long)sheet->id), &query);
    return record_list(&rq->cx, &PAY_LINES, &query, out);
}

static enum result sheet_show(struct request *rq, void *record)
{
    const struct pay_sheet *sheet = record;
    const struct actor *actor = rq->cx.actor;
    struct pay_unlisted *unlisted;
    size_t unlisted_count;
    struct list list;
    TRY(sheet_lines(rq, sheet, LIST_MOST, &list));
    doc_records(rq->doc, "lines", PAY_LINES.fields, list.rows, list.count, PAY_LINES.size);
    TRY(pay_unlisted(&rq->cx, sheet, &unlisted, &unlisted_count));
    doc_records(rq->doc, "unlisted", PAY_UNLISTED_FIELDS, unlisted, unlisted_count,
                sizeof *unlisted);
    if (rq->face != FACE_PAGE)
        return OK;
    const bool is_draft = sheet->state == PAY_DRAFTED;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_draft", is_draft && actor_may(actor, "pay_sheets.write"));
    doc_flag(rq->doc, "may_approve",
             is_draft && sheet->drafter_id != actor->person_id &&
                 actor_may(actor, "pay_sheets.approve"));
    doc_flag(rq->doc, "may_export", actor_may(actor, "exports.make"));
    doc_flag(rq->doc, "has_more", list.next != NULL);
    doc_link(rq, rq->doc, "month_href",
             arena_printf(rq->cx.mem, "/months/%lld", (long long)sheet->month_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face SHEET_FACE = {.resource = &PAY_SHEETS, .show = sheet_show};

static enum result drafted(struct request *rq, int64_t id)
{
    struct pay_sheet *sheet = ARENA_NEW(rq->cx.mem, struct pay_sheet);
    TRY(record_get(&rq->cx, &PAY_SHEETS, id, sheet));
    TRY(record_answer(rq, &SHEET_FACE, sheet));
    return created(rq, "/pay_sheets/%lld", (long long)id);
}

static enum result sheet_post(struct request *rq)
{
    struct pay_sheet *asked = ARENA_NEW(rq->cx.mem, struct pay_sheet);
    int64_t id = 0;
    fields_blank(PAY_SHEETS.fields, asked);
    enum result result = body_read(rq, PAY_SHEETS.fields, asked, true, NULL);
    if (result == OK)
        result = pay_draft(&rq->cx, asked->month_id, &id);
    TRY(record_form_again(rq, &SHEET_FACE, asked, true, result));
    return drafted(rq, id);
}

static enum result sheet_draft_post(struct request *rq)
{
    struct pay_sheet sheet;
    int64_t id;
    TRY(record_for_action(rq, &PAY_SHEETS, &sheet));
    return record_acted(rq, &SHEET_FACE, &sheet, pay_draft(&rq->cx, sheet.month_id, &id),
                        "flash.pay_sheet.drafted");
}

static enum result sheet_approve_post(struct request *rq)
{
    struct pay_sheet sheet;
    TRY(record_for_action(rq, &PAY_SHEETS, &sheet));
    return record_acted(rq, &SHEET_FACE, &sheet,
                        pay_approve(&rq->cx, &sheet, input_text(rq, "reason")),
                        "flash.pay_sheet.approved");
}

/* ---- a person's slip ---- */

/* Every amount leads to what it is made of, for whoever may read that. */
static void put_line_links(struct request *rq, const struct pay_line *line)
{
    struct arena *mem = rq->cx.mem;
    char month[MONTH_MAX_TEXT], from[DATE_MAX_TEXT], to[DATE_MAX_TEXT];
    month_format(line->month, month);
    date_format(month_first(line->month), from);
    date_format(month_last(line->month), to);
    const long long person = line->person_id;
    const char *of = arena_printf(mem, "person_id=%lld&contract_id=%lld",
                                  (long long)line->person_id, (long long)line->contract_id);
    const struct {
        const char *name, *href;
    } links[] = {
        {"sheet_href", arena_printf(mem, "/sheets/%lld", (long long)line->sheet_id)},
        {"terms_href", arena_printf(mem, "/pay_terms/%lld", (long long)line->terms_id)},
        {"rule_href", arena_printf(mem, "/pay_rules/%lld", (long long)line->rule_id)},
        {"minimum_href", arena_printf(mem, "/minimum_wages/%lld", (long long)line->minimum_id)},
        {"pay_sheet_href", arena_printf(mem, "/pay_sheets/%lld", (long long)line->pay_sheet_id)},
        {"adjustments_href",
         arena_printf(mem, "/pay_entries?%s&kind=adjustment&month=%s&state=approved", of, month)},
        {"compensations_href", arena_printf(mem, "/pay_entries?%s&state=approved", of)},
        {"attendance_href",
         arena_printf(mem, "/attendance?person_id=%lld&day_from=%s&day_to=%s", person, from, to)},
        {"leaves_href",
         arena_printf(mem, "/leaves?person_id=%lld&state=approved&from_to=%s", person, to)},
        {"rewards_href", arena_printf(mem, "/rewards?%s&%s=%s&state=agreed,settled", of,
                                      line->approved ? "paid_month" : "month_to", month)},
    };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        doc_link(rq, rq->doc, links[i].name, links[i].href);
}

static enum result line_show(struct request *rq, void *record)
{
    const struct pay_line *line = record;
    const int days = pay_days(month_first(line->month), month_last(line->month));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_int(rq->doc, "of_days", days);
    doc_flag(rq->doc, "is_part", line->days != days);
    doc_flag(rq->doc, "has_missed",
             line->unpaid_days.hundredths || line->absent_days.hundredths ||
                 line->sick_days.hundredths);
    doc_text(rq->doc, "bands_said",
             *line->bands ? bands_words(rq, line->bands, "pay_lines.band") : "");
    put_line_links(rq, line);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face LINE_FACE = {
    .resource = &PAY_LINES,
    .show = line_show,
    .office = "days unpaid_days absent_days sick_days left_over_fen"};

/* clang-format off */
const struct route PAY_ROUTES[] = {
    RECORD_LIST("pay_terms", TERMS_FACE, "list"),
    RECORD_SHOW("pay_terms", TERMS_FACE, "record"),
    RECORD_CREATE("pay_terms", TERMS_FACE),
    RECORD_CHANGE("pay_terms", TERMS_FACE),
    RECORD_HISTORY("pay_terms", TERMS_FACE),
    RECORD_EXPORT("pay_terms", TERMS_FACE),
    RECORD_LIST("pay_rules", RULE_FACE, "list"),
    RECORD_SHOW("pay_rules", RULE_FACE, "record"),
    RECORD_CREATE("pay_rules", RULE_FACE),
    RECORD_CHANGE("pay_rules", RULE_FACE),
    RECORD_HISTORY("pay_rules", RULE_FACE),
    RECORD_EXPORT("pay_rules", RULE_FACE),
    RECORD_LIST("minimum_wages", MINIMUM_FACE, "list"),
    RECORD_SHOW("minimum_wages", MINIMUM_FACE, "record"),
    RECORD_CREATE("minimum_wages", MINIMUM_FACE),
    RECORD_CHANGE("minimum_wages", MINIMUM_FACE),
    RECORD_HISTORY("minimum_wages", MINIMUM_FACE),
    RECORD_EXPORT("minimum_wages", MINIMUM_FACE),
    RECORD_LIST("pay_entries", ENTRY_FACE, "list"),
    RECORD_SHOW("pay_entries", ENTRY_FACE, "pay_entry"),
    RECORD_CREATE("pay_entries", ENTRY_FACE),
    RECORD_CHANGE("pay_entries", ENTRY_FACE),
    RECORD_HISTORY("pay_entries", ENTRY_FACE),
    RECORD_EXPORT("pay_entries", ENTRY_FACE),
    {POST, "/pay_entries/{id}/agree", "pay_entries.agree", entry_agree_post, "pay_entry",
     .flags = RECORDED, .nav = "pay_entries"},
    {POST, "/pay_entries/{id}/approve", "pay_entries.approve", entry_approve_post, "pay_entry",
     .flags = RECORDED, .nav = "pay_entries"},
    {POST, "/pay_entries/{id}/void", "pay_entries.approve", entry_void_post, "pay_entry",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "pay_entries"},
    RECORD_LIST("pay_sheets", SHEET_FACE, "list"),
    RECORD_SHOW("pay_sheets", SHEET_FACE, "pay_sheet"),
    {GET, "/pay_sheets/new", "pay_sheets.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &SHEET_FACE, .nav = "pay_sheets"},
    {POST, "/pay_sheets", "pay_sheets.write", sheet_post, "form", .subject = &SHEET_FACE,
     .nav = "pay_sheets"},
    {POST, "/pay_sheets/{id}/draft", "pay_sheets.write", sheet_draft_post, "pay_sheet",
     .flags = RECORDED, .nav = "pay_sheets"},
    {POST, "/pay_sheets/{id}/approve", "pay_sheets.approve", sheet_approve_post, "pay_sheet",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "pay_sheets"},
    RECORD_HISTORY("pay_sheets", SHEET_FACE),
    RECORD_EXPORT("pay_sheets", SHEET_FACE),
    RECORD_LIST("pay_lines", LINE_FACE, "list"),
    RECORD_SHOW("pay_lines", LINE_FACE, "pay_line"),
    RECORD_EXPORT("pay_lines", LINE_FACE),
    ROUTES_END,
};
/* clang-format on */
