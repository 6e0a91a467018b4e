/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's shifts and attendance: three months of the call centre's people, and what they
 * ask about their days. */
#include "app/attendance/asked.h"
#include "base/hash.h"
#include "main/demo_story.h"

#define DAYS_BEFORE 92  /* the month before the last, which is paid by them, all of it */
#define DAYS_PLANNED 13 /* from today on */

enum { KIND_DAY, KIND_EARLY, KIND_LATE, KIND_COUNT };
static const struct {
    const char *name, *starts, *ends;
    int break_min, grace;
} KINDS[KIND_COUNT] = {
    {"日班", "09:00", "18:00", 60, 5},
    {"早班", "08:30", "17:30", 60, 5},
    {"晚班", "13:00", "22:00", 60, 10},
};

struct clocked {
    struct story *story;
    int64_t kinds[KIND_COUNT];
    struct day_fill *days;
};

static uint64_t luck(int64_t person_id, struct date day, const char *of)
{
    const int64_t of_whom[] = {person_id, day.days, of[0]};
    return hash_stable(2026, of_whom, sizeof of_whom) >> 20;
}

enum story_day_kind story_person_day(int64_t person_id, struct date day)
{
    static const struct {
        unsigned below; /* of a hundred */
        enum story_day_kind kind;
    } KINDS_OF[] = {
        {2, DAY_ON_LEAVE}, {3, DAY_AWAY}, {9, DAY_TOO_LATE}, {11, DAY_TOO_EARLY}, {12, DAY_HALF}};
    const unsigned hundred = (unsigned)(luck(person_id, day, "kind") % 100);
    for (size_t i = 0; i < sizeof KINDS_OF / sizeof KINDS_OF[0]; i++) {
        if (hundred < KINDS_OF[i].below)
            return KINDS_OF[i].kind;
    }
    return DAY_AS_USUAL;
}

static enum result tell_kinds(struct clocked *clocked)
{
    struct story *story = clocked->story;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        struct shift_kind kind = {.organisation_id = story->organisations[CALLER],
                                  .name = KINDS[i].name,
                                  .starts = KINDS[i].starts,
                                  .ends = KINDS[i].ends,
                                  .break_min = KINDS[i].break_min,
                                  .late_grace = KINDS[i].grace,
                                  .early_grace = 0,
                                  .state = SHIFT_KIND_IN_FORCE};
        fields_blank(SHIFT_KINDS.fields, &kind);
        TRY(record_add(story->cx, &SHIFT_KINDS, &kind));
        clocked->kinds[i] = kind.id;
    }
    struct attendance_rule rule = {.organisation_id = story->organisations[CALLER],
                                   .swaps_month = SWAPS_MONTH_USUAL,
                                   .corrections_month = 3};
    return record_add(story->cx, &ATTENDANCE_RULES, &rule);
}

/* ---- a person ---- */

/* Of the two by day everybody keeps one; duty managers and supervisors take turns in the evening.
 */
static int kind_of(const struct person *person, struct date day)
{
    const bool leads = person->job == JOB_DUTY_MANAGER || person->job == JOB_SUPERVISOR;
    const int week = day.days / 7;
    if (leads && (week + person->id) % 2 == 0)
        return KIND_LATE;
    return person->id % 3 == 0 ? KIND_EARLY : KIND_DAY;
}

static const char *clock_text(struct clocked *clocked, const char *from, int minutes)
{
    const int at = clock_minutes(from) + minutes;
    return arena_printf(clocked->story->cx->mem, "%02d:%02d", at / 60, at % 60);
}

static void clock_in(struct clocked *clocked, const struct person *person, int kind,
                     struct day_fill *day)
{
    const int some = (int)(luck(person->id, day->day, "minutes") % 12);
    const enum story_day_kind is = story_person_day(person->id, day->day);
    if (is == DAY_ON_LEAVE || is == DAY_AWAY)
        return;
    day->came = clock_text(clocked, KINDS[kind].starts,
                           is == DAY_TOO_LATE ? KINDS[kind].grace + 2 + some * 2 : -3 - some);
    if (is != DAY_HALF)
        day->went =
            clock_text(clocked, KINDS[kind].ends, is == DAY_TOO_EARLY ? -6 - some : 1 + some);
}

static enum result take_leave(struct clocked *clocked, const struct person *person, struct date day)
{
    static const enum leave_kind KINDS_OF[] = {LEAVE_PERSONAL, LEAVE_SICK, LEAVE_ANNUAL};
    static const char *const REASONS[] = {"家中有事", "发烧就诊", "年休假"};
    struct story *story = clocked->story;
    struct ctx *cx = story->cx;
    const size_t which = (size_t)(luck(person->id, day, "leave") % 3);
    struct leave leave = {.person_id = person->id,
                          .kind = KINDS_OF[which],
                          .from = day,
                          .to = day,
                          .part = PART_WHOLE,
                          .reason = REASONS[which]};
    fields_blank(LEAVES.fields, &leave);
    story->teller.person_id = person->id;
    TRY(record_add(cx, &LEAVES, &leave));
    TRY(record_get(cx, &LEAVES, leave.id, &leave));
    story->teller.person_id =
        story->people[person->id == story->people[DUTY_LEAD] ? CALL_LEAD : DUTY_LEAD];
    return asked_approve(cx, &LEAVES, (const struct asked *)&leave);
}

static enum result tell_person(struct clocked *clocked, const struct person *person)
{
    struct story *story = clocked->story;
    size_t count = 0;
    for (int day = -DAYS_BEFORE; day <= DAYS_PLANNED; day++) {
        const struct date date = story_day(story, day);
        if (date_weekday(date) > 5)
            continue;
        const int kind = kind_of(person, date);
        struct day_fill *fill = &clocked->days[count++];
        *fill = (struct day_fill){date, clocked->kinds[kind], "", "", ""};
        if (day < 0)
            clock_in(clocked, person, kind, fill);
        if (day < 0 && story_person_day(person->id, date) == DAY_ON_LEAVE)
            TRY(take_leave(clocked, person, date));
    }
    return attendance_fill(story->cx, story->organisations[CALLER], person->id,
                           arena_printf(story->cx->mem, "YS%04d", (int)person->id), clocked->days,
                           count);
}

/* ---- what is still open ---- */

/* The last day of that kind of the people; false when there is none. */
static bool find_day(struct story *story, const struct person *people, size_t count,
                     enum story_day_kind kind, int64_t *out_person, struct date *out_day)
{
    for (int back = 1; back <= DAYS_BEFORE; back++) {
        *out_day = story_day(story, -back);
        for (size_t i = 0; i < count && date_weekday(*out_day) <= 5; i++) {
            *out_person = people[i].id;
            if (story_person_day(people[i].id, *out_day) == kind)
                return true;
        }
    }
    return false;
}

/* Somebody with another shift asks the account "agent". */
static enum result tell_swap(struct clocked *clocked, const struct person *people, size_t count)
{
    struct story *story = clocked->story;
    struct swap swap = {.other_id = story->people[AGENT], .reason = "孩子开家长会，想换一天"};
    const struct person other = {.id = swap.other_id, .job = JOB_AGENT};
    fields_blank(SHIFT_SWAPS.fields, &swap);
    swap.day = story_day(story, 4);
    while (date_weekday(swap.day) > 5)
        swap.day = date_add(swap.day, 1);
    for (size_t i = count; i > 0 && !swap.person_id; i--) {
        const struct person *one = &people[i - 1];
        if (one->job == JOB_AGENT && kind_of(one, swap.day) != kind_of(&other, swap.day))
            swap.person_id = one->id;
    }
    story->teller.person_id = swap.person_id;
    return record_add(story->cx, &SHIFT_SWAPS, &swap);
}

static enum result tell_asked(struct clocked *clocked, const struct person *people, size_t count)
{
    struct story *story = clocked->story;
    struct correction correction = {
        .came = "", .went = "18:03", .reason = "下班忘记打卡，当天录音可证"};
    struct leave leave = {.person_id = people[count / 2].id,
                          .kind = LEAVE_PERSONAL,
                          .from = story_day(story, 3),
                          .to = story_day(story, 4),
                          .part = PART_WHOLE,
                          .reason = "回老家办事"};
    fields_blank(ATTENDANCE_CORRECTIONS.fields, &correction);
    fields_blank(LEAVES.fields, &leave);
    story->teller.person_id = leave.person_id;
    TRY(record_add(story->cx, &LEAVES, &leave));
    TRY(tell_swap(clocked, people, count));
    if (!find_day(story, people, count, DAY_HALF, &correction.person_id, &correction.day))
        return OK;
    story->teller.person_id = correction.person_id;
    return record_add(story->cx, &ATTENDANCE_CORRECTIONS, &correction);
}

enum result demo_attendance(struct story *story)
{
    struct clocked clocked = {.story = story};
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    clocked.days = ARENA_ARRAY(story->cx->mem, struct day_fill, DAYS_BEFORE + DAYS_PLANNED + 1);
    story_at(story, CALL_LEAD, -1, 18);
    (void)list_condition(
        story->cx, &PEOPLE, "organisation_id",
        arena_printf(story->cx->mem, "%lld", (long long)story->organisations[CALLER]), &query);
    (void)list_condition(story->cx, &PEOPLE, "job", "agent,duty_manager,supervisor,qa", &query);
    TRY(record_list(story->cx, &PEOPLE, &query, &list));
    const struct person *people = list.rows;
    TRY(tell_kinds(&clocked));
    story->cx->now = story->today;
    for (size_t i = 0; i < list.count; i++)
        TRY(tell_person(&clocked, &people[i]));
    return tell_asked(&clocked, people, list.count);
}
