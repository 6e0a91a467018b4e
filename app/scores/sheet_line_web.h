/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SHEET_LINE_WEB_H
#define SHEET_LINE_WEB_H

#include "app/scores/sheet_line.h"
#include "web/request.h"

struct line_showing {
    struct request *rq;
    const struct indicator *indicators;
    size_t indicator_count;
    int64_t contract_id, subject_id; /* whose lines they are */
    struct date from, to;
    /* By kind of line: the resource of record_id, where it is shown; NULL: nowhere. */
    const char *given[LINE_ADJUSTMENT + 1];
    bool own;              /* whoever looks at them is whom they are about */
    int64_t provider_id;   /* of an evaluation of a contract */
    int32_t days, of_days; /* that targets are prorated by; 0: they are not */
};
/* What a line is shown as, in `lines`. */
extern const struct field SHEET_LINE_SHOWN[];
/* `lines` of the document, and for the partial `sheet_lines` of a page their rows and sum. */
void doc_sheet_lines(const struct line_showing *showing, const struct sheet_line *lines,
                     size_t count);
/* What people call a line: its indicator's name, else what kind of line it is. */
const char *sheet_line_name(const struct line_showing *showing, enum sheet_line_kind kind,
                            const char *code);

#endif
