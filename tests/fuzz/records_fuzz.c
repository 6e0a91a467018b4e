/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as what call systems write: records of calls and agents' states in every profile, which
 * the first byte chooses. Every line that is handed out is whole, or has its fault. */
#include "app/calls/agent_state.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define PROFILES (PROFILE_VICIDIAL + STATES_FREESWITCH)

static enum result each_call(void *host, const struct call_line *line)
{
    (void)host;
    if (!line->fault && (!*line->uid || !*line->source || !line->result || line->duration_s < 0))
        abort();
    return OK;
}

static enum result each_state(void *host, const struct state_line *line)
{
    (void)host;
    if (!line->fault && (!*line->uid || !*line->agent || !line->state || !line->at.ms))
        abort();
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena *arena = arena_new();
    struct ctx cx = {.mem = arena, .now = {INT64_C(1790000000000)}};
    if (!len) {
        arena_free(arena);
        return 0;
    }
    const unsigned chosen = bytes[0] % PROFILES;
    const char *text = arena_copy(arena, (const char *)bytes + 1, len - 1);
    if (chosen < PROFILE_VICIDIAL)
        (void)!call_lines_read(&cx, (enum call_profile)(chosen + 1), text, len - 1, each_call,
                               NULL);
    else
        (void)!state_lines_read(&cx, (enum state_profile)(chosen - PROFILE_VICIDIAL + 1), text,
                                len - 1, each_state, NULL);
    arena_free(arena);
    return 0;
}
