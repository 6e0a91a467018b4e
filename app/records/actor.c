/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/actor.h"

#include "base/log.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

const char *const SIDES[] = {"client", "provider", "third_party", NULL};

const char *const ROLES[] = {"admin",      "security", "audit",  "ops",      "finance",  "division",
                             "pm",         "executor", "client", "resident", "provider", "duty",
                             "supervisor", "qa",       "agent",  "cleaner",  "survey",   NULL};

const char *role_words(struct ctx *cx, enum role role)
{
    return texts_get(arena_printf(cx->mem, "accounts.roles.%s", choice_name(ROLES, role)),
                     cx->lang);
}

const struct actor ACTOR_SYSTEM = {
    .account = "system",
    .person_name = "",
    .unit_name = "",
    .organisation_name = "",
    .side = SIDE_CLIENT,
    .is_system = true,
    .sees_company = true,
};

static const struct right *all[RIGHTS_MAX];
static size_t all_count;

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct right *const *)a)->name, (*(const struct right *const *)b)->name);
}

void rights_use(const struct right *const *tables)
{
    all_count = 0;
    for (; *tables; tables++)
        for (const struct right *right = *tables; right->name; right++) {
            if (all_count == RIGHTS_MAX) {
                log_error("more than %d rights", RIGHTS_MAX);
                abort();
            }
            all[all_count++] = right;
        }
    qsort(all, all_count, sizeof *all, by_name);
    for (size_t i = 1; i < all_count; i++)
        if (strcmp(all[i - 1]->name, all[i]->name) == 0) {
            log_error("right %s is declared twice", all[i]->name);
            abort();
        }
}

size_t rights_count(void)
{
    return all_count;
}

const struct right *rights_at(size_t index)
{
    return all[index];
}

/* Position in the sorted table; all_count when there is no such right. */
static size_t right_index(const char *name)
{
    size_t low = 0, high = all_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(all[middle]->name, name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return all_count;
}

bool right_known(const char *name)
{
    return right_index(name) < all_count;
}

bool actor_is_only(const struct actor *actor, enum role role)
{
    return actor->roles.bits == UINT64_C(1) << (role - 1);
}

void actor_grant(struct actor *actor, struct set roles)
{
    actor->roles = roles;
    memset(actor->rights, 0, sizeof actor->rights);
    /* A set counts choices from bit 0, R() from bit 1 as the enum does. */
    uint64_t held = roles.bits << 1;
    for (size_t i = 0; i < all_count; i++)
        if (all[i]->roles & held)
            actor->rights[i / 64] |= UINT64_C(1) << (i % 64);
}

bool right_is_confidential(const char *name)
{
    const size_t index = right_index(name);
    return index < all_count && all[index]->confidential;
}

void actor_withhold(struct actor *actor, int64_t undertaking_id)
{
    for (size_t i = 0; i < all_count; i++) {
        const uint64_t bit = UINT64_C(1) << (i % 64);
        if (!all[i]->confidential || !(actor->rights[i / 64] & bit))
            continue;
        actor->rights[i / 64] &= ~bit;
        actor->undertaking_id = undertaking_id;
    }
}

void actor_restrict(struct actor *actor, const char *rights)
{
    uint64_t kept[RIGHTS_MAX / 64] = {0};
    while (*rights) {
        size_t len = strcspn(rights, " ");
        char name[80];
        if (len < sizeof name) {
            memcpy(name, rights, len);
            name[len] = '\0';
            size_t index = right_index(name);
            if (index < all_count)
                kept[index / 64] |= UINT64_C(1) << (index % 64);
        }
        rights += len + (rights[len] == ' ');
    }
    for (size_t i = 0; i < RIGHTS_MAX / 64; i++)
        actor->rights[i] &= kept[i];
}

bool actor_may(const struct actor *actor, const char *right)
{
    if (!actor)
        return false;
    if (actor->is_system)
        return true;
    size_t index = right_index(right);
    return index < all_count && (actor->rights[index / 64] >> (index % 64) & 1);
}

enum result demand_right(struct ctx *cx, const char *right)
{
    return actor_may(cx->actor, right) ? OK : refuse_right(cx, right);
}

enum result refuse_right(struct ctx *cx, const char *right)
{
    const char *words = texts_find(arena_printf(cx->mem, "right.%s", right), cx->lang);
    if (cx->actor && cx->actor->undertaking_id && right_is_confidential(right))
        return fail(cx, FORBIDDEN, "access.undertaking_first");
    return fail(cx, FORBIDDEN, "request.no_right", words ? words : right);
}

void actor_paths(const struct ctx *cx, const char **out_from, const char **out_to)
{
    const bool below = !cx->actor->is_system && !cx->actor->sees_company;
    *out_from = below ? cx->actor->path_from : "";
    *out_to = below ? cx->actor->path_to : "";
}
