/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/regulation/regulation.h"

#include "app/regulation/regulation_private.h"

#include <string.h>

const char *const CLAUSE_STATES[] = {"met", "open", "breached", "idle", NULL};
const struct field CLAUSE_FIELDS[] = {
    FIELD(clause, id),
    FIELD(clause, parent),
    FIELD(clause, title),
    FIELD(clause, text),
    FIELD(clause, level),
    FIELD(clause, chapter),
    FIELD(clause, extension),
    FIELD(clause, own),
    FIELD_REF(clause, own_id, "own_clauses"),
    FIELD(clause, withheld),
    FIELD_ENUM(clause, state, CLAUSE_STATES),
    FIELD(clause, duties),
    FIELD(clause, href),
    FIELDS_END,
};

/* ---- the rule ---- */

/* Breached by the first breach, open while something is due, kept when records show it, and not yet
 * applicable while there is nothing. */
static enum clause_state state_of(const struct figure *figures, size_t count)
{
    bool found[FIGURE_BREACH + 1] = {false};
    for (size_t i = 0; i < count; i++)
        found[figures[i].kind] |= figures[i].count > 0;
    return found[FIGURE_BREACH] ? CLAUSE_BREACHED
           : found[FIGURE_DUE]  ? CLAUSE_OPEN
           : found[FIGURE_KEPT] ? CLAUSE_MET
                                : CLAUSE_IDLE;
}

/* What has others below it stands where the worst of them does. */
static enum clause_state worse(enum clause_state a, enum clause_state b)
{
    static const int GRAVITY[] = {
        [CLAUSE_IDLE] = 1, [CLAUSE_MET] = 2, [CLAUSE_OPEN] = 3, [CLAUSE_BREACHED] = 4};
    return GRAVITY[a] > GRAVITY[b] ? a : b;
}

/* ---- the whole ---- */

/* Clauses come after those above them, so that from the end every state is settled in its turn. */
static void settle(struct clause *clauses, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        struct clause *clause = &clauses[i], *parent = clause_find(clauses, i, clause->parent);
        clause->state = worse(clause->state, state_of(clause->figures, clause->figure_count));
        if (parent)
            parent->state = worse(parent->state, clause->state);
    }
}

static bool is_within(struct clause *clauses, size_t count, const struct clause *clause,
                      const char *id)
{
    while (clause && strcmp(clause->id, id) != 0)
        clause = clause_find(clauses, count, clause->parent);
    return clause != NULL;
}

/* The clauses, and the contract whose records alone are asked (NULL: all records). */
static enum result begin(struct ctx *cx, int64_t contract_id, struct contract *contract,
                         struct regulation *out)
{
    if (contract_id)
        TRY(record_get(cx, &CONTRACTS, contract_id, contract));
    return regulation_tree(cx, contract_id ? contract->client_id : 0, out);
}

/* Measures the clauses within the one of this id, "": all of them. */
static enum result measure_within(struct ctx *cx, const struct contract *contract, const char *id,
                                  struct regulation *regulation)
{
    for (size_t i = 0; i < regulation->count; i++) {
        struct clause *clause = &regulation->clauses[i];
        if (!*id || is_within(regulation->clauses, regulation->count, clause, id))
            TRY(clause_measure(cx, contract, clause));
    }
    settle(regulation->clauses, regulation->count);
    return OK;
}

enum result regulation_read(struct ctx *cx, int64_t contract_id, struct regulation *out)
{
    struct contract contract;
    TRY(begin(cx, contract_id, &contract, out));
    return measure_within(cx, contract_id ? &contract : NULL, "", out);
}

enum result clause_read(struct ctx *cx, const char *id, int64_t contract_id, struct clause *out)
{
    struct contract contract;
    struct regulation regulation;
    TRY(begin(cx, contract_id, &contract, &regulation));
    const struct clause *clause = clause_find(regulation.clauses, regulation.count, id);
    if (!clause)
        return fail(cx, NOT_FOUND, "record.not_found");
    TRY(measure_within(cx, contract_id ? &contract : NULL, id, &regulation));
    *out = *clause;
    return OK;
}

int32_t regulation_count(const struct regulation *regulation, enum clause_state state)
{
    int32_t count = 0;
    for (size_t i = 0; i < regulation->count; i++)
        count +=
            !regulation->clauses[i].chapter && (!state || regulation->clauses[i].state == state);
    return count;
}

/* ---- what is sought ---- */

static bool is_sought(struct ctx *cx, const struct clause *clause, struct set states,
                      const char *key)
{
    const char *words = arena_printf(cx->mem, "%s %s %s", clause->id, clause->title, clause->text);
    return !clause->chapter && (!states.bits || states.bits >> (clause->state - 1) & 1) &&
           strstr(text_search_key(cx->mem, words), key);
}

struct regulation regulation_seek(struct ctx *cx, const struct regulation *regulation,
                                  struct set states, const char *search)
{
    struct clause *all = regulation->clauses;
    struct regulation out = {ARENA_ARRAY(cx->mem, struct clause, regulation->count), 0};
    const char *key = text_search_key(cx->mem, search);
    bool *kept = ARENA_ARRAY(cx->mem, bool, regulation->count);
    for (size_t i = regulation->count; i-- > 0;) {
        const struct clause *parent = clause_find(all, i, all[i].parent);
        kept[i] = kept[i] || is_sought(cx, &all[i], states, key);
        if (parent)
            kept[parent - all] |= kept[i];
    }
    for (size_t i = 0; i < regulation->count; i++)
        if (kept[i])
            out.clauses[out.count++] = all[i];
    return out;
}

const struct right REGULATION_RIGHTS[] = {
    {"clauses.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "V1"},
    {"own_clauses.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "V1"},
    {"own_clauses.write", R(OPS), "V1"},
    RIGHTS_END,
};
