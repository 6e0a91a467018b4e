/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes on the web: writing one, asking consent, and trying it on a month. */
#include "app/scores/scheme_web.h"

#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/scores/scheme.h"
#include "base/texts.h"

#include <string.h>

#define BLANK_ROWS 2 /* below the indicators of a draft */

/* ---- indicators in words ---- */

/* 37.5, or 40 where there are no hundredths. */
static const char *shown(struct request *rq, struct points points)
{
    char text[POINTS_MAX_TEXT];
    const int len = points_format(points, text);
    if (points.hundredths % 100 == 0)
        text[len - 3] = '\0';
    return arena_dup(rq->cx.mem, text);
}

static const char *measure_label(struct request *rq, const char *name)
{
    return *name ? word(rq, arena_printf(rq->cx.mem, "measure.%s", name)) : "";
}

/* What a method is told by: the arguments of its words. */
enum telling { NO_TELLING, TELL_WEIGHT, TELL_BASE, TELL_TARGET, TELL_STEP, TELL_SHARE, TELL_BANDS };
static const enum telling TOLD[][3] = {
    [METHOD_DEDUCT_PER_EVENT] = {TELL_STEP},
    [METHOD_BANDED] = {TELL_BANDS},
    [METHOD_LINEAR_BASE_TARGET] = {TELL_BASE, TELL_TARGET, TELL_SHARE},
    [METHOD_RATIO_CAP] = {TELL_TARGET, TELL_SHARE},
    [METHOD_VETO] = {TELL_TARGET, TELL_SHARE},
    [METHOD_BONUS] = {TELL_STEP, TELL_WEIGHT},
    [METHOD_MANUAL] = {TELL_WEIGHT},
};

static struct points or_usual(struct points given, int64_t usual)
{
    return given.hundredths ? given : (struct points){usual};
}

const char *bands_words(struct request *rq, const char *bands, const char *text)
{
    struct band parsed[BANDS_MOST];
    size_t count = 0;
    struct text out = text_new(rq->cx.mem, 128);
    (void)bands_parse(bands, INT64_MAX, parsed, &count);
    for (size_t i = 0; i < count; i++)
        text_printf(&out, "%s%s", i ? " · " : "",
                    texts_fill(rq->cx.mem, text, rq->cx.lang,
                               (const char *const[]){shown(rq, parsed[i].from),
                                                     shown(rq, parsed[i].share), NULL}));
    return text_end(&out);
}

static const char *told(struct request *rq, const struct indicator *indicator, enum telling telling)
{
    const bool caps = indicator->method == METHOD_RATIO_CAP;
    switch (telling) {
    case TELL_WEIGHT:
        return shown(rq, indicator->weight);
    case TELL_BASE:
        return shown(rq, indicator->base);
    case TELL_TARGET:
        if (caps && !indicator->target.hundredths)
            return "—";
        return shown(rq, or_usual(indicator->target, indicator->method == METHOD_VETO ? 100 : 0));
    case TELL_STEP:
        return shown(rq, indicator->step);
    case TELL_SHARE:
        return shown(rq, or_usual(indicator->share, caps ? 10000 : 0));
    case TELL_BANDS:
        return bands_words(rq, indicator->bands, "schemes.band");
    default:
        return "";
    }
}

const char *indicator_how(struct request *rq, const struct indicator *indicator)
{
    const char *args[3];
    for (size_t i = 0; i < 3; i++)
        args[i] = told(rq, indicator, TOLD[indicator->method][i]);
    return texts_fill(
        rq->cx.mem,
        arena_printf(rq->cx.mem, "schemes.how.%s", choice_name(SCORING_METHODS, indicator->method)),
        rq->cx.lang, args);
}

/* One choice for each name, with none before them. */
static void put_options(struct request *rq, struct doc *doc, const char *name,
                        const char *const *choices, const char *prefix, const char *chosen)
{
    size_t count = 0;
    while (choices[count])
        count++;
    struct doc **options = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    options[0] = option_doc(rq, "", "—", !*chosen);
    for (size_t i = 0; i < count; i++)
        options[i + 1] = option_doc(rq, choices[i],
                                    word(rq, arena_printf(rq->cx.mem, "%s.%s", prefix, choices[i])),
                                    strcmp(choices[i], chosen) == 0);
    doc_docs(doc, name, options, count + 1);
}

static const char *const *measure_names(struct request *rq, enum measured_kind of)
{
    size_t all = 0, count = 0;
    while (measure_at(all))
        all++;
    const char **names = ARENA_ARRAY(rq->cx.mem, const char *, all + 1);
    for (size_t i = 0; i < all; i++) {
        if (measure_at(i)->of == of)
            names[count++] = measure_at(i)->name;
    }
    names[count] = NULL;
    return names;
}

static const char *number_or_blank(struct request *rq, struct points points)
{
    return points.hundredths ? shown(rq, points) : "";
}

/* The formula in words, with its version: "Connected ÷ dials (version 1)". */
static void put_formula(struct request *rq, struct doc *doc, const struct measure *measure)
{
    if (measure)
        doc_text(
            doc, "formula",
            texts_fill(rq->cx.mem, "schemes.formula", rq->cx.lang,
                       (const char *const[]){
                           word(rq, arena_printf(rq->cx.mem, "measure.%s.about", measure->name)),
                           arena_printf(rq->cx.mem, "%d", measure->version), NULL}));
}

/* What an indicator of a draft lacks: "Target: required"; "" nothing. */
static const char *lacking(struct request *rq, const struct indicator *indicator)
{
    const char *member, *code = NULL;
    if (indicator_check(indicator, &member, &code) && !indicator->nothing &&
        indicator->method != METHOD_VETO && indicator->method != METHOD_BONUS) {
        member = "nothing";
        code = "required";
    }
    return code ? texts_fill(rq->cx.mem, "schemes.lacking", rq->cx.lang,
                             (const char *const[]){
                                 word(rq, arena_printf(rq->cx.mem, "schemes.%s", member)),
                                 word(rq, arena_printf(rq->cx.mem, "fault.field.%s", code)), NULL})
                : "";
}

static struct doc *indicator_doc(struct request *rq, enum measured_kind of_what,
                                 const struct indicator *indicator, size_t index)
{
    static const struct indicator BLANK = {.code = "", .name = "", .measure = "", .bands = ""};
    struct doc *doc = doc_new(rq->cx.mem);
    const struct indicator *of = indicator ? indicator : &BLANK;
    const struct {
        const char *name;
        struct points points;
    } numbers[] = {{"weight", of->weight},
                   {"base", of->base},
                   {"target", of->target},
                   {"step", of->step},
                   {"share", of->share}};
    doc_int(doc, "index", (int64_t)index);
    doc_int(doc, "place", (int64_t)index + 1);
    doc_text(doc, "code", of->code);
    doc_text(doc, "name", of->name);
    doc_text(doc, "bands", of->bands);
    doc_flag(doc, "fewer", of->fewer);
    doc_flag(doc, "needed", of->needed);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        doc_text(doc, numbers[i].name, number_or_blank(rq, numbers[i].points));
    put_options(rq, doc, "measures", measure_names(rq, of_what), "measure", of->measure);
    put_options(rq, doc, "methods", SCORING_METHODS, "schemes.method",
                choice_name(SCORING_METHODS, of->method));
    put_options(rq, doc, "policies", NOTHING_POLICIES, "schemes.nothing",
                choice_name(NOTHING_POLICIES, of->nothing));
    if (!indicator)
        return doc;
    doc_text(doc, "measure", measure_label(rq, of->measure));
    put_formula(rq, doc, measure_find(of->measure));
    doc_text(doc, "how", indicator_how(rq, of));
    doc_text(doc, "lacking", lacking(rq, of));
    if (of->nothing)
        doc_text(doc, "policy",
                 word(rq, arena_printf(rq->cx.mem, "schemes.nothing.%s",
                                       choice_name(NOTHING_POLICIES, of->nothing))));
    return doc;
}

static void put_indicators(struct request *rq, enum measured_kind of,
                           const struct indicator *indicators, size_t count, size_t blank)
{
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count + blank + 1);
    int64_t sum = 0;
    for (size_t i = 0; i < count + blank; i++)
        rows[i] = indicator_doc(rq, of, i < count ? &indicators[i] : NULL, i);
    for (size_t i = 0; i < count; i++)
        sum += indicators[i].method == METHOD_BONUS ? 0 : indicators[i].weight.hundredths;
    doc_docs(rq->doc, "rows", rows, count + blank);
    doc_text(rq->doc, "weights", shown(rq, (struct points){sum}));
    doc_flag(rq->doc, "weights_fit", sum == SCORING_BASE * INT64_C(100));
}

static void put_grades(struct request *rq, const struct grade_from *grades, size_t count)
{
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, GRADES_MOST);
    for (enum grade grade = GRADE_EXCELLENT; grade <= GRADE_FAIL; grade++) {
        struct doc *doc = rows[grade - 1] = doc_new(rq->cx.mem);
        const char *name = choice_name(GRADES, grade);
        doc_int(doc, "index", grade - 1);
        doc_text(doc, "grade", name);
        doc_text(doc, "label", word(rq, arena_printf(rq->cx.mem, "schemes.grade.%s", name)));
        const char *from = "";
        for (size_t i = 0; i < count; i++)
            from = grades[i].grade == grade ? shown(rq, grades[i].from) : from;
        doc_text(doc, "from", from);
    }
    doc_docs(rq->doc, "grade_rows", rows, GRADES_MOST);
}

static const struct field OPTION_FORM_FIELDS[] = {
    FIELD_ENUM(scheme_option, who, OPTION_WHO, .in = MUST),
    FIELD(scheme_option, days, .in = MAY, .max = 366),
    FIELD_ENUM(scheme_option, effect, OPTION_EFFECTS, .in = MAY),
    FIELDS_END,
};

/* All kinds of people that may be treated in another way, those that the scheme says with how. */
static void put_options_of(struct request *rq, const struct scheme_option *options, size_t count)
{
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, OPTIONS_MOST);
    for (enum option_who who = WHO_NEWCOMER; who <= WHO_TOO_SHORT; who++) {
        struct doc *doc = rows[who - 1] = doc_new(rq->cx.mem);
        const char *name = choice_name(OPTION_WHO, who);
        const struct scheme_option *option = NULL;
        for (size_t i = 0; i < count; i++)
            option = options[i].who == who ? &options[i] : option;
        const char *effect = option ? choice_name(OPTION_EFFECTS, option->effect) : "";
        doc_int(doc, "index", who - 1);
        doc_text(doc, "who", name);
        doc_text(doc, "label", word(rq, arena_printf(rq->cx.mem, "schemes.who.%s", name)));
        doc_text(doc, "days",
                 option && option->days ? arena_printf(rq->cx.mem, "%d", option->days) : "");
        put_options(rq, doc, "effects", OPTION_EFFECTS, "schemes.effect", effect);
        if (option)
            doc_text(doc, "effect",
                     word(rq, arena_printf(rq->cx.mem, "schemes.effect.%s", effect)));
    }
    doc_docs(rq->doc, "option_rows", rows, OPTIONS_MOST);
    doc_flag(rq->doc, "has_options", count > 0);
}

/* ---- a scheme ---- */

static struct month month_before(struct request *rq)
{
    return (struct month){month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN)).months - 1};
}

static enum result scheme_show(struct request *rq, void *record)
{
    const struct scheme *scheme = record;
    struct indicator *indicators;
    struct grade_from *grades;
    struct scheme_option *options;
    size_t count, grade_count, option_count;
    char month[MONTH_MAX_TEXT];
    TRY(scheme_indicators(&rq->cx, scheme, &indicators, &count));
    TRY(scheme_grades(&rq->cx, scheme, &grades, &grade_count));
    TRY(scheme_options(&rq->cx, scheme, &options, &option_count));
    doc_records(rq->doc, "indicators", INDICATOR_FIELDS, indicators, count, sizeof *indicators);
    doc_records(rq->doc, "options", OPTION_FIELDS, options, option_count, sizeof *options);
    doc_records(rq->doc, "grades", GRADE_FIELDS, grades, grade_count, sizeof *grades);
    if (rq->face != FACE_PAGE)
        return OK;
    const bool evaluates = scheme_evaluates(scheme);
    const bool writes = actor_may(rq->cx.actor, "schemes.write") &&
                        evaluates == (rq->cx.actor->side == SIDE_CLIENT);
    const bool put = evaluates && scheme->state == SCHEME_CONSULTING;
    const bool draft = scheme->state == SCHEME_DRAFT;
    rq->doc->page_only = true;
    put_indicators(rq, scheme_measures(scheme->subject), indicators, count,
                   draft && writes ? BLANK_ROWS : 0);
    put_grades(rq, grades, grade_count);
    put_options_of(rq, options, option_count);
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)scheme->contract_id));
    if (scheme->letter_id)
        doc_link(rq, rq->doc, "letter_href",
                 arena_printf(rq->cx.mem, "/letters/%lld", (long long)scheme->letter_id));
    month_format(month_before(rq), month);
    doc_text(rq->doc, "last_month", arena_dup(rq->cx.mem, month));
    doc_flag(rq->doc, "may_try", actor_may(rq->cx.actor, "schemes.try"));
    doc_flag(rq->doc, "evaluates", evaluates);
    doc_flag(rq->doc, "may_change", writes && draft);
    doc_flag(rq->doc, "may_approve",
             put && actor_may(rq->cx.actor, "schemes.approve") &&
                 scheme->approver_id != rq->cx.actor->person_id);
    doc_flag(rq->doc, "may_retract", writes && scheme->state == SCHEME_CONSULTING);
    doc_flag(rq->doc, "may_revise", writes && scheme->state == SCHEME_IN_FORCE);
    rq->doc->page_only = false;
    return documents_part(rq, &SCHEMES, scheme->id);
}

static enum result scheme_begin(struct request *rq, void *record)
{
    struct scheme *scheme = record;
    if (!scheme->subject)
        scheme->subject = rq->cx.actor->side == SIDE_CLIENT ? SCHEME_CONTRACT : SCHEME_AGENT;
    scheme->from_month.months = month_before(rq).months + 2;
    return OK;
}

static const struct record_face SCHEME_FACE = {
    .resource = &SCHEMES, .show = scheme_show, .begin = scheme_begin};

/* A form shows all kinds of people: those without an effect are not meant. */
static size_t options_meant(struct scheme_option *options, size_t count)
{
    size_t meant = 0;
    for (size_t i = 0; i < count; i++) {
        if (options[i].effect)
            options[meant++] = options[i];
    }
    return meant;
}

static const struct body_list SCHEME_LISTS[] = {
    {"indicators", INDICATOR_FIELDS, sizeof(struct indicator), INDICATORS_MOST},
    {"grades", GRADE_FIELDS, sizeof(struct grade_from), GRADES_MOST},
    {"options", OPTION_FIELDS, sizeof(struct scheme_option), OPTIONS_MOST},
    BODY_LISTS_END,
};

static enum result read_options(struct request *rq, struct scheme *scheme)
{
    struct scheme_option *options = NULL;
    size_t count;
    TRY(body_read_list(rq, "options", rq->face == FACE_PAGE ? OPTION_FORM_FIELDS : OPTION_FIELDS,
                       sizeof *options, OPTIONS_MOST, &options, &count));
    if (options)
        scheme->options = json_rows_text(rq->cx.mem, OPTION_FIELDS, options,
                                         options_meant(options, count), sizeof *options);
    return OK;
}

static bool is_code(const struct indicator *indicators, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(indicators[i].code, code) == 0)
            return true;
    }
    return false;
}

/* Who writes a scheme gives indicators names; by what the records know them is made here: by the
 * measure ("calls.success": "success"), and with a number where there is one already. */
static void give_codes(struct request *rq, struct indicator *indicators, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *point = strrchr(indicators[i].measure, '.');
        const char *base = point ? point + 1 : choice_name(SCORING_METHODS, indicators[i].method);
        const char *code = base;
        for (int n = 2; !*indicators[i].code && is_code(indicators, count, code); n++)
            code = arena_printf(rq->cx.mem, "%s%d", base, n);
        if (!*indicators[i].code)
            indicators[i].code = code;
        if (rq->face == FACE_PAGE)
            indicator_clear(&indicators[i]);
    }
}

static enum result read_scheme(struct request *rq, struct scheme *scheme, bool creating)
{
    struct indicator *indicators = NULL;
    struct grade_from *grades = NULL;
    size_t count, grade_count;
    enum result read = body_read_rows(rq, &SCHEME_LISTS[0], &indicators, &count);
    enum result graded = body_read_rows(rq, &SCHEME_LISTS[1], &grades, &grade_count);
    enum result opted = read_options(rq, scheme);
    enum result result = body_read(rq, SCHEMES.fields, scheme, creating, NULL);
    if (indicators) {
        give_codes(rq, indicators, count);
        scheme->indicators =
            json_rows_text(rq->cx.mem, INDICATOR_FIELDS, indicators, count, sizeof *indicators);
    }
    if (grades)
        scheme->grades =
            json_rows_text(rq->cx.mem, GRADE_FIELDS, grades, grade_count, sizeof *grades);
    return read != OK ? read : graded != OK ? graded : opted != OK ? opted : result;
}

static enum result scheme_post(struct request *rq)
{
    struct scheme *scheme = ARENA_NEW(rq->cx.mem, struct scheme);
    fields_blank(SCHEMES.fields, scheme);
    enum result result = read_scheme(rq, scheme, true);
    if (result == OK)
        result = record_add(&rq->cx, &SCHEMES, scheme);
    TRY(record_form_again(rq, &SCHEME_FACE, scheme, true, result));
    TRY(record_get(&rq->cx, &SCHEMES, scheme->id, scheme));
    TRY(record_answer(rq, &SCHEME_FACE, scheme));
    return created(rq, "/schemes/%lld", (long long)scheme->id);
}

static enum result scheme_patch(struct request *rq)
{
    struct scheme before, after;
    TRY(record_for_action(rq, &SCHEMES, &before));
    after = before;
    enum result result = read_scheme(rq, &after, false);
    if (result == OK)
        result = record_change(&rq->cx, &SCHEMES, "change", &before, &after);
    return record_acted(rq, &SCHEME_FACE, result == OK ? &before : &after, result, "flash.changed");
}

/* To the letter that asks for consent: its author reads it once more and sends it. */
static enum result scheme_consult_post(struct request *rq)
{
    struct scheme scheme;
    int64_t id;
    TRY(record_for_action(rq, &SCHEMES, &scheme));
    enum result result = scheme_consult(&rq->cx, &scheme, &id);
    if (result != OK)
        return record_acted(rq, &SCHEME_FACE, &scheme, result, "");
    struct letter *letter = ARENA_NEW(rq->cx.mem, struct letter);
    TRY(record_get(&rq->cx, &LETTERS, id, letter));
    doc_root(rq->doc, LETTERS.fields, letter);
    return created(rq, "/letters/%lld", (long long)id);
}

static enum result scheme_put_post(struct request *rq)
{
    struct scheme scheme;
    TRY(record_for_action(rq, &SCHEMES, &scheme));
    return record_acted(rq, &SCHEME_FACE, &scheme, scheme_put(&rq->cx, &scheme),
                        "flash.scheme.put");
}

static enum result scheme_approve_post(struct request *rq)
{
    struct scheme scheme;
    TRY(record_for_action(rq, &SCHEMES, &scheme));
    return record_acted(rq, &SCHEME_FACE, &scheme, scheme_approve(&rq->cx, &scheme),
                        "flash.scheme.approved");
}

static enum result scheme_return_post(struct request *rq)
{
    struct scheme scheme;
    TRY(record_for_action(rq, &SCHEMES, &scheme));
    return record_acted(rq, &SCHEME_FACE, &scheme,
                        scheme_return(&rq->cx, &scheme, input_text(rq, "reason")), "flash.changed");
}

static enum result scheme_retract_post(struct request *rq)
{
    struct scheme scheme;
    TRY(record_for_action(rq, &SCHEMES, &scheme));
    return record_acted(rq, &SCHEME_FACE, &scheme, scheme_retract(&rq->cx, &scheme),
                        "flash.changed");
}

static enum result scheme_revise_post(struct request *rq)
{
    struct scheme scheme;
    int64_t id;
    TRY(record_for_action(rq, &SCHEMES, &scheme));
    enum result result = scheme_revise(&rq->cx, &scheme, &id);
    if (result != OK)
        return record_acted(rq, &SCHEME_FACE, &scheme, result, "");
    struct scheme *next = ARENA_NEW(rq->cx.mem, struct scheme);
    TRY(record_get(&rq->cx, &SCHEMES, id, next));
    TRY(record_answer(rq, &SCHEME_FACE, next));
    return created(rq, "/schemes/%lld", (long long)id);
}

/* ---- a month by it ---- */

struct trial_line {
    const char *code, *name, *unit;
    int32_t formula_version;
    struct points value, points, extra, most;
    bool nothing;
};
/* What names a row in the API. */
static const char *const SUBJECT_IDS[] = {
    [SCHEME_AGENT] = "person_id",
    [SCHEME_MANAGER] = "person_id",
    [SCHEME_CONTRACT] = "contract_id",
    [SCHEME_PROJECT] = "unit_id",
};

static const struct field TRIAL_LINE_FIELDS[] = {
    FIELD(trial_line, code),    FIELD(trial_line, name),
    FIELD(trial_line, unit),    FIELD(trial_line, formula_version),
    FIELD(trial_line, value),   FIELD(trial_line, points),
    FIELD(trial_line, extra),   FIELD(trial_line, most),
    FIELD(trial_line, nothing), FIELDS_END};

/* What changes for somebody: "+1.20", "-0.35". */
static void put_before(struct request *rq, struct doc *doc, const struct trial_row *row,
                       const struct trial_row *before)
{
    char text[POINTS_MAX_TEXT];
    if (!before || before->score.empty || row->score.empty)
        return;
    const int64_t moved = row->score.total.hundredths - before->score.total.hundredths;
    points_format((struct points){moved}, text);
    doc_text(doc, "moved", arena_printf(rq->cx.mem, "%s%s", moved > 0 ? "+" : "", text));
    doc_int(doc, "rank_before", before->rank);
    doc_flag(doc, "rises", moved > 0);
    doc_flag(doc, "falls", moved < 0);
}

static struct doc *row_doc(struct request *rq, const struct trial *trial,
                           const struct trial_row *row)
{
    char total[POINTS_MAX_TEXT];
    struct doc *doc = doc_new(rq->cx.mem);
    struct trial_line *lines =
        ARENA_ARRAY(rq->cx.mem, struct trial_line, trial->indicator_count + 1);
    for (size_t i = 0; i < trial->indicator_count; i++) {
        const struct measure *measure = measure_find(trial->indicators[i].measure);
        lines[i] = (struct trial_line){
            .code = trial->indicators[i].code,
            .name = trial->indicators[i].name,
            .unit = measure ? choice_name(MEASURE_UNITS, measure->unit) : "",
            .formula_version = measure ? measure->version : 0,
            .value = measured_shown(&row->values[i]),
            .points = row->lines[i].points,
            .extra = row->lines[i].extra,
            .most = row->lines[i].most,
            .nothing = row->lines[i].nothing,
        };
    }
    doc_int(doc, SUBJECT_IDS[trial->subject], row->subject_id);
    doc_text(doc, "name", row->name);
    doc_text(doc, "code", row->code);
    points_format(row->score.total, total);
    doc_text(doc, "total", row->score.empty ? NULL : arena_dup(rq->cx.mem, total));
    doc_int(doc, "rank", row->rank);
    doc_text(doc, "grade", row->grade ? choice_name(GRADES, row->grade) : NULL);
    doc_flag(doc, "vetoed", row->score.vetoed);
    doc_records(doc, "lines", TRIAL_LINE_FIELDS, lines, trial->indicator_count, sizeof *lines);
    if (rq->face == FACE_PAGE && row->grade)
        doc_text(doc, "grade_label",
                 word(rq, arena_printf(rq->cx.mem, "schemes.grade.%s",
                                       choice_name(GRADES, row->grade))));
    return doc;
}

enum result trial_month(struct request *rq, struct month *out)
{
    const char *text = query_text(rq, "month");
    *out = month_before(rq);
    if (*text && !month_parse(text, out))
        reject(&rq->cx, "month", "malformed");
    else if (out->months > month_before(rq).months + 1)
        reject(&rq->cx, "month", "month_to_come");
    return rejected(&rq->cx);
}

static enum result scheme_trial_get(struct request *rq)
{
    struct scheme *scheme = ARENA_NEW(rq->cx.mem, struct scheme);
    struct trial trial, before;
    struct month month;
    char text[MONTH_MAX_TEXT];
    TRY(record_of_path(rq, &SCHEMES, scheme));
    TRY(trial_month(rq, &month));
    const enum result tried = scheme_trial(&rq->cx, scheme, month, &trial);
    if (tried == INVALID && rq->face == FACE_PAGE)
        rq->page = "scheme"; /* where what is not right is set right */
    if (tried != OK)
        return record_acted(rq, &SCHEME_FACE, scheme, tried, "");
    TRY(scheme_trial_before(&rq->cx, scheme, month, &before));
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, trial.count + 1);
    for (size_t i = 0; i < trial.count; i++) {
        rows[i] = row_doc(rq, &trial, &trial.rows[i]);
        put_before(rq, rows[i], &trial.rows[i], trial_person(&before, trial.rows[i].subject_id));
    }
    month_format(month, text);
    doc_int(rq->doc, "id", scheme->id);
    doc_text(rq->doc, "name", scheme->name);
    doc_text(rq->doc, "contract_name", scheme->contract_name);
    doc_text(rq->doc, "month", arena_dup(rq->cx.mem, text));
    doc_docs(rq->doc, "items", rows, trial.count);
    doc_text(rq->doc, "blank", trial_blank(&rq->cx, &trial));
    rq->doc->page_only = true;
    put_indicators(rq, scheme_measures(scheme->subject), trial.indicators, trial.indicator_count,
                   0);
    doc_flag(rq->doc, "compares", before.count > 0);
    month_format((struct month){month_before(rq).months + 1}, text);
    doc_text(rq->doc, "this_month", arena_dup(rq->cx.mem, text));
    if (!scheme_evaluates(scheme))
        doc_link(rq, rq->doc, "pay_href",
                 arena_printf(rq->cx.mem, "/schemes/%lld/pay_trial?month=%s", (long long)scheme->id,
                              text));
    rq->doc->page_only = false;
    return OK;
}

/* clang-format off */
const struct route SCHEME_ROUTES[] = {
    RECORD_LIST("schemes", SCHEME_FACE, "list"),
    RECORD_SHOW("schemes", SCHEME_FACE, "scheme"),
    {GET, "/schemes/new", "schemes.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &SCHEME_FACE, .nav = "schemes"},
    {POST, "/schemes", "schemes.write", scheme_post, "form", .subject = &SCHEME_FACE, .lists = SCHEME_LISTS,
     .nav = "schemes"},
    {PATCH, "/schemes/{id}", "schemes.write", scheme_patch, "scheme", .subject = &SCHEME_FACE, .lists = SCHEME_LISTS,
     .nav = "schemes"},
    {POST, "/schemes/{id}/consult", "schemes.write", scheme_consult_post, "scheme",
     .flags = RECORDED, .nav = "schemes"},
    {POST, "/schemes/{id}/put", "schemes.write", scheme_put_post, "scheme", .flags = RECORDED,
     .nav = "schemes"},
    {POST, "/schemes/{id}/approve", "schemes.approve", scheme_approve_post, "scheme",
     .flags = RECORDED, .nav = "schemes"},
    {POST, "/schemes/{id}/return", "schemes.approve", scheme_return_post, "scheme",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "schemes"},
    {POST, "/schemes/{id}/retract", "schemes.write", scheme_retract_post, "scheme",
     .flags = RECORDED, .nav = "schemes"},
    {POST, "/schemes/{id}/revise", "schemes.write", scheme_revise_post, "scheme",
     .flags = RECORDED, .nav = "schemes"},
    {GET, "/schemes/{id}/trial", "schemes.try", scheme_trial_get, "scheme_trial", .nav = "schemes"},
    RECORD_HISTORY("schemes", SCHEME_FACE),
    ROUTES_END,
};
/* clang-format on */
