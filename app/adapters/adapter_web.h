/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ADAPTER_WEB_H
#define ADAPTER_WEB_H

#include "web/request.h"

extern const struct route ADAPTER_ROUTES[];

/* Shared by the files of this slice. */
int64_t adapter_provider(const struct request *rq); /* whose agents they are; 0: all */
enum result endpoints_post(struct request *rq);
enum result auths_post(struct request *rq);
enum result aors_post(struct request *rq);
enum result freeswitch_xml_post(struct request *rq);
enum result freeswitch_cdr_post(struct request *rq);

#endif
