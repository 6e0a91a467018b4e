/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/documents/documents.h"

#include "app/documents/documents.sql.h"
#include "app/parties/parties.h"
#include "app/records/trail.h"
#include "store/migrations.h"
#include "store/test_store.h"

#include <ftw.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

/* ---- the world: a client and two providers; documents hang at organisations ---- */

struct world {
    struct test_world test;
    char dir[64]; /* "" when the bytes lie in the table */
    struct actor ops, provider, other_provider;
    int64_t client_id, provider_id, other_id;
};

static enum result add_organisation(struct ctx *cx, void *host)
{
    return record_add(cx, &ORGANISATIONS, host);
}

static int64_t organisation_of(struct test_world *test, const char *name, enum side side)
{
    struct organisation organisation = {0};
    fields_blank(ORGANISATIONS.fields, &organisation);
    organisation.name = name;
    organisation.side = side;
    assert_int_equal(test_write(test, add_organisation, &organisation), OK);
    return organisation.id;
}

static struct actor actor_of(const char *name, int64_t organisation, enum side side, enum role role)
{
    struct actor actor = {
        .organisation_id = organisation,
        .account = name,
        .person_name = name,
        .side = side,
        .sees_company = side == SIDE_CLIENT,
    };
    actor_grant(&actor, (struct set){UINT64_C(1) << (role - 1)});
    return actor;
}

static int open_world(void **state, const char *dir)
{
    static const struct resource *const ALL[] = {&ORGANISATIONS, &QUALIFICATIONS, &UNITS, &PEOPLE,
                                                 &DOCUMENTS,     &EVENTS,         NULL};
    static const struct resource *const SUBJECTS[] = {&ORGANISATIONS, &QUALIFICATIONS, NULL};
    static const struct right *const RIGHTS[] = {PARTIES_RIGHTS, DOCUMENTS_RIGHTS, NULL};
    struct world *world = calloc(1, sizeof *world);
    resources_use(ALL);
    rights_use(RIGHTS);
    documents_use(SUBJECTS);
    documents_limit(4096);
    snprintf(world->dir, sizeof world->dir, "%s", dir);
    files_use(*dir ? world->dir : NULL);
    test_store_open(&world->test, MIGRATIONS, MIGRATION_COUNT);
    world->test.cx.actor = &ACTOR_SYSTEM;
    world->client_id = organisation_of(&world->test, "望江集团", SIDE_CLIENT);
    world->provider_id = organisation_of(&world->test, "绿景养护", SIDE_PROVIDER);
    world->other_id = organisation_of(&world->test, "洁净物业", SIDE_PROVIDER);
    world->ops = actor_of("ops", world->client_id, SIDE_CLIENT, ROLE_OPS);
    world->provider = actor_of("p1", world->provider_id, SIDE_PROVIDER, ROLE_PROVIDER);
    world->other_provider = actor_of("p2", world->other_id, SIDE_PROVIDER, ROLE_PROVIDER);
    world->test.cx.actor = &world->ops;
    *state = world;
    return 0;
}

static int open_in_table(void **state)
{
    return open_world(state, "");
}

static int open_on_disk(void **state)
{
    char dir[] = "documents_test.XXXXXX";
    return mkdtemp(dir) ? open_world(state, dir) : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
    return remove(path);
}

static int close_world(void **state)
{
    struct world *world = *state;
    test_store_close(&world->test);
    if (*world->dir)
        nftw(world->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(world);
    return 0;
}

/* ---- what the tests do ---- */

static void later(struct world *world, int days)
{
    world->test.cx.now.ms += INT64_C(86400000) * days;
}

/* Within a transaction, with the trail written at its end, as main does. */
struct step {
    enum result (*run)(struct ctx *cx, void *host);
    void *host;
};

static enum result step_run(struct ctx *cx, void *host)
{
    struct step *step = host;
    cx->pending = NULL;
    TRY(step->run(cx, step->host));
    return trail_flush(cx);
}

static enum result in_transaction(struct world *world, enum result (*run)(struct ctx *, void *),
                                  void *host)
{
    return test_write(&world->test, step_run, &(struct step){run, host});
}

static struct upload upload_of(struct world *world, const char *name, const char *text,
                               enum retention retention)
{
    return (struct upload){
        .name = name,
        .bytes = text,
        .len = strlen(text),
        .subject = "organisations",
        .subject_id = world->provider_id,
        .retention = retention,
    };
}

struct attaching {
    const struct upload *upload;
    struct document *document;
};

static enum result attach_run(struct ctx *cx, void *host)
{
    struct attaching *attaching = host;
    return document_add(cx, attaching->upload, attaching->document);
}

static enum result attach(struct world *world, struct upload upload, struct document *out)
{
    world->test.cx.fault = (struct fault){0};
    TRY(document_prepare(&world->test.cx, &upload));
    return in_transaction(world, attach_run, &(struct attaching){&upload, out});
}

static struct document attached(struct world *world, const char *text, enum retention retention)
{
    struct document document;
    struct upload upload = upload_of(world, "file.txt", text, retention);
    assert_int_equal(attach(world, upload, &document), OK);
    return document;
}

struct opening {
    const struct document *document;
    char text[64];
};

static enum result open_run(struct ctx *cx, void *host)
{
    struct opening *opening = host;
    int fd;
    TRY(document_open(cx, opening->document, "download", &fd));
    ssize_t len = read(fd, opening->text, sizeof opening->text - 1);
    close(fd);
    opening->text[len > 0 ? len : 0] = '\0';
    return OK;
}

static enum result read_text(struct world *world, const struct document *document,
                             struct opening *out)
{
    *out = (struct opening){.document = document};
    return in_transaction(world, open_run, out);
}

struct acting {
    const struct document *document;
    bool hold, on;
    const char *reason;
};

static enum result act_run(struct ctx *cx, void *host)
{
    const struct acting *acting = host;
    return acting->hold ? document_hold(cx, acting->document, acting->on, acting->reason)
                        : document_remove(cx, acting->document, acting->reason);
}

static enum result hold(struct world *world, const struct document *document, bool on,
                        const char *reason)
{
    return in_transaction(world, act_run, &(struct acting){document, true, on, reason});
}

static enum result take_away(struct world *world, const struct document *document,
                             const char *reason)
{
    return in_transaction(world, act_run, &(struct acting){document, .reason = reason});
}

static struct document read_again(struct world *world, const struct document *document)
{
    struct document now = {0};
    assert_int_equal(record_get(&world->test.cx, &DOCUMENTS, document->id, &now), OK);
    return now;
}

static enum result sweep_run(struct ctx *cx, void *host)
{
    return documents_sweep(cx);
}

static void sweep(struct world *world)
{
    world->test.cx.actor = &ACTOR_SYSTEM;
    assert_int_equal(in_transaction(world, sweep_run, NULL), OK);
    world->test.cx.actor = &world->ops;
}

/* The newest entry of a document in the trail. */
static struct event last_event(struct world *world, const struct document *document)
{
    struct event *events;
    size_t count;
    assert_int_equal(trail_of(&world->test.cx, &DOCUMENTS, document->id, 1, &events, &count), OK);
    assert_int_equal(count, 1);
    return events[0];
}

/* How many files, or rows of the table, hold bytes; staged ones apart. */
static int stored, staged;

static int count_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
    if (type == FTW_F)
        strstr(path, "/new/") ? staged++ : stored++;
    return 0;
}

static void count_stored(struct world *world)
{
    struct query query = db_query("blobs", "SELECT count(*) FROM blobs", 0);
    int64_t rows;
    stored = staged = 0;
    if (*world->dir) {
        nftw(world->dir, count_entry, 8, FTW_PHYS);
        return;
    }
    assert_int_equal(db_int(&world->test.cx, &query, NO_PARAMS, &rows), OK);
    stored = (int)rows;
}

/* ---- upload ---- */

static void an_attached_file_can_be_read_back_and_that_is_recorded(void **state)
{
    struct world *world = *state;
    struct document document;
    struct opening opening;
    struct upload upload = upload_of(world, "dir/记录\r.txt", "保洁记录", RETENTION_STANDARD);
    assert_int_equal(attach(world, upload, &document), OK);
    document = read_again(world, &document);
    assert_string_equal(document.name, "记录.txt");
    assert_string_equal(document.media_type, "text/plain");
    assert_int_equal(document.size, strlen("保洁记录"));
    assert_string_equal(document.uploaded_by, "ops");
    assert_int_equal(document.state, DOCUMENT_KEPT);
    assert_int_equal(read_text(world, &document, &opening), OK);
    assert_string_equal(opening.text, "保洁记录");
    assert_string_equal(last_event(world, &document).action, "download");
}

static void the_same_content_is_stored_once(void **state)
{
    struct world *world = *state;
    struct document a = attached(world, "same", RETENTION_SHORT);
    struct document b = attached(world, "same", RETENTION_STANDARD);
    assert_int_not_equal(a.id, b.id);
    assert_string_equal(a.sha256, b.sha256);
    count_stored(world);
    assert_int_equal(stored, 1);
}

static void a_retention_counts_from_the_day_of_upload(void **state)
{
    static const struct {
        struct ymd day;
        enum retention retention;
        const char *until;
    } CASES[] = {
        {{2026, 3, 2}, RETENTION_SHORT, "2026-04-01"},
        {{2026, 3, 2}, RETENTION_STANDARD, "2026-09-02"},
        {{2026, 8, 31}, RETENTION_STANDARD, "2027-02-28"},
        {{2027, 8, 31}, RETENTION_STANDARD, "2028-02-29"},
        {{2026, 12, 31}, RETENTION_LONG, "2031-12-31"},
        {{2028, 2, 29}, RETENTION_LONG, "2033-02-28"},
        {{2026, 3, 2}, RETENTION_PERMANENT, ""},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char until[DATE_MAX_TEXT];
        struct ymd day = CASES[i].day;
        world->test.cx.now =
            instant_of(date_of(day.year, day.month, day.day), 30, SHANGHAI_OFFSET_MIN);
        struct document document = attached(world, "text", CASES[i].retention);
        date_format(read_again(world, &document).keep_until, until);
        assert_string_equal(until, CASES[i].until);
    }
}

static void what_may_not_be_kept_is_refused(void **state)
{
    struct world *world = *state;
    static char large[4097];
    memset(large, 'a', sizeof large - 1);
    const struct {
        struct upload upload;
        enum result result;
        const char *code;
    } CASES[] = {
        {upload_of(world, "a.txt", "", RETENTION_SHORT), INVALID, "document.empty"},
        {upload_of(world, "a.txt", "<svg onload=x>", RETENTION_SHORT), INVALID, "document.type"},
        {upload_of(world, "a.pdf", "MZ\x90\3", RETENTION_SHORT), INVALID, "document.type"},
        {upload_of(world, "a.txt", large, RETENTION_SHORT), OK, NULL},
        {upload_of(world, "a.txt", "no retention", 0), INVALID, NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct document document;
        assert_int_equal(attach(world, CASES[i].upload, &document), CASES[i].result);
        if (CASES[i].code)
            assert_string_equal(world->test.cx.fault.code, CASES[i].code);
    }
    struct document document;
    char larger[sizeof large + 1];
    snprintf(larger, sizeof larger, "%sa", large);
    assert_int_equal(attach(world, upload_of(world, "a.txt", larger, RETENTION_SHORT), &document),
                     TOO_LARGE);
    assert_string_equal(world->test.cx.fault.code, "document.too_large");
}

/* ---- who ---- */

static void a_file_goes_only_to_records_that_one_sees_and_may_write(void **state)
{
    struct world *world = *state;
    struct document document;
    struct upload upload = upload_of(world, "a.txt", "text", RETENTION_SHORT);
    upload.subject = "events";
    assert_int_equal(attach(world, upload, &document), INVALID);
    upload = upload_of(world, "a.txt", "text", RETENTION_SHORT);
    upload.subject_id = 999;
    assert_int_equal(attach(world, upload, &document), NOT_FOUND);
    upload.subject_id = world->provider_id;
    world->test.cx.actor = &world->provider; /* sees its organisation, but may not write it */
    assert_int_equal(attach(world, upload, &document), FORBIDDEN);
    world->test.cx.actor = &world->other_provider;
    assert_int_equal(attach(world, upload, &document), NOT_FOUND);
}

static void another_providers_account_sees_nothing(void **state)
{
    struct world *world = *state;
    struct document seen, document = attached(world, "text", RETENTION_SHORT);
    struct list_query query = {.limit = 10};
    struct list list;
    world->test.cx.actor = &world->provider;
    assert_int_equal(record_get(&world->test.cx, &DOCUMENTS, document.id, &seen), OK);
    world->test.cx.actor = &world->other_provider;
    assert_int_equal(record_get(&world->test.cx, &DOCUMENTS, document.id, &seen), NOT_FOUND);
    world->test.cx.fault = (struct fault){0};
    assert_int_equal(record_list(&world->test.cx, &DOCUMENTS, &query, &list), OK);
    assert_int_equal(list.count, 0);
}

/* ---- hold and removal ---- */

static void only_a_short_retention_may_be_cut(void **state)
{
    static const struct {
        enum retention retention;
        int days;
        enum result result;
        const char *code;
    } CASES[] = {
        {RETENTION_SHORT, 0, OK, NULL},
        {RETENTION_STANDARD, 0, CONFLICT, "document.retained"},
        {RETENTION_STANDARD, 184, CONFLICT, "document.retained"},
        {RETENTION_STANDARD, 185, OK, NULL},
        {RETENTION_LONG, 365, CONFLICT, "document.retained"},
        {RETENTION_PERMANENT, 9999, CONFLICT, "document.permanent"},
    };
    struct world *world = *state;
    struct instant start = world->test.cx.now;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        world->test.cx.now = start;
        struct document document = attached(world, "text", CASES[i].retention);
        later(world, CASES[i].days);
        assert_int_equal(take_away(world, &document, "传错了"), CASES[i].result);
        if (CASES[i].code)
            assert_string_equal(world->test.cx.fault.code, CASES[i].code);
    }
}

static void a_removed_document_keeps_its_entry_but_is_not_handed_out(void **state)
{
    struct world *world = *state;
    struct opening opening;
    struct document document = attached(world, "text", RETENTION_SHORT);
    assert_int_equal(take_away(world, &document, " "), INVALID);
    assert_int_equal(take_away(world, &document, "传错了"), OK);
    document = read_again(world, &document);
    assert_int_equal(document.state, DOCUMENT_REMOVED);
    assert_string_equal(document.reason, "传错了");
    assert_int_equal(read_text(world, &document, &opening), NOT_FOUND);
    assert_int_equal(take_away(world, &document, "再来"), CONFLICT);
    assert_int_equal(hold(world, &document, true, "晚了"), CONFLICT);
    assert_string_equal(world->test.cx.fault.code, "document.removed");
}

static void removing_needs_the_right_to_write_the_record(void **state)
{
    struct world *world = *state;
    struct document document = attached(world, "text", RETENTION_SHORT);
    world->test.cx.actor = &world->provider;
    assert_int_equal(take_away(world, &document, "不要了"), FORBIDDEN);
}

static void a_hold_keeps_a_document_from_removal_and_expiry(void **state)
{
    struct world *world = *state;
    struct document document = attached(world, "text", RETENTION_SHORT);
    assert_int_equal(hold(world, &document, true, ""), INVALID);
    assert_int_equal(hold(world, &document, true, "申诉 2026-7"), OK);
    assert_string_equal(last_event(world, &document).action, "hold");
    document = read_again(world, &document);
    assert_int_equal(hold(world, &document, true, "again"), CONFLICT);
    assert_int_equal(take_away(world, &document, "到期"), CONFLICT);
    assert_string_equal(world->test.cx.fault.code, "document.on_hold");
    later(world, 400);
    sweep(world);
    assert_int_equal(read_again(world, &document).state, DOCUMENT_KEPT);
    assert_int_equal(hold(world, &document, false, "已结案"), OK);
    assert_string_equal(last_event(world, &document).action, "release");
    sweep(world);
    assert_int_equal(read_again(world, &document).state, DOCUMENT_REMOVED);
}

/* ---- the sweep ---- */

static void a_document_expires_the_day_after_its_retention(void **state)
{
    struct world *world = *state;
    struct document document = attached(world, "text", RETENTION_SHORT);
    struct document permanent = attached(world, "for good", RETENTION_PERMANENT);
    later(world, 30);
    sweep(world);
    assert_int_equal(read_again(world, &document).state, DOCUMENT_KEPT);
    later(world, 1);
    sweep(world);
    assert_int_equal(read_again(world, &document).state, DOCUMENT_REMOVED);
    assert_int_equal(read_again(world, &permanent).state, DOCUMENT_KEPT);
    struct event event = last_event(world, &document);
    assert_string_equal(event.action, "expire");
    assert_string_equal(event.account, "system");
    assert_non_null(strstr(event.changes, document.sha256));
}

static void bytes_are_erased_a_day_after_removal_and_that_is_proven(void **state)
{
    struct world *world = *state;
    struct document document = attached(world, "text", RETENTION_SHORT);
    assert_int_equal(take_away(world, &document, "传错了"), OK);
    sweep(world);
    count_stored(world);
    assert_int_equal(stored, 1);
    later(world, 2);
    sweep(world);
    count_stored(world);
    assert_int_equal(stored, 0);
    assert_true(read_again(world, &document).erased);
    struct event event = last_event(world, &document);
    assert_string_equal(event.action, "erase");
    assert_non_null(strstr(event.note, document.sha256));
}

static void bytes_stay_while_another_document_has_the_same(void **state)
{
    struct world *world = *state;
    struct opening opening;
    struct document a = attached(world, "same", RETENTION_SHORT);
    struct document b = attached(world, "same", RETENTION_SHORT);
    assert_int_equal(take_away(world, &a, "重复"), OK);
    later(world, 2);
    sweep(world);
    assert_false(read_again(world, &a).erased);
    assert_int_equal(read_text(world, &b, &opening), OK);
    assert_string_equal(opening.text, "same");
    assert_int_equal(take_away(world, &b, "不要了"), OK);
    later(world, 2);
    sweep(world);
    assert_true(read_again(world, &a).erased);
    assert_true(read_again(world, &b).erased);
    count_stored(world);
    assert_int_equal(stored, 0);
    b = attached(world, "same", RETENTION_SHORT);
    assert_int_equal(read_text(world, &b, &opening), OK);
}

/* The row is refused after the bytes were put in their place. */
static enum result attach_and_fail(struct ctx *cx, void *host)
{
    TRY(attach_run(cx, host));
    return BROKEN;
}

static void an_upload_that_came_to_nothing_leaves_no_bytes(void **state)
{
    struct world *world = *state;
    struct document document;
    struct upload upload = upload_of(world, "a.txt", "lost", RETENTION_SHORT);
    struct document kept = attached(world, "kept", RETENTION_SHORT);
    assert_int_equal(document_prepare(&world->test.cx, &upload), OK);
    assert_int_equal(
        in_transaction(world, attach_and_fail, &(struct attaching){&upload, &document}), BROKEN);
    later(world, 2);
    sweep(world);
    count_stored(world);
    assert_int_equal(stored, 1);
    assert_int_equal(staged, 0);
    struct opening opening;
    assert_int_equal(read_text(world, &kept, &opening), OK);
}

static void a_damaged_file_is_not_handed_out(void **state)
{
    struct world *world = *state;
    struct opening opening;
    struct document document = attached(world, "text", RETENTION_SHORT);
    document.size++;
    assert_int_equal(read_text(world, &document, &opening), BROKEN);
    assert_string_equal(world->test.cx.fault.code, "document.damaged");
}

static void every_statement_is_prepared(void **state)
{
    struct world *world = *state;
    test_queries_prepare(&world->test, ALL_DOCUMENTS_QUERIES);
}

#define DOCUMENT_TESTS(open)                                                                       \
    UNIT(an_attached_file_can_be_read_back_and_that_is_recorded, open),                            \
        UNIT(the_same_content_is_stored_once, open),                                               \
        UNIT(a_retention_counts_from_the_day_of_upload, open),                                     \
        UNIT(what_may_not_be_kept_is_refused, open),                                               \
        UNIT(a_file_goes_only_to_records_that_one_sees_and_may_write, open),                       \
        UNIT(another_providers_account_sees_nothing, open),                                        \
        UNIT(only_a_short_retention_may_be_cut, open),                                             \
        UNIT(a_removed_document_keeps_its_entry_but_is_not_handed_out, open),                      \
        UNIT(removing_needs_the_right_to_write_the_record, open),                                  \
        UNIT(a_hold_keeps_a_document_from_removal_and_expiry, open),                               \
        UNIT(a_document_expires_the_day_after_its_retention, open),                                \
        UNIT(bytes_are_erased_a_day_after_removal_and_that_is_proven, open),                       \
        UNIT(bytes_stay_while_another_document_has_the_same, open),                                \
        UNIT(an_upload_that_came_to_nothing_leaves_no_bytes, open),                                \
        UNIT(a_damaged_file_is_not_handed_out, open), UNIT(every_statement_is_prepared, open)
#define UNIT(test, open) cmocka_unit_test_setup_teardown(test, open, close_world)

int main(void)
{
    const struct CMUnitTest on_disk[] = {DOCUMENT_TESTS(open_on_disk)};
    const struct CMUnitTest in_table[] = {DOCUMENT_TESTS(open_in_table)};
    int failed = cmocka_run_group_tests_name("documents on disk", on_disk, NULL, NULL);
    return failed + cmocka_run_group_tests_name("documents in the table", in_table, NULL, NULL);
}
