/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/adapters/adapter_web.h"

#include "app/adapters/adapter.h"
#include "app/records/record_web.h"
#include "app/records/trail.h"
#include "web/stream.h"

#include <string.h>

int64_t adapter_provider(const struct request *rq)
{
    const struct actor *actor = rq->cx.actor;
    return actor->side == SIDE_PROVIDER ? actor->organisation_id : 0;
}

/* ---- Kamailio: the digest of an agent's password ---- */

static enum result ha1_post(struct request *rq)
{
    struct phone phone;
    const char *realm = input_text(rq, "realm");
    if (!adapter_word(realm))
        reject(&rq->cx, "realm", "malformed");
    TRY(rejected(&rq->cx));
    TRY(adapter_phone(&rq->cx, adapter_provider(rq), input_text(rq, "contract"),
                      input_text(rq, "agent"), &phone));
    char *ha1 = arena_alloc(rq->cx.mem, MD5_HEX);
    adapter_ha1(rq->cx.mem, &phone, realm, ha1);
    return reply_bytes(rq, ha1, strlen(ha1), "text/plain; charset=utf-8", "ha1.txt", false);
}

/* ---- what is typed into a telephone ---- */

struct telephone {
    const char *contract, *agent, *password;
};
static const struct field ASKED_FIELDS[] = {
    FIELD(telephone, contract, .in = MAY, .max = ADAPTER_WORD),
    FIELD(telephone, agent, .in = MUST, .max = ADAPTER_WORD),
    FIELDS_END,
};
static const struct field TELEPHONE_FIELDS[] = {
    FIELD(telephone, contract),
    FIELD(telephone, agent),
    FIELD(telephone, password),
    FIELDS_END,
};

static enum result phone_post(struct request *rq)
{
    struct phone phone;
    struct agent agent;
    struct telephone *telephone = ARENA_NEW(rq->cx.mem, struct telephone);
    TRY(body_read(rq, ASKED_FIELDS, telephone, true, NULL));
    TRY(adapter_phone(&rq->cx, adapter_provider(rq), telephone->contract, telephone->agent,
                      &phone));
    TRY(record_get(&rq->cx, &AGENTS, phone.agent_id, &agent));
    trail_add(&rq->cx, "phone", &AGENTS, &agent, "", "");
    *telephone = (struct telephone){phone.contract, phone.agent, phone.password};
    doc_root(rq->doc, TELEPHONE_FIELDS, telephone);
    return OK;
}

const struct right ADAPTER_RIGHTS[] = {
    {"adapters.phones", R(PROVIDER) | R(DUTY), "C1.1"},
    RIGHTS_END,
};

#define ASKED (API_ONLY | ASKS)
const struct route ADAPTER_ROUTES[] = {
    {POST, "/adapters/phones", "adapters.phones", phone_post, NULL, .flags = API_ONLY,
     .input = ASKED_FIELDS},
    {POST, "/adapters/kamailio/ha1", "gate.ask", ha1_post, NULL, .flags = ASKED | STREAM},
    {POST, "/adapters/asterisk/endpoints/{step}", "gate.ask", endpoints_post, NULL,
     .flags = ASKED | STREAM},
    {POST, "/adapters/asterisk/auths/{step}", "gate.ask", auths_post, NULL,
     .flags = ASKED | STREAM},
    {POST, "/adapters/asterisk/aors/{step}", "gate.ask", aors_post, NULL, .flags = ASKED | STREAM},
    {POST, "/adapters/freeswitch/xml", "gate.ask", freeswitch_xml_post, NULL,
     .flags = ASKED | STREAM},
    {POST, "/adapters/freeswitch/cdr", "calls.send", freeswitch_cdr_post, NULL,
     .flags = API_ONLY | RAW | DEFERS},
    ROUTES_END,
};
