/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SURVEY_WEB_H
#define SURVEY_WEB_H

#include "app/records/record_web.h"
#include "app/surveys/survey.h"

extern const struct route SURVEY_ROUTES[], SURVEY_MEMBER_ROUTES[], SURVEY_DOOR_ROUTES[];

/* What a closed survey came to: `results` for everybody, and for the page tables and a trend.
 * (survey_result_web.c) */
MUST_USE enum result survey_put_results(struct request *rq, const struct survey *survey);

/* What the document of a survey holds, the results once it is closed. */
enum { ROWS_QUESTIONS, ROWS_RESULTS, ROWS_PICKS };
extern const struct record_rows SURVEY_ROWS[];

#endif
