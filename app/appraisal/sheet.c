/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sheets: worked out by the engine, frozen as text, written many at once. */
#include "app/appraisal/sheet.h"

#include "app/appraisal/appraisal.sql.h"
#include "app/appraisal/month_private.h"
#include "base/doc.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 200 /* rows of one statement */
#define SHEETS_MOST 40000
/* How a sheet is written, kept with each. 1: the records behind a value were counted otherwise; 2:
 * its options did not tell the days by which targets are prorated; 3: each line had the names of
 * its members beside them; 4: points given beside what is measured could lift what was vetoed. */
#define SHEET_VERSION 5

const char *const SHEET_STATES[] = {"computed", "published", "acknowledged", "appealed", NULL};
static const struct field SHEET_FIELDS[] = {
    RECORD_FIELDS(sheet),
    FIELD(sheet, rank, .use = LISTED | SORTED),
    FIELD(sheet, tied,
          .column =
              "CASE WHEN t.rank = 0 THEN 0 ELSE (SELECT count(*) - 1 FROM sheets o WHERE "
              "o.month_id = t.month_id AND o.place = t.place AND o.subject || '' = t.subject) "
              "END"), /* by the index of places: few share one */
    FIELD(sheet, agent_code, .use = LISTED | SORTED),
    FIELD_REF(sheet, subject_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(sheet, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(sheet, month_id, "months", .use = FILTERED | NO_DIFF),
    FIELD(sheet, period, .use = LISTED | FILTERED | NO_DIFF),
    FIELD_REF(sheet, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(sheet, contract_name, .column = "c.name"),
    FIELD_REF(sheet, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_REF(sheet, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(sheet, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(sheet, scheme_id, "schemes", .use = NO_DIFF),
    FIELD(sheet, scheme_name, .column = "s.name"),
    FIELD_ENUM(sheet, subject, APPRAISED, .use = FILTERED | NO_DIFF),
    FIELD(sheet, appraised),
    FIELD(sheet, total, .use = LISTED | FILTERED | SORTED),
    FIELD(sheet, deducted, .use = LISTED),
    FIELD(sheet, adjusted, .use = LISTED),
    FIELD_ENUM(sheet, grade, GRADES, .use = LISTED | FILTERED),
    FIELD(sheet, vetoed),
    FIELD(sheet, options),
    FIELD(sheet, lines, .use = HIDDEN | TRAILED),
    FIELD(sheet, lacking, .use = HIDDEN | NO_DIFF),
    FIELD(sheet, place, .use = HIDDEN | NO_DIFF),
    FIELD(sheet, sort_points, .use = HIDDEN | NO_DIFF),
    FIELD(sheet, rule_version),
    FIELD(sheet, sha256, .use = NO_DIFF),
    FIELD(sheet, total_before, .use = NO_DIFF), /* the change of the total says it */
    FIELD(sheet, rank_before, .use = NO_DIFF),
    FIELD(sheet, changed, .use = NO_DIFF),
    FIELD(sheet, change_reason),
    FIELD(sheet, acknowledged_at),
    FIELD(sheet, silent),
    FIELD_ENUM(sheet, state, SHEET_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* ---- the orders of a list beside its fields ---- */

#define POINTS_DIGITS 5
#define POINTS_KEYS 100000

/* Where the indicator stands in the scheme that made the month's sheets of these people; none: it
 * is not in it, or the sheets are older than such lists. */
static enum result find_slot(struct ctx *cx, const char *month_id, enum scheme_subject subject,
                             const char *code, int64_t *out_scheme, size_t *out_slot)
{
    struct list list;
    struct indicator *indicators;
    size_t count;
    int64_t month, scheme;
    *out_scheme = 0;
    if (!int_parse(month_id, &month))
        return OK;
    TRY(db_int(cx, &q_scheme_of_month, PARAMS(P(month), P(choice_name(SCHEME_SUBJECTS, subject))),
               &scheme));
    if (!scheme)
        return OK;
    TRY(record_select(cx, &SCHEMES, "of_sheet", "t.id = $1", PARAMS(P(scheme)), &list));
    if (!list.count)
        return OK;
    TRY(scheme_indicators(cx, list.rows, &indicators, &count));
    for (size_t i = 0; i < count && !*out_scheme; i++) {
        *out_slot = i;
        if (strcmp(indicators[i].code, code) == 0)
            *out_scheme = scheme;
    }
    return OK;
}

static enum result sheets_order(struct ctx *cx, const struct list_query *query, const char *name,
                                struct list_order *out)
{
    const size_t prefix = strlen(SHEETS_BY_POINTS);
    const struct condition *month = query->conditions;
    struct text by = text_new(cx->mem, 128);
    bool found = false;
    if (strcmp(name, "rank") == 0) /* whoever has none comes last */
        out->by = "t.place";
    if (strncmp(name, SHEETS_BY_POINTS, prefix) != 0)
        return OK;
    while (month && (strcmp(month->field->name, "month_id") != 0 || month->compare != IS))
        month = month->next;
    if (!month) {
        reject(cx, "sort", "sort_in_a_month");
        return rejected(cx);
    }
    text_puts(&by, "CASE t.scheme_id");
    for (enum scheme_subject subject = SCHEME_AGENT; subject <= SCHEME_MANAGER; subject++) {
        int64_t scheme;
        size_t slot;
        TRY(find_slot(cx, month->value, subject, name + prefix, &scheme, &slot));
        found = found || scheme;
        if (scheme)
            text_printf(&by, " WHEN %lld THEN substr(t.sort_points, %zu, %d)", (long long)scheme,
                        slot * POINTS_DIGITS + 1, POINTS_DIGITS);
    }
    text_puts(&by, " ELSE '' END");
    if (found)
        *out = (struct list_order){text_end(&by), "month_id"};
    return OK;
}

/* Whoever is only an agent sees the own ones, once they are published. */
const struct resource SHEETS = {
    .name = "sheets",
    .clause = "C2.4",
    .fields = SHEET_FIELDS,
    .size = sizeof(struct sheet),
    .joins = "JOIN people p ON p.id = t.subject_id JOIN contracts c ON c.id = t.contract_id "
             "JOIN schemes s ON s.id = t.scheme_id",
    .title = "person_name",
    .sort = "-id",
    .order = sheets_order,
    .search_also = "p.search_key || ' ' || t.agent_code",
    .scope = {[SIDE_CLIENT] = "@client_id = :org AND @state <> 'computed'",
              [SIDE_PROVIDER] = "@provider_id = :org AND ((@subject_id = :person AND "
                                "@state <> 'computed') OR " BEYOND_AGENTS ")"},
    .unit = "unit_id",
};

enum result sheet_lines(struct ctx *cx, const struct sheet *sheet, struct sheet_line **out,
                        size_t *out_count)
{
    return json_rows_read(cx->mem, sheet->lines, SHEET_LINE_FIELDS, sizeof **out, SHEET_LINES_MOST,
                          out, out_count)
               ? OK
               : fail(cx, BROKEN, "sheet.unreadable", sheet->person_name);
}

enum result scheme_of_sheet(struct ctx *cx, const struct sheet *sheet, struct scheme *out)
{
    struct list list;
    TRY(record_select(cx, &SCHEMES, "of_sheet", "t.id = $1", PARAMS(P(sheet->scheme_id)), &list));
    if (!list.count)
        return fail(cx, BROKEN, "sheet.unreadable", sheet->person_name);
    *out = *(const struct scheme *)list.rows;
    return OK;
}

const struct field SHEET_STEP_FIELDS[] = {FIELD(sheet_steps, computed_at),
                                          FIELD(sheet_steps, published_at),
                                          FIELD(sheet_steps, locked_at), FIELDS_END};

enum result sheet_steps(struct ctx *cx, const struct sheet *sheet, struct sheet_steps *out)
{
    return db_one(cx, &q_sheet_steps, PARAMS(P(sheet->month_id)), SHEET_STEP_FIELDS, out);
}

enum result sheet_places(struct ctx *cx, const struct sheet *sheet, int64_t *out)
{
    return db_int(cx, &q_sheet_places,
                  PARAMS(P(sheet->month_id), P(choice_name(SCHEME_SUBJECTS, sheet->subject))), out);
}

/* ---- from the engine's row to the frozen text ---- */

struct freezing {
    struct ctx *cx;
    const struct appraisal_month *month;
    const struct scheme *scheme;
    const struct trial *trial;
};

static const char *options_text(const struct freezing *freezing, const struct trial_row *row)
{
    const char *text = "";
    for (size_t i = 0; i < freezing->trial->option_count; i++) {
        const struct scheme_option *option = &freezing->trial->options[i];
        struct arena *mem = freezing->cx->mem;
        if (!(row->options & 1u << i))
            continue;
        text = arena_printf(mem, "%s%s%s:%s", text, *text ? " " : "",
                            choice_name(OPTION_WHO, option->who),
                            choice_name(OPTION_EFFECTS, option->effect));
        if (option->effect == EFFECT_PRORATE)
            text = arena_printf(mem, "%s:%d/%d", text, row->days, freezing->trial->days);
    }
    return text;
}

/* "part_month:prorate:18/30" as it was written before its days were told. */
static const char *options_before(struct arena *arena, const char *options)
{
    struct text text = text_new(arena, 64);
    for (const char *at = options; *at;) {
        const size_t len = strcspn(at, " "), who = strcspn(at, ":");
        const size_t effect = who < len ? who + 1 + strcspn(at + who + 1, ": ") : len;
        text_printf(&text, "%s%.*s", text.len ? " " : "", (int)effect, at);
        at += len + (at[len] == ' ');
    }
    return text_end(&text);
}

/* "00000" of what had no value and counts for nothing, which comes behind 0 points. */
static const char *points_text(const struct freezing *freezing, const struct trial_row *row)
{
    struct text text = text_new(freezing->cx->mem, 64);
    for (size_t i = 0; i < freezing->trial->indicator_count; i++) {
        const struct scored *line = &row->lines[i];
        const int64_t points = line->points.hundredths + line->extra.hundredths;
        const bool counts = line->most.hundredths || line->extra.hundredths;
        const int64_t key = points < 0 ? 1 : points >= POINTS_KEYS ? POINTS_KEYS - 1 : points + 1;
        text_printf(&text, "%0*lld", POINTS_DIGITS, (long long)(counts ? key : 0));
    }
    return text_end(&text);
}

/* The same for ever; the place is not part of it, since it follows from the totals of all. */
static const char *sheet_digest(struct ctx *cx, const struct sheet *sheet)
{
    char month[MONTH_MAX_TEXT], total[POINTS_MAX_TEXT], hex[SHA256_HEX];
    struct sha256 hash;
    month_format(sheet->period, month);
    points_format(sheet->total, total);
    const char *head = arena_printf(
        cx->mem,
        "sheet\ncontract %lld\nmonth %s\nscheme %lld\n%s %lld %s\ntotal %s\ngrade %s\nveto %d\n"
        "options %s\nrules %d\n",
        (long long)sheet->contract_id, month, (long long)sheet->scheme_id,
        choice_name(SCHEME_SUBJECTS, sheet->subject), (long long)sheet->subject_id,
        sheet->agent_code, sheet->appraised ? total : "none", choice_name(GRADES, sheet->grade),
        sheet->vetoed, sheet->options, sheet->rule_version);
    sha256_start(&hash);
    sha256_add(&hash, head, strlen(head));
    sha256_add(&hash, sheet->lines, strlen(sheet->lines));
    sha256_end(&hash, hex);
    return arena_dup(cx->mem, hex);
}

static bool lacks(const struct trial *trial, const struct trial_row *row)
{
    bool any = false;
    for (size_t i = 0; i < trial->indicator_count; i++)
        any = any || row->lines[i].nothing;
    return any;
}

static struct sheet freeze(const struct freezing *freezing, const struct trial_row *row)
{
    const struct appraisal_month *month = freezing->month;
    struct sheet sheet = {.month_id = month->id,
                          .contract_id = month->contract_id,
                          .unit_id = month->unit_id,
                          .provider_id = month->provider_id,
                          .client_id = month->client_id,
                          .scheme_id = freezing->scheme->id,
                          .subject = freezing->scheme->subject,
                          .subject_id = row->subject_id,
                          .agent_code = row->code,
                          .period = month->month,
                          .appraised = !row->score.empty,
                          .total = row->score.total,
                          .deducted = row->deducted,
                          .adjusted = row->adjusted,
                          .rank = row->rank,
                          .place = row->rank ? row->rank : INT32_MAX,
                          .sort_points = points_text(freezing, row),
                          .grade = row->grade,
                          .vetoed = row->score.vetoed,
                          .options = options_text(freezing, row),
                          .lines = trial_lines_text(freezing->cx, freezing->trial, row),
                          .lacking = lacks(freezing->trial, row),
                          .rule_version = SHEET_VERSION};
    sheet.sha256 = sheet_digest(freezing->cx, &sheet);
    return sheet;
}

/* ---- those that are there ---- */

struct digest_row {
    int64_t id;
    enum scheme_subject subject;
    int64_t subject_id;
    const char *sha256;
    int32_t rank;
    bool seen; /* the month is still about that person */
};
static const struct field DIGEST_FIELDS[] = {
    FIELD(digest_row, id),         FIELD_ENUM(digest_row, subject, SCHEME_SUBJECTS),
    FIELD(digest_row, subject_id), FIELD(digest_row, sha256),
    FIELD(digest_row, rank),       FIELDS_END};

struct existing {
    struct digest_row *rows; /* by kind and person */
    size_t count;
};

static enum result find_existing(struct ctx *cx, int64_t month_id, struct existing *out)
{
    return db_list(cx, &q_sheets_digests, PARAMS(P(month_id)), DIGEST_FIELDS, sizeof *out->rows,
                   SHEETS_MOST, &out->rows, &out->count);
}

static int by_subject(const void *a, const void *b)
{
    const struct digest_row *left = a, *right = b;
    if (left->subject != right->subject)
        return left->subject < right->subject ? -1 : 1;
    return (left->subject_id > right->subject_id) - (left->subject_id < right->subject_id);
}

/* Is it as it was? */
static bool stands(struct existing *existing, const struct sheet *sheet)
{
    const struct digest_row key = {.subject = sheet->subject, .subject_id = sheet->subject_id};
    struct digest_row *row =
        existing->count ? bsearch(&key, existing->rows, existing->count, sizeof key, by_subject)
                        : NULL;
    if (row)
        row->seen = true;
    return row && row->rank == sheet->rank && strcmp(row->sha256, sheet->sha256) == 0;
}

/* ---- many at once ---- */

#define SHEET_COLUMNS 25

static void put_sheet(struct param *params, const struct sheet *sheet, struct instant now)
{
    const struct param row[SHEET_COLUMNS] = {
        P(sheet->month_id),
        P(sheet->contract_id),
        P(sheet->unit_id),
        P(sheet->provider_id),
        P(sheet->client_id),
        P(sheet->scheme_id),
        P(choice_name(SCHEME_SUBJECTS, sheet->subject)),
        P(sheet->subject_id),
        P(sheet->period),
        P(sheet->agent_code),
        P(sheet->appraised),
        P(sheet->total),
        P(sheet->deducted),
        P(sheet->adjusted),
        P(sheet->rank),
        P(choice_name(GRADES, sheet->grade)),
        P(sheet->vetoed),
        P(sheet->options),
        P(sheet->lines),
        P(sheet->lacking),
        P(sheet->rule_version),
        P(sheet->sha256),
        P(sheet->place),
        P(sheet->sort_points),
        P(now),
    };
    memcpy(params, row, sizeof row);
}

static enum result put_some(const struct freezing *freezing, struct existing *existing, size_t from,
                            size_t to)
{
    struct ctx *cx = freezing->cx;
    const struct arena_mark mark = arena_mark(cx->mem);
    struct param *params = ARENA_ARRAY(cx->mem, struct param, (to - from) * SHEET_COLUMNS);
    size_t count = 0;
    for (size_t i = from; i < to; i++) {
        const struct sheet sheet = freeze(freezing, &freezing->trial->rows[i]);
        if (!stands(existing, &sheet))
            put_sheet(params + count++ * SHEET_COLUMNS, &sheet, cx->now);
    }
    if (count)
        TRY(db_change_rows(cx, &q_sheets_put, params, SHEET_COLUMNS, count, NULL));
    arena_rewind(cx->mem, mark);
    return OK;
}

static enum result compute_by(struct ctx *cx, struct appraisal_month *month,
                              const struct scheme *scheme, struct existing *existing)
{
    struct trial trial;
    TRY(scheme_trial(cx, scheme, month->month, &trial));
    const char *blank = trial_blank(cx, &trial);
    month->blank =
        arena_printf(cx->mem, "%s%s%s", month->blank, *month->blank && *blank ? ", " : "", blank);
    const struct freezing freezing = {cx, month, scheme, &trial};
    for (size_t from = 0; from < trial.count; from += AT_ONCE) {
        const size_t left = trial.count - from;
        TRY(put_some(&freezing, existing, from, from + (left < AT_ONCE ? left : AT_ONCE)));
    }
    return OK;
}

/* ---- the month's ---- */

enum result sheets_digest(struct ctx *cx, int64_t month_id, const char **out_sha256,
                          int32_t *out_count)
{
    struct existing existing;
    struct sha256 hash;
    char hex[SHA256_HEX], rank[16];
    TRY(find_existing(cx, month_id, &existing));
    sha256_start(&hash);
    for (size_t i = 0; i < existing.count; i++) {
        const struct digest_row *row = &existing.rows[i];
        sha256_add(&hash, row->sha256, strlen(row->sha256));
        sha256_add(&hash, rank, (size_t)snprintf(rank, sizeof rank, " %d\n", row->rank));
    }
    sha256_end(&hash, hex);
    *out_sha256 = arena_dup(cx->mem, hex);
    *out_count = (int32_t)existing.count;
    return OK;
}

enum result sheets_compute(struct ctx *cx, struct appraisal_month *month)
{
    struct scheme *schemes;
    struct existing existing;
    size_t count;
    TRY(month_schemes(cx, month, &schemes, &count));
    TRY(find_existing(cx, month->id, &existing));
    month->blank = "";
    for (size_t i = 0; i < count; i++)
        TRY(compute_by(cx, month, &schemes[i], &existing));
    for (size_t i = 0; i < existing.count; i++) {
        if (!existing.rows[i].seen)
            TRY(db_change(cx, &q_sheet_gone, PARAMS(P(existing.rows[i].id)), NULL));
    }
    return sheets_digest(cx, month->id, &month->sha256, &month->people);
}

enum result sheet_again(struct ctx *cx, const struct sheet *sheet, struct sheet *out)
{
    struct scheme scheme;
    struct appraisal_month month;
    struct trial trial;
    TRY(record_get(cx, &SCHEMES, sheet->scheme_id, &scheme));
    TRY(record_get(cx, &MONTHS, sheet->month_id, &month));
    TRY(scheme_trial(cx, &scheme, month.month, &trial));
    const struct freezing freezing = {cx, &month, &scheme, &trial};
    *out = *sheet;
    for (size_t i = 0; i < trial.count; i++) {
        if (trial.rows[i].subject_id != sheet->subject_id)
            continue;
        const struct sheet now = freeze(&freezing, &trial.rows[i]);
        out->appraised = now.appraised;
        out->total = now.total;
        out->deducted = now.deducted;
        out->adjusted = now.adjusted;
        out->grade = now.grade;
        out->vetoed = now.vetoed;
        out->options = now.options;
        out->lines = now.lines;
        out->lacking = now.lacking;
        out->sort_points = now.sort_points;
        out->rule_version = now.rule_version;
        out->sha256 = now.sha256;
    }
    return OK;
}

/* ---- proof ---- */

struct proving {
    int64_t sheets, broken, moved_on;
    const char *what;
};

/* As it was worked out, by the records as they are now; and does its text fit its digest? */
static const char *differing(struct ctx *cx, const struct sheet *sheet, const struct sheet *now)
{
    if (strcmp(sheet_digest(cx, sheet), sheet->sha256) != 0)
        return "altered";
    if (strcmp(now->lines, sheet->lines) != 0)
        return "lines";
    return strcmp(now->sha256, sheet->sha256) == 0 ? NULL : "total";
}

/* As the first version of the scoring adds up what is vetoed. */
static enum result lift_vetoed(struct ctx *cx, const struct scheme *scheme,
                               const struct sheet_line *lines, size_t count, struct sheet *now)
{
    struct indicator *indicators;
    struct grade_from *grades;
    size_t indicator_count, grade_count;
    struct score score;
    TRY(scheme_indicators(cx, scheme, &indicators, &indicator_count));
    TRY(scheme_grades(cx, scheme, &grades, &grade_count));
    if (now->appraised && lines_score(indicators, indicator_count, lines, count, 1, &score)) {
        now->total = score.total;
        now->grade = grade_of(grades, grade_count, score.total);
    }
    return OK;
}

/* As the version that wrote the sheet would write it now: up to version 4 with what was given
 * beside a veto, up to version 3 with the names in each line, before it without the days of its
 * options, and of version 1 with the counts of records as they stand; all that gives points has to
 * come out. */
static enum result as_written(struct ctx *cx, const struct scheme *scheme,
                              const struct sheet *sheet, struct sheet *now)
{
    struct sheet_line *then, *lines;
    size_t count, then_count;
    if (sheet->rule_version == SHEET_VERSION)
        return OK;
    TRY(sheet_lines(cx, sheet, &then, &then_count));
    TRY(sheet_lines(cx, now, &lines, &count));
    if (sheet->rule_version < 5 && now->vetoed)
        TRY(lift_vetoed(cx, scheme, lines, count, now));
    if (sheet->rule_version < 3)
        now->options = options_before(cx->mem, now->options);
    for (size_t i = 0; sheet->rule_version == 1 && i < count && i < then_count; i++)
        lines[i].evidence_count = then[i].evidence_count;
    now->lines = json_rows_text(cx->mem, SHEET_LINE_FIELDS, lines, count, sizeof *lines);
    now->rule_version = sheet->rule_version;
    now->sha256 = sheet_digest(cx, now);
    return OK;
}

static enum result prove_by(struct ctx *cx, const struct appraisal_month *month,
                            const struct scheme *scheme, struct proving *proving)
{
    struct trial trial;
    struct list list;
    TRY(scheme_trial(cx, scheme, month->month, &trial));
    const struct freezing freezing = {cx, month, scheme, &trial};
    for (size_t i = 0; i < trial.count && !proving->broken; i++) {
        const struct arena_mark mark = arena_mark(cx->mem);
        struct sheet now = freeze(&freezing, &trial.rows[i]);
        TRY(record_select(cx, &SHEETS, "proved",
                          "t.month_id = $1 AND t.scheme_id = $2 AND t.subject_id = $3",
                          PARAMS(P(month->id), P(scheme->id), P(now.subject_id)), &list));
        if (list.count)
            TRY(as_written(cx, scheme, list.rows, &now));
        const char *what = list.count ? differing(cx, list.rows, &now) : NULL;
        bool moved_on = false;
        if (what && strcmp(what, "altered") != 0)
            TRY(sheet_moved_on(cx, scheme, list.rows, &now, &moved_on));
        proving->moved_on += moved_on;
        what = moved_on ? NULL : what;
        proving->sheets += list.count > 0;
        if (what) {
            proving->broken = ((const struct sheet *)list.rows)->id;
            proving->what = what;
        }
        arena_rewind(cx->mem, mark);
    }
    return OK;
}

static enum result prove_month(struct ctx *cx, int64_t month_id, struct proving *proving)
{
    struct appraisal_month month;
    struct scheme *schemes;
    size_t scheme_count;
    const char *sha256;
    int32_t count;
    TRY(record_get(cx, &MONTHS, month_id, &month));
    TRY(month_schemes(cx, &month, &schemes, &scheme_count));
    for (size_t i = 0; i < scheme_count && !proving->broken; i++)
        TRY(prove_by(cx, &month, &schemes[i], proving));
    TRY(sheets_digest(cx, month.id, &sha256, &count));
    if (!proving->broken && strcmp(sha256, month.sha256) != 0) {
        TRY(db_int(cx, &q_sheets_first, PARAMS(P(month.id)), &proving->broken));
        proving->what = "list";
    }
    return OK;
}

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};
#define MONTHS_MOST 100000

enum result sheets_verify(struct ctx *cx, int64_t *out_sheets, int64_t *out_broken,
                          const char **out_what)
{
    struct proving proving = {.what = ""};
    struct record *rows;
    size_t count;
    TRY(db_list(cx, &q_months_verified, NO_PARAMS, ID_FIELDS, sizeof *rows, MONTHS_MOST, &rows,
                &count));
    for (size_t i = 0; i < count && !proving.broken; i++)
        TRY(prove_month(cx, rows[i].id, &proving));
    *out_sheets = proving.sheets;
    *out_broken = proving.broken;
    *out_what = proving.what;
    if (!proving.broken && proving.moved_on)
        *out_what = arena_printf(cx->mem, "records that came after publication for %lld",
                                 (long long)proving.moved_on);
    return OK;
}
