/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For tests of recordings and what is done with them: a call of the test centre, and its sound. */
#ifndef TEST_RECORDING_H
#define TEST_RECORDING_H

#include "app/calls/test_centre.h"
#include "app/reviews/recording.h"

/* When it began: 2026-02-03T09:00:07.412+08:00. */
#define CALL_SECOND "2026-02-03T09:00:07+08:00"
#define CALL_MS 412
/* A success of agent 1001, who called 13812345678; `recording` is the call system's name for it. */
struct call centre_call(struct world *world, const char *uid, const char *recording);

/* Two samples of sound. */
extern const unsigned char SMALL_WAV[48];

#endif
