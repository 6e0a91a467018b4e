/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The frame of a third party, and the draw of a sample from it (V5.1.7). */
#include "app/surveys/survey.h"

#include "app/surveys/survey.sql.h"
#include "base/hash.h"
#include "base/texts.h"
#include "sheets/sheets.h"

#include <stdlib.h>
#include <string.h>

static const struct field MEMBER_FIELDS[] = {
    RECORD_FIELDS(survey_member),
    FIELD_REF(survey_member, survey_id, "surveys", .in = MUST, .use = FIXED | FILTERED),
    FIELD(survey_member, survey_name, .column = "c.name || ' · ' || s.period"),
    FIELD_REF(survey_member, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(survey_member, surveyor_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD(survey_member, code, .in = MUST, .max = 40, .use = LISTED),
    FIELD(survey_member, name, .in = MAY, .max = 60, .use = LISTED),
    FIELD(survey_member, contact, .in = MAY, .max = 40),
    FIELD(survey_member, stratum, .in = MAY, .max = 40, .use = LISTED | FILTERED),
    FIELD(survey_member, drawn, .use = LISTED | FILTERED),
    FIELD(survey_member, token, .use = HIDDEN),
    FIELD(survey_member, answered, .use = LISTED),
    FIELDS_END,
};

/* Nobody but the surveyor, and audit: not the client's own people, and no provider. */
const struct resource SURVEY_MEMBERS = {
    .name = "survey_members",
    .clause = "V5.1.7",
    .fields = MEMBER_FIELDS,
    .size = sizeof(struct survey_member),
    .joins = "JOIN surveys s ON s.id = t.survey_id JOIN contracts c ON c.id = s.contract_id",
    .title = "code",
    .sort = "id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_THIRD_PARTY] = "@surveyor_id = :org"},
    .withheld = true,
};

/* ---- reading it ---- */

const struct field FRAME_ROW_FIELDS[] = {
    FIELD(frame_row, code, .in = MUST, .max = 40),
    FIELD(frame_row, name, .in = MAY, .max = 60),
    FIELD(frame_row, contact, .in = MAY, .max = 40),
    FIELD(frame_row, stratum, .in = MAY, .max = 40),
    FIELDS_END,
};

struct reading {
    struct ctx *cx;
    struct frame_row *rows;
    size_t count;
    const struct field *columns[SHEET_COLUMNS];
    int column_count;
};

/* Words that offices use, with | between. */
static const char *const HEADS[] = {
    "编号|序号|户号|房号|单元号|工号|code|no",
    "姓名|名称|住户|租户|客户|被访者|name",
    "联系方式|电话|手机|手机号|联系电话|邮箱|contact|phone",
    "分层|层|类别|楼栋|区域|片区|业态|stratum",
};

static bool is_one_of(const char *words, const char *text)
{
    const size_t len = strlen(text);
    for (const char *at = words; len && *at; at += strcspn(at, "|"), at += *at == '|')
        if (strcspn(at, "|") == len && strncmp(at, text, len) == 0)
            return true;
    return false;
}

static enum result read_header(struct reading *reading, const struct row *row)
{
    bool has_code = false;
    for (int i = 0; i < row->count; i++)
        for (size_t field = 0; FRAME_ROW_FIELDS[field].name; field++)
            if (is_one_of(HEADS[field], text_plain(reading->cx->mem, row->cells[i].text))) {
                reading->columns[i] = &FRAME_ROW_FIELDS[field];
                has_code = has_code || !field;
            }
    reading->column_count = row->count;
    return has_code ? OK : fail(reading->cx, INVALID, "survey.no_header");
}

static enum result read_row(void *host, const struct row *row)
{
    struct reading *reading = host;
    struct ctx *cx = reading->cx;
    const struct field_reading how = {.arena = cx->mem};
    if (!row->count)
        return OK;
    if (!reading->column_count)
        return read_header(reading, row);
    if (reading->count == FRAME_MOST)
        return fail(cx, TOO_LARGE, "sheet.too_many_rows", text_count(cx->mem, FRAME_MOST));
    struct frame_row *member = &reading->rows[reading->count++];
    fields_blank(FRAME_ROW_FIELDS, member);
    for (int i = 0; i < row->count && i < reading->column_count; i++) {
        const struct field *field = reading->columns[i];
        if (field && *row->cells[i].text)
            (void)field_read(field, arena_dup(cx->mem, row->cells[i].text), &how, member);
    }
    return OK;
}

enum result frame_read(struct ctx *cx, const void *bytes, size_t len, struct frame_row **out,
                       size_t *out_count)
{
    struct reading reading = {.cx = cx, .rows = ARENA_ARRAY(cx->mem, struct frame_row, FRAME_MOST)};
    TRY(sheet_read(cx, bytes, len, read_row, &reading));
    *out = reading.rows;
    *out_count = reading.count;
    return OK;
}

/* ---- keeping it ---- */

static enum result demand_undrawn(struct ctx *cx, const struct survey *survey)
{
    if (survey->kind != SURVEY_THIRD_PARTY || survey->state != SURVEY_DRAFT)
        return survey_wrong_state(cx, survey);
    TRY(survey_demand_runner(cx, survey));
    return survey->drawn_at.ms ? fail(cx, CONFLICT, "survey.drawn", survey->name) : OK;
}

static int by_code(const void *a, const void *b)
{
    return strcmp((*(const struct frame_row *const *)a)->code,
                  (*(const struct frame_row *const *)b)->code);
}

/* A code is given once, in the file and in what is there already. */
static enum result check_codes(struct ctx *cx, const struct survey *survey,
                               const struct frame_row *rows, size_t count)
{
    const struct frame_row **sorted = ARENA_ARRAY(cx->mem, const struct frame_row *, count + 1);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &rows[i];
    qsort(sorted, count, sizeof *sorted, by_code);
    for (size_t i = 0; i < count; i++) {
        const size_t index = (size_t)(sorted[i] - rows);
        const char *member = arena_printf(cx->mem, "rows.%zu.code", index);
        int64_t there = 0;
        if (!*sorted[i]->code)
            reject_clause(cx, "V5.1.7", member, "required");
        else if (i && strcmp(sorted[i - 1]->code, sorted[i]->code) == 0)
            reject_clause(cx, "V5.1.7", member, "twice", sorted[i]->code);
        else
            TRY(db_int(cx, &q_frame_code, PARAMS(P(survey->id), P(sorted[i]->code)), &there));
        if (there)
            reject_clause(cx, "V5.1.7", member, "taken", sorted[i]->code);
    }
    return rejected(cx);
}

enum result frame_add(struct ctx *cx, const struct survey *survey, const struct frame_row *rows,
                      size_t count)
{
    int64_t there;
    TRY(demand_undrawn(cx, survey));
    TRY(db_int(cx, &q_frame_count, PARAMS(P(survey->id)), &there));
    if (!count)
        return fail(cx, INVALID, "survey.no_rows");
    if ((size_t)there + count > FRAME_MOST)
        return fail(cx, TOO_LARGE, "sheet.too_many_rows", text_count(cx->mem, FRAME_MOST));
    TRY(check_codes(cx, survey, rows, count));
    for (size_t i = 0; i < count; i++) {
        struct survey_member member = {.survey_id = survey->id,
                                       .client_id = survey->client_id,
                                       .surveyor_id = survey->surveyor_id};
        fields_blank(MEMBER_FIELDS, &member);
        member.code = rows[i].code;
        member.name = rows[i].name;
        member.contact.plain = rows[i].contact;
        member.stratum = rows[i].stratum;
        TRY(record_add(cx, &SURVEY_MEMBERS, &member));
    }
    return OK;
}

/* ---- the draw ---- */

struct lot {
    int64_t id;
    const char *code, *stratum;
    bool drawn;
    const char *rank; /* SHA-256 of seed, line break and code: anybody can work it out again */
    bool chosen;
};
static const struct field LOT_FIELDS[] = {FIELD(lot, id), FIELD(lot, code), FIELD(lot, stratum),
                                          FIELD(lot, drawn), FIELDS_END};

static int by_stratum_and_rank(const void *a, const void *b)
{
    const struct lot *left = a, *right = b;
    const int strata = strcmp(left->stratum, right->stratum);
    return strata ? strata : strcmp(left->rank, right->rank);
}

struct share {
    size_t from, size, drawn;
    size_t rest; /* what of a whole one it has beyond `drawn` */
};

static size_t shares_of(const struct lot *lots, size_t count, struct share *shares)
{
    size_t share_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!i || strcmp(lots[i - 1].stratum, lots[i].stratum) != 0)
            shares[share_count++] = (struct share){.from = i};
        shares[share_count - 1].size++;
    }
    return share_count;
}

/* To each stratum its share of the sample; what is left over, one by one to the largest rests, the
 * first of equals first. */
static void give_shares(struct share *shares, size_t count, size_t frame, size_t sample)
{
    size_t left = sample;
    for (size_t i = 0; i < count; i++) {
        shares[i].drawn = sample * shares[i].size / frame;
        shares[i].rest = sample * shares[i].size % frame;
        left -= shares[i].drawn;
    }
    while (left--) {
        size_t best = 0;
        for (size_t i = 1; i < count; i++)
            if (shares[i].rest > shares[best].rest)
                best = i;
        shares[best].drawn++;
        shares[best].rest = 0;
    }
}

static const char *rank_of(struct ctx *cx, const char *seed, const char *code)
{
    char hex[SHA256_HEX];
    const char *text = arena_printf(cx->mem, "%s\n%s", seed, code);
    sha256_hex(text, strlen(text), hex);
    return arena_dup(cx->mem, hex);
}

static enum result draw_lots(struct ctx *cx, const struct survey *survey, size_t sample,
                             const char *seed, struct lot **out, size_t *out_count)
{
    TRY(db_list(cx, &q_frame_codes, PARAMS(P(survey->id)), LOT_FIELDS, sizeof **out, FRAME_MOST,
                out, out_count));
    struct lot *lots = *out;
    for (size_t i = 0; i < *out_count; i++)
        lots[i].rank = rank_of(cx, seed, lots[i].code);
    if (*out_count)
        qsort(lots, *out_count, sizeof *lots, by_stratum_and_rank);
    struct share *shares = ARENA_ARRAY(cx->mem, struct share, *out_count + 1);
    const size_t share_count = shares_of(lots, *out_count, shares);
    if (*out_count && sample <= *out_count)
        give_shares(shares, share_count, *out_count, sample);
    for (size_t i = 0; i < share_count; i++)
        for (size_t at = 0; at < shares[i].drawn; at++)
            lots[shares[i].from + at].chosen = true;
    return OK;
}

/* Of the frame and who was drawn of it, so that neither can be altered unseen. */
static const char *digest(struct ctx *cx, const struct lot *lots, size_t count)
{
    struct sha256 state;
    char hex[SHA256_HEX];
    sha256_start(&state);
    for (size_t i = 0; i < count; i++) {
        const char *line =
            arena_printf(cx->mem, "%s\t%s\t%d\n", lots[i].stratum, lots[i].code, lots[i].chosen);
        sha256_add(&state, line, strlen(line));
    }
    sha256_end(&state, hex);
    return arena_dup(cx->mem, hex);
}

static const char *seed_by_chance(struct ctx *cx)
{
    enum { SEED_BYTES = 8 };
    unsigned char bytes[SEED_BYTES];
    char hex[2 * SEED_BYTES + 1];
    random_bytes(bytes, sizeof bytes);
    hex_text(bytes, sizeof bytes, hex);
    return arena_dup(cx->mem, hex);
}

static enum result invite(struct ctx *cx, const struct lot *lots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char token[TOKEN_TEXT];
        if (!lots[i].chosen)
            continue;
        random_token(token);
        TRY(db_change(cx, &q_member_draw, PARAMS(P(lots[i].id), P((const char *)token)), NULL));
    }
    return OK;
}

enum result survey_draw(struct ctx *cx, const struct survey *survey, int32_t count,
                        const char *seed)
{
    struct survey after = *survey;
    struct lot *lots;
    int64_t frame;
    size_t lot_count;
    TRY(demand_undrawn(cx, survey));
    TRY(db_int(cx, &q_frame_count, PARAMS(P(survey->id)), &frame));
    if (!frame)
        return fail(cx, CONFLICT, "survey.no_frame", survey->name);
    if (count < 1 || count > frame)
        reject_clause(cx, "V5.1.7", "count", count < 1 ? "too_small" : "beyond_frame",
                      arena_printf(cx->mem, "%lld", count < 1 ? 1LL : (long long)frame));
    TRY(rejected(cx));
    after.seed = *text_plain(cx->mem, seed) ? seed : seed_by_chance(cx);
    TRY(draw_lots(cx, survey, (size_t)count, after.seed, &lots, &lot_count));
    TRY(invite(cx, lots, lot_count));
    after.population = (int32_t)frame;
    after.sample = count;
    after.drawn_at = cx->now;
    after.drawn_sha256 = digest(cx, lots, lot_count);
    return record_change(cx, &SURVEYS, "draw", survey, &after);
}

enum result survey_draw_again(struct ctx *cx, const struct survey *survey, bool *out)
{
    struct lot *lots;
    size_t count;
    if (!survey->drawn_at.ms)
        return fail(cx, CONFLICT, "survey.not_drawn", survey->name);
    TRY(draw_lots(cx, survey, (size_t)survey->sample, survey->seed, &lots, &count));
    *out = strcmp(digest(cx, lots, count), survey->drawn_sha256) == 0;
    for (size_t i = 0; i < count; i++)
        *out = *out && lots[i].chosen == lots[i].drawn;
    return OK;
}
