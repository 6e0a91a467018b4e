/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent.h"
#include "app/appraisal/month_private.h"
#include "app/appraisal/test_months.h"
#include "app/letters/test_letters.h"
#include "app/scores/published.h"
#include "base/doc.h"
#include "base/hash.h"

#include <string.h>

#define BY_HAND                                                                                    \
    "[{\"code\":\"order\",\"name\":\"Order\",\"method\":\"manual\",\"weight\":\"100.00\","         \
    "\"nothing\":\"zero\"}]"

/* A contract with three agents, and a scheme whose points a person gives: every total is known. */
struct month_story {
    struct story story;
    struct world *world;
    const struct actor *other, *own; /* another of the provider's, and the first agent */
    int64_t scheme, people[3];
};

static struct month month_number(int year, int month)
{
    return month_of(date_of(year, month, 1));
}

static void now_is(const struct month_story *of, int year, int month, int day)
{
    of->world->test.cx.now = instant_of(date_of(year, month, day), 600, SHANGHAI_OFFSET_MIN);
}

static struct month_story month_story_of(void **state)
{
    static const struct letter_type *const TYPES[] = {&LETTER_PENALTY_EVIDENCE, &LETTER_MONTH_RULES,
                                                      &LETTER_REWARD, NULL};
    struct month_story of = {.story = story_of(state)};
    of.world = of.story.world;
    letters_use(TYPES);
    tamper(of.world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    of.scheme = a_scheme_in_force(of.world, of.story.contract, BY_HAND);
    of.other = outsider_of(of.world, of.world->provider, R(DUTY));
    act(of.world, &ACTOR_SYSTEM);
    for (int i = 0; i < 3; i++) {
        struct agent agent = {.contract_id = of.story.contract,
                              .person_id = a_person(of.world, of.world->provider, 0),
                              .from = date_of(2026, 1, 1),
                              .state = AGENT_ACTIVE};
        fields_blank(AGENTS.fields, &agent);
        agent.code = arena_printf(of.world->test.arena, "100%d", i + 1);
        assert_int_equal(add(of.world, &AGENTS, &agent), OK);
        of.people[i] = agent.person_id;
    }
    of.own = actor_of(of.world, of.people[0], R(AGENT));
    return of;
}

static struct appraisal_month month_read(const struct month_story *of, int64_t id)
{
    struct appraisal_month month;
    act(of->world, &ACTOR_SYSTEM);
    get(of->world, &MONTHS, id, &month);
    return month;
}

/* ---- steps as somebody ---- */

static enum result publish_plainly(struct ctx *cx, const struct appraisal_month *month)
{
    return month_publish(cx, month, "");
}

struct deed {
    int64_t id;
    enum result (*step)(struct ctx *cx, const struct appraisal_month *month);
    const char *reason;
    bool done;
};

static enum result deed_run(struct ctx *cx, void *host)
{
    struct deed *deed = host;
    struct appraisal_month month;
    TRY(record_get(cx, &MONTHS, deed->id, &month));
    return deed->step ? deed->step(cx, &month)
                      : month_reopen(cx, &month, deed->reason, &deed->done);
}

static enum result step_of(const struct month_story *of, int64_t id,
                           enum result (*step)(struct ctx *, const struct appraisal_month *))
{
    struct deed deed = {.id = id, .step = step};
    act(of->world, of->story.provider);
    return attempt(of->world, deed_run, &deed);
}

static enum result reopen_as(const struct month_story *of, const struct actor *actor, int64_t id,
                             const char *reason)
{
    struct deed deed = {.id = id, .reason = reason};
    act(of->world, actor);
    return attempt(of->world, deed_run, &deed);
}

static void gives(const struct month_story *of, int64_t month, int64_t person, int points)
{
    struct manual_score score = {
        .month_id = month, .person_id = person, .points = {points * 100}, .reason = "Seen"};
    fields_blank(MANUAL_SCORES.fields, &score);
    score.indicator = "order";
    act(of->world, of->story.duty);
    assert_int_equal(add(of->world, &MANUAL_SCORES, &score), OK);
}

static struct sheet sheet_of(const struct month_story *of, int64_t month, int64_t person)
{
    struct list list;
    act(of->world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&of->world->test.cx, &SHEETS, "test",
                                   "t.month_id = $1 AND t.subject_id = $2",
                                   PARAMS(P(month), P(person)), &list),
                     OK);
    assert_int_equal(list.count, 1);
    return *(const struct sheet *)list.rows;
}

/* The month with so many points for each of the three, computed after its evidence is closed. */
static int64_t computed_so(const struct month_story *of, int64_t id, int year, int month, int first,
                           int second, int third)
{
    gives(of, id, of->people[0], first);
    gives(of, id, of->people[1], second);
    gives(of, id, of->people[2], third);
    now_is(of, year + month / 12, month % 12 + 1, 3);
    assert_int_equal(step_of(of, id, month_close_evidence), OK);
    assert_int_equal(step_of(of, id, month_compute), OK);
    return id;
}

static int64_t computed(const struct month_story *of, int year, int month, int first, int second,
                        int third)
{
    const int64_t id = a_month(of->world, of->story.contract, month_number(year, month));
    return computed_so(of, id, year, month, first, second, third);
}

static int64_t published(const struct month_story *of, int year, int month, int first, int second,
                         int third)
{
    const int64_t id = computed(of, year, month, first, second, third);
    assert_int_equal(step_of(of, id, publish_plainly), OK);
    return id;
}

/* ---- C2.4: the clock ---- */

static enum result sweep_run(struct ctx *cx, void *host)
{
    (void)host;
    return months_sweep(cx);
}

static void C2_4_a_month_opens_by_itself_and_its_evidence_closes_by_the_clock(void **state)
{
    const struct month_story of = month_story_of(state);
    struct ctx *cx = &of.world->test.cx;
    struct appraisal_month month;
    now_is(&of, 2026, 2, 20);
    act(of.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(of.world, sweep_run, NULL), OK);
    assert_int_equal(month_of_contract(cx, of.story.contract, month_number(2026, 2), &month), OK);
    assert_int_equal(month_of_contract(cx, of.story.contract, month_number(2026, 3), &month),
                     NOT_FOUND);
    assert_int_equal(month_of_contract(cx, of.story.contract, month_number(2026, 2), &month), OK);
    assert_int_equal(month.evidence_by.ms,
                     instant_of(date_of(2026, 3, 3), 0, SHANGHAI_OFFSET_MIN).ms - 1);
    cx->now = month.evidence_by; /* the last moment of the 2nd is in time */
    assert_int_equal(step_of(&of, month.id, month_close_evidence), CONFLICT);
    assert_code(of.world, "month.evidence_open");
    cx->now.ms++;
    act(of.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(of.world, sweep_run, NULL), OK);
    assert_int_equal(month_read(&of, month.id).state, MONTH_EVIDENCE_CLOSED);
}

static void C2_4_the_parties_may_read_the_deadline_in_another_way(void **state)
{
    const struct month_story of = month_story_of(state);
    struct ctx *cx = &of.world->test.cx;
    struct month_rule rule = {.evidence_day = 2, .inclusive = false};
    struct instant by;
    by = month_evidence_by(cx, &rule, month_number(2026, 9));
    assert_int_equal(by.ms, instant_of(date_of(2026, 10, 2), 0, SHANGHAI_OFFSET_MIN).ms - 1);
    rule.inclusive = true;
    rule.rolls_over = true; /* the National Day holidays of 2026 end on 7 October */
    by = month_evidence_by(cx, &rule, month_number(2026, 9));
    assert_int_equal(by.ms, instant_of(date_of(2026, 10, 9), 0, SHANGHAI_OFFSET_MIN).ms - 1);
}

/* ---- C2.4: legal order ---- */

static void C2_4_nothing_is_computed_out_of_order_or_without_consent(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = a_month(of.world, of.story.contract, month_number(2026, 2));
    now_is(&of, 2026, 3, 3);
    assert_int_equal(step_of(&of, id, month_compute), CONFLICT);
    assert_int_equal(step_of(&of, id, publish_plainly), CONFLICT);
    assert_int_equal(step_of(&of, id, month_lock), CONFLICT);
    assert_code(of.world, "month.wrong_state");
    assert_int_equal(step_of(&of, id, month_close_evidence), OK);
    tamper(of.world, "UPDATE schemes SET state = 'consulting'");
    assert_int_equal(step_of(&of, id, month_compute), CONFLICT);
    assert_code(of.world, "month.no_scheme");
    assert_int_equal(month_read(&of, id).state, MONTH_EVIDENCE_CLOSED);
}

static void C2_4_computing_again_gives_the_same_bit_for_bit(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = computed(&of, 2026, 2, 90, 70, 70);
    const char *first = month_read(&of, id).sha256;
    const struct sheet sheet = sheet_of(&of, id, of.people[0]);
    assert_int_equal(step_of(&of, id, month_compute), OK);
    assert_string_equal(month_read(&of, id).sha256, first);
    assert_string_equal(sheet_of(&of, id, of.people[0]).lines, sheet.lines);
    assert_int_equal(sheet.total.hundredths, 9000);
    assert_int_equal(sheet.rank, 1);
    assert_int_equal(sheet_of(&of, id, of.people[1]).rank, 2); /* ties share the place */
    assert_int_equal(sheet_of(&of, id, of.people[2]).rank, 2);
}

/* So many people more with a sheet of the month, each with the points of its only indicator. */
static void crowd(const struct month_story *of, int64_t month, int people)
{
    struct arena *arena = of->world->test.arena;
    tamper(of->world,
           arena_printf(arena,
                        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                        "%d) INSERT INTO people (version, created_at, updated_at, organisation_id, "
                        "name, id_card, id_card_hash, phone, phone_hash, job, employed_by, "
                        "joined_on, left_on, search_key) SELECT 1, 1, 1, %lld, 'Crowd', '', '', "
                        "'', '', 'agent', '', '', '', 'crowd' FROM n",
                        people, (long long)of->world->provider));
    tamper(of->world,
           arena_printf(arena,
                        "INSERT INTO sheets (version, created_at, updated_at, month_id, "
                        "contract_id, unit_id, provider_id, client_id, scheme_id, subject, "
                        "subject_id, period, agent_code, appraised, total, deducted, adjusted, "
                        "rank, grade, vetoed, options, lines, rule_version, sha256, total_before, "
                        "rank_before, changed, change_reason, acknowledged_at, silent, state, "
                        "sort_points) SELECT 1, 1, 1, s.month_id, s.contract_id, s.unit_id, "
                        "s.provider_id, s.client_id, s.scheme_id, s.subject, p.id, s.period, 'C', "
                        "TRUE, 0, 0, 0, 0, '', FALSE, '', '[]', 3, '', 0, 0, FALSE, '', 0, FALSE, "
                        "'published', substr(CAST(10000 + p.id * 37 %% 1000 AS TEXT), 1, 5) FROM "
                        "sheets s JOIN people p ON p.name = 'Crowd' WHERE s.month_id = %lld AND "
                        "s.subject_id = %lld",
                        (long long)month, (long long)of->people[0]));
}

/* More than are sorted as few. */
static void C2_4_a_large_month_is_listed_by_the_points_of_an_indicator_page_by_page(void **state)
{
    const struct month_story of = month_story_of(state);
    struct ctx *cx = &of.world->test.cx;
    const int64_t id = published(&of, 2026, 2, 90, 80, 70);
    struct list_query query = {.sort = "-points.order", .limit = 100};
    struct list list;
    int seen = 0;
    int64_t last_id = INT64_MAX;
    const char *last = "99999";
    crowd(&of, id, 500);
    act(of.world, of.story.provider);
    assert_true(list_condition(cx, &SHEETS, "month_id",
                               arena_printf(of.world->test.arena, "%lld", (long long)id), &query));
    do {
        assert_int_equal(record_list(cx, &SHEETS, &query, &list), OK);
        const struct sheet *sheets = list.rows;
        for (size_t i = 0; i < list.count; i++, seen++) {
            const int order = strcmp(sheets[i].sort_points, last);
            assert_true(order < 0 || (order == 0 && sheets[i].id < last_id));
            last = sheets[i].sort_points;
            last_id = sheets[i].id;
        }
        query.after = list.next;
    } while (list.next);
    assert_int_equal(seen, 503);
    query.after = NULL;
    query.sort = "rank"; /* whoever has none comes last */
    assert_int_equal(record_list(cx, &SHEETS, &query, &list), OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(((const struct sheet *)list.rows)[i].rank, i < 3 ? i + 1 : 0);
}

static enum result verify_run(struct ctx *cx, void *host)
{
    int64_t *broken = host, sheets;
    const char *what;
    TRY(sheets_verify(cx, &sheets, broken, &what));
    assert_int_equal(sheets, *broken ? sheets : 3);
    return OK;
}

static void a_sheet_that_was_altered_is_found(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = published(&of, 2026, 2, 90, 80, 70);
    int64_t broken = -1;
    act(of.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(of.world, verify_run, &broken), OK);
    assert_int_equal(broken, 0);
    const struct sheet sheet = sheet_of(&of, id, of.people[1]);
    tamper(of.world,
           arena_printf(of.world->test.arena, "UPDATE sheets SET total = 9900 WHERE id = %lld",
                        (long long)sheet.id));
    act(of.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(of.world, verify_run, &broken), OK);
    assert_int_equal(broken, sheet.id);
}

/* The digest of a sheet, as 0017-month.md says what it is of. */
static const char *digest_again(const struct month_story *of, const struct sheet *sheet)
{
    char total[POINTS_MAX_TEXT], hex[SHA256_HEX];
    points_format(sheet->total, total);
    const char *text = arena_printf(
        of->world->test.arena,
        "sheet\ncontract %lld\nmonth 2026-02\nscheme %lld\nagent %lld %s\ntotal %s\ngrade %s\nveto "
        "0\noptions \nrules %d\n%s",
        (long long)sheet->contract_id, (long long)sheet->scheme_id, (long long)sheet->subject_id,
        sheet->agent_code, total, choice_name(GRADES, sheet->grade), sheet->rule_version,
        sheet->lines);
    sha256_hex(text, strlen(text), hex);
    return arena_dup(of->world->test.arena, hex);
}

/* The sheet of the second person as a former version wrote it, with these lines in it. */
static void written_by(int32_t version, const struct month_story *of, struct sheet sheet,
                       const char *from, const char *to)
{
    struct sheet_line *lines;
    size_t line_count;
    const char *sha256;
    int32_t count;
    assert_int_equal(sheet_lines(&of->world->test.cx, &sheet, &lines, &line_count), OK);
    sheet.lines =
        json_rows_text(of->world->test.arena, SHEET_LINE_FIELDS, lines, line_count, sizeof *lines);
    const char *at = strstr(sheet.lines, from);
    assert_non_null(at);
    sheet.lines = arena_printf(of->world->test.arena, "%.*s%s%s", (int)(at - sheet.lines),
                               sheet.lines, to, at + strlen(from));
    sheet.rule_version = version;
    tamper(of->world,
           arena_printf(of->world->test.arena,
                        "UPDATE sheets SET rule_version = %d, lines = '%s', sha256 = '%s' WHERE "
                        "id = %lld",
                        version, sheet.lines, digest_again(of, &sheet), (long long)sheet.id));
    act(of->world, &ACTOR_SYSTEM);
    of->world->test.cx.db = store_reader(of->world->test.store);
    assert_int_equal(sheets_digest(&of->world->test.cx, sheet.month_id, &sha256, &count), OK);
    tamper(of->world,
           arena_printf(of->world->test.arena, "UPDATE months SET sha256 = '%s'", sha256));
    act(of->world, &ACTOR_SYSTEM);
}

static void a_sheet_is_verified_as_the_version_that_wrote_it_would_write_it(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = published(&of, 2026, 2, 90, 80, 70);
    const struct sheet sheet = sheet_of(&of, id, of.people[1]);
    int64_t broken = -1;
    assert_string_equal(digest_again(&of, &sheet), sheet.sha256);
    const struct {
        int32_t version;
        const char *from, *to;
        int64_t broken;
    } CASES[] = {
        {1, "\"evidence_count\":1", "\"evidence_count\":7", 0},
        {1, "\"points\":\"80.00\"", "\"points\":\"81.00\"", sheet.id},
        {3, "\"evidence_count\":1", "\"evidence_count\":1", 0},
        {3, "\"evidence_count\":1", "\"evidence_count\":7", sheet.id},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        written_by(CASES[i].version, &of, sheet, CASES[i].from, CASES[i].to);
        assert_int_equal(attempt(of.world, verify_run, &broken), OK);
        assert_int_equal(broken, CASES[i].broken);
    }
}

/* ---- C2.4: evidence ---- */

static int64_t evidence_sent(const struct month_story *of, const char *line)
{
    const struct letter_type *type = &LETTER_PENALTY_EVIDENCE;
    struct letter letter = letter_draft(&of->story);
    void *row = arena_alloc(of->world->test.arena, type->line_size);
    letter.type = type->name;
    letter_line_read(of->world, type, line, row);
    letter.lines = letter_lines_text(of->world->test.arena, type, row, 1);
    const int64_t id = drafted(&of->story, of->story.division, letter);
    assert_int_equal(send_as(&of->story, of->story.division, id), OK);
    return id;
}

static struct penalty penalty_of(const struct month_story *of, int64_t letter)
{
    struct list list;
    act(of->world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&of->world->test.cx, &PENALTIES, "test", "t.letter_id = $1",
                                   PARAMS(P(letter)), &list),
                     OK);
    assert_int_equal(list.count, 1);
    return *(const struct penalty *)list.rows;
}

struct verdict_deed {
    struct penalty penalty;
    int points; /* 0: not upheld */
};

static enum result verdict_run(struct ctx *cx, void *host)
{
    const struct verdict_deed *deed = host;
    return deed->points
               ? penalty_uphold(cx, &deed->penalty, (struct points){deed->points * 100}, "Heard it")
               : penalty_reject(cx, &deed->penalty, "Not heard");
}

static enum result verdict(const struct month_story *of, int64_t letter, int points)
{
    struct verdict_deed deed = {penalty_of(of, letter), points};
    act(of->world, of->story.provider);
    return attempt(of->world, verdict_run, &deed);
}

static void C2_4_evidence_in_time_is_verified_and_taken_from_the_sheet(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = a_month(of.world, of.story.contract, month_number(2026, 2));
    now_is(&of, 2026, 3, 2);
    const int64_t letter = evidence_sent(&of, "agent_code=1001;month=2026-02;fact=Rude");
    assert_false(penalty_of(&of, letter).late);
    gives(&of, id, of.people[0], 90);
    now_is(&of, 2026, 3, 3);
    assert_int_equal(step_of(&of, id, month_close_evidence), OK);
    assert_int_equal(step_of(&of, id, month_compute), CONFLICT);
    assert_code(of.world, "month.evidence_unverified");
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "approve", "Right"), OK);
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "execute", ""), CONFLICT);
    assert_code(of.world, "penalty.undecided");
    assert_int_equal(verdict(&of, letter, 2), OK);
    assert_int_equal(verdict(&of, letter, 3), CONFLICT);
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "execute", ""), OK);
    assert_int_equal(step_of(&of, id, month_compute), OK);
    const struct sheet sheet = sheet_of(&of, id, of.people[0]);
    assert_int_equal(sheet.total.hundredths, 8800);
    assert_int_equal(sheet.deducted.hundredths, 200);
    assert_non_null(strstr(sheet.lines, "\"penalty."));
}

static void C2_4_late_evidence_is_kept_and_does_not_count(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = a_month(of.world, of.story.contract, month_number(2026, 2));
    gives(&of, id, of.people[0], 90);
    now_is(&of, 2026, 3, 3);
    const int64_t letter = evidence_sent(&of, "agent_code=1001;month=2026-02;fact=Rude");
    assert_true(penalty_of(&of, letter).late);
    assert_int_equal(verdict(&of, letter, 2), CONFLICT);
    assert_code(of.world, "penalty.late");
    assert_int_equal(step_of(&of, id, month_close_evidence), OK);
    assert_int_equal(step_of(&of, id, month_compute), OK);
    assert_int_equal(sheet_of(&of, id, of.people[0]).total.hundredths, 9000);
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "approve", "Kept"), OK);
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "execute", ""), OK);
}

static void evidence_that_was_returned_is_not_late_when_it_comes_again(void **state)
{
    const struct month_story of = month_story_of(state);
    a_month(of.world, of.story.contract, month_number(2026, 2));
    now_is(&of, 2026, 3, 2);
    const int64_t letter = evidence_sent(&of, "agent_code=1001;month=2026-02;fact=Rude");
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "return", "Which call?"), OK);
    assert_int_equal(penalty_of(&of, letter).state, PENALTY_VOID);
    now_is(&of, 2026, 3, 3);
    assert_int_equal(send_as(&of.story, of.story.division, letter), OK);
    struct list list;
    act(of.world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&of.world->test.cx, &PENALTIES, "test2",
                                   "t.letter_id = $1 AND t.state = 'proposed'", PARAMS(P(letter)),
                                   &list),
                     OK);
    assert_int_equal(list.count, 1);
    assert_false(((const struct penalty *)list.rows)->late);
}

static int64_t evidence_again(const struct month_story *of, int64_t letter, const char *line)
{
    const struct letter_type *type = &LETTER_PENALTY_EVIDENCE;
    struct letter before, after;
    struct list list;
    void *row = arena_alloc(of->world->test.arena, type->line_size);
    act(of->world, of->story.division);
    get(of->world, &LETTERS, letter, &before);
    after = before;
    letter_line_read(of->world, type, line, row);
    after.lines = letter_lines_text(of->world->test.arena, type, row, 1);
    assert_int_equal(change(of->world, &LETTERS, &before, &after), OK);
    assert_int_equal(send_as(&of->story, of->story.division, letter), OK);
    act(of->world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&of->world->test.cx, &PENALTIES, "again",
                                   "t.letter_id = $1 ORDER BY t.id DESC LIMIT 1", PARAMS(P(letter)),
                                   &list),
                     OK);
    return ((const struct penalty *)list.rows)->id;
}

static struct penalty penalty_read(const struct month_story *of, int64_t id)
{
    struct penalty penalty;
    act(of->world, &ACTOR_SYSTEM);
    get(of->world, &PENALTIES, id, &penalty);
    return penalty;
}

/* A returned letter holds the time of what it said, not of whatever is written into it later. */
static void C2_4_other_evidence_in_a_returned_letter_is_late(void **state)
{
    static const char *const OTHERS[] = {"agent_code=1001;month=2026-02;fact=Rude",
                                         "agent_code=1001;month=2026-01;fact=Hung up",
                                         "agent_code=1002;month=2026-01;fact=Rude"};
    const struct month_story of = month_story_of(state);
    a_month(of.world, of.story.contract, month_number(2026, 1));
    a_month(of.world, of.story.contract, month_number(2026, 2));
    now_is(&of, 2026, 2, 1);
    const int64_t letter = evidence_sent(&of, "agent_code=1001;month=2026-01;fact=Rude");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(step_as(&of.story, of.story.provider, letter, "return", "Which?"), OK);
        now_is(&of, 2026, 3, 20);
        assert_true(penalty_read(&of, evidence_again(&of, letter, OTHERS[i])).late);
    }
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "return", "Which?"), OK);
    assert_false(
        penalty_read(&of, evidence_again(&of, letter, "agent_code=1001;month=2026-01;fact=Rude"))
            .late);
}

static void C2_4_evidence_that_comes_again_after_the_month_was_published_is_kept(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = a_month(of.world, of.story.contract, month_number(2026, 2));
    gives(&of, id, of.people[0], 90);
    now_is(&of, 2026, 3, 1);
    const int64_t letter = evidence_sent(&of, "agent_code=1001;month=2026-02;fact=Rude");
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "return", "Which call?"), OK);
    now_is(&of, 2026, 3, 3);
    assert_int_equal(step_of(&of, id, month_close_evidence), OK);
    assert_int_equal(step_of(&of, id, month_compute), OK);
    assert_int_equal(step_of(&of, id, publish_plainly), OK);
    now_is(&of, 2026, 3, 4);
    const int64_t again = evidence_again(&of, letter, "agent_code=1001;month=2026-02;fact=Rude");
    struct verdict_deed deed = {penalty_read(&of, again), 2};
    assert_false(deed.penalty.late);
    assert_int_equal(deed.penalty.state, PENALTY_KEPT);
    act(of.world, of.story.provider);
    assert_int_equal(attempt(of.world, verdict_run, &deed), CONFLICT);
    assert_code(of.world, "month.wrong_state");
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "approve", "Kept"), OK);
    assert_int_equal(step_as(&of.story, of.story.provider, letter, "execute", ""), OK);
    assert_int_equal(reopen_as(&of, of.story.provider, id, "The evidence came"), OK);
    assert_int_equal(reopen_as(&of, of.other, id, "Yes"), OK);
    act(of.world, of.story.provider);
    assert_int_equal(attempt(of.world, verdict_run, &deed), OK);
    assert_int_equal(step_of(&of, id, month_compute), OK);
    assert_int_equal(sheet_of(&of, id, of.people[0]).total.hundredths, 8800);
}

/* Adding a deduction never raises a total, taking it away never lowers it. */
static void deductions_never_raise_a_total(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = a_month(of.world, of.story.contract, month_number(2026, 2));
    int64_t last = 10000;
    gives(&of, id, of.people[0], 7);
    now_is(&of, 2026, 3, 2);
    for (int i = 0; i < 4; i++) {
        const int64_t letter = evidence_sent(&of, "agent_code=1001;month=2026-02;fact=Rude");
        assert_int_equal(verdict(&of, letter, 3), OK);
    }
    now_is(&of, 2026, 3, 3);
    assert_int_equal(step_of(&of, id, month_close_evidence), OK);
    for (int upheld = 0; upheld <= 4; upheld++) {
        tamper(of.world,
               arena_printf(of.world->test.arena,
                            "UPDATE penalties SET state = CASE WHEN (SELECT count(*) FROM "
                            "penalties o WHERE o.id <= penalties.id) <= %d THEN 'upheld' "
                            "ELSE 'rejected' END",
                            upheld));
        assert_int_equal(step_of(&of, id, month_compute), OK);
        const int64_t total = sheet_of(&of, id, of.people[0]).total.hundredths;
        assert_true(total <= last && total >= 0);
        last = total;
    }
    assert_int_equal(last, 0);
}

/* ---- whatever the facts: by fixed seeds ---- */

#define SEEDS 50
#define FACTS_MOST 40

static uint32_t seed;
static int some(int most)
{
    seed = seed * 1664525u + 1013904223u;
    return (int)((seed >> 8) % (uint32_t)(most + 1));
}

struct fact {
    enum { BY_HAND_FACT, EVIDENCE_FACT, CORRECTION_FACT } kind;
    size_t person;
    char indicator;
    int points; /* hundredths */
};
struct facts {
    struct fact at[FACTS_MOST];
    size_t count;
};

static struct facts any_facts(void)
{
    struct facts facts = {.count = 0};
    for (size_t person = 0; person < 3; person++) {
        for (char indicator = 'a'; indicator <= 'c'; indicator++)
            if (some(4))
                facts.at[facts.count++] =
                    (struct fact){BY_HAND_FACT, person, indicator, some(5000)};
        for (int i = some(2); i > 0; i--)
            facts.at[facts.count++] = (struct fact){EVIDENCE_FACT, person, 'a', 1 + some(2500)};
        if (some(1))
            facts.at[facts.count++] =
                (struct fact){CORRECTION_FACT, person, 'a', some(4000) - 2000};
    }
    return facts;
}

static void shuffle(struct facts *facts)
{
    for (size_t i = facts->count; i > 1; i--) {
        const size_t other = (size_t)some((int)i - 1);
        const struct fact kept = facts->at[i - 1];
        facts->at[i - 1] = facts->at[other];
        facts->at[other] = kept;
    }
}

/* Three indicators that a person gives points for, of any weights that make 100, with any policy.
 */
static void any_scheme(const struct month_story *of)
{
    static const char *const POLICIES[] = {"reweigh", "full", "zero"};
    const int first = 1 + some(60), second = 1 + some(30);
    const int weights[] = {first, second, 100 - first - second};
    struct text sql = text_new(of->world->test.arena, 512);
    text_puts(&sql, "UPDATE schemes SET indicators = '[");
    for (int i = 0; i < 3; i++)
        text_printf(&sql,
                    "%s{\"code\":\"%c\",\"name\":\"%c\",\"method\":\"manual\",\"weight\":"
                    "\"%d.00\",\"nothing\":\"%s\"}",
                    i ? "," : "", 'a' + i, 'a' + i, weights[i], POLICIES[some(2)]);
    text_puts(&sql, "]'");
    tamper(of->world, text_end(&sql));
}

/* Past all rules, in just this order, instead of what was there. */
static void put_facts(const struct month_story *of, int64_t month, int64_t letter,
                      const struct facts *facts)
{
    static const char *const TABLES[] = {"manual_scores", "penalties", "adjustments"};
    for (size_t i = 0; i < 3; i++)
        tamper(of->world, arena_printf(of->world->test.arena, "DELETE FROM %s", TABLES[i]));
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->at[i];
        const char *const beside =
            fact->kind == BY_HAND_FACT
                ? arena_printf(of->world->test.arena, "indicator, reason) SELECT '%c', 'Seen'",
                               fact->indicator)
            : fact->kind == EVIDENCE_FACT
                ? arena_printf(of->world->test.arena,
                               "month, letter_id, agent_code, second, fact, proposal, "
                               "handed_in_at, late, reason, decided_at, state) SELECT '2026-02', "
                               "%lld, '1001', 0, 'Rude', '', 0, FALSE, '', 0, 'upheld'",
                               (long long)letter)
                : "kind, about_month, reason) SELECT 'correction', '2026-01', 'Set right'";
        const char *const values = strstr(beside, " SELECT ");
        tamper(of->world,
               arena_printf(of->world->test.arena,
                            "INSERT INTO %s (version, created_at, updated_at, month_id, "
                            "contract_id, person_id, points, %.*s SELECT 1, 0, 0, %lld, %lld, "
                            "%lld, %d, %s",
                            TABLES[fact->kind], (int)(values - beside), beside, (long long)month,
                            (long long)of->story.contract, (long long)of->people[fact->person],
                            fact->points, values + strlen(" SELECT ")));
    }
}

struct result_of {
    struct points totals[3];
    int32_t ranks[3];
};

static struct result_of computed_of(const struct month_story *of, int64_t month)
{
    struct result_of result;
    assert_int_equal(step_of(of, month, month_compute), OK);
    for (size_t i = 0; i < 3; i++) {
        const struct sheet sheet = sheet_of(of, month, of->people[i]);
        result.totals[i] = sheet.total;
        result.ranks[i] = sheet.rank;
        assert_in_range(sheet.total.hundredths, 0, 10000);
    }
    return result;
}

/* One piece of evidence more for somebody, and then all of it taken back. */
static void check_evidence(const struct month_story *of, int64_t month, int64_t letter,
                           const struct facts *facts, const struct result_of *before)
{
    struct facts more = *facts, fewer = {.count = 0};
    const size_t whose = (size_t)some(2);
    more.at[more.count++] = (struct fact){EVIDENCE_FACT, whose, 'a', 1 + some(3000)};
    for (size_t i = 0; i < facts->count; i++) {
        if (facts->at[i].kind != EVIDENCE_FACT || facts->at[i].person != whose)
            fewer.at[fewer.count++] = facts->at[i];
    }
    put_facts(of, month, letter, &more);
    const struct result_of with = computed_of(of, month);
    put_facts(of, month, letter, &fewer);
    const struct result_of without = computed_of(of, month);
    for (size_t i = 0; i < 3; i++) {
        const int64_t total = before->totals[i].hundredths;
        assert_true(i == whose ? with.totals[i].hundredths <= total
                               : with.totals[i].hundredths == total);
        assert_true(i == whose ? without.totals[i].hundredths >= total
                               : without.totals[i].hundredths == total);
    }
}

static void C2_4_whatever_the_facts_order_does_not_matter_and_evidence_moves_one_way(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t letter = evidence_sent(&of, "agent_code=1001;month=2026-02;fact=Rude");
    struct appraisal_month month;
    assert_int_equal(
        month_of_contract(&of.world->test.cx, of.story.contract, month_number(2026, 2), &month),
        OK);
    tamper(of.world, "UPDATE months SET state = 'evidence_closed'");
    for (seed = 1; seed <= SEEDS; seed++) {
        const uint32_t kept = seed;
        struct facts facts = any_facts();
        any_scheme(&of);
        put_facts(&of, month.id, letter, &facts);
        const struct result_of first = computed_of(&of, month.id);
        const char *sha256 = month_read(&of, month.id).sha256;
        computed_of(&of, month.id);
        assert_string_equal(month_read(&of, month.id).sha256, sha256);
        shuffle(&facts);
        put_facts(&of, month.id, letter, &facts);
        const struct result_of again = computed_of(&of, month.id);
        assert_memory_equal(&again, &first, sizeof first);
        check_evidence(&of, month.id, letter, &facts, &first);
        seed = kept;
    }
}

/* ---- C2.4: what nobody has a value of ---- */

#define HALF_MEASURED                                                                              \
    "[{\"code\":\"training\",\"name\":\"Training\",\"measure\":\"trainings.score\",\"method\":"    \
    "\"banded\",\"weight\":\"60.00\",\"bands\":\"60=100\",\"nothing\":\"reweigh\"},"               \
    "{\"code\":\"order\",\"name\":\"Order\",\"method\":\"manual\",\"weight\":\"40.00\","           \
    "\"nothing\":\"full\"}]"

static enum result publish_knowingly(struct ctx *cx, const struct appraisal_month *month)
{
    return month_publish(cx, month, "There was no training");
}

static void C2_4_what_nobody_has_a_value_of_gives_no_place_and_is_not_published_unsaid(void **state)
{
    const struct month_story of = month_story_of(state);
    tamper(of.world, "UPDATE schemes SET indicators = '" HALF_MEASURED "'");
    const int64_t id = computed(&of, 2026, 2, 40, 30, 40);
    assert_string_equal(month_read(&of, id).blank, "Training");
    assert_int_equal(sheet_of(&of, id, of.people[0]).total.hundredths, 10000);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(sheet_of(&of, id, of.people[i]).rank, 0); /* points by a policy alone */
    assert_int_equal(step_of(&of, id, publish_plainly), INVALID);
    assert_true(was_rejected(of.world, "reason", "nobody_measured"));
    assert_int_equal(step_of(&of, id, publish_knowingly), OK);
    assert_string_equal(month_read(&of, id).publish_reason, "There was no training");
}

/* ---- X4 ---- */

struct appeal_deed {
    int64_t id; /* of the sheet, or of the appeal */
    int points;
    enum { MAKE, UPHOLD, REJECT, ACKNOWLEDGE } what;
    bool is_of_all; /* not of one line */
    int64_t out;
};

static enum result appeal_run(struct ctx *cx, void *host)
{
    struct appeal_deed *deed = host;
    struct sheet sheet;
    struct appeal appeal;
    if (deed->what == MAKE || deed->what == ACKNOWLEDGE) {
        TRY(record_get(cx, &SHEETS, deed->id, &sheet));
        return deed->what == MAKE ? appeal_make(cx, &sheet, deed->is_of_all ? "" : "order",
                                                "I was there", &deed->out)
                                  : sheet_acknowledge(cx, &sheet);
    }
    TRY(record_get(cx, &APPEALS, deed->id, &appeal));
    return deed->what == UPHOLD
               ? appeal_uphold(cx, &appeal, (struct points){deed->points * 100}, "So it was")
               : appeal_reject(cx, &appeal, "It was not");
}

static enum result appeal_as(const struct month_story *of, const struct actor *actor,
                             struct appeal_deed *deed)
{
    act(of->world, actor);
    return attempt(of->world, appeal_run, deed);
}

static void X4_an_appeal_is_decided_by_somebody_else_and_computed_anew(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = published(&of, 2026, 2, 70, 80, 60);
    struct appeal_deed make = {.id = sheet_of(&of, id, of.people[0]).id, .what = MAKE};
    struct appeal_deed foreign = make;
    assert_int_equal(appeal_as(&of, of.other, &foreign), FORBIDDEN);
    assert_code(of.world, "sheet.not_yours");
    assert_int_equal(appeal_as(&of, of.own, &make), OK);
    assert_int_equal(step_of(&of, id, month_lock), CONFLICT);
    assert_code(of.world, "month.appeals_open");
    struct appeal_deed uphold = {.id = make.out, .points = 31, .what = UPHOLD};
    assert_int_equal(appeal_as(&of, of.other, &uphold), INVALID); /* 70 of 100: it lacks 30 */
    assert_true(was_rejected(of.world, "points", "over_lack"));
    uphold.points = 15;
    assert_int_equal(appeal_as(&of, of.story.provider, &uphold), FORBIDDEN); /* computed it */
    assert_code(of.world, "appeal.own_decision");
    assert_int_equal(appeal_as(&of, of.story.duty, &uphold), FORBIDDEN); /* gave the points */
    assert_int_equal(appeal_as(&of, of.own, &uphold), FORBIDDEN);
    assert_int_equal(appeal_as(&of, of.other, &uphold), OK);
    const struct sheet sheet = sheet_of(&of, id, of.people[0]);
    assert_int_equal(sheet.total_before.hundredths, 7000);
    assert_int_equal(sheet.total.hundredths, 8500);
    assert_int_equal(sheet.rank_before, 2);
    assert_int_equal(sheet.rank, 1);
    assert_int_equal(sheet_of(&of, id, of.people[1]).rank, 2);
    int64_t broken;
    act(of.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(of.world, verify_run, &broken), OK);
    assert_int_equal(broken, 0);
}

static void corrected_by(const struct month_story *of, int64_t month, const struct actor *maker)
{
    tamper(of->world,
           arena_printf(of->world->test.arena,
                        "INSERT INTO adjustments (version, created_at, updated_at, month_id, "
                        "contract_id, kind, about_month, person_id, points, reason, maker_id, "
                        "state) VALUES (1, 0, 0, %lld, %lld, 'correction', '2026-01', %lld, 100, "
                        "'Forgotten', %lld, 'approved')",
                        (long long)month, (long long)of->story.contract, (long long)of->people[1],
                        (long long)maker->person_id));
}

static void X4_who_upheld_the_evidence_or_corrected_does_not_decide_about_it(void **state)
{
    const struct month_story of = month_story_of(state);
    const struct actor *corrector = outsider_of(of.world, of.world->provider, R(DUTY)),
                       *second = actor_of(of.world, of.people[1], R(AGENT));
    const int64_t id = a_month(of.world, of.story.contract, month_number(2026, 2));
    now_is(&of, 2026, 3, 1);
    const int64_t letter = evidence_sent(&of, "agent_code=1001;month=2026-02;fact=Rude");
    struct verdict_deed verdict_of = {penalty_of(&of, letter), 2};
    act(of.world, of.other);
    assert_int_equal(attempt(of.world, verdict_run, &verdict_of), OK);
    corrected_by(&of, id, corrector);
    (void)computed_so(&of, id, 2026, 2, 70, 80, 60);
    assert_int_equal(step_of(&of, id, publish_plainly), OK);
    struct appeal_deed one = {
        .id = sheet_of(&of, id, of.people[0]).id, .what = MAKE, .is_of_all = true};
    struct appeal_deed two = {.id = sheet_of(&of, id, of.people[1]).id, .what = MAKE};
    assert_int_equal(appeal_as(&of, of.own, &one), OK);
    assert_int_equal(appeal_as(&of, second, &two), OK);
    struct appeal_deed decide = {.id = one.out, .points = 5, .what = UPHOLD};
    assert_int_equal(appeal_as(&of, of.other, &decide), FORBIDDEN);
    assert_code(of.world, "appeal.own_decision");
    assert_int_equal(appeal_as(&of, corrector, &decide), OK); /* who did nothing about this one */
    decide.id = two.out; /* of one line, in which a correction has no part */
    assert_int_equal(appeal_as(&of, corrector, &decide), OK);
}

static void X4_who_is_silent_counts_as_having_acknowledged_and_only_after_the_time(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = published(&of, 2026, 2, 70, 80, 60);
    struct appeal_deed read = {.id = sheet_of(&of, id, of.people[0]).id, .what = ACKNOWLEDGE};
    assert_int_equal(appeal_as(&of, of.own, &read), OK);
    assert_int_equal(step_of(&of, id, month_lock), CONFLICT);
    assert_code(of.world, "month.appeal_time_runs");
    of.world->test.cx.now.ms = month_read(&of, id).appeal_by.ms + 1;
    struct appeal_deed late = {.id = read.id, .what = MAKE};
    assert_int_equal(appeal_as(&of, of.own, &late), CONFLICT);
    act(of.world, &ACTOR_SYSTEM); /* by the clock, not only once it is locked */
    assert_int_equal(attempt(of.world, sweep_run, NULL), OK);
    assert_true(sheet_of(&of, id, of.people[1]).silent);
    assert_int_equal(sheet_of(&of, id, of.people[1]).state, SHEET_ACKNOWLEDGED);
    assert_int_equal(step_of(&of, id, month_lock), OK);
    assert_false(sheet_of(&of, id, of.people[0]).silent);
}

/* ---- C2.4: what is done is done ---- */

static void C2_4_a_published_month_is_reopened_by_two_people_only(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = published(&of, 2026, 2, 70, 80, 60);
    assert_int_equal(reopen_as(&of, of.story.provider, id, ""), INVALID);
    assert_int_equal(reopen_as(&of, of.story.provider, id, "Calls were missing"), OK);
    assert_int_equal(month_read(&of, id).state, MONTH_PUBLISHED);
    assert_int_equal(reopen_as(&of, of.story.provider, id, "Calls were missing"), FORBIDDEN);
    assert_code(of.world, "month.second_person");
    assert_int_equal(reopen_as(&of, of.other, id, ""), OK);
    assert_int_equal(month_read(&of, id).state, MONTH_EVIDENCE_CLOSED);
    assert_int_equal(step_of(&of, id, month_compute), OK);
    assert_int_equal(step_of(&of, id, publish_plainly), OK);
}

static enum result fact_run(struct ctx *cx, void *host)
{
    return demand_day_unpublished(cx, *(const int64_t *)host, date_of(2026, 2, 14));
}

static void C2_4_a_published_month_takes_no_facts_until_it_is_reopened(void **state)
{
    const struct month_story of = month_story_of(state);
    int64_t person = of.people[0];
    const int64_t id = computed(&of, 2026, 2, 70, 80, 60);
    assert_int_equal(attempt(of.world, fact_run, &person), OK);
    assert_int_equal(step_of(&of, id, publish_plainly), OK);
    assert_int_equal(attempt(of.world, fact_run, &person), CONFLICT);
    assert_code(of.world, "month.published");
    assert_int_equal(reopen_as(&of, of.story.provider, id, "A leave was forgotten"), OK);
    assert_int_equal(attempt(of.world, fact_run, &person), CONFLICT); /* one of two asked */
    assert_int_equal(reopen_as(&of, of.other, id, ""), OK);
    assert_int_equal(attempt(of.world, fact_run, &person), OK);
    assert_int_equal(step_of(&of, id, month_compute), OK);
    assert_int_equal(step_of(&of, id, publish_plainly), OK);
    of.world->test.cx.now.ms = month_read(&of, id).appeal_by.ms + 1;
    assert_int_equal(step_of(&of, id, month_lock), OK);
    assert_int_equal(attempt(of.world, fact_run, &person), CONFLICT);
    assert_code(of.world, "month.locked");
}

static enum result look_run(struct ctx *cx, void *host)
{
    struct adjustment adjustment;
    TRY(record_get(cx, &ADJUSTMENTS, *(const int64_t *)host, &adjustment));
    return adjustment_approve(cx, &adjustment);
}

static enum result looked_at(const struct month_story *of, const struct actor *actor, int64_t id)
{
    act(of->world, actor);
    return attempt(of->world, look_run, &id);
}

static void C2_4_a_locked_month_is_set_right_in_a_later_one(void **state)
{
    const struct month_story of = month_story_of(state);
    const int64_t id = published(&of, 2026, 2, 70, 80, 60);
    of.world->test.cx.now.ms = month_read(&of, id).appeal_by.ms + 1;
    struct adjustment adjustment = {.about_month = month_number(2026, 2),
                                    .person_id = of.people[0],
                                    .points = {-300},
                                    .reason = "A call was counted twice"};
    fields_blank(ADJUSTMENTS.fields, &adjustment);
    adjustment.month_id = a_month(of.world, of.story.contract, month_number(2026, 3));
    act(of.world, of.story.provider);
    assert_int_equal(add(of.world, &ADJUSTMENTS, &adjustment), INVALID);
    assert_true(was_rejected(of.world, "about_month", "month_not_locked"));
    assert_int_equal(step_of(&of, id, month_lock), OK);
    assert_int_equal(reopen_as(&of, of.story.provider, id, "Wrong"), CONFLICT);
    assert_int_equal(step_of(&of, id, month_compute), CONFLICT);
    act(of.world, of.story.provider);
    assert_int_equal(add(of.world, &ADJUSTMENTS, &adjustment), OK);
    gives(&of, adjustment.month_id, of.people[0], 90);
    now_is(&of, 2026, 4, 3);
    assert_int_equal(step_of(&of, adjustment.month_id, month_close_evidence), OK);
    assert_int_equal(step_of(&of, adjustment.month_id, month_compute), CONFLICT);
    assert_code(of.world, "month.corrections_open");
    assert_int_equal(looked_at(&of, of.story.provider, adjustment.id), FORBIDDEN); /* made it */
    assert_int_equal(looked_at(&of, of.own, adjustment.id), FORBIDDEN);            /* it is about */
    assert_int_equal(looked_at(&of, of.other, adjustment.id), OK);
    assert_int_equal(looked_at(&of, of.other, adjustment.id), CONFLICT);
    assert_int_equal(step_of(&of, adjustment.month_id, month_compute), OK);
    assert_int_equal(sheet_of(&of, adjustment.month_id, of.people[0]).total.hundredths, 8700);
    assert_int_equal(sheet_of(&of, id, of.people[0]).total.hundredths, 7000);
}

/* ---- C2.10, C2.5 ---- */

static size_t nominations(const struct month_story *of, struct list *out)
{
    act(of->world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&of->world->test.cx, &REWARDS, "test",
                                   "t.kind = 'three_months' ORDER BY t.id", NO_PARAMS, out),
                     OK);
    return out->count;
}

static void C2_10_three_months_in_the_top_three_are_found_at_publication(void **state)
{
    struct month_story of = month_story_of(state);
    struct list list;
    struct agent fourth = {.contract_id = of.story.contract,
                           .person_id = a_person(of.world, of.world->provider, 0),
                           .code = "1004",
                           .from = date_of(2026, 1, 1),
                           .state = AGENT_ACTIVE};
    fields_blank(AGENTS.fields, &fourth);
    act(of.world, &ACTOR_SYSTEM);
    assert_int_equal(add(of.world, &AGENTS, &fourth), OK); /* last each time: no points */
    published(&of, 2026, 2, 90, 80, 70);
    published(&of, 2026, 3, 90, 90, 70);
    assert_int_equal(nominations(&of, &list), 0);
    published(&of, 2026, 4, 70, 90, 80);
    assert_int_equal(nominations(&of, &list), 3);
    const struct reward *first = list.rows;
    assert_int_equal(first->person_id, of.people[0]);
    assert_non_null(strstr(first->rankings, "2026-02"));
    published(&of, 2026, 5, 90, 80, 70); /* counted anew after a nomination */
    assert_int_equal(nominations(&of, &list), 3);
}

static enum result drop_run(struct ctx *cx, void *host)
{
    struct reward reward;
    TRY(record_get(cx, &REWARDS, *(int64_t *)host, &reward));
    return reward_drop(cx, &reward, "Agreed otherwise");
}

static void ranked(const struct month_story *of, int month, int64_t person, int rank)
{
    tamper(of->world,
           arena_printf(of->world->test.arena,
                        "UPDATE sheets SET rank = %d WHERE subject_id = %lld AND period = "
                        "'2026-%02d'",
                        rank, (long long)person, month));
}

static int nominated(const struct month_story *of, int64_t person, enum reward_state state)
{
    struct list list;
    int found = 0;
    (void)nominations(of, &list);
    const struct reward *rewards = list.rows;
    for (size_t i = 0; i < list.count; i++)
        found += rewards[i].person_id == person && rewards[i].state == state;
    return found;
}

static void C2_10_places_that_an_appeal_changed_are_looked_at_when_the_month_is_locked(void **state)
{
    const struct month_story of = month_story_of(state);
    struct list list;
    published(&of, 2026, 2, 90, 80, 70);
    published(&of, 2026, 3, 90, 80, 70);
    ranked(&of, 3, of.people[2], 4);
    const int64_t april = published(&of, 2026, 4, 90, 80, 70);
    assert_int_equal(nominations(&of, &list), 2);
    int64_t first = ((const struct reward *)list.rows)->id;
    act(of.world, of.story.division);
    assert_int_equal(attempt(of.world, drop_run, &first), OK);
    ranked(&of, 3, of.people[2], 3); /* as an appeal against March would have it */
    ranked(&of, 4, of.people[1], 4);
    of.world->test.cx.now.ms = month_read(&of, april).appeal_by.ms + 1;
    assert_int_equal(step_of(&of, april, month_lock), OK);
    assert_int_equal(nominated(&of, of.people[2], REWARD_PROPOSED), 1);
    assert_int_equal(nominated(&of, of.people[1], REWARD_LAPSED), 1);
    assert_int_equal(nominated(&of, of.people[1], REWARD_PROPOSED), 0);
    assert_int_equal(nominated(&of, of.people[0], REWARD_DROPPED), 1); /* by people: not again */
    assert_int_equal(nominated(&of, of.people[0], REWARD_PROPOSED), 0);
}

/* March alone is locked late: the months after it rest on its places, too. */
static void C2_10_the_months_after_are_looked_at_with_the_one_that_changed(void **state)
{
    const struct month_story of = month_story_of(state);
    published(&of, 2026, 2, 90, 80, 70);
    const int64_t march = published(&of, 2026, 3, 90, 80, 70);
    ranked(&of, 3, of.people[2], 4);
    published(&of, 2026, 4, 90, 80, 70);
    assert_int_equal(nominated(&of, of.people[2], REWARD_PROPOSED), 0);
    ranked(&of, 3, of.people[2], 3);
    of.world->test.cx.now.ms = month_read(&of, march).appeal_by.ms + 1;
    assert_int_equal(step_of(&of, march, month_lock), OK);
    assert_int_equal(nominated(&of, of.people[2], REWARD_PROPOSED), 1);
}

static enum result settle_run(struct ctx *cx, void *host)
{
    struct reward reward;
    TRY(record_get(cx, &REWARDS, *(int64_t *)host, &reward));
    return reward_settle(cx, &reward, instant_date(cx->now, SHANGHAI_OFFSET_MIN));
}

static void C2_5_a_reward_is_settled_only_once_it_is_agreed_in_writing(void **state)
{
    const struct month_story of = month_story_of(state);
    struct reward reward = {.contract_id = of.story.contract,
                            .person_id = of.people[0],
                            .month = month_number(2026, 2),
                            .amount_fen = {50000},
                            .reason = "Good work"};
    fields_blank(REWARDS.fields, &reward);
    act(of.world, of.story.division);
    assert_int_equal(add(of.world, &REWARDS, &reward), OK);
    assert_int_equal(attempt(of.world, settle_run, &reward.id), CONFLICT);
    assert_code(of.world, "reward.wrong_state");
    struct reward foreign = reward;
    foreign.id = 0;
    foreign.person_id = a_person(of.world, of.world->client, of.world->project);
    act(of.world, of.story.division);
    assert_int_equal(add(of.world, &REWARDS, &foreign), INVALID);
    assert_true(was_rejected(of.world, "person_id", "not_of_provider"));
}

/* ---- beside each other ---- */

static void C2_4_two_months_beside_each_other_say_who_moved_and_by_which_indicator(void **state)
{
    const struct month_story of = month_story_of(state);
    struct ctx *cx = &of.world->test.cx;
    struct month_comparison found;
    struct compared_line *lines;
    struct spread_row *spread;
    size_t count;
    const int64_t first = published(&of, 2026, 2, 90, 80, 70);
    const int64_t second = published(&of, 2026, 3, 60, 95, 70);
    const struct appraisal_month now = month_read(&of, second), before = month_read(&of, first);
    assert_int_equal(months_compare(cx, &now, &before, SCHEME_AGENT, &found), OK);
    assert_int_equal(found.people, 3);
    assert_int_equal(found.up, 1);
    assert_int_equal(found.down, 1);
    assert_int_equal(found.rows[0].person_id, of.people[0]); /* who moved most */
    assert_int_equal(found.rows[0].moved.hundredths, -3000);
    assert_int_equal(found.rows[0].rank_before, 1);
    assert_int_equal(found.rows[0].rank, 3);
    assert_int_equal(compared_lines(cx, &found.rows[1], &lines, &count), OK);
    assert_int_equal(count, 2); /* the indicator, and what came beside it */
    assert_string_equal(lines[0].indicator, "order");
    assert_int_equal(lines[0].moved.hundredths, 1500);
    assert_int_equal(months_compare(cx, &now, &before, SCHEME_MANAGER, &found), OK);
    assert_int_equal(found.people, 0);
    assert_int_equal(month_spread(cx, &now, true, &spread, &count), OK);
    assert_int_equal(count, 3);
    assert_int_equal(spread[2].from, 90);
    assert_int_equal(spread[2].people, 1);
    tamper(of.world, "DELETE FROM sheets WHERE agent_code = '1002' AND period = '2026-03'");
    act(of.world, &ACTOR_SYSTEM);
    cx->db = store_reader(of.world->test.store);
    assert_int_equal(months_compare(cx, &now, &before, SCHEME_AGENT, &found), OK);
    assert_int_equal(found.people, 3); /* who is gone is there with what was before */
    assert_int_equal(compared_lines(cx, &found.rows[1], &lines, &count), OK);
}

static void a_person_reads_the_own_months_up_to_the_one_that_is_open(void **state)
{
    const struct month_story of = month_story_of(state);
    struct sheet *sheets;
    size_t count;
    published(&of, 2026, 2, 90, 80, 70);
    const int64_t second = published(&of, 2026, 3, 60, 95, 70);
    computed(&of, 2026, 4, 50, 50, 50);
    const struct sheet march = sheet_of(&of, second, of.people[0]);
    act(of.world, of.own);
    of.world->test.cx.db = store_reader(of.world->test.store);
    assert_int_equal(sheets_until(&of.world->test.cx, &march, &sheets, &count), OK);
    assert_int_equal(count, 2);
    assert_int_equal(sheets[0].total.hundredths, 9000);
    assert_int_equal(sheets[1].total.hundredths, 6000);
    act(of.world, actor_of(of.world, of.people[1], R(AGENT)));
    of.world->test.cx.db = store_reader(of.world->test.store);
    assert_int_equal(sheets_until(&of.world->test.cx, &march, &sheets, &count), OK);
    assert_int_equal(count, 0); /* another's are nobody's business */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C2_4_a_month_opens_by_itself_and_its_evidence_closes_by_the_clock),
        WORLD_TEST(C2_4_the_parties_may_read_the_deadline_in_another_way),
        WORLD_TEST(C2_4_nothing_is_computed_out_of_order_or_without_consent),
        WORLD_TEST(C2_4_computing_again_gives_the_same_bit_for_bit),
        WORLD_TEST(C2_4_a_large_month_is_listed_by_the_points_of_an_indicator_page_by_page),
        WORLD_TEST(a_sheet_that_was_altered_is_found),
        WORLD_TEST(a_sheet_is_verified_as_the_version_that_wrote_it_would_write_it),
        WORLD_TEST(C2_4_evidence_in_time_is_verified_and_taken_from_the_sheet),
        WORLD_TEST(C2_4_late_evidence_is_kept_and_does_not_count),
        WORLD_TEST(evidence_that_was_returned_is_not_late_when_it_comes_again),
        WORLD_TEST(C2_4_other_evidence_in_a_returned_letter_is_late),
        WORLD_TEST(C2_4_evidence_that_comes_again_after_the_month_was_published_is_kept),
        WORLD_TEST(deductions_never_raise_a_total),
        WORLD_TEST(C2_4_whatever_the_facts_order_does_not_matter_and_evidence_moves_one_way),
        WORLD_TEST(C2_4_what_nobody_has_a_value_of_gives_no_place_and_is_not_published_unsaid),
        WORLD_TEST(X4_an_appeal_is_decided_by_somebody_else_and_computed_anew),
        WORLD_TEST(X4_who_upheld_the_evidence_or_corrected_does_not_decide_about_it),
        WORLD_TEST(X4_who_is_silent_counts_as_having_acknowledged_and_only_after_the_time),
        WORLD_TEST(C2_4_a_published_month_is_reopened_by_two_people_only),
        WORLD_TEST(C2_4_a_published_month_takes_no_facts_until_it_is_reopened),
        WORLD_TEST(C2_4_a_locked_month_is_set_right_in_a_later_one),
        WORLD_TEST(C2_10_three_months_in_the_top_three_are_found_at_publication),
        WORLD_TEST(C2_10_places_that_an_appeal_changed_are_looked_at_when_the_month_is_locked),
        WORLD_TEST(C2_10_the_months_after_are_looked_at_with_the_one_that_changed),
        WORLD_TEST(C2_5_a_reward_is_settled_only_once_it_is_agreed_in_writing),
        WORLD_TEST(C2_4_two_months_beside_each_other_say_who_moved_and_by_which_indicator),
        WORLD_TEST(a_person_reads_the_own_months_up_to_the_one_that_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
