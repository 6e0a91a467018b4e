/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* luyue COMMAND [flags] */
#include "app/access/password.h"
#include "app/appraisal/sheet.h"
#include "app/dashboard/project_month.h"
#include "app/evaluation/evaluation.h"
#include "app/letters/letter.h"
#include "app/pay/pay.h"
#include "app/records/openapi_web.h"
#include "app/records/trail.h"
#include "app/settlement/settlement.h"
#include "base/json.h"
#include "jobs/hasher.h"
#include "jobs/outbox.h"
#include "main/backup.h"
#include "main/demo.h"
#include "main/export_command.h"
#include "main/generated.h"
#include "main/import_command.h"
#include "main/serve.h"
#include "main/slices.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* ---- serve ---- */

/* Before any thread is made, so that all inherit it: signals are taken by sigwait alone. */
static void block_signals(void)
{
    sigset_t set;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* With --demo an empty store is made and filled first; else the schema must be there already. */
static bool ready(struct world *world)
{
    if (!world->config.demo)
        return world_schema(world, false);
    return world_schema(world, true) && demo_fill(world);
}

static int serve_command(struct world *world)
{
    return ready(world) ? serve(world) : 1;
}

static int demo_command(struct world *world)
{
    return world_schema(world, true) && demo_fill(world) ? 0 : 1;
}

/* ---- init: the first account, with a password from standard input ---- */

struct first {
    const char *name, *password;
};

static enum result make_first(struct ctx *cx, void *host)
{
    const struct first *first = host;
    return account_create_first(cx, first->name, first->password);
}

static int init_command(struct world *world)
{
    char line[256] = "";
    struct first first = {world->config.admin, line};
    if (!*first.name) {
        fprintf(stderr, "luyue: init wants --admin NAME\n");
        return 2;
    }
    if (!fgets(line, sizeof line, stdin)) {
        fprintf(stderr, "luyue: init reads the first password from standard input\n");
        return 2;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return world_schema(world, true) && world_write(world, make_first, &first) ? 0 : 1;
}

/* ---- account: the way back in, when nobody is left who could reset it in the browser ---- */

struct again {
    const char *name;
    char password[INITIAL_PASSWORD];
};

static enum result let_in(struct ctx *cx, void *host)
{
    struct again *again = host;
    return account_recover(cx, again->name, again->password);
}

static int account_command(struct world *world)
{
    struct again again = {.name = world->config.words[0]};
    if (world->config.word_count != 1) {
        fprintf(stderr, "luyue: account wants a NAME\n");
        return 2;
    }
    if (!world_schema(world, false) || !world_write(world, let_in, &again))
        return 1;
    puts(again.password);
    return 0;
}

static int migrate_command(struct world *world)
{
    return world_schema(world, true) ? 0 : 1;
}

/* ---- verify ---- */

/* What the public page says of a printed code and digest, from the store alone. */
static int verify_letter(struct world *world)
{
    static const char *const WORDS[] = {
        [MATCH_NONE] = "DIFFERS", [MATCH_TEXT] = "text", [MATCH_ATTACHMENT] = "attachment"};
    const char *sha256 = world->config.sha256;
    struct letter_checked letter;
    if (letter_by_code(&world->cx, world->config.letter, &letter) != OK) {
        world_complain(world, &world->cx, "verify");
        return 4;
    }
    const enum letter_match match = letter_match(&letter, sha256);
    printf("letter: %s, %s\nsha256: %s\n", letter.number,
           letter.current ? "current" : "WITHDRAWN OR RETURNED", letter.sha256);
    if (*sha256)
        printf("match: %s\n", WORDS[match]);
    return letter.current && (!*sha256 || match != MATCH_NONE) ? 0 : 4;
}

/* What was frozen gives the same again from what it says that it follows from. */
static const struct {
    const char *one, *many;
    enum result (*verify)(struct ctx *cx, int64_t *out_count, int64_t *out_broken,
                          const char **out_what);
} PROOFS[] = {
    {"sheet", "sheets", sheets_verify},
    {"evaluation", "evaluations", evaluations_verify},
    {"settlement", "settlements", settlements_verify},
    {"sums of project", "sums", project_months_verify},
};

static int verify_proofs(struct world *world)
{
    world->cx.actor = &ACTOR_SYSTEM;
    for (size_t i = 0; i < sizeof PROOFS / sizeof PROOFS[0]; i++) {
        int64_t count, broken;
        const char *what;
        if (PROOFS[i].verify(&world->cx, &count, &broken, &what) != OK) {
            world_complain(world, &world->cx, "verify");
            return 1;
        }
        if (broken) {
            printf("broken: %s %lld (%s)\n", PROOFS[i].one, (long long)broken, what);
            return 4;
        }
        const bool more = what && *what;
        printf("%s: %lld, as they were%s%s\n", PROOFS[i].many, (long long)count, more ? "; " : "",
               more ? what : "");
    }
    return 0;
}

/* Every approved pay sheet is what was approved, and still comes out of its grounds. */
static int verify_pay(struct world *world)
{
    struct pay_fault fault;
    size_t faults;
    if (pay_verify(&world->cx, &fault, 1, &faults) != OK) {
        world_complain(world, &world->cx, "verify");
        return 1;
    }
    if (faults)
        printf("pay sheet %lld: NOT AS IT WAS APPROVED (%s)\n", (long long)fault.pay_sheet_id,
               fault.what);
    return faults ? 4 : 0;
}

static int verify_command(struct world *world)
{
    int64_t entries, broken;
    const char *reason;
    struct trail_head head;
    char hash[65], at[INSTANT_MAX_TEXT];
    if (!world_schema(world, false))
        return 1;
    if (*world->config.letter)
        return verify_letter(world);
    if (trail_verify(&world->cx, &entries, &broken, &reason, hash) != OK ||
        trail_head(&world->cx, &head) != OK) {
        world_complain(world, &world->cx, "verify");
        return 1;
    }
    if (broken) {
        printf("broken: entry %lld (%s)\n", (long long)broken, reason);
        return 4;
    }
    printf("trail: %lld entries, whole\n", (long long)entries);
    int status = verify_proofs(world);
    if (!status)
        status = verify_pay(world);
    instant_format(head.at, at);
    if (!status)
        printf("head: luyue-head-1 %lld %s %s\nsignature: %s\npublic key: %s\n",
               (long long)head.entries, head.hash, at, head.signature, head.public_key);
    return status;
}

/* ---- routes: what there is to call, a JSON object a line ---- */

static void put_text(struct json_writer *json, const char *name, const char *value)
{
    json_key(json, name);
    json_string(json, value);
}

static void put_flag(struct json_writer *json, const char *name, bool value)
{
    json_key(json, name);
    json_bool(json, value);
}

static void print_route(struct arena *arena, const struct route *route)
{
    struct text line = text_new(arena, 256);
    struct json_writer json = {.out = &line};
    json_object(&json);
    put_text(&json, "method", method_name(route->method));
    put_text(&json, "path", route->path);
    put_text(&json, "right", route->right);
    put_flag(&json, "api", route_has_face(route, FACE_API));
    put_flag(&json, "page", route_has_face(route, FACE_PAGE));
    put_flag(&json, "session_only", route->flags & SESSION_ONLY);
    json_object_end(&json);
    puts(text_end(&line));
}

static int routes_command(struct world *world)
{
    struct arena *arena = arena_new();
    for (const struct route *const *table = SLICE_ROUTES; *table; table++)
        for (const struct route *route = *table; route->path; route++)
            print_route(arena, route);
    arena_free(arena);
    return 0;
}

static int openapi_command(struct world *world)
{
    slices_start();
    puts(openapi_text());
    return 0;
}

static int config_command(struct world *world)
{
    config_print(&world->config);
    return 0;
}

static int hasher_command(struct world *world)
{
    return hasher_main();
}

/* ---- the table ---- */

enum needs { NOTHING, STORE, NEW_STORE }; /* NEW_STORE: made when it is not there */

static const struct command {
    const char *name;
    enum needs needs;
    int (*run)(struct world *world);
    const char *meaning;
} COMMANDS[] = {
    {"serve", STORE, serve_command, "serve pages and API (--listen, --demo)"},
    {"init", NEW_STORE, init_command, "make an empty store with the account --admin"},
    {"demo", NEW_STORE, demo_command, "make a store with the demo world"},
    {"migrate", STORE, migrate_command, "bring the schema up to date"},
    {"import", STORE, import_command,
     "RESOURCE FILE: take a ledger in (--dry-run, --good-rows, --report)"},
    {"export", STORE, export_command, "RESOURCE FILE: write a ledger out, as .csv or .xlsx"},
    {"account", STORE, account_command,
     "NAME: let somebody in again, with a password to be changed at once"},
    {"verify", STORE, verify_command,
     "prove the audit trail, or a printed letter; exits 4 when it was altered"},
    {"backup", STORE, backup_command, "copy an embedded store, also while it serves, into FOLDER"},
    {"restore", NOTHING, restore_command, "make the store in --data from the backup FOLDER"},
    {"routes", NOTHING, routes_command, "list what there is to call, a JSON object a line"},
    {"openapi", NOTHING, openapi_command, "describe the API (OpenAPI 3.1)"},
    {"config", NOTHING, config_command, "show every setting"},
    {HASHER_COMMAND, NOTHING, hasher_command, NULL}, /* the server's own */
};
#define COMMAND_COUNT (sizeof COMMANDS / sizeof COMMANDS[0])

static int usage(void)
{
    fprintf(stderr, "luyue COMMAND [flags]   (flags: luyue config)\n");
    for (size_t i = 0; i < COMMAND_COUNT && COMMANDS[i].meaning; i++)
        fprintf(stderr, "  %-9s %s\n", COMMANDS[i].name, COMMANDS[i].meaning);
    return 2;
}

static int run(const struct command *command, const struct config *config)
{
    struct world world = {.config = *config};
    if (command->needs == NOTHING)
        return command->run(&world);
    bool create = command->needs == NEW_STORE || config->demo;
    int status = world_open(&world, config, create) ? command->run(&world) : 1;
    world_close(&world);
    return status;
}

int main(int argc, char **argv)
{
    struct config config;
    const char *wrong;
    if (argc < 2)
        return usage();
    if (!config_read(&config, argc - 2, argv + 2, &wrong)) {
        fprintf(stderr, "luyue: %s: unknown flag, or its value is missing\n", wrong);
        return 2;
    }
    block_signals();
    outbox_start();
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(COMMANDS[i].name, argv[1]) == 0)
            return run(&COMMANDS[i], &config);
    return usage();
}
