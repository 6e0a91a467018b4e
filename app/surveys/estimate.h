/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the answers of a sample say of all who are served: the mean with its interval of 95 %, in
 * whole thousandths of a per cent. Nothing but numbers; no floating point. */
#ifndef SURVEY_ESTIMATE_H
#define SURVEY_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWERS_LEAST 30 /* fewer are not representative; nor is less than half of the asked */
#define ANSWERS_TOLD 5   /* of fewer nothing is said but their number: they could be recognised */
#define ANSWERS_MOST 20000

/* The answers of one part of the frame; of a survey without strata all of them. */
struct stratum_sums {
    int64_t population; /* 0: not known, and then nothing is corrected by it */
    int64_t sample;     /* who was asked; 0: nobody knows how many, which is never representative */
    int64_t answered;
    int64_t sum, squares; /* of the values, 0 to 100,000 */
};

struct estimate {
    int64_t population, sample, answered;
    bool measured; /* there are enough answers to say what follows */
    bool weighted; /* by the strata's shares of the population; else all answers count alike */
    int64_t mean, low, high;
    bool representative;
};

/* Weighted where every stratum has two answers, so that its spread is known. The interval:
 * Student's t with as many degrees of freedom as answers less strata, finite populations corrected.
 */
struct estimate estimate_of(const struct stratum_sums *strata, size_t count);

/* Answers per cent of the sample, in whole per cent rounded down; 0 where there is no sample. */
int64_t response_of(int64_t answered, int64_t sample);

#endif
