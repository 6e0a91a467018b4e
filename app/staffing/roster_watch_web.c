/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/roster_watch.h"

#include "app/records/record_page.h"
#include "app/staffing/staffing_web.h"

static enum result certificate_begin(struct request *rq, void *record)
{
    (void)rq;
    ((struct work_certificate *)record)->kind = WORKS_AT_HEIGHT;
    return OK;
}

static const struct record_face CERTIFICATE_FACE = {.resource = &WORK_CERTIFICATES,
                                                    .begin = certificate_begin};

/* clang-format off */
const struct route ROSTER_ROUTES[] = {
    RECORD_LIST("work_certificates", CERTIFICATE_FACE, "list"),
    RECORD_SHOW("work_certificates", CERTIFICATE_FACE, "record"),
    RECORD_CREATE("work_certificates", CERTIFICATE_FACE),
    RECORD_CHANGE("work_certificates", CERTIFICATE_FACE),
    RECORD_HISTORY("work_certificates", CERTIFICATE_FACE),
    RECORD_EXPORT("work_certificates", CERTIFICATE_FACE),
    ROUTES_END,
};
/* clang-format on */
