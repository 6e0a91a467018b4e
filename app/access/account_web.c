/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts, their roles, and who may do what. */
#include "app/access/access_web.h"
#include "app/access/password.h"
#include "app/records/record_page.h"
#include "base/texts.h"
#include "jobs/hasher.h"

/* ---- a password chosen for somebody else ---- */

struct initial {
    char password[INITIAL_PASSWORD];
    char hash[PASSWORD_TEXT];
};

static enum result initial_prepare(struct request *rq)
{
    struct initial *initial = ARENA_NEW(rq->cx.mem, struct initial);
    password_initial(initial->password);
    rq->prepared = initial;
    return hasher_hash(&rq->cx, initial->password, initial->hash);
}

enum result show_once(struct request *rq)
{
    if (rq->face == FACE_PAGE) {
        rq->status = 200;
        rq->location = rq->flash = NULL;
        rq->page = "shown_once";
    }
    return OK;
}

/* ---- the record ---- */

static enum result account_begin(struct request *rq, void *record)
{
    const struct initial *initial = rq->prepared;
    struct account *account = record;
    account->must_change = true;
    if (initial)
        account->password = initial->hash;
    return OK;
}

static const char *act_path(struct request *rq, const struct account *account, const char *act)
{
    return arena_printf(rq->cx.mem, "/accounts/%lld/%s", (long long)account->id, act);
}

static enum result account_show(struct request *rq, void *record)
{
    const struct initial *initial = rq->prepared;
    const struct account *account = record;
    const bool is_own = account->id == rq->cx.actor->account_id;
    struct fault kept = fault_take(&rq->cx);
    const bool gives_roles = account_roles_open(&rq->cx, account) == OK;
    rq->cx.fault = kept;
    const struct act acts[] = {
        {.right = "accounts.roles",
         .href = act_path(rq, record, "roles"),
         .label_key = gives_roles ? "accounts.do.roles" : NULL,
         .link = true},
        {.right = "accounts.unlock",
         .href = act_path(rq, record, "unlock"),
         .label_key = "accounts.do.unlock"},
        {.right = "accounts.reset",
         .href = act_path(rq, record, "reset"),
         .label_key = is_own ? NULL : "accounts.do.reset",
         .confirm_key = "accounts.reset.confirm",
         .danger = true},
    };
    doc_acts(rq, acts, sizeof acts / sizeof acts[0]);
    if (initial)
        doc_text(rq->doc, "initial_password", initial->password);
    return OK;
}

static const struct record_face ACCOUNT_FACE = {
    .resource = &ACCOUNTS, .show = account_show, .begin = account_begin};

static enum result account_create_post(struct request *rq)
{
    TRY(record_create_post(rq));
    return show_once(rq);
}

static enum result account_reset_post(struct request *rq)
{
    const struct initial *initial = rq->prepared;
    struct account *account = ARENA_NEW(rq->cx.mem, struct account); /* the answer points at it */
    TRY(record_for_action(rq, &ACCOUNTS, account));
    TRY(account_reset(&rq->cx, account, initial->hash));
    TRY(record_get(&rq->cx, &ACCOUNTS, account->id, account));
    TRY(record_answer(rq, &ACCOUNT_FACE, account));
    return show_once(rq);
}

static enum result account_unlock_post(struct request *rq)
{
    struct account account;
    TRY(record_for_action(rq, &ACCOUNTS, &account));
    return record_acted(rq, &ACCOUNT_FACE, &account, account_unlock(&rq->cx, &account),
                        "flash.unlocked");
}

/* ---- roles ---- */

struct roles_input {
    RECORD_MEMBERS;
    struct set roles;
};
static const struct field ROLES_INPUT_FIELDS[] = {
    RECORD_FIELDS(roles_input),
    FIELD_CHOICES(roles_input, roles, ROLES, .in = MAY, .clause = "V3.2"),
    FIELDS_END,
};
/* Its words are those of the accounts. */
static const struct resource ROLES_INPUT = {
    .name = "accounts", .fields = ROLES_INPUT_FIELDS, .size = sizeof(struct roles_input)};

static enum result roles_form(struct request *rq, const struct account *account, struct set roles)
{
    const struct roles_input input = {
        .id = account->id, .version = account->version, .roles = roles};
    const char *path = arena_printf(rq->cx.mem, "/accounts/%lld", (long long)account->id);
    struct doc *doc = rq->doc;
    doc->page_only = true;
    TRY(page_fields(rq, &ROLES_INPUT, &input, false));
    doc_text(doc, "title", texts_get("accounts.do.roles", rq->cx.lang));
    doc_text(doc, "action", arena_printf(rq->cx.mem, "%s/roles", path));
    doc_text(doc, "method", "");
    doc_int(doc, "version", account->version);
    doc_text(doc, "submit_label", texts_get("record.save", rq->cx.lang));
    doc_text(doc, "cancel_href", path);
    doc_text(doc, "crumb_href", path);
    doc_text(doc, "crumb_label", account->name);
    doc->page_only = false;
    return OK;
}

static enum result roles_get(struct request *rq)
{
    struct account account;
    TRY(record_of_path(rq, &ACCOUNTS, &account));
    return roles_form(rq, &account, account.roles);
}

static enum result roles_post(struct request *rq)
{
    struct roles_input input = {0};
    struct account account;
    TRY(record_for_action(rq, &ACCOUNTS, &account));
    enum result result = body_read(rq, ROLES_INPUT_FIELDS, &input, false, NULL);
    if (result == OK)
        result = account_set_roles(&rq->cx, &account, input.roles);
    if (result == INVALID && rq->face == FACE_PAGE)
        TRY(roles_form(rq, &account, input.roles));
    TRY(result);
    return record_acted(rq, &ACCOUNT_FACE, &account, OK, "flash.roles");
}

/* ---- rights: who may do what ---- */

static struct doc *right_doc(struct request *rq, const struct right *right)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, ROLE_COUNT);
    const char *words = texts_find(arena_printf(rq->cx.mem, "right.%s", right->name), rq->cx.lang);
    for (unsigned role = 1; role < ROLE_COUNT; role++) {
        cells[role - 1] = doc_new(rq->cx.mem);
        doc_flag(cells[role - 1], "held", right->roles >> role & 1);
    }
    doc_text(doc, "name", right->name);
    doc_text(doc, "words", words ? words : right->name);
    doc_text(doc, "clause", right->clause);
    doc_roles(rq, doc, (struct set){right->roles >> 1});
    doc->page_only = true;
    doc_docs(doc, "cells", cells, ROLE_COUNT - 1);
    return doc;
}

static enum result rights_get(struct request *rq)
{
    size_t count = rights_count();
    struct doc **rights = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    struct doc **roles = ARENA_ARRAY(rq->cx.mem, struct doc *, ROLE_COUNT);
    for (size_t i = 0; i < count; i++)
        rights[i] = right_doc(rq, rights_at(i));
    for (unsigned role = 1; role < ROLE_COUNT; role++) {
        const char *key = arena_printf(rq->cx.mem, "accounts.roles.%s", choice_name(ROLES, role));
        roles[role - 1] = doc_new(rq->cx.mem);
        doc_text(roles[role - 1], "label", texts_get(key, rq->cx.lang));
    }
    doc_docs(rq->doc, "rights", rights, count);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "role_columns", roles, ROLE_COUNT - 1);
    rq->doc->page_only = false;
    return OK;
}

/* clang-format off */
const struct route ACCOUNT_ROUTES[] = {
    RECORD_LIST("accounts", ACCOUNT_FACE, "list"),
    RECORD_SHOW("accounts", ACCOUNT_FACE, "record"),
    {GET, "/accounts/new", "accounts.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &ACCOUNT_FACE, .nav = "accounts"},
    {POST, "/accounts", "accounts.write", account_create_post, "form", .prepare = initial_prepare,
     .subject = &ACCOUNT_FACE, .nav = "accounts"},
    RECORD_CHANGE("accounts", ACCOUNT_FACE),
    RECORD_HISTORY("accounts", ACCOUNT_FACE),
    RECORD_EXPORT("accounts", ACCOUNT_FACE),
    {GET, "/accounts/{id}/roles", "accounts.roles", roles_get, "form", .flags = PAGE_ONLY,
     .nav = "accounts"},
    {POST, "/accounts/{id}/roles", "accounts.roles", roles_post, "form",
     .input = ROLES_INPUT_FIELDS, .nav = "accounts"},
    {POST, "/accounts/{id}/reset", "accounts.reset", account_reset_post, "shown_once",
     .prepare = initial_prepare, .nav = "accounts"},
    {POST, "/accounts/{id}/unlock", "accounts.unlock", account_unlock_post, "record",
     .nav = "accounts"},
    {GET, "/rights", SIGNED_IN, rights_get, "rights", .nav = "rights"},
    ROUTES_END,
};
/* clang-format on */
