/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TEST_SCHEMES_H
#define TEST_SCHEMES_H

#include "app/scores/scheme.h"
#include "app/test_world.h"

/* A draft that consent can be asked for, from December 2026 on: 60 points by successful contacts
 * (300), 40 by the review score (linear from 60 to 90, weighed into the others without any), and a
 * proof that staff was consulted. */
struct scheme scheme_draft(int64_t contract);
int64_t a_scheme(struct world *world, int64_t contract);

#endif
