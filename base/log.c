/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/log.h"

#include "base/units.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const LEVELS[] = {"error", "warn", "info", "debug"};
static _Atomic enum log_level lowest = LOG_INFO;

void log_level_set(enum log_level level)
{
    lowest = level;
}

/* One write per line, so that the lines of several threads and processes do not mix; line breaks
 * inside become spaces, so that nobody can forge a line. */
void log_line(enum log_level level, const char *format, ...)
{
    if (level > lowest)
        return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char at[INSTANT_MAX_TEXT];
    instant_format((struct instant){now.tv_sec * 1000 + now.tv_nsec / 1000000}, at);

    char line[2048];
    size_t len = (size_t)snprintf(line, sizeof(line), "%s %-5s ", at, LEVELS[level]);
    va_list args;
    va_start(args, format);
    int words = vsnprintf(line + len, sizeof(line) - len, format, args);
    va_end(args);
    if (words > 0)
        len += (size_t)words;
    if (len > sizeof(line) - 1)
        len = sizeof(line) - 1;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = ' ';
    line[len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, len);
    (void)written; /* there is nobody left to tell */
}
