/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who asks. Every request passes here, so what the database said is remembered for a moment: by
 * thread (no locks), as long as this process committed nothing, and for at most a second, as other
 * processes may share the database. */
#include "app/access/access_web.h"
#include "app/access/session.h"
#include "app/access/token.h"
#include "base/hash.h"
#include "store/db.h"

#include <string.h>

#define SLOTS 256
#define SLOT_TEXTS 512
#define SLOT_MS 1000
#define KEY_MAX (sizeof TOKEN_PREFIX - 1 + TOKEN_TEXT)

struct slot {
    uint64_t hash, commits;
    struct instant at, expires_at;
    char key[KEY_MAX];
    struct signed_in signed_in;
    struct actor actor; /* its texts lie in `texts` */
    size_t used;
    char texts[SLOT_TEXTS];
};

static _Thread_local struct slot slots[SLOTS];

static struct {
    struct store *store;
    const struct keys *keys;
} access;

void access_use(struct store *store, const struct keys *keys)
{
    access.store = store;
    access.keys = keys;
}

/* ---- the memory of a moment ---- */

static const size_t ACTOR_TEXTS[] = {
    offsetof(struct actor, account),   offsetof(struct actor, person_name),
    offsetof(struct actor, unit_name), offsetof(struct actor, organisation_name),
    offsetof(struct actor, path_from), offsetof(struct actor, path_to),
};
#define ACTOR_TEXT_COUNT (sizeof ACTOR_TEXTS / sizeof ACTOR_TEXTS[0])

static const char **actor_text(struct actor *actor, size_t i)
{
    return (const char **)(void *)((char *)actor + ACTOR_TEXTS[i]);
}

static bool is_fresh(const struct slot *slot, uint64_t hash, const char *key, struct instant now)
{
    return slot->hash == hash && strcmp(slot->key, key) == 0 &&
           slot->commits == store_commits(access.store) && now.ms >= slot->at.ms &&
           now.ms - slot->at.ms < SLOT_MS && (!slot->expires_at.ms || now.ms < slot->expires_at.ms);
}

static void recall(struct request *rq, struct slot *slot)
{
    struct actor *actor = ARENA_NEW(rq->cx.mem, struct actor);
    struct signed_in *session = ARENA_NEW(rq->cx.mem, struct signed_in);
    const char *texts = arena_copy(rq->cx.mem, slot->texts, slot->used);
    *actor = slot->actor;
    *session = slot->signed_in;
    for (size_t i = 0; i < ACTOR_TEXT_COUNT; i++)
        *actor_text(actor, i) = texts + (*actor_text(actor, i) - slot->texts);
    rq->cx.actor = actor;
    rq->session = session;
}

/* Texts that do not fit leave the slot empty: that actor is looked up every time. */
static void remember(struct slot *slot, const struct actor *actor)
{
    slot->actor = *actor;
    slot->used = 0;
    for (size_t i = 0; i < ACTOR_TEXT_COUNT; i++) {
        const char **text = actor_text(&slot->actor, i);
        size_t size = strlen(*text) + 1;
        if (slot->used + size > SLOT_TEXTS) {
            slot->key[0] = '\0';
            return;
        }
        *text = memcpy(slot->texts + slot->used, *text, size);
        slot->used += size;
    }
}

/* ---- the database ---- */

static enum result load(struct request *rq, struct slot *slot, uint64_t hash, const char *key)
{
    struct ctx *cx = &rq->cx;
    uint64_t commits = store_commits(access.store); /* before reading: a later commit counts */
    struct identity identity;
    cx->keys = access.keys;
    TRY(identity_of_key(cx, key, &identity));
    struct actor *actor = ARENA_NEW(cx->mem, struct actor);
    struct signed_in *session = ARENA_NEW(cx->mem, struct signed_in);
    identity_actor(cx->mem, &identity, actor);
    *session = (struct signed_in){identity.session_id, identity.must_change, ""};
    memcpy(session->csrf, key_csrf(cx, key), sizeof session->csrf);
    slot->hash = hash;
    slot->commits = commits;
    slot->at = cx->now;
    slot->expires_at = identity.expires_at;
    slot->signed_in = *session;
    memcpy(slot->key, key, strlen(key) + 1);
    remember(slot, actor);
    cx->actor = actor;
    rq->session = session;
    return OK;
}

/* ---- the host's questions ---- */

static const char *cookie_name(const struct request *rq)
{
    return rq->secure ? "__Host-luyue" : "luyue";
}

void session_cookie(struct request *rq, const char *key)
{
    rq->set_cookie = arena_printf(rq->cx.mem, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=%d",
                                  cookie_name(rq), key, rq->secure ? "; Secure" : "",
                                  *key ? (int)(SESSION_MS / 1000) : 0);
}

/* With somebody else's password one may choose an own one, or leave. The route is not known yet. */
static enum result demand_own_password(struct request *rq)
{
    static const char *const OPEN[] = {"/password", "/session", "/session/end", "/login",
                                       "/language"};
    if (!signed_in(rq)->must_change)
        return OK;
    for (size_t i = 0; i < sizeof OPEN / sizeof OPEN[0]; i++)
        if (strcmp(rq->path, OPEN[i]) == 0)
            return OK;
    if (rq->face == FACE_PAGE) {
        rq->status = 303;
        rq->location = "/password";
    }
    return fail(&rq->cx, FORBIDDEN, "access.password_first");
}

static void read_language(struct request *rq)
{
    const char *chosen = cookie_text(rq, "lang");
    if (*chosen)
        rq->cx.lang = strcmp(chosen, "en") == 0 ? LANG_EN : LANG_ZH;
}

enum result access_identify(struct request *rq, const char *cookie, const char *bearer)
{
    const char *key = bearer;
    if (*cookie)
        read_language(rq);
    if (*cookie && !*bearer)
        key = cookie_text(rq, cookie_name(rq));
    size_t len = strlen(key);
    if (!len || len >= KEY_MAX)
        return OK;
    uint64_t hash = hash_quick(key, len);
    struct slot *slot = &slots[hash % SLOTS];
    if (is_fresh(slot, hash, key, rq->cx.now)) {
        recall(rq, slot);
    } else {
        enum result found = load(rq, slot, hash, key);
        if (found != OK)
            return found == NOT_FOUND ? OK : found;
    }
    rq->from_cookie = !*bearer;
    rq->by_token = !signed_in(rq)->session_id;
    rq->csrf = signed_in(rq)->csrf;
    return demand_own_password(rq);
}

bool access_has_right(const struct request *rq, const char *right)
{
    if (strcmp(right, PUBLIC) == 0)
        return true;
    if (strcmp(right, SIGNED_IN) == 0)
        return rq->cx.actor != NULL;
    return actor_may(rq->cx.actor, right);
}

enum result access_refuse(struct request *rq, const char *right)
{
    const enum result result = refuse_right(&rq->cx, right);
    const int64_t undertaking = rq->cx.actor->undertaking_id;
    if (undertaking && right_is_confidential(right) && rq->face == FACE_PAGE && rq->method == GET) {
        rq->status = 303;
        rq->location = arena_printf(rq->cx.mem, "/undertakings/%lld", (long long)undertaking);
    }
    return result;
}
