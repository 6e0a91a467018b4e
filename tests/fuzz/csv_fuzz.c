/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes that pass for a CSV file. */
#include "tests/fuzz/sheet_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct ctx cx = {.mem = arena_new()};
    if (sheet_kind(bytes, len) == SHEET_CSV)
        sheet_check(&cx, bytes, len);
    arena_free(cx.mem);
    return 0;
}
