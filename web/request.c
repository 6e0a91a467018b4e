/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a handler asks of its request. */
#include "web/request.h"

#include "base/log.h"
#include "web/server_private.h"

#include <string.h>

const char *path_text(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < ROUTE_PARAMS && rq->match.params[i].name; i++)
        if (strcmp(rq->match.params[i].name, name) == 0)
            return rq->match.params[i].value;
    return "";
}

enum result path_id(struct request *rq, const char *name, int64_t *out)
{
    if (int_parse(path_text(rq, name), out) && *out > 0)
        return OK;
    *out = 0;
    return fail(&rq->cx, NOT_FOUND, "request.not_found");
}

const char *query_text(const struct request *rq, const char *name)
{
    const struct part *part = part_find(rq->query, name);
    return part ? part->value : "";
}

/* `a=1; luyue=x`: names are compared whole, the first one counts. */
const char *cookie_text(const struct request *rq, const char *name)
{
    size_t len = strlen(name);
    for (const char *s = header_text(rq, "Cookie"); *s;) {
        s += strspn(s, "; ");
        size_t pair = strcspn(s, ";");
        if (pair > len && s[len] == '=' && memcmp(s, name, len) == 0)
            return arena_copy(rq->cx.mem, s + len + 1, pair - len - 1);
        s += pair;
    }
    return "";
}

void input_taken(struct request *rq, const char *name)
{
    struct taken *taken = ARENA_NEW(rq->cx.mem, struct taken);
    *taken = (struct taken){name, rq->taken};
    rq->taken = taken;
}

const char *input_text(struct request *rq, const char *name)
{
    input_taken(rq, name);
    if (body_is_json(rq))
        return body_member(rq, name);
    const struct part *part = part_find(rq->form, name);
    return part ? part->value : "";
}

const struct part *input_file(const struct request *rq, const char *name)
{
    for (const struct part *part = rq->form; part; part = part->next)
        if (part->file_name && strcmp(part->name, name) == 0)
            return part;
    return NULL;
}

/* ---- headers of the reply ---- */

/* RFC 9110's characters of a name. */
static const bool TOKEN[256] = {
    ['!'] = true,         ['#' ... '\''] = true, ['*'] = true,         ['+'] = true,
    ['-'] = true,         ['.'] = true,          ['0' ... '9'] = true, ['|'] = true,
    ['A' ... 'Z'] = true, ['^' ... 'z'] = true,  ['~'] = true,
};

bool header_valid(const char *name, const char *value)
{
    if (!*name)
        return false;
    for (const char *c = name; *c; c++)
        if (!TOKEN[(unsigned char)*c])
            return false;
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return true;
}

void reply_header(struct request *rq, const char *name, const char *value)
{
    if (!header_valid(name, value)) {
        log_error("%s: the header %s is not fit to be sent", rq->cx.request, name);
        (void)fail(&rq->cx, BROKEN, "server.broken");
        return;
    }
    struct part **end = &rq->headers;
    while (*end)
        end = &(*end)->next;
    *end = part_new(rq->cx.mem, name, value);
}
