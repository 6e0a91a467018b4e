/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Uploads: a name, NUL, the bytes of the file. What is taken in has a kind that its media type
 * leads back to, and whatever was sent, the name that is kept is harmless. */
#include "app/documents/sniff.h"
#include "base/text.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_name(const char *name)
{
    size_t len = strlen(name);
    assert(utf8_valid(name, len) && utf8_count(name) <= FILE_NAME_MOST);
    assert(len > 2 && name[0] != '.' && name[0] != ' ' && name[len - 1] != '.');
    assert(!strpbrk(name, "/\\\r\n\t\x1b\x7f") && !strstr(name, "\u202e"));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = memchr(bytes, '\0', len);
    if (!end)
        return 0;
    struct arena *arena = arena_new();
    const char *name = arena_copy(arena, (const char *)bytes, (size_t)(end - bytes));
    const struct file_kind *kind = file_kind_sniff(end + 1, len - (size_t)(end - bytes) - 1, name);
    assert(!kind || file_kind_of(kind->media_type) == kind);
    check_name(file_name_clean(arena, name, kind ? kind : file_kind_of("application/pdf")));
    arena_free(arena);
    return 0;
}
