/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/attendance/attendance.h"

#include "app/attendance/asked.h"
#include "app/attendance/attendance.sql.h"

#include <stdlib.h>
#include <string.h>

/* In the order of the kinds: present, late, early, missing, absent, leave, free, unjudged,
 * unclocked. */
const char ATTENDANCE_LETTERS[] = ".PLEMAVFUN";

/* An import of clockings runs with the right to these alone, and leave that a machine notes comes
 * with them. */
bool attendance_plans(const struct ctx *cx)
{
    return cx->actor->is_system || actor_may(cx->actor, "shifts.write") ||
           actor_may(cx->actor, "clockings.write");
}

/* ---- clockings ---- */

static const struct field CLOCKING_FIELDS[] = {
    RECORD_FIELDS(clocking),
    FIELD(clocking, day, .in = MUST, .use = LISTED | FILTERED | SORTED),
    FIELD_REF(clocking, organisation_id, "organisations", .use = NO_DIFF),
    FIELD_REF(clocking, person_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(clocking, person_name, .column = "p.name", .use = LISTED),
    FIELD(clocking, number, .in = MUST, .max = 40, .use = LISTED),
    FIELD(clocking, said_name, .in = MAY, .max = 40),
    FIELD(clocking, code, .use = HIDDEN),
    FIELD(clocking, came, .in = MAY, .max = 5, .use = LISTED, .valid = clock_valid),
    FIELD(clocking, went, .in = MAY, .max = 5, .use = LISTED, .valid = clock_valid),
    FIELD(clocking, note, .in = MAY, .max = 100, .use = LISTED),
    FIELDS_END,
};

void clocking_code(struct ctx *cx, struct clocking *clocking)
{
    char day[DATE_MAX_TEXT];
    date_format(clocking->day, day);
    clocking->code = clocking->day.days && *clocking->number
                         ? arena_printf(cx->mem, "%s %s", clocking->number, day)
                         : "";
}

enum result clocking_find(struct ctx *cx, int64_t organisation_id, const char *code,
                          int64_t *out_id)
{
    return db_int(cx, &q_clocking_find, PARAMS(P(organisation_id), P(code)), out_id);
}

/* "8:57", "08:57:31", with whatever width of digits and colon. */
static bool read_clock(const char *text, int *hour, int *minute)
{
    static const char DIGITS[] = "0123456789";
    const size_t first = strspn(text, DIGITS);
    const size_t second = text[first] == ':' ? strspn(text + first + 1, DIGITS) : 0;
    const char *rest = text + first + 1 + second;
    if (first < 1 || first > 2 || second != 2)
        return false;
    if (*rest && !(*rest == ':' && strspn(rest + 1, DIGITS) == 2 && !rest[3]))
        return false;
    *hour = (int)strtol(text, NULL, 10);
    *minute = (int)strtol(text + first + 1, NULL, 10);
    return *hour < 24 && *minute < 60;
}

#define FRACTION_DIGITS 9

/* A spreadsheet keeps a time of day as a fraction of the day: 0.375 is 09:00. */
static bool read_fraction(const char *text, int *hour, int *minute)
{
    const size_t digits = strncmp(text, "0.", 2) == 0 ? strspn(text + 2, "0123456789") : 0;
    int64_t value = 0, unit = 1;
    if (!digits || text[2 + digits])
        return false;
    for (size_t i = 0; i < digits && i < FRACTION_DIGITS; i++) {
        value = value * 10 + text[2 + i] - '0';
        unit *= 10;
    }
    const int64_t minutes = (value * DAY_MINUTES + unit / 2) / unit;
    *hour = (int)(minutes / 60);
    *minute = (int)(minutes % 60);
    return minutes < DAY_MINUTES;
}

const char *clock_meaning(struct arena *arena, const char *cell)
{
    const char *text = text_plain(arena, cell);
    int hour, minute;
    if (read_clock(text, &hour, &minute) || read_fraction(text, &hour, &minute))
        return arena_printf(arena, "%02d:%02d", hour, minute);
    return cell;
}

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

/* By personnel's number, by who had it in the machine before, else by the name alone, which then
 * only one may have. */
static enum result find_clocked(struct ctx *cx, struct clocking *clocking)
{
    struct record *people;
    size_t count;
    TRY(person_by_staff_number(cx, clocking->organisation_id, clocking->number,
                               &clocking->person_id));
    if (clocking->person_id)
        return OK;
    TRY(db_int(cx, &q_clocking_of_number, PARAMS(P(clocking->organisation_id), P(clocking->number)),
               &clocking->person_id));
    if (clocking->person_id)
        return OK;
    TRY(db_list(cx, &q_people_of_name,
                PARAMS(P(clocking->organisation_id), P(clocking->said_name), P(clocking->day)),
                ID_FIELDS, sizeof *people, 2, &people, &count));
    if (count == 1)
        clocking->person_id = people->id;
    else
        reject_clause(cx, "C2.3", "number", count ? "clocking_several" : "clocking_nobody",
                      clocking->number, clocking->said_name);
    return OK;
}

static enum result check_person(struct ctx *cx, const struct clocking *clocking)
{
    struct list list;
    int64_t employer, there;
    TRY(db_int(cx, &q_clocking_of_day,
               PARAMS(P(clocking->person_id), P(clocking->day), P(clocking->code)), &there));
    if (there)
        reject_clause(cx, "C2.3", "day", "clocked_already");
    TRY(record_select(cx, &PEOPLE, "clocked", "t.id = $1", PARAMS(P(clocking->person_id)), &list));
    const struct person *person = list.rows;
    TRY(person_works(cx, clocking->person_id, clocking->day, &employer));
    if (*clocking->said_name && strcmp(clocking->said_name, person->name) != 0)
        reject_clause(cx, "C2.3", "said_name", "clocking_other_name", clocking->number,
                      person->name);
    if (employer != clocking->organisation_id)
        reject_clause(cx, "C2.3", "day", "not_employed", person->name);
    if (!cx->actor->is_system && clocking->person_id == cx->actor->person_id)
        reject_clause(cx, "C2.3", "number", "own_clocking");
    return OK;
}

static enum result clocking_check(struct ctx *cx, void *record, const void *before)
{
    struct clocking *clocking = record;
    if (before)
        return fail(cx, CONFLICT, "clocking.is_fact");
    if (!cx->actor->is_system)
        clocking->organisation_id = cx->actor->organisation_id;
    clocking_code(cx, clocking);
    if (clocking->day.days > instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "C2.3", "day", "not_yet");
    if (!*clocking->code)
        return OK;
    TRY(find_clocked(cx, clocking));
    return clocking->person_id ? check_person(cx, clocking) : OK;
}

static enum result clocking_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct clocking *clocking = record;
    (void)before;
    if (!*clocking->came && !*clocking->went)
        TRY(leave_noted(cx, clocking));
    TRY(attendance_derive(cx, clocking->person_id, clocking->day, clocking->day));
    return attendance_clocked(cx, clocking->organisation_id, clocking->day, clocking->day);
}

const struct resource CLOCKINGS = {
    .name = "clockings",
    .clause = "C2.3",
    .fields = CLOCKING_FIELDS,
    .size = sizeof(struct clocking),
    .joins = "JOIN people p ON p.id = t.person_id",
    .title = "person_name",
    .sort = "-day",
    .scope = {[SIDE_PROVIDER] = OWN_OR_PLANNED},
    .withheld = true,
    .search_also = "p.search_key",
    .check = clocking_check,
    .saved = clocking_saved,
    .import_key = "code",
};

/* ---- days ---- */

static const struct field ATTENDANCE_FIELDS[] = {
    RECORD_FIELDS(attendance),
    FIELD(attendance, day, .use = LISTED | FILTERED | SORTED),
    FIELD_REF(attendance, organisation_id, "organisations", .use = NO_DIFF),
    FIELD_REF(attendance, person_id, "people", .use = FILTERED),
    FIELD(attendance, person_name, .column = "p.name", .use = LISTED),
    FIELD_ENUM(attendance, job, JOBS, .column = "p.job"),
    FIELD_REF(attendance, shift_kind_id, "shift_kinds"),
    FIELD(attendance, shift_kind_name, .column = "COALESCE(k.name, '')", .use = LISTED),
    FIELD(attendance, starts, .column = "COALESCE(k.starts, '')", .use = LISTED),
    FIELD(attendance, ends, .column = "COALESCE(k.ends, '')", .use = LISTED),
    FIELD(attendance, usual),
    FIELD_ENUM(attendance, kind, ATTENDANCE_KINDS, .use = LISTED | FILTERED),
    FIELD(attendance, minutes, .use = LISTED),
    FIELD(attendance, came, .use = LISTED),
    FIELD(attendance, went, .use = LISTED),
    FIELD(attendance, late_min, .use = FILTERED),
    FIELD(attendance, early_min, .use = FILTERED),
    FIELD(attendance, due),
    FIELD(attendance, attended),
    FIELD(attendance, absent, .use = FILTERED),
    FIELD(attendance, on_leave, .use = FILTERED),
    FIELDS_END,
};

const struct resource ATTENDANCE = {
    .name = "attendance",
    .clause = "C2.3",
    .fields = ATTENDANCE_FIELDS,
    .size = sizeof(struct attendance),
    .joins =
        "JOIN people p ON p.id = t.person_id LEFT JOIN shift_kinds k ON k.id = t.shift_kind_id",
    .title = "person_name",
    .sort = "-day",
    .scope = {[SIDE_PROVIDER] = OWN_OR_PLANNED},
    .withheld = true,
    .search_also = "p.search_key",
};

static const struct field MONTH_FIELDS[] = {
    RECORD_FIELDS(attendance_month),
    FIELD(attendance_month, month, .use = LISTED | FILTERED),
    FIELD_REF(attendance_month, organisation_id, "organisations", .use = NO_DIFF),
    FIELD_REF(attendance_month, person_id, "people", .use = FILTERED),
    FIELD(attendance_month, person_name, .column = "p.name", .use = LISTED),
    FIELD_ENUM(attendance_month, job, JOBS, .column = "p.job", .use = LISTED),
    FIELD(attendance_month, due, .use = LISTED),
    FIELD(attendance_month, attended, .use = LISTED),
    FIELD(attendance_month, rate, .use = LISTED | FILTERED | SORTED),
    FIELD(attendance_month, late, .use = LISTED | FILTERED | SORTED),
    FIELD(attendance_month, late_min, .use = LISTED | SORTED),
    FIELD(attendance_month, early, .use = LISTED | FILTERED | SORTED),
    FIELD(attendance_month, early_min, .use = LISTED),
    FIELD(attendance_month, missing, .use = LISTED),
    FIELD(attendance_month, absent, .use = LISTED | FILTERED | SORTED),
    FIELD(attendance_month, on_leave, .use = LISTED | FILTERED | SORTED),
    FIELD(attendance_month, unjudged, .use = LISTED),
    FIELD(attendance_month, known_days),
    FIELD(attendance_month, absent_days),
    FIELD(attendance_month, leave_days),
    FIELD(attendance_month, days, .use = LISTED),
    FIELDS_END,
};

const struct resource ATTENDANCE_MONTHS = {
    .name = "attendance_months",
    .clause = "C2.3",
    .fields = MONTH_FIELDS,
    .size = sizeof(struct attendance_month),
    .joins = "JOIN people p ON p.id = t.person_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = OWN_OR_PLANNED},
    .withheld = true,
    .search_also = "p.search_key",
};

#define ID_STEP (INT64_C(1) << 32)

int64_t attendance_id(int64_t person_id, struct date day)
{
    const struct date first = date_of(2020, 1, 1);
    return (int64_t)(day.days - first.days) * ID_STEP + person_id;
}

int64_t attendance_month_id(int64_t person_id, struct month month)
{
    return month.months * ID_STEP + person_id;
}

/* ---- rights ---- */

#define R_KEEPERS (R(PROVIDER) | R(DUTY))

const struct right ATTENDANCE_RIGHTS[] = {
    {"shift_kinds.read", R_STAFF, "C2.3"},
    {"shift_kinds.write", R_KEEPERS, "C2.3"},
    {"shifts.read", R_STAFF, "C2.3"},
    {"shifts.write", R_PLANNERS, "C2.3"},
    {"shift_swaps.read", R_STAFF, "C2.3"},
    {"shift_swaps.write", R_STAFF, "C2.3"},
    {"shift_swaps.decide", R_PLANNERS, "C2.3"},
    {"clockings.read", R_STAFF, "C2.3"},
    {"clockings.write", R(PROVIDER), "C2.3"},
    {"attendance.read", R_STAFF, "C2.3"},
    {"attendance_months.read", R_STAFF, "C2.3"},
    {"leaves.read", R_STAFF, "C2.3"},
    {"leaves.write", R_STAFF, "C2.3"},
    {"leaves.decide", R_PLANNERS, "C2.3"},
    {"attendance_corrections.read", R_STAFF, "C2.3"},
    {"attendance_corrections.write", R_STAFF, "C2.3"},
    {"attendance_corrections.decide", R_PLANNERS, "C2.3"},
    {"attendance_rules.read", R_STAFF, "C2.3"},
    {"attendance_rules.write", R(PROVIDER), "C2.3"},
    RIGHTS_END,
};
