/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/provision.h"

#include "app/agents/agent_private.h"
#include "app/agents/compare.h"
#include "app/test_world.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a call centre with agents 1001 (dials) and 1002 (disabled) and one number ---- */

static struct {
    int64_t contract, number;
    char folder[64];
} site;

static void add_agent(struct world *world, const char *code, enum agent_state state)
{
    struct agent agent = {.contract_id = site.contract,
                          .person_id = a_person(world, world->provider, 0),
                          .code = code,
                          .permissions = {1u << (MAY_DIAL - 1)},
                          .state = state,
                          .from = date_of(2026, 1, 1)};
    assert_int_equal(add(world, &AGENTS, &agent), OK);
}

static int set_up(void **state)
{
    world_open(state);
    struct world *world = *state;
    struct number number = {
        .owner_id = world->client, .number = "95188", .carrier = "Carrier", .proof = "Paper"};
    site.contract = a_contract(world, world->project, world->provider);
    add_agent(world, "1001", AGENT_ACTIVE);
    add_agent(world, "1002", AGENT_DISABLED);
    assert_int_equal(add(world, &NUMBERS, &number), OK);
    struct number_permission permission = {.number_id = number.id,
                                           .contract_id = site.contract,
                                           .state = PERMISSION_ACTIVE,
                                           .from = date_of(2026, 1, 1)};
    assert_int_equal(add(world, &NUMBER_PERMISSIONS, &permission), OK);
    site.number = permission.id;
    snprintf(site.folder, sizeof site.folder, P_tmpdir "/luyue-drop-XXXXXX");
    assert_non_null(mkdtemp(site.folder));
    return 0;
}

static void empty(const char *folder)
{
    DIR *dir = opendir(folder);
    for (const struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static int tear_down(void **state)
{
    char acks[80];
    snprintf(acks, sizeof acks, "%s/ack", site.folder);
    empty(acks);
    empty(site.folder);
    return world_close(state);
}
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static enum result tell_run(struct ctx *cx, void *host)
{
    (void)host;
    TRY(provision_agent(cx, 1, "change"));
    return provision_number(cx, site.number, "add");
}

static struct provisioning provisioning_of(struct world *world, int64_t id)
{
    struct provisioning provisioning;
    get(world, &PROVISIONINGS, id, &provisioning);
    return provisioning;
}

/* ---- what is told ---- */

static void a_change_is_queued_with_the_agent_as_it_then_was(void **state)
{
    struct world *world = *state;
    assert_int_equal(attempt(world, tell_run, NULL), OK);
    const struct provisioning agent = provisioning_of(world, 1), number = provisioning_of(world, 2);
    assert_int_equal(agent.state, PROVISIONING_WAITING);
    assert_int_equal(agent.change, PROVISION_AGENT_CHANGE);
    assert_int_equal(agent.agent_id, 1);
    assert_non_null(strstr(agent.payload, "\"change\":\"agent_change\""));
    assert_non_null(strstr(agent.payload, "\"code\":\"1001\""));
    assert_non_null(strstr(agent.payload, "\"permissions\":[\"manual_dial\"]"));
    assert_int_equal(number.change, PROVISION_NUMBER_ADD);
    assert_non_null(strstr(number.payload, "\"number\":\"+8695188\""));
}

static void numbers_are_told_in_full_whoever_executes(void **state)
{
    struct world *world = *state;
    act(world, outsider_of(world, world->provider, R(SUPERVISOR)));
    tamper(world, "UPDATE contracts SET state = 'active'");
    assert_int_equal(attempt(world, tell_run, NULL), OK);
    assert_non_null(strstr(provisioning_of(world, 2).payload, "\"number\":\"+8695188\""));
}

static void a_snapshot_has_what_is_in_effect(void **state)
{
    struct world *world = *state;
    const char *snapshot;
    struct arena *arena = arena_new();
    assert_int_equal(provision_snapshot(&world->test.cx, arena, &snapshot), OK);
    assert_non_null(strstr(snapshot, "\"code\":\"1001\""));
    assert_null(strstr(snapshot, "\"code\":\"1002\""));
    assert_non_null(strstr(snapshot, "\"number\":\"+8695188\""));
    arena_free(arena);
}

/* ---- its life ---- */

struct stepping {
    int64_t id;
    const char *failure; /* NULL: retry */
};

static enum result step_run(struct ctx *cx, void *host)
{
    const struct stepping *stepping = host;
    struct provisioning provisioning;
    TRY(record_get(cx, &PROVISIONINGS, stepping->id, &provisioning));
    return stepping->failure ? provisioning_acknowledge(cx, &provisioning, stepping->failure)
                             : provisioning_retry(cx, &provisioning);
}

static enum result step(struct world *world, int64_t id, const char *failure)
{
    return attempt(world, step_run, &(struct stepping){id, failure});
}

static void the_call_system_acknowledges_or_says_why_not(void **state)
{
    struct world *world = *state;
    assert_int_equal(attempt(world, tell_run, NULL), OK);
    assert_int_equal(step(world, 1, NULL), CONFLICT);
    assert_int_equal(step(world, 1, "No such seat"), OK);
    assert_int_equal(provisioning_of(world, 1).state, PROVISIONING_FAILED);
    assert_string_equal(provisioning_of(world, 1).failure, "No such seat");
    assert_int_equal(step(world, 1, NULL), OK);
    assert_int_equal(provisioning_of(world, 1).state, PROVISIONING_WAITING);
    assert_int_equal(step(world, 1, ""), OK);
    const struct provisioning done = provisioning_of(world, 1);
    assert_int_equal(done.state, PROVISIONING_ACKNOWLEDGED);
    assert_true(done.acknowledged_at.ms != 0);
    assert_int_equal(step(world, 1, ""), CONFLICT);
    assert_code(world, "provisioning.wrong_state");
}

/* ---- the folder ---- */

static const char *content(struct world *world, const char *name)
{
    char *bytes = arena_alloc(world->test.arena, 2048);
    FILE *file = fopen(arena_printf(world->test.arena, "%s/%s", site.folder, name), "r");
    assert_non_null(file);
    assert_true(fread(bytes, 1, 2047, file) > 0);
    fclose(file);
    return bytes;
}

static void a_change_lies_in_the_folder_as_a_file_of_its_own(void **state)
{
    struct world *world = *state;
    const struct provision_target target = {site.folder, ""};
    struct outbox_answer answer;
    assert_int_equal(attempt(world, tell_run, NULL), OK);
    const struct provisioning provisioning = provisioning_of(world, 1);
    assert_int_equal(FILE_DROP.push(&world->test.cx, &target, &provisioning, &answer), OK);
    assert_string_equal(
        content(world, "change-000000000001.json"),
        arena_printf(world->test.arena, "{\"id\":1,\"data\":%s}\n", provisioning.payload));
    assert_int_equal(FILE_DROP.settle(&world->test.cx, &target, "{}"), OK);
    assert_string_equal(content(world, "snapshot.json"), "{}\n");
}

static void a_folder_that_cannot_be_written_is_tried_again(void **state)
{
    struct world *world = *state;
    const struct provision_target target = {"/proc/none/of/ours", ""};
    const struct provisioning provisioning = {.id = 1, .payload = "{}"};
    struct outbox_answer answer;
    assert_int_equal(FILE_DROP.push(&world->test.cx, &target, &provisioning, &answer), BUSY);
    assert_true(answer.retry);
}

struct collected {
    int count;
    int64_t ids[4];
    char failures[4][64];
};

static enum result collect(void *host, int64_t id, const char *failure)
{
    struct collected *collected = host;
    snprintf(collected->failures[collected->count], 64, "%s", failure);
    collected->ids[collected->count++] = id;
    return OK;
}

static void acknowledge(struct world *world, const char *name, const char *words)
{
    FILE *file = fopen(arena_printf(world->test.arena, "%s/ack/%s", site.folder, name), "w");
    assert_non_null(file);
    fputs(words, file);
    fclose(file);
}

static void what_scripts_lay_into_ack_is_taken_once(void **state)
{
    struct world *world = *state;
    const struct provision_target target = {site.folder, ""};
    struct collected collected = {0};
    assert_int_equal(mkdir(arena_printf(world->test.arena, "%s/ack", site.folder), 0700), 0);
    acknowledge(world, "change-000000000007.json", "");
    acknowledge(world, "notes.txt", "nothing of ours");
    assert_int_equal(FILE_DROP.collect(&world->test.cx, &target, collect, &collected), OK);
    assert_int_equal(collected.count, 1);
    assert_int_equal(collected.ids[0], 7);
    assert_string_equal(collected.failures[0], "");
    acknowledge(world, "change-000000000008.failed", "seat is busy\n");
    assert_int_equal(FILE_DROP.collect(&world->test.cx, &target, collect, &collected), OK);
    assert_int_equal(collected.count, 2);
    assert_int_equal(collected.ids[1], 8);
    assert_string_equal(collected.failures[1], "seat is busy");
}

/* ---- their list beside ours ---- */

struct comparing {
    const char *sheet;
    struct difference *differences;
    size_t count;
};

static enum result compare_run(struct ctx *cx, void *host)
{
    struct comparing *comparing = host;
    struct their_agent *theirs;
    size_t count;
    TRY(compare_read(cx, comparing->sheet, strlen(comparing->sheet), &theirs, &count));
    return agents_compare(cx, site.contract, theirs, count, &comparing->differences,
                          &comparing->count);
}

static void every_kind_of_difference_is_found(void **state)
{
    struct world *world = *state;
    add_agent(world, "1003", AGENT_ACTIVE);
    add_agent(world, "1004", AGENT_ACTIVE);
    struct comparing comparing = {.sheet = "code,permissions,state\n"
                                           "1001,manual_dial,active\n"
                                           "1002,manual_dial,active\n"
                                           "1003,manual_dial predictive,active\n"
                                           "9999,manual_dial,active\n"};
    assert_int_equal(attempt(world, compare_run, &comparing), OK);
    assert_int_equal(comparing.count, 4);
    const struct {
        enum difference_kind kind;
        const char *code;
    } EXPECTED[] = {{DIFFERENCE_UNKNOWN_HERE, "9999"},
                    {DIFFERENCE_OPEN_THERE, "1002"},
                    {DIFFERENCE_MISSING_THERE, "1004"},
                    {DIFFERENCE_PERMISSIONS, "1003"}};
    for (size_t i = 0; i < comparing.count; i++) {
        assert_int_equal(comparing.differences[i].kind, EXPECTED[i].kind);
        assert_string_equal(comparing.differences[i].code, EXPECTED[i].code);
    }
}

static void a_list_without_codes_is_refused(void **state)
{
    struct world *world = *state;
    struct comparing comparing = {.sheet = "name,state\nXu Na,active\n"};
    assert_int_equal(attempt(world, compare_run, &comparing), INVALID);
    assert_code(world, "compare.no_code");
    comparing.sheet = "code,state\n1001,sleeping\n";
    assert_int_equal(attempt(world, compare_run, &comparing), INVALID);
    assert_true(was_rejected(world, "rows.2.state", "malformed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_change_is_queued_with_the_agent_as_it_then_was),
        TEST(numbers_are_told_in_full_whoever_executes),
        TEST(a_snapshot_has_what_is_in_effect),
        TEST(the_call_system_acknowledges_or_says_why_not),
        TEST(a_change_lies_in_the_folder_as_a_file_of_its_own),
        TEST(a_folder_that_cannot_be_written_is_tried_again),
        TEST(what_scripts_lay_into_ack_is_taken_once),
        TEST(every_kind_of_difference_is_found),
        TEST(a_list_without_codes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
