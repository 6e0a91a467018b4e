/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/notices/notice.h"

enum result notice_person(struct ctx *cx, int64_t person_id, const struct news *news)
{
    return OK;
}

enum result notice_roles(struct ctx *cx, int64_t organisation_id, int64_t unit_id, uint64_t roles,
                         const struct news *news)
{
    return OK;
}
