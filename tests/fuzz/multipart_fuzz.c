/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as a multipart form: the first line is the content type, the rest the body. Every byte
 * of every part is touched. */
#include "web/server_private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static volatile unsigned touched; /* so that no compiler leaves the touching out */

static unsigned touch(const struct part *part)
{
    unsigned sum = (unsigned)(strlen(part->name) + strlen(part->value));
    const unsigned char *at = part->bytes;
    for (size_t i = 0; at && i < part->len; i++)
        sum += at[i];
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = len ? memchr(bytes, '\n', len) : NULL;
    if (!end)
        return 0;
    struct ctx cx = {.mem = arena_new()};
    struct part *parts = NULL;
    const size_t head = (size_t)(end - bytes);
    const char *type = arena_copy(cx.mem, (const char *)bytes, head);
    const char *body = arena_copy(cx.mem, (const char *)end + 1, len - head - 1);
    if (form_multipart(&cx, (struct span){body, len - head - 1}, type, &parts) == OK)
        for (const struct part *part = parts; part; part = part->next)
            touched += touch(part);
    arena_free(cx.mem);
    return 0;
}
