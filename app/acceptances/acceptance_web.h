/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ACCEPTANCE_WEB_H
#define ACCEPTANCE_WEB_H

#include "app/acceptances/acceptance.h"
#include "web/route.h"

struct request;

extern const struct route ACCEPTANCE_ROUTES[], DEFECT_ROUTES[];

/* The certificate as a sheet of paper. (acceptance_print_web.c) */
enum result acceptance_print_get(struct request *rq);
/* As what a signature was put, in words. */
const char *acceptance_party_words(struct request *rq, const char *party);

#endif
