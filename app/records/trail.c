/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/trail.h"

#include "app/records/trail.sql.h"
#include "base/doc.h"
#include "base/hash.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

const struct field EVENT_FIELDS[] = {
    FIELD(event, id, .use = SORTED | LISTED),
    FIELD(event, at, .use = LISTED | FILTERED),
    FIELD_REF(event, account_id, "accounts", .use = FILTERED),
    FIELD(event, account, .use = LISTED | FILTERED),
    FIELD(event, person_name, .use = LISTED),
    FIELD(event, origin, .use = LISTED),
    FIELD(event, request),
    FIELD(event, action, .use = LISTED | FILTERED),
    FIELD(event, resource, .use = LISTED | FILTERED),
    FIELD(event, record_id, .use = FILTERED),
    FIELD(event, title, .use = LISTED),
    FIELD(event, changes, .use = LONG_TEXT),
    FIELD(event, note, .use = LISTED),
    FIELD(event, previous),
    FIELD(event, hash),
    FIELD(event, withheld, .use = DERIVED),
    FIELDS_END,
};

const struct field HISTORY_FIELDS[] = {
    FIELD(event, at),      FIELD(event, person_name), FIELD(event, action),
    FIELD(event, changes), FIELD(event, note),        FIELDS_END,
};

static bool may_know(struct ctx *cx, const struct resource *resource)
{
    const struct actor *actor = cx->actor;
    return actor->is_system || (resource->scope[actor->side] &&
                                actor_may(actor, arena_printf(cx->mem, "%s.read", resource->name)));
}

/* Of what nobody of the actor's side may know, or not the actor, the trail says that something was
 * done, but neither what nor by whom. (Entries about attendance, for the client's auditors; about
 * whom a third party can ask, for its administrators.) */
static void withhold(struct ctx *cx, void *record)
{
    struct event *event = record;
    const struct resource *resource = resource_find(event->resource);
    event->withheld = resource && resource->withheld && !may_know(cx, resource);
    if (!event->withheld)
        return;
    event->account_id = event->record_id = 0;
    event->account = event->person_name = event->origin = "";
    event->title = event->changes = event->note = "";
}

const struct resource EVENTS = {
    .name = "events",
    .fields = EVENT_FIELDS,
    .size = sizeof(struct event),
    .title = "title",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = ""},
    .derive = withhold,
};

struct head {
    int64_t last_event;
    const char *hash;
};
static const struct field HEAD_FIELDS[] = {
    FIELD(head, last_event),
    FIELD(head, hash),
    FIELDS_END,
};

struct pending {
    struct event event;
    struct pending *next;
};
struct pending_list {
    struct pending *first, *last;
};

/* ---- writing ---- */

void trail_add(struct ctx *cx, const char *action, const struct resource *resource,
               const void *record, const char *changes, const char *note)
{
    const struct actor *actor = cx->actor;
    struct pending_list *list = cx->pending;
    struct pending *entry = ARENA_NEW(cx->mem, struct pending);
    entry->event = (struct event){
        .at = cx->now,
        .account_id = actor ? actor->account_id : 0,
        .account = actor ? actor->account : "",
        .person_name = actor ? actor->person_name : "",
        .origin = cx->origin ? cx->origin : "",
        .request = cx->request ? cx->request : "",
        .action = action,
        .resource = resource ? resource->name : "",
        .record_id = record ? ((const struct record *)record)->id : 0,
        .title = record && resource ? record_title(cx->mem, resource, record) : "",
        .changes = changes,
        .note = note,
    };
    if (!list)
        cx->pending = list = ARENA_NEW(cx->mem, struct pending_list);
    if (list->last)
        list->last->next = entry;
    else
        list->first = entry;
    list->last = entry;
}

/* The canonical text that is hashed: a JSON array, so that no value can run into the next. */
static void event_hash(struct arena *arena, const struct event *event, char out[SHA256_HEX])
{
    struct text text = text_new(arena, 512);
    struct json_writer json = {.out = &text};
    json_array(&json);
    json_string(&json, "luyue-event-1");
    for (const struct field *field = EVENT_FIELDS; strcmp(field->name, "hash") != 0; field++) {
        const char *at = (const char *)event + field->offset;
        if (field->type == FIELD_TEXT)
            json_string(&json, *(const char *const *)at);
        else
            json_number(&json, *(const int64_t *)at); /* ids, and the instant's milliseconds */
    }
    json_array_end(&json);
    sha256_hex(text.at, text.len, out);
}

static enum result event_insert(struct ctx *cx, struct event *event)
{
    return db_change(cx, &q_event_insert,
                     PARAMS(P(event->id), P(event->at), P(event->account_id), P(event->account),
                            P(event->person_name), P(event->origin), P(event->request),
                            P(event->action), P(event->resource), P(event->record_id),
                            P(event->title), P(event->changes), P(event->note), P(event->previous),
                            P(event->hash)),
                     NULL);
}

static enum result (*follow_entries)(struct ctx *cx);

void trail_follow(enum result (*follow)(struct ctx *cx))
{
    follow_entries = follow;
}

static int by_record(const void *a, const void *b)
{
    const struct touched *left = a, *right = b;
    const int order = strcmp(left->resource, right->resource);
    return order ? order : (left->id > right->id) - (left->id < right->id);
}

void trail_touched(struct ctx *cx, struct touched **out, size_t *out_count)
{
    const struct pending_list *list = cx->pending;
    size_t count = 0, kept = 0;
    for (const struct pending *entry = list ? list->first : NULL; entry; entry = entry->next)
        count += entry->event.record_id != 0;
    struct touched *all = *out = ARENA_ARRAY(cx->mem, struct touched, count);
    for (const struct pending *entry = list ? list->first : NULL; entry; entry = entry->next)
        if (entry->event.record_id)
            all[kept++] = (struct touched){entry->event.resource, entry->event.record_id,
                                           strcmp(entry->event.action, "create") == 0};
    qsort(all, count, sizeof *all, by_record);
    kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!kept || by_record(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
        else
            all[kept - 1].created |= all[i].created;
    }
    *out_count = kept;
}

enum result trail_flush(struct ctx *cx)
{
    struct pending_list *list = cx->pending;
    struct head head;
    if (!list)
        return OK;
    if (follow_entries)
        TRY(follow_entries(cx));
    cx->pending = NULL;
    TRY(db_one(cx, &q_head_lock, NO_PARAMS, HEAD_FIELDS, &head));
    for (struct pending *entry = list->first; entry; entry = entry->next) {
        char hash[SHA256_HEX];
        entry->event.id = ++head.last_event;
        entry->event.previous = head.hash;
        event_hash(cx->mem, &entry->event, hash);
        entry->event.hash = head.hash = arena_dup(cx->mem, hash);
        TRY(event_insert(cx, &entry->event));
    }
    return db_change_one(cx, &q_head_set, PARAMS(P(head.last_event), P(head.hash)));
}

/* ---- differences ---- */

/* Not worked out yet: its number is none (of a first result nothing was before). */
static bool is_known(const struct field *fields, const struct field *field, const void *record)
{
    return !field->known_by ||
           !field_is_idle(field_find(fields, field->known_by, strlen(field->known_by)), record);
}

static void json_side(struct json_writer *json, const char *name, const struct field *field,
                      const void *record)
{
    struct text value = text_new(json->out->arena, 32);
    if (record)
        field_canonical(field, record, &value);
    json_key(json, name);
    json_string(json, text_end(&value));
}

const char *trail_diff(struct arena *arena, const struct field *fields, const void *before,
                       const void *after)
{
    struct text text = text_new(arena, 256);
    struct json_writer json = {.out = &text};
    bool any = false;
    json_array(&json);
    for (const struct field *field = fields; field->name; field++) {
        const bool is_hidden = (field->use & HIDDEN) && !(field->use & TRAILED);
        if (field->column || is_hidden || (field->use & (NO_DIFF | DERIVED)) ||
            strcmp(field->name, "id") == 0)
            continue;
        if (before ? field_equal(field, before, after) : field_is_none(field, after))
            continue;
        any = true;
        json_object(&json);
        json_key(&json, "field");
        json_string(&json, field->name);
        json_side(&json, "before", field,
                  before && is_known(fields, field, before) ? before : NULL);
        json_side(&json, "after", field, is_known(fields, field, after) ? after : NULL);
        json_object_end(&json);
    }
    json_array_end(&json);
    return any ? text_end(&text) : "";
}

/* ---- reading ---- */

enum result trail_of(struct ctx *cx, const struct resource *resource, int64_t id, size_t limit,
                     struct event **out, size_t *out_count)
{
    TRY(db_list(cx, &q_event_of, PARAMS(P(resource->name), P(id), P((int32_t)limit)), EVENT_FIELDS,
                sizeof(struct event), limit, out, out_count));
    return resource->history ? resource->history(cx, id, *out, out_count) : OK;
}

struct changed {
    const char *field, *before, *after;
};
static const struct field CHANGED_FIELDS[] = {FIELD(changed, field), FIELD(changed, before),
                                              FIELD(changed, after), FIELDS_END};

void event_leave_out(struct ctx *cx, struct event *event, const char *field)
{
    struct changed *changes;
    size_t count, kept = 0;
    if (!json_rows_read(cx->mem, event->changes, CHANGED_FIELDS, sizeof *changes, FIELDS_MAX,
                        &changes, &count)) {
        event->changes = "";
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (strcmp(changes[i].field, field) != 0)
            changes[kept++] = changes[i];
    event->changes = json_rows_text(cx->mem, CHANGED_FIELDS, changes, kept, sizeof *changes);
}

const struct field TRAIL_HEAD_FIELDS[] = {
    FIELD(trail_head, at),        FIELD(trail_head, hash),       FIELD(trail_head, words),
    FIELD(trail_head, signature), FIELD(trail_head, public_key), FIELDS_END,
};

enum result trail_head(struct ctx *cx, struct trail_head *out)
{
    struct head head;
    char at[INSTANT_MAX_TEXT], signature[SIGNATURE_HEX],
        public_key[2 * sizeof cx->keys->sign_public + 1];
    TRY(db_one(cx, &q_head, NO_PARAMS, HEAD_FIELDS, &head));
    instant_format(cx->now, at);
    const char *words =
        arena_printf(cx->mem, "luyue-head-1 %lld %s %s", (long long)head.last_event, head.hash, at);
    sign_text(cx->keys, words, signature);
    hex_text(cx->keys->sign_public, sizeof cx->keys->sign_public, public_key);
    *out = (struct trail_head){head.last_event,
                               cx->now,
                               head.hash,
                               words,
                               arena_dup(cx->mem, signature),
                               arena_dup(cx->mem, public_key)};
    return OK;
}

struct verification {
    struct ctx *cx;
    int64_t entries, broken;
    const char *reason;
    char hash[SHA256_HEX];
};

static enum result verify_event(void *host, const void *row)
{
    struct verification *verification = host;
    const struct event *event = row;
    char hash[SHA256_HEX];
    if (verification->broken)
        return OK;
    event_hash(verification->cx->mem, event, hash);
    if (event->id != verification->entries + 1)
        verification->reason = "missing";
    else if (strcmp(event->previous, verification->hash) != 0)
        verification->reason = "order";
    else if (strcmp(event->hash, hash) != 0)
        verification->reason = "altered";
    if (verification->reason) {
        verification->broken = event->id;
        return OK;
    }
    verification->entries++;
    memcpy(verification->hash, hash, SHA256_HEX);
    return OK;
}

static bool ends_well(const struct verification *verification, const struct head *before,
                      const struct head *after)
{
    int64_t entries = verification->entries;
    if (entries < before->last_event || entries > after->last_event)
        return false;
    return entries < after->last_event || strcmp(after->hash, verification->hash) == 0;
}

enum result trail_verify(struct ctx *cx, int64_t *out_entries, int64_t *out_broken,
                         const char **out_reason, char out_head[65])
{
    struct verification verification = {.cx = cx};
    struct head before, after; /* a server may be writing meanwhile: the end lies between them */
    TRY(db_one(cx, &q_head, NO_PARAMS, HEAD_FIELDS, &before));
    TRY(db_each(cx, &q_event_all, NO_PARAMS, EVENT_FIELDS, sizeof(struct event), verify_event,
                &verification));
    TRY(db_one(cx, &q_head, NO_PARAMS, HEAD_FIELDS, &after));
    if (!verification.broken && !ends_well(&verification, &before, &after)) {
        verification.broken = verification.entries + 1; /* the end was cut off, or the head moved */
        verification.reason = "missing";
    }
    *out_entries = verification.entries;
    *out_broken = verification.broken;
    *out_reason = verification.reason ? verification.reason : "";
    memcpy(out_head, verification.hash, SHA256_HEX);
    return OK;
}
