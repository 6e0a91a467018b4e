/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* FreeSWITCH: mod_xml_curl asks for users (directory) and for what to do with a call (dialplan),
 * mod_json_cdr sends records. "Not found" lets FreeSWITCH look elsewhere, so a refusal is a
 * dialplan of its own; a document starts without an XML declaration, as any line with one is
 * dropped. */
#include "app/adapters/adapter.h"
#include "app/adapters/adapter_web.h"
#include "app/calls/quarantine.h"
#include "web/stream.h"

#include <string.h>

#define CONTEXT "luyue-out"

static enum result send_document(struct request *rq, const char *section, const char *inside)
{
    const char *document =
        arena_printf(rq->cx.mem,
                     "<document type=\"freeswitch/xml\"><section name=\"%s\">%s</section>"
                     "</document>",
                     section, inside);
    return reply_bytes(rq, document, strlen(document), "text/xml; charset=utf-8", "answer.xml",
                       false);
}

static enum result send_not_found(struct request *rq)
{
    return send_document(rq, "result", "<result status=\"not found\"/>");
}

/* ---- users ---- */

/* Of a user there is the digest of the password for that realm, and who it is. */
static enum result send_user(struct request *rq, const struct phone *phone, const char *domain)
{
    struct arena *arena = rq->cx.mem;
    const char *realm = input_text(rq, "sip_auth_realm");
    char ha1[MD5_HEX];
    adapter_ha1(arena, phone, adapter_word(realm) ? realm : domain, ha1);
    return send_document(
        rq, "directory",
        arena_printf(arena,
                     "<domain name=\"%s\"><groups><group name=\"default\"><users><user id=\"%s\">"
                     "<params><param name=\"a1-hash\" value=\"%s\"/></params><variables>"
                     "<variable name=\"user_context\" value=\"" CONTEXT "\"/>"
                     "<variable name=\"cc_agent\" value=\"%s\"/>"
                     "<variable name=\"cc_contract\" value=\"%s\"/>"
                     "</variables></user></users></group></groups></domain>",
                     domain, phone->agent, ha1, phone->agent, phone->contract));
}

static enum result directory_answer(struct request *rq)
{
    struct phone phone;
    const char *domain = input_text(rq, "domain");
    const char *action = input_text(rq, "action");
    if (!adapter_word(domain) || (*action && strcmp(action, "sip_auth") != 0) ||
        *input_text(rq, "purpose"))
        return send_not_found(rq);
    if (adapter_phone(&rq->cx, adapter_provider(rq), "", input_text(rq, "user"), &phone) != OK) {
        rq->cx.fault = (struct fault){.result = OK};
        return send_not_found(rq);
    }
    return send_user(rq, &phone, domain);
}

/* ---- calls ---- */

static void put_action(struct text *text, const char *application, const char *data)
{
    text_printf(text, "<action application=\"%s\" data=\"", application);
    text_html(text, data, strlen(data));
    text_puts(text, "\"/>");
}

static void put_verdict(struct arena *arena, struct text *text, const struct verdict *verdict,
                        const char *callee)
{
    put_action(text, "set", arena_printf(arena, "cc_gate_id=%lld", (long long)verdict->gate_id));
    if (!verdict->allow) {
        put_action(text, "set", arena_printf(arena, "cc_deny=%s", verdict->reason));
        put_action(text, "respond",
                   verdict->unavailable ? "503 Service Unavailable" : "403 Forbidden");
        return;
    }
    put_action(text, "set", arena_printf(arena, "effective_caller_id_number=%s", verdict->caller));
    put_action(text, "set", "hangup_after_bridge=true");
    put_action(text, "sched_hangup", arena_printf(arena, "+%d allotted_timeout", verdict->max_s));
    /* The switch's own names: nothing that anybody sent. */
    put_action(text, "set", "record_path=${uuid}.wav");
    put_action(text, "record_session", "${recordings_dir}/${uuid}.wav");
    put_action(text, "bridge", arena_printf(arena, "sofia/gateway/carrier/%s", callee));
}

static enum result dialplan_answer(struct request *rq)
{
    struct text text = text_new(rq->cx.mem, 1024);
    const char *node = input_text(rq, "hostname"),
               *callee = input_text(rq, "Hunt-Destination-Number");
    const struct gate_ask ask = {
        .node = adapter_word(node) ? node : "freeswitch",
        .call_id = input_text(rq, "Unique-ID"),
        .contract = input_text(rq, "variable_cc_contract"),
        .agent = input_text(rq, "variable_sip_auth_username"),
        .caller = input_text(rq, "Hunt-Caller-ID-Number"),
        .callee = callee,
        .asker = adapter_provider(rq),
    };
    if (strcmp(input_text(rq, "Hunt-Context"), CONTEXT) != 0)
        return send_not_found(rq);
    const struct verdict verdict = adapter_ask(&rq->cx, &ask);
    rq->cx.fault = (struct fault){.result = OK}; /* a refusal is an answer, too */
    text_puts(&text, "<context name=\"" CONTEXT "\"><extension name=\"gate\"><condition>");
    put_verdict(rq->cx.mem, &text, &verdict, callee);
    text_puts(&text, "</condition></extension></context>");
    return send_document(rq, "dialplan", text_end(&text));
}

enum result freeswitch_xml_post(struct request *rq)
{
    const char *section = input_text(rq, "section");
    if (strcmp(section, "directory") == 0)
        return directory_answer(rq);
    if (strcmp(section, "dialplan") == 0)
        return dialplan_answer(rq);
    return send_not_found(rq);
}

/* ---- records ---- */

struct arrival {
    struct request *rq;
    struct call_line line;
    size_t count;
    struct call_receipt receipt;
};

static enum result keep_line(void *host, const struct call_line *line)
{
    struct arrival *arrival = host;
    arrival->line = *line;
    if (arrival->count++) /* of several, none is to be passed over */
        arrival->line.fault = "malformed";
    return OK;
}

static void arrived(void *host, enum result result)
{
    const struct arrival *arrival = host;
    struct request *rq = arrival->rq;
    if (result == OK)
        rq->status = NO_CONTENT;
    else if (rq->cx.fault.result == OK)
        (void)!fail(&rq->cx, result, "server.busy");
    request_done(rq, result);
}

enum result freeswitch_cdr_post(struct request *rq)
{
    struct ctx *cx = &rq->cx;
    struct arrival *arrival = ARENA_NEW(cx->mem, struct arrival);
    *arrival = (struct arrival){.rq = rq, .line = {.fault = "empty"}};
    const enum result read =
        call_lines_read(cx, PROFILE_FREESWITCH_JSON, rq->body, rq->body_len, keep_line, arrival);
    if (read != OK || arrival->line.fault) {
        const struct quarantined about = {.provider_id = adapter_provider(rq),
                                          .source = "freeswitch",
                                          .profile = PROFILE_FREESWITCH_JSON};
        const struct quarantine_piece whole = {.why = read != OK ? "not_json" : arrival->line.fault,
                                               .bytes = rq->body,
                                               .len = rq->body_len};
        cx->fault = (struct fault){.result = OK};
        quarantine_keep(cx, &about, &whole, 1, arrived, arrival);
        return OK;
    }
    calls_take_later(cx, &arrival->line, 1, adapter_provider(rq), &arrival->receipt, arrived,
                     arrival);
    return OK;
}
