/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A switch cannot mend a record that nobody understands, and would send it for ever: it is kept as
 * it came, a JSON object a line, for people. */
#include "app/adapters/adapter.h"
#include "base/json.h"
#include "base/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder = "";

void quarantine_use(const char *path)
{
    folder = path;
}

static const char *line_of(struct ctx *cx, const char *source, const char *why, const char *bytes,
                           size_t len, size_t *out_len)
{
    struct text text = text_new(cx->mem, 2 * len + 256);
    struct json_writer json = {.out = &text};
    char at[INSTANT_MAX_TEXT];
    instant_format(cx->now, at);
    json_object(&json);
    json_key(&json, "at");
    json_string(&json, at);
    json_key(&json, "source");
    json_string(&json, source);
    json_key(&json, "why");
    json_string(&json, why);
    json_key(&json, "record");
    json_string(&json, base64_text(cx->mem, bytes, len));
    json_object_end(&json);
    text_putc(&text, '\n');
    *out_len = text.len;
    return text.at;
}

enum result quarantine_keep(struct ctx *cx, const char *source, const char *why, const char *bytes,
                            size_t len)
{
    size_t line_len;
    const char *line = line_of(cx, source, why, bytes, len, &line_len);
    (void)mkdir(folder, 0700);
    const int fd = open(arena_printf(cx->mem, "%s/records.ndjson", folder),
                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const bool kept = fd >= 0 && write(fd, line, line_len) == (ssize_t)line_len && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    log_warn("a record of %s that cannot be read (%s) is in %s", source, why, folder);
    return kept ? OK : fail(cx, BROKEN, "adapter.quarantine", "");
}
