/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/paper_web.h"

#include "app/records/actor.h"
#include "web/stream.h"

const char *printed_by(struct request *rq)
{
    char at[INSTANT_MAX_TEXT];
    instant_format(rq->cx.now, at);
    return arena_printf(rq->cx.mem, "%s　%.10s", rq->cx.actor->person_name, at);
}

struct printed {
    struct paper_head head;
    paper_compose compose;
    void *host;
};

static enum result print_write(struct request *rq, FILE *file, void *host)
{
    const struct printed *printed = host;
    return paper_write(&rq->cx, &printed->head, printed->compose, printed->host, paper_to_file,
                       file);
}

enum result reply_paper(struct request *rq, struct paper_head head, const char *name,
                        paper_compose compose, void *host)
{
    struct printed *printed = ARENA_NEW(rq->cx.mem, struct printed);
    head.made = rq->cx.now;
    head.lang = rq->cx.lang;
    head.watermark = printed_by(rq);
    *printed = (struct printed){.head = head, .compose = compose, .host = host};
    return reply_written(rq, print_write, printed, "application/pdf",
                         arena_printf(rq->cx.mem, "%s.pdf", name));
}
