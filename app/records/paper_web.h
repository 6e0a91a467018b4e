/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people print: it says across every page who printed it, and when. */
#ifndef RECORDS_PAPER_WEB_H
#define RECORDS_PAPER_WEB_H

#include "paper/paper.h"
#include "web/request.h"

/* "沈佳　2026-03-02" */
const char *printed_by(struct request *rq);

/* A PDF that is made as it is sent. `head` without date, language and watermark; `name` is the
 * file's, without ".pdf". */
MUST_USE enum result reply_paper(struct request *rq, struct paper_head head, const char *name,
                                 paper_compose compose, void *host);

#endif
