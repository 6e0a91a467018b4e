/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What tests of surveys share. */
#ifndef TEST_SURVEYS_H
#define TEST_SURVEYS_H

#include "app/surveys/survey.h"
#include "app/test_world.h"

/* Long-term, and in force all through 2025 to 2027. */
int64_t a_surveyed_contract(struct world *world);
/* A draft of February 2026 with a mark and words. `surveyor`: 0 of the served party's. */
int64_t a_survey(struct world *world, int64_t contract, enum survey_kind kind, int64_t surveyor);
/* One record of each kind of the slice; the survey is the third party's and open. */
void one_of_each_of_a_survey(struct world *world, int64_t contract);

#endif
