/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes on site as the client sees them: the list, one with its poster to print, new and off. */
#include "app/desk/desk.h"
#include "app/desk/desk_web.h"
#include "app/records/record_page.h"
#include "paper/qr.h"
#include "web/stream.h"

#include <string.h>

static const char *site = "";

void issue_links_use(const char *name)
{
    site = name;
}

const char *site_address(struct request *rq, const char *prefix, const char *token)
{
    if (*site)
        return arena_printf(rq->cx.mem, "%s%s%s", site, prefix, token);
    return arena_printf(rq->cx.mem, "%s://%s%s%s", rq->secure ? "https" : "http",
                        header_text(rq, "Host"), prefix, token);
}

static const char *address_of(struct request *rq, const struct issue_link *link)
{
    return site_address(rq, "/r/", link->token);
}

static enum result link_show(struct request *rq, void *record)
{
    const struct issue_link *link = record;
    const bool may_write = may_verb(rq, &ISSUE_LINKS, "write");
    doc_text(rq->doc, "url", address_of(rq, link));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_write", may_write);
    doc_flag(rq->doc, "is_on", link->state == ISSUE_LINK_ON);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face LINK_FACE = {.resource = &ISSUE_LINKS, .show = link_show};

static enum result link_poster_get(struct request *rq)
{
    struct issue_link *link = ARENA_NEW(rq->cx.mem, struct issue_link);
    TRY(record_of_path(rq, &ISSUE_LINKS, link));
    return record_answer(rq, &LINK_FACE, link);
}

static enum result link_qr_get(struct request *rq)
{
    struct issue_link link;
    const char *svg;
    TRY(record_of_path(rq, &ISSUE_LINKS, &link));
    TRY(qr_svg(&rq->cx, address_of(rq, &link), word(rq, "issue_links.qr"), &svg));
    return reply_bytes(rq, svg, strlen(svg), "image/svg+xml", "qr.svg", false);
}

static enum result link_renew_post(struct request *rq)
{
    struct issue_link link;
    TRY(record_for_action(rq, &ISSUE_LINKS, &link));
    return record_acted(rq, &LINK_FACE, &link, issue_link_renew(&rq->cx, &link),
                        "flash.issue_link.renewed");
}

static enum result link_switch(struct request *rq, bool on, const char *flash_key)
{
    struct issue_link link;
    TRY(record_for_action(rq, &ISSUE_LINKS, &link));
    return record_acted(rq, &LINK_FACE, &link, issue_link_switch(&rq->cx, &link, on), flash_key);
}

static enum result link_on_post(struct request *rq)
{
    return link_switch(rq, true, "flash.issue_link.on");
}

static enum result link_off_post(struct request *rq)
{
    return link_switch(rq, false, "flash.issue_link.off");
}

const struct route ISSUE_LINK_ROUTES[] = {
    RECORD_LIST("issue_links", LINK_FACE, "list"),
    RECORD_SHOW("issue_links", LINK_FACE, "issue_link"),
    RECORD_CREATE("issue_links", LINK_FACE),
    RECORD_HISTORY("issue_links", LINK_FACE),
    {GET, "/issue_links/{id}/poster", "issue_links.read", link_poster_get, "bare_poster",
     .flags = PAGE_ONLY, .nav = "issue_links"},
    {GET, "/issue_links/{id}/qr", "issue_links.read", link_qr_get, "fault", .flags = STREAM},
    {POST, "/issue_links/{id}/renew", "issue_links.write", link_renew_post, "issue_link",
     .nav = "issue_links"},
    {POST, "/issue_links/{id}/switch_on", "issue_links.write", link_on_post, "issue_link",
     .nav = "issue_links"},
    {POST, "/issue_links/{id}/switch_off", "issue_links.write", link_off_post, "issue_link",
     .nav = "issue_links"},
    ROUTES_END,
};
