/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TEST_EVALUATIONS_H
#define TEST_EVALUATIONS_H

#include "app/evaluation/audit.h"
#include "app/evaluation/consequence.h"
#include "app/test_world.h"

/* In force for contracts or projects of the division since January 2026. */
int64_t an_evaluation_scheme(struct world *world, enum scheme_subject subject,
                             const char *indicators);
/* The contract is long-term, in force since 2025 and briefed. */
void briefed_contract(struct world *world, int64_t contract);
/* Drafted, of a contract that is briefed, for a period with a scheme. */
int64_t an_evaluation(struct world *world, int64_t contract, const char *period);
/* Somebody finished an inspection of it on that day. */
void inspected_on(struct world *world, int64_t contract, struct date day);
/* Whoever acts has nothing to do with the provider. */
void declare(struct world *world, const struct actor *actor, enum interest interest);
/* One record of each kind of the slice. */
void one_of_each_of_an_evaluation(struct world *world, int64_t contract);

#define EVALUATION_INDICATORS                                                                      \
    "[{\"code\":\"served\",\"name\":\"Served party\",\"measure\":\"contract.judged\","             \
    "\"method\":\"banded\",\"weight\":\"40.00\",\"bands\":\"80=100, 60=50\",\"nothing\":"          \
    "\"reweigh\"},{\"code\":\"complaints\",\"name\":\"Complaints\",\"measure\":"                   \
    "\"contract.complaints\",\"method\":\"deduct_per_event\",\"weight\":\"40.00\",\"step\":"       \
    "\"30.00\",\"nothing\":\"full\"},{\"code\":\"hand\",\"name\":\"By hand\",\"measure\":\"\","    \
    "\"method\":\"manual\",\"weight\":\"20.00\",\"nothing\":\"reweigh\"}]"

#endif
