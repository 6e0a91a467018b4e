/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Asterisk's realtime over HTTP (res_config_curl): agents as PJSIP endpoints. A row is a line of
 * name=value, percent-encoded; no line is "not found". */
#include "app/adapters/adapter.h"
#include "app/adapters/adapter_web.h"
#include "web/stream.h"

#include <string.h>

#define REALM "luyue"
#define PHONES_MOST 10000

struct pair {
    const char *name, *value;
};

static void put_row(struct text *text, const struct pair *pairs)
{
    for (const struct pair *pair = pairs; pair->name; pair++) {
        if (pair != pairs)
            text_putc(text, '&');
        text_url(text, pair->name, strlen(pair->name));
        text_putc(text, '=');
        text_url(text, pair->value, strlen(pair->value));
    }
    text_putc(text, '\n');
}

typedef void (*row_writer)(struct arena *arena, struct text *text, const struct phone *phone);

static void put_endpoint(struct arena *arena, struct text *text, const struct phone *phone)
{
    const char *variable = arena_printf(arena, "CC_AGENT=%s", phone->agent);
    put_row(text, (const struct pair[]){{"id", phone->agent},
                                        {"context", "luyue-out"},
                                        {"disallow", "all"},
                                        {"allow", "alaw"},
                                        {"aors", phone->agent},
                                        {"auth", phone->agent},
                                        {"identify_by", "auth_username"},
                                        {"accountcode", phone->agent},
                                        {"set_var", variable},
                                        {"direct_media", "no"},
                                        {NULL, NULL}});
}

static void put_auth(struct arena *arena, struct text *text, const struct phone *phone)
{
    char ha1[MD5_HEX];
    adapter_ha1(arena, phone, REALM, ha1);
    put_row(text, (const struct pair[]){{"id", phone->agent},
                                        {"auth_type", "md5"},
                                        {"username", phone->agent},
                                        {"realm", REALM},
                                        {"md5_cred", ha1},
                                        {NULL, NULL}});
}

static void put_aor(struct arena *arena, struct text *text, const struct phone *phone)
{
    (void)arena;
    put_row(text, (const struct pair[]){{"id", phone->agent},
                                        {"max_contacts", "1"},
                                        {"remove_existing", "yes"},
                                        {NULL, NULL}});
}

static enum result put_one(struct request *rq, row_writer write, struct text *text)
{
    struct phone phone;
    const enum result result =
        adapter_phone(&rq->cx, adapter_provider(rq), "", input_text(rq, "id"), &phone);
    if (result == OK)
        write(rq->cx.mem, text, &phone);
    if (result == NOT_FOUND)
        rq->cx.fault = (struct fault){.result = OK};
    return result == NOT_FOUND ? OK : result;
}

/* "id LIKE=10%": what begins so. */
static enum result put_many(struct request *rq, row_writer write, struct text *text)
{
    const char *like = input_text(rq, "id LIKE");
    struct phone *phones = ARENA_ARRAY(rq->cx.mem, struct phone, PHONES_MOST);
    size_t count;
    TRY(adapter_phones(&rq->cx, adapter_provider(rq),
                       arena_copy(rq->cx.mem, like, strcspn(like, "%")), phones, PHONES_MOST,
                       &count));
    for (size_t i = 0; i < count; i++)
        write(rq->cx.mem, text, &phones[i]);
    return OK;
}

static enum result answer(struct request *rq, row_writer write)
{
    struct text text = text_new(rq->cx.mem, 512);
    const char *asked = path_text(rq, "step");
    if (strcmp(asked, "single") == 0)
        TRY(put_one(rq, write, &text));
    else if (strcmp(asked, "multi") == 0)
        TRY(put_many(rq, write, &text));
    else if (strcmp(asked, "require") == 0)
        text_puts(&text, "0");
    else
        return fail(&rq->cx, NOT_FOUND, "request.not_found");
    return reply_bytes(rq, text_end(&text), text.len, "text/plain; charset=utf-8", "rows.txt",
                       false);
}

enum result endpoints_post(struct request *rq)
{
    return answer(rq, put_endpoint);
}

enum result auths_post(struct request *rq)
{
    return answer(rq, put_auth);
}

enum result aors_post(struct request *rq)
{
    return answer(rq, put_aor);
}
