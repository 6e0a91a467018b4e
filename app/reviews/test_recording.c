/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/reviews/test_recording.h"

#include <string.h>

const unsigned char SMALL_WAV[48] =
    "RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\4\0\0\0\1\1\1";

struct call centre_call(struct world *world, const char *uid, const char *recording)
{
    const struct call_line line = {.row = 1,
                                   .source = "dialer",
                                   .uid = uid,
                                   .contract = centre.contract_number,
                                   .agent = "1001",
                                   .caller = "0571-8888 1234",
                                   .callee = "13812345678",
                                   .started_at = {at(CALL_SECOND).ms + CALL_MS},
                                   .duration_s = 40,
                                   .talk_s = 25,
                                   .result = CALL_SUCCESS,
                                   .recording = recording};
    struct call_receipt receipt;
    struct list list;
    const struct list_query query = {.limit = LIST_MOST};
    assert_int_equal(calls_take(&world->test.cx, &line, 1, 0, &receipt), OK);
    assert_int_equal(receipt.accepted, 1);
    assert_int_equal(record_list(&world->test.cx, &CALLS, &query, &list), OK);
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(((const struct call *)list.rows)[i].uid, uid) == 0)
            return ((const struct call *)list.rows)[i];
    fail_msg("%s: was taken and is not there", uid);
    return (struct call){0};
}
