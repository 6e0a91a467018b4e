/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where the web meets the store and the slices. */
#include "main/serve.h"

#include "app/access/access_web.h"
#include "app/adapters/adapter.h"
#include "app/agents/provision.h"
#include "app/calls/quarantine.h"
#include "app/desk/desk_web.h"
#include "app/duties/duty.h"
#include "app/gate/gate.h"
#include "app/imports/imports.h"
#include "app/notices/delivery.h"
#include "app/notices/notice_web.h"
#include "app/records/record_web.h"
#include "app/records/trail.h"
#include "base/log.h"
#include "base/password.h"
#include "jobs/agi.h"
#include "jobs/hasher.h"
#include "main/demo.h"
#include "main/generated.h"
#include "main/slices.h"
#include "web/server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct db *reader(void *app)
{
    return store_reader(((struct world *)app)->store);
}

/* ---- writes: the web's work as the store's ---- */

struct handed {
    struct store_work work;
    enum result (*run)(struct db *db, void *host);
    void (*done)(void *host, enum result result);
    void *host;
};

static enum result run_handed(struct db *db, void *host)
{
    struct handed *handed = host;
    return handed->run(db, handed->host);
}

static void handed_done(void *host, enum result result)
{
    struct handed *handed = host;
    handed->done(handed->host, result);
    free(handed);
}

static void write_work(void *app, enum result (*run)(struct db *db, void *host),
                       void (*done)(void *host, enum result result), void *host)
{
    struct handed *handed = calloc(1, sizeof *handed);
    if (!handed)
        abort();
    *handed = (struct handed){
        .work = {.run = run_handed, .done = handed_done, .host = handed},
        .run = run,
        .done = done,
        .host = host,
    };
    store_write(((struct world *)app)->store, &handed->work);
}

static enum result before_write(struct request *rq, bool *out_answered)
{
    return idempotency_before(rq, out_answered);
}

static enum result after_write(struct request *rq, enum result result)
{
    TRY(idempotency_after(rq, result));
    return trail_flush(&rq->cx);
}

/* ---- refusals leave an entry, in a transaction of their own ---- */

struct refusal {
    struct arena *arena;
    struct ctx cx;
    struct actor actor;
    const char *target; /* and why */
};

static enum result refusal_run(struct db *db, void *host)
{
    struct refusal *refusal = host;
    refusal->cx.db = db;
    trail_add(&refusal->cx, "refused", NULL, NULL, "", refusal->target);
    return trail_flush(&refusal->cx);
}

static void refusal_done(void *host, enum result result)
{
    struct refusal *refusal = host;
    if (result != OK)
        log_error("a refusal could not be written into the trail");
    arena_free(refusal->arena);
}

/* What somebody typed wrongly is no refusal, but naming a record of others is. */
static bool names_unknown(const struct fault *fault)
{
    for (const struct field_fault *field = fault->fields; field; field = field->next)
        if (strcmp(field->code, "unknown_record") == 0)
            return true;
    return false;
}

static bool is_attempt(const struct request *rq, enum result result)
{
    if (result == FORBIDDEN)
        return true;
    return rq->route && rq->route->flags & RECORDED &&
           (result == CONFLICT || result == NOT_FOUND || names_unknown(&rq->cx.fault));
}

/* The place alone when there was no right, and why when it was refused by a rule. */
static const char *attempt_note(struct arena *arena, const struct request *rq, enum result result)
{
    const char *code = rq->cx.fault.code;
    return result == FORBIDDEN || !code ? arena_dup(arena, rq->target)
                                        : arena_printf(arena, "%s %s", rq->target, code);
}

static void refused(struct request *rq, enum result result)
{
    if (!rq->cx.actor || !is_attempt(rq, result))
        return;
    struct arena *arena = arena_new();
    struct refusal *refusal = ARENA_NEW(arena, struct refusal);
    refusal->arena = arena;
    refusal->actor = *rq->cx.actor;
    refusal->actor.account = arena_dup(arena, rq->cx.actor->account);
    refusal->actor.person_name = arena_dup(arena, rq->cx.actor->person_name);
    refusal->target = attempt_note(arena, rq, result);
    refusal->cx = (struct ctx){
        .mem = arena,
        .now = rq->cx.now,
        .actor = &refusal->actor,
        .origin = arena_dup(arena, rq->cx.origin),
        .request = arena_dup(arena, rq->cx.request),
    };
    write_work(rq->app, refusal_run, refusal_done, refusal);
}

/* ---- what every page shows beside its document ---- */

static bool may(struct request *rq, const char *right)
{
    return strcmp(right, SIGNED_IN) == 0 ? rq->cx.actor != NULL : actor_may(rq->cx.actor, right);
}

static struct doc *nav_item(struct request *rq, const struct nav_entry *entry)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const char *current = rq->route && rq->route->nav ? rq->route->nav : "";
    doc_text(doc, "href", entry->href);
    doc_text(doc, "icon", entry->icon);
    doc_text(doc, "label", texts_get(entry->name, rq->cx.lang));
    doc_flag(doc, "current", strcmp(current, entry->name) == 0);
    return doc;
}

/* Groups are closed, but the first and the one the page is in; with so few entries none is. */
#define NAV_AT_ONCE 24

static void put_nav(struct request *rq, struct doc *doc)
{
    struct doc **sections = ARENA_ARRAY(rq->cx.mem, struct doc *, NAV_COUNT);
    const char *current = rq->route && rq->route->nav ? rq->route->nav : "";
    bool *opens = ARENA_ARRAY(rq->cx.mem, bool, NAV_COUNT);
    size_t section_count = 0, item_count = 0;
    for (size_t i = 0; i < NAV_COUNT;) {
        const char *section = NAV[i].section;
        struct doc **items = ARENA_ARRAY(rq->cx.mem, struct doc *, NAV_COUNT);
        size_t count = 0;
        bool is_open = i == 0;
        for (; i < NAV_COUNT && strcmp(NAV[i].section, section) == 0; i++) {
            is_open |= strcmp(NAV[i].name, current) == 0;
            if (may(rq, NAV[i].right))
                items[count++] = nav_item(rq, &NAV[i]);
        }
        if (!count)
            continue;
        item_count += count;
        struct doc *one = sections[section_count++] = doc_new(rq->cx.mem);
        doc_text(one, "section", section);
        opens[section_count - 1] = is_open;
        doc_text(one, "label", texts_get(arena_printf(rq->cx.mem, "nav.%s", section), rq->cx.lang));
        doc_docs(one, "items", items, count);
    }
    for (size_t i = 0; i < section_count; i++)
        doc_flag(sections[i], "open", opens[i] || item_count <= NAV_AT_ONCE);
    doc_docs(doc, "nav", sections, section_count);
}

static void dress(struct request *rq, struct doc *doc)
{
    const struct actor *actor = rq->cx.actor;
    bool was = doc->page_only;
    doc->page_only = true;
    if (actor) {
        struct doc *me = doc_new(rq->cx.mem);
        const char *name = *actor->person_name ? actor->person_name : actor->account;
        const char *end = name;
        (void)utf8_next(&end);
        doc_text(me, "account", actor->account);
        doc_text(me, "name", name);
        doc_text(me, "initial", arena_copy(rq->cx.mem, name, (size_t)(end - name)));
        doc_text(me, "unit", actor->unit_name);
        doc_text(me, "organisation", actor->organisation_name);
        doc_doc(doc, "me", me);
        put_nav(rq, doc);
        if (rq->route && rq->route->nav) /* names a page that has no title of its own */
            doc_text(doc, "page_of", texts_get(rq->route->nav, rq->cx.lang));
        if (rq->cx.db)
            put_bell(rq, doc);
    }
    const struct world *world = rq->app;
    if (!actor && world->config.demo)
        demo_doc(doc, rq->cx.lang);
    doc_flag(doc, "signed_in", actor != NULL);
    if (actor && actor->undertaking_id)
        doc_int(doc, "undertaking", actor->undertaking_id);
    doc->page_only = was;
}

static struct instant now(void *app)
{
    return world_now();
}

/* ---- running ---- */

static bool address_of(const char *listen, struct arena *arena, const char **out_address,
                       int *out_port)
{
    const char *colon = strrchr(listen, ':');
    int64_t port;
    if (!colon || !int_parse(colon + 1, &port) || port < 0 || port > 65535)
        return false;
    *out_address = arena_copy(arena, listen, (size_t)(colon - listen));
    *out_port = (int)port;
    return true;
}

static const char *const *words_of(struct arena *arena, const char *list)
{
    const char **words = ARENA_ARRAY(arena, const char *, 33);
    for (size_t count = 0; *list && count < 32; count++) {
        size_t len = strcspn(list, ",");
        words[count] = arena_copy(arena, list, len);
        list += len + (list[len] == ',');
    }
    return words;
}

static void wait_for_end(void)
{
    sigset_t set;
    int signal_number;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigwait(&set, &signal_number);
}

static enum result finish_job(struct ctx *cx)
{
    return trail_flush(cx);
}

/* Where call systems ask beside the others, in *out (NULL: nowhere); false when that is no place.
 */
static bool gate_place(const struct world *world, const struct place **out)
{
    const char *text = world->config.gate;
    struct place *place = ARENA_NEW(world->arena, struct place);
    *out = *text ? place : NULL;
    place->socket = strchr(text, '/') ? text : NULL;
    return !*text || place->socket || address_of(text, world->arena, &place->address, &place->port);
}

static struct server *start(struct world *world, const char **out_error)
{
    const struct web_host host = {
        .app = world,
        .identify = access_identify,
        .has_right = access_has_right,
        .refuse = access_refuse,
        .reader = reader,
        .write = write_work,
        .before_write = before_write,
        .after_write = after_write,
        .refused = refused,
        .dress = dress,
        .now = now,
        .keys = &world->keys,
    };
    struct server_options options = {
        .spool_dir = arena_printf(world->arena, "%s/spool", world->config.data),
        .trusted_proxies = words_of(world->arena, world->config.proxies),
        .routes = SLICE_ROUTES,
        .assets = ASSETS,
        .asset_count = ASSET_COUNT,
        .pages = PAGES,
        .page_count = PAGE_COUNT,
        .metrics_path = "/metrics",
    };
    *out_error = "--gate wants ADDRESS:PORT or the PATH of a Unix socket";
    if (!gate_place(world, &options.programs))
        return NULL;
    *out_error = "--listen wants ADDRESS:PORT";
    if (!address_of(world->config.listen, world->arena, &options.address, &options.port))
        return NULL;
    mkdir(options.spool_dir, 0700);
    return server_start(world->arena, &options, &host, out_error);
}

/* ---- Asterisk ---- */

static size_t agi_answer(void *app, struct arena *arena, const struct agi_call *call,
                         struct agi_set out[AGI_SETS])
{
    struct world *world = app;
    struct ctx cx = {.mem = arena,
                     .now = world_now(),
                     .db = store_reader(world->store),
                     .keys = &world->keys,
                     .origin = "",
                     .request = "agi"};
    return cx.db ? adapter_agi(&cx, call, out) : 0;
}

/* False, with words in *out_error, when it is asked for and cannot be. */
static bool start_agi(struct world *world, struct agi **out, const char **out_error)
{
    const struct agi_host host = {
        .app = world, .wait_ms = world->config.agi_wait, .answer = agi_answer};
    const char *address;
    int port;
    *out = NULL;
    if (!*world->config.agi)
        return true;
    *out_error = "--agi-wait wants milliseconds, from 1 on";
    if (host.wait_ms < 1)
        return false;
    *out_error = "--agi wants ADDRESS:PORT that is free";
    if (!address_of(world->config.agi, world->arena, &address, &port))
        return false;
    *out = agi_start(address, port, &host);
    if (*out)
        log_info("FastAGI on %s:%d", address, agi_port(*out));
    return *out != NULL;
}

int serve(struct world *world)
{
    struct agi *agi = NULL;
    const char *error;
    struct outbox outbox;
    const struct clockwork_host clockwork_host = {
        .store = world->store,
        .actor = &ACTOR_SYSTEM,
        .keys = &world->keys,
        .now = world_now,
        .finish = finish_job,
    };
    const struct gate_options gate_options = {
        .store = world->store,
        .months = world->months,
        .folder = arena_printf(world->arena, "%s/gate", world->config.data),
        .sync_before = world->config.gate_sync,
    };
    access_use(world->store, &world->keys);
    hashers_start();
    if (directory_renew(&world->cx) != OK || gate_open(&world->cx, &gate_options) != OK) {
        world_complain(world, &world->cx, "gate");
        return 1;
    }
    struct server *server = NULL;
    if (config_outbox(&world->config, &outbox, &error)) {
        deliveries_use(&outbox, world->config.site);
        provisionings_use(
            &(struct provision_target){world->config.call_system, world->config.call_secret});
        issue_links_use(world->config.site);
        quarantine_use(world->store);
        if (start_agi(world, &agi, &error))
            server = start(world, &error);
    }
    if (!server) {
        agi_stop(agi);
        gate_close(
            &world->cx); /* else its place is lent for a minute, and a supervisor tries again */
        fprintf(stderr, "luyue: %s\n", error);
        return 1;
    }
    if (password_is_cheap())
        log_warn("built for tests: passwords are hashed cheaply");
    struct clockwork *clockwork = clockwork_start(SLICE_JOBS, SLICE_JOB_COUNT, &clockwork_host);
    struct worker *workers[SLICE_WORKERS_MOST];
    for (size_t i = 0; i < SLICE_WORKER_COUNT; i++)
        workers[i] = worker_start(SLICE_WORKERS[i].name, SLICE_WORKERS[i].turn, &clockwork_host);
    printf("luyue: serving on http://%.*s:%d\n",
           (int)(strrchr(world->config.listen, ':') - world->config.listen), world->config.listen,
           server_port(server));
    fflush(stdout);
    wait_for_end();
    server_stop(server);
    hashers_stop();
    agi_stop(agi);
    for (size_t i = 0; i < SLICE_WORKER_COUNT; i++)
        worker_stop(workers[i]);
    clockwork_stop(clockwork);
    world->cx.now = world_now();
    gate_close(&world->cx);
    return 0;
}
