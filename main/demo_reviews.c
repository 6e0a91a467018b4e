/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo_reviews.h"

#include "app/retention/retention.h"
#include "app/reviews/arrival.h"
#include "app/reviews/calibration.h"
#include "app/reviews/recording.h"
#include "app/reviews/review.h"
#include "main/demo_deeds.h"
#include "main/demo_reviews_story.h"
#include "main/demo_sound.h"

#include <string.h>
#include <unistd.h>

struct reviewing {
    struct world *world;
    struct ctx *cx; /* of the transaction that runs */
    struct date sunday;
    int64_t contract_id, form_id;
    const char *contract_number;
    struct review_sample samples[2]; /* by the day of the weekend */
    struct call *calls[2];
    size_t counts[2];
    struct recording_upload uploads[CALL_COUNT];
    struct calibration sessions[SESSION_COUNT];
    struct recording_upload old, early; /* one whose time is over, one whose call has not come */
};

/* ---- who, and when ---- */

static void at(struct reviewing *reviewing, int days, int hour)
{
    const struct instant now = reviewing->world->cx.now;
    const struct date day = date_add(instant_date(now, SHANGHAI_OFFSET_MIN), days);
    const struct instant then = instant_of(day, hour * 60, SHANGHAI_OFFSET_MIN);
    reviewing->cx->now = then.ms < now.ms ? then : now;
}

/* Somebody of the staff; what they may do is asked as of anybody. */
static enum result as(struct reviewing *reviewing, const char *account)
{
    struct actor *actor = ARENA_NEW(reviewing->cx->mem, struct actor);
    TRY(demo_become(reviewing->cx, account, actor));
    reviewing->cx->actor = actor;
    return OK;
}

/* Somebody who may have no account: an agent, or whoever the draw made the reviewer. */
static void as_person(struct reviewing *reviewing, int64_t person_id, const char *name)
{
    struct actor *actor = ARENA_NEW(reviewing->cx->mem, struct actor);
    *actor = ACTOR_SYSTEM;
    actor->person_id = person_id;
    actor->account = actor->person_name = name;
    reviewing->cx->actor = actor;
}

static const char *uid_of(struct reviewing *reviewing, size_t call)
{
    char day[DATE_MAX_TEXT];
    date_format(date_add(reviewing->sunday, -CALLS_OF[call].day), day);
    return arena_printf(reviewing->world->cx.mem, "%s-%s-%d", CALLS_OF[call].agent, day,
                        CALLS_OF[call].minute);
}

/* ---- the calls, and their sound ---- */

static enum result tell_calls(struct reviewing *reviewing)
{
    struct ctx *cx = &reviewing->world->cx;
    struct call_line lines[CALL_COUNT + 1];
    struct call_receipt receipt;
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, reviewing->contract_id, &contract));
    for (size_t i = 0; i < CALL_COUNT; i++) {
        const char *uid = uid_of(reviewing, i);
        lines[i] = (struct call_line){
            .row = (int64_t)i + 1,
            .source = "dialer",
            .uid = uid,
            .contract = contract.number,
            .agent = CALLS_OF[i].agent,
            .caller = "0571-8766 2301",
            .callee = arena_printf(cx->mem, "1390571%04zu", 6100 + 37 * i),
            .started_at = instant_of(date_add(reviewing->sunday, -CALLS_OF[i].day),
                                     CALLS_OF[i].minute, SHANGHAI_OFFSET_MIN),
            .duration_s = CALLS_OF[i].talk_s + 9,
            .talk_s = CALLS_OF[i].talk_s,
            .result = CALLS_OF[i].result,
            .recording = arena_printf(cx->mem, "%s.wav", uid),
        };
    }
    lines[CALL_COUNT] = lines[0]; /* weeks before */
    lines[CALL_COUNT].uid = OLD_UID;
    lines[CALL_COUNT].recording = OLD_UID ".wav";
    lines[CALL_COUNT].started_at = instant_of(
        date_add(reviewing->sunday, -(int)SATURDAY - OLD_DAYS), OLD_MINUTE, SHANGHAI_OFFSET_MIN);
    return calls_take(cx, lines, CALL_COUNT + 1, contract.provider_id, &receipt);
}

/* What its call system brings by its own name for the call. */
static enum result stage_named(struct reviewing *reviewing, const char *uid, int minute,
                               struct recording_upload *upload)
{
    *upload = (struct recording_upload){
        .source = "dialer",
        .uid = uid,
        .started_at =
            instant_of(date_add(reviewing->sunday, -(int)SATURDAY), minute, SHANGHAI_OFFSET_MIN),
        .name = arena_printf(reviewing->cx->mem, "%s.wav", uid)};
    if (strcmp(uid, OLD_UID) == 0)
        upload->started_at.ms -= OLD_DAYS * DAY_MS;
    upload->bytes = demo_sound(reviewing->cx->mem, 5, (uint64_t)minute, &upload->len);
    return recording_stage(reviewing->cx, upload);
}

/* What the call system has of them: sound, or the name of a file. */
static enum result stage(struct reviewing *reviewing)
{
    struct ctx *cx = reviewing->cx = &reviewing->world->cx;
    TRY(as(reviewing, "duty"));
    for (size_t i = 0; i < CALL_COUNT; i++) {
        struct recording_upload *upload = &reviewing->uploads[i];
        const char *uid = uid_of(reviewing, i);
        const struct instant began = instant_of(date_add(reviewing->sunday, -CALLS_OF[i].day),
                                                CALLS_OF[i].minute, SHANGHAI_OFFSET_MIN);
        struct call call;
        enum result there = call_of_source(cx, "dialer", uid, began, &call);
        if (there == NOT_FOUND)
            continue;
        TRY(there);
        upload->call_id = call.id;
        upload->name = arena_printf(cx->mem, "%s.wav", uid);
        if (CALLS_OF[i].heard != REFERENCED)
            upload->bytes = demo_sound(cx->mem, CALLS_OF[i].talk_s, 7 * i + 1, &upload->len);
        TRY(recording_stage(cx, upload));
    }
    TRY(stage_named(reviewing, OLD_UID, OLD_MINUTE, &reviewing->old));
    return stage_named(reviewing, "1024-early", 600, &reviewing->early);
}

/* Drawn by the duty manager on the day after. */
static enum result prepare(struct reviewing *reviewing)
{
    struct ctx *cx = reviewing->cx = &reviewing->world->cx;
    TRY(as(reviewing, "duty"));
    for (enum weekend day = SUNDAY; day <= SATURDAY; day++) {
        struct review_sample *sample = &reviewing->samples[day];
        fields_blank(REVIEW_SAMPLES.fields, sample);
        sample->contract_id = reviewing->contract_id;
        sample->form_id = reviewing->form_id;
        sample->from = sample->to = date_add(reviewing->sunday, -(int)day);
        sample->newcomer_calls = sample->other_calls = SAMPLE_CALLS;
        TRY(sample_prepare(cx, sample, &reviewing->calls[day], &reviewing->counts[day]));
    }
    for (size_t i = 0; i < SESSION_COUNT; i++) {
        struct calibration *session = &reviewing->sessions[i];
        fields_blank(CALIBRATIONS.fields, session);
        session->call_id = reviewing->uploads[SESSIONS_OF[i].call].call_id;
        session->form_id = reviewing->form_id;
        if (session->call_id)
            TRY(calibration_prepare(cx, session));
    }
    cx->actor = &ACTOR_SYSTEM;
    return OK;
}

/* ---- forms ---- */

static enum result tell_form(struct reviewing *reviewing, const char *name,
                             const struct form_item *items, size_t count, int64_t *out_id)
{
    struct review_form form = {0};
    fields_blank(REVIEW_FORMS.fields, &form);
    form.name = name;
    form.items = form_items_text(reviewing->cx->mem, items, count);
    TRY(record_add(reviewing->cx, &REVIEW_FORMS, &form));
    *out_id = form.id;
    return OK;
}

static enum result enforce(struct reviewing *reviewing, int64_t id)
{
    struct review_form form;
    TRY(record_get(reviewing->cx, &REVIEW_FORMS, id, &form));
    return form_enforce(reviewing->cx, &form);
}

/* The first revision had one item of 100 points less; a draft for the renewals is being written. */
static enum result tell_forms(struct ctx *cx, void *host)
{
    static const struct form_item FIRST[] = {{"服务规范", "开场、用语与结束", ITEM_SCORE, 40},
                                             {"业务准确", "价格、期限与条件", ITEM_SCORE, 60},
                                             {"虚假成功", "", ITEM_FATAL, 0}},
                                  RENEWAL[] = {{"到期提醒", "说明到期日与余额", ITEM_SCORE, 30},
                                               {"续费方案", "按客户用量推荐", ITEM_SCORE, 50}};
    struct reviewing *reviewing = host;
    struct review_form form;
    int64_t first, renewal;
    reviewing->cx = cx;
    TRY(as(reviewing, "qa"));
    at(reviewing, -40, 10);
    TRY(tell_form(reviewing, "会员回访评分表", FIRST, 3, &first));
    TRY(enforce(reviewing, first));
    at(reviewing, -25, 14);
    TRY(record_get(cx, &REVIEW_FORMS, first, &form));
    TRY(form_revise(cx, &form, &reviewing->form_id));
    TRY(record_get(cx, &REVIEW_FORMS, reviewing->form_id, &form));
    struct review_form next = form;
    next.items = form_items_text(cx->mem, ITEMS, MARKS);
    TRY(record_change(cx, &REVIEW_FORMS, "change", &form, &next));
    TRY(enforce(reviewing, reviewing->form_id));
    at(reviewing, -3, 16);
    return tell_form(reviewing, "续费提醒评分表", RENEWAL, 2, &renewal);
}

/* ---- reviews ---- */

static size_t marks_of(size_t call, struct review_mark out[MARKS])
{
    for (int i = 0; i < MARKS; i++) {
        const int mark = CALLS_OF[call].marks[i];
        out[i] = (struct review_mark){.place = i + 1, .comment = ""};
        if (ITEMS[i].kind == ITEM_FATAL)
            out[i].mark = mark ? MARK_HIT : MARK_CLEAR;
        else
            out[i].mark = mark == NA ? MARK_NA : MARK_POINTS;
        if (out[i].mark == MARK_POINTS)
            out[i].points.hundredths = mark * INT64_C(100);
    }
    for (size_t i = 0; i < sizeof COMMENTS_OF / sizeof COMMENTS_OF[0]; i++)
        if (COMMENTS_OF[i].call == call) {
            out[COMMENTS_OF[i].place - 1].comment = COMMENTS_OF[i].comment;
            out[COMMENTS_OF[i].place - 1].at_ms = COMMENTS_OF[i].second * 1000;
        }
    return MARKS;
}

static enum result judge(struct reviewing *reviewing, size_t call, int64_t id)
{
    struct ctx *cx = reviewing->cx;
    struct review_mark marks[MARKS];
    struct review review;
    const bool remarks = CALLS_OF[call].outcome == PUBLISHED;
    TRY(record_get(cx, &REVIEWS, id, &review));
    as_person(reviewing, review.reviewer_id, review.reviewer_name);
    at(reviewing, CALLS_OF[call].days, CALLS_OF[call].hour);
    TRY(review_mark(cx, &review, marks, marks_of(call, marks),
                    remarks ? CALLS_OF[call].words : ""));
    TRY(record_get(cx, &REVIEWS, id, &review));
    return review_publish(cx, &review);
}

static enum result dispute(struct reviewing *reviewing, size_t call, int64_t id)
{
    static const struct review_mark BETTER[] = {
        {2, MARK_POINTS, {1600}, "两处需求，复听确认", 12000}};
    struct ctx *cx = reviewing->cx;
    struct review review;
    const enum outcome outcome = CALLS_OF[call].outcome;
    if (outcome < APPEALED)
        return OK;
    TRY(record_get(cx, &REVIEWS, id, &review));
    as_person(reviewing, review.person_id, review.agent_name);
    at(reviewing, CALLS_OF[call].days + 1, 9);
    TRY(review_appeal(cx, &review, CALLS_OF[call].words));
    if (outcome == APPEALED)
        return OK;
    TRY(record_get(cx, &REVIEWS, id, &review));
    TRY(as(reviewing, "duty"));
    at(reviewing, CALLS_OF[call].days + 2, 15);
    return review_decide(cx, &review, BETTER, outcome == CHANGED ? 1 : 0,
                         outcome == CHANGED ? "复听录音，需求问了两处，改判 16 分。"
                                            : "开场未报公司名，录音清楚，维持原评分。");
}

/* In the order in which they were drawn, as reviewers have to. */
static enum result tell_review(struct reviewing *reviewing, const struct review *review,
                               const char *uid)
{
    for (size_t i = 0; i < CALL_COUNT; i++)
        if (strcmp(uid_of(reviewing, i), uid) == 0 && CALLS_OF[i].outcome != TO_JUDGE) {
            TRY(judge(reviewing, i, review->id));
            TRY(dispute(reviewing, i, review->id));
        }
    return OK;
}

static enum result tell_recordings(struct reviewing *reviewing)
{
    struct ctx *cx = reviewing->cx;
    for (size_t i = 0; i < CALL_COUNT; i++) {
        struct recording recording;
        if (!reviewing->uploads[i].call_id)
            continue;
        TRY(as(reviewing, "qa"));
        TRY(recording_keep(cx, &reviewing->uploads[i], &recording));
    }
    return OK;
}

/* Recordings were kept for thirty days until somebody wrote down that it should be longer; a
 * complaint holds those of that Saturday. */
static enum result tell_rule(struct reviewing *reviewing, struct retention_rule *rule)
{
    *rule = (struct retention_rule){.kind = RETAIN_RECORDINGS,
                                    .contract_id = reviewing->contract_id,
                                    .days = 30,
                                    .basis = "工信部要求的最短期限"};
    TRY(as(reviewing, "client"));
    at(reviewing, -60, 10);
    return record_add(reviewing->cx, &RETENTION_RULES, rule);
}

static enum result sweep_at(struct reviewing *reviewing, int days_after_sunday)
{
    reviewing->cx->actor = &ACTOR_SYSTEM;
    reviewing->cx->now =
        instant_of(date_add(reviewing->sunday, days_after_sunday), 3 * 60, SHANGHAI_OFFSET_MIN);
    return recordings_sweep(reviewing->cx);
}

static enum result tell_old(struct reviewing *reviewing)
{
    struct ctx *cx = reviewing->cx;
    struct recording recording;
    if (reviewing->old.waits)
        return OK;
    TRY(as(reviewing, "qa"));
    cx->now = instant_of(date_add(reviewing->sunday, 1 - OLD_DAYS), 9 * 60, SHANGHAI_OFFSET_MIN);
    TRY(recording_keep(cx, &reviewing->old, &recording));
    TRY(sweep_at(reviewing, -3));
    return sweep_at(reviewing, -1);
}

static enum result tell_retention(struct reviewing *reviewing)
{
    struct ctx *cx = reviewing->cx;
    const struct date saturday = date_add(reviewing->sunday, -(int)SATURDAY);
    struct retention_rule rule, longer;
    struct recording_arrival arrival;
    struct legal_hold hold = {.contract_id = reviewing->contract_id,
                              .from = saturday,
                              .to = saturday,
                              .reason = "客户投诉“虚假承诺”，12321 转办，结案前保全"};
    TRY(tell_rule(reviewing, &rule));
    TRY(tell_old(reviewing));
    TRY(as(reviewing, "client"));
    at(reviewing, -7, 10);
    longer = rule;
    longer.days = 200;
    longer.basis = "合同附件三：录音保存二百日";
    TRY(record_change(cx, &RETENTION_RULES, "change", &rule, &longer));
    at(reviewing, -4, 15);
    TRY(record_add(cx, &LEGAL_HOLDS, &hold));
    TRY(as(reviewing, "duty"));
    at(reviewing, 0, 9);
    return arrival_keep(cx, &reviewing->early, &arrival);
}

/* ---- calibration ---- */

static enum result tell_sheet(struct reviewing *reviewing, size_t session, size_t judge)
{
    struct ctx *cx = reviewing->cx;
    struct calibration now;
    struct review_mark marks[MARKS];
    const size_t count = marks_of(SESSIONS_OF[session].call, marks);
    for (size_t i = 0; i < count; i++) {
        if (marks[i].mark == MARK_POINTS)
            marks[i].points.hundredths -= SESSIONS_OF[session].less[judge][i] * INT64_C(100);
        if (!SESSIONS_OF[session].less[judge][i] && judge > 0)
            marks[i].comment = ""; /* whoever agrees says no more */
    }
    TRY(record_get(cx, &CALIBRATIONS, reviewing->sessions[session].id, &now));
    TRY(as(reviewing, SESSIONS_OF[session].judges[judge]));
    at(reviewing, SESSIONS_OF[session].days, 10 + (int)judge);
    return calibration_score(cx, &now, marks, count, "");
}

static enum result tell_session(struct reviewing *reviewing, size_t session)
{
    struct ctx *cx = reviewing->cx;
    struct calibration now;
    const char *outcome = SESSIONS_OF[session].outcome;
    if (!reviewing->sessions[session].call_id)
        return OK;
    TRY(as(reviewing, "duty"));
    at(reviewing, SESSIONS_OF[session].days, 9);
    TRY(calibration_begin(cx, &reviewing->sessions[session]));
    for (size_t i = 0; i < JUDGES_MOST && SESSIONS_OF[session].judges[i]; i++)
        TRY(tell_sheet(reviewing, session, i));
    if (outcome && !*outcome)
        return OK;
    TRY(as(reviewing, "duty"));
    at(reviewing, SESSIONS_OF[session].days, 16);
    TRY(record_get(cx, &CALIBRATIONS, reviewing->sessions[session].id, &now));
    TRY(calibration_compare(cx, &now));
    TRY(record_get(cx, &CALIBRATIONS, now.id, &now));
    return outcome ? calibration_close(cx, &now, outcome) : OK;
}

/* Before it was judged, and when it was disputed. */
static enum result tell_listenings(struct reviewing *reviewing)
{
    static const struct {
        size_t call;
        const char *account;
        int days, hour;
    } HEARD_BY[] = {{0, "qa", -1, 9},    {3, "linqian", -2, 14}, {3, "client", -1, 10},
                    {4, "duty", -1, 17}, {2, "duty", -5, 14},    {5, "duty", -5, 14},
                    {0, "agent", -1, 18}};
    struct ctx *cx = reviewing->cx;
    for (size_t i = 0; i < sizeof HEARD_BY / sizeof HEARD_BY[0]; i++) {
        struct recording recording;
        int fd;
        const int64_t call_id = reviewing->uploads[HEARD_BY[i].call].call_id;
        if (!call_id)
            continue;
        cx->actor = &ACTOR_SYSTEM;
        TRY(recording_of_call(cx, call_id, &recording));
        TRY(as(reviewing, HEARD_BY[i].account));
        at(reviewing, HEARD_BY[i].days, HEARD_BY[i].hour);
        TRY(recording_open(cx, &recording, &fd));
        close(fd);
    }
    return OK;
}

/* What was fatal leaves for the provider in a letter. */
static enum result tell_letter(struct reviewing *reviewing)
{
    struct ctx *cx = reviewing->cx;
    struct list_query query = {.limit = 1};
    struct list list;
    int64_t id;
    (void)list_condition(cx, &REVIEWS, "fatal", "true", &query);
    TRY(as(reviewing, "client"));
    at(reviewing, -1, 11);
    TRY(record_list(cx, &REVIEWS, &query, &list));
    const struct review *review = list.rows;
    if (!list.count)
        return OK;
    TRY(evidence_begin(cx,
                       (struct evidence){.call_id = review->call_id,
                                         .contract_id = review->contract_id,
                                         .agent_code = review->agent_code,
                                         .agent_name = review->agent_name,
                                         .at_ms = 14000,
                                         .fact = "虚假成功：客户说“我再考虑一下”，没有同意"},
                       &id));
    return demo_send(cx, id);
}

/* A call is drawn once its recording is here. */
static enum result tell_kept(struct ctx *cx, void *host)
{
    struct reviewing *reviewing = host;
    const struct instant today = cx->now;
    reviewing->cx = cx;
    TRY(tell_retention(reviewing));
    TRY(tell_recordings(reviewing));
    cx->actor = &ACTOR_SYSTEM;
    cx->now = today;
    return OK;
}

static enum result tell(struct ctx *cx, void *host)
{
    struct reviewing *reviewing = host;
    reviewing->cx = cx;
    const struct instant today = cx->now;
    TRY(as(reviewing, "duty"));
    for (int day = SATURDAY; day >= SUNDAY; day--) {
        cx->now = instant_of(date_add(reviewing->sunday, 1), 9 * 60, SHANGHAI_OFFSET_MIN);
        if (day == SUNDAY) /* still to be judged */
            at(reviewing, -1, 16);
        TRY(sample_add(cx, &reviewing->samples[day], reviewing->calls[day],
                       reviewing->counts[day]));
    }
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    cx->actor = &ACTOR_SYSTEM;
    TRY(record_list(cx, &REVIEWS, &query, &list));
    for (size_t i = 0; i < list.count; i++) {
        const struct review *review = (const struct review *)list.rows + i;
        for (enum weekend day = SUNDAY; day <= SATURDAY; day++)
            for (size_t k = 0; k < reviewing->counts[day]; k++)
                if (reviewing->calls[day][k].id == review->call_id)
                    TRY(tell_review(reviewing, review, reviewing->calls[day][k].uid));
    }
    for (size_t i = 0; i < SESSION_COUNT; i++)
        TRY(tell_session(reviewing, i));
    TRY(tell_listenings(reviewing));
    TRY(tell_letter(reviewing));
    cx->actor = &ACTOR_SYSTEM;
    cx->now = today;
    return reviews_sweep(cx);
}

static struct date last_sunday(struct date today)
{
    const struct date latest = date_add(today, -AFTER_DAYS);
    return date_add(latest, -(date_weekday(latest) % 7));
}

bool demo_reviews(struct world *world)
{
    struct ctx *cx = &world->cx;
    struct reviewing *reviewing = ARENA_NEW(cx->mem, struct reviewing);
    struct list_query query = {.limit = 1, .sort = "id"};
    struct list agents;
    if (!world->config.demo_calls)
        return true;
    reviewing->world = world;
    reviewing->sunday = last_sunday(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    enum result result = record_list(cx, &AGENTS, &query, &agents);
    if (result == OK) {
        reviewing->contract_id = ((const struct agent *)agents.rows)->contract_id;
        result = tell_calls(reviewing);
    }
    if (result == OK && !world_write(world, tell_forms, reviewing))
        return false;
    if (result == OK)
        result = stage(reviewing);
    if (result == OK && !world_write(world, tell_kept, reviewing))
        return false;
    if (result == OK)
        result = prepare(reviewing);
    if (result == OK)
        return world_write(world, tell, reviewing);
    world_complain(world, cx, "demo");
    return false;
}
