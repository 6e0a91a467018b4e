/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Memory that lives as long as one piece of work (a request, a job, a test).
 *
 * Everything handed to you lives until the arena is reset; nothing is freed one by one. Memory is
 * zeroed and never NULL: running out ends the process (docs/decisions/0002-arena.md), so whoever
 * reads input from outside limits its size first. Bytes given back are poisoned under ASan. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);
/* Forget everything, keep the first block for the next use. */
void arena_reset(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull, malloc));
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));

/* Not zeroed, for buffers that are written before they are read. */
char *arena_buffer(struct arena *arena, size_t size) __attribute__((returns_nonnull, malloc));

/* NUL-terminated copies. */
char *arena_copy(struct arena *arena, const char *bytes, size_t len)
    __attribute__((returns_nonnull));
char *arena_dup(struct arena *arena, const char *s) __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), returns_nonnull));

/* Bytes handed out since the last reset, for limits and tests. */
size_t arena_used(const struct arena *arena);

/* Give back what was taken since the mark; for loops over many rows. */
struct arena_mark {
    void *block;
    size_t used, total;
};
struct arena_mark arena_mark(struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

#endif
