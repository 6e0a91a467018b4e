/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena.h"

#include "base/log.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define POISON(at, len) ASAN_POISON_MEMORY_REGION((at), (len))
#define UNPOISON(at, len) ASAN_UNPOISON_MEMORY_REGION((at), (len))
#define GAP 16 /* poisoned bytes after every piece, so that an overrun by one is seen */
#else
#define POISON(at, len) ((void)0)
#define UNPOISON(at, len) ((void)0)
#define GAP 0
#endif

#define BLOCK_FIRST ((size_t)64 << 10) /* all that an ordinary request needs */
#define BLOCK_MAX ((size_t)1 << 20)
#define ARENA_MAX ((size_t)256 << 20) /* reaching it is a bug: whoever reads input limits it */
#define ALIGN ((size_t)16)

struct block {
    struct block *below;
    size_t cap, used;
    _Alignas(16) unsigned char bytes[];
};

struct arena {
    struct block *top;
    size_t total;
};

static _Noreturn void out_of_memory(size_t wanted)
{
    log_error("out of memory: %zu bytes wanted", wanted);
    abort();
}

static struct block *block_new(struct block *below, size_t cap)
{
    struct block *block = malloc(sizeof(*block) + cap);
    if (!block)
        out_of_memory(cap);
    *block = (struct block){.below = below, .cap = cap};
    POISON(block->bytes, cap);
    return block;
}

static struct block *block_free(struct block *block)
{
    struct block *below = block->below;
    UNPOISON(block->bytes, block->cap);
    free(block);
    return below;
}

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (!arena)
        out_of_memory(sizeof(*arena));
    arena->top = block_new(NULL, BLOCK_FIRST);
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    while (arena->top)
        arena->top = block_free(arena->top);
    free(arena);
}

static void block_shrink(struct block *block, size_t used)
{
    block->used = used;
    POISON(block->bytes + used, block->cap - used);
}

void arena_reset(struct arena *arena)
{
    while (arena->top->below)
        arena->top = block_free(arena->top);
    block_shrink(arena->top, 0);
    arena->total = 0;
}

/* Uninitialised: what is zeroed is only what is handed out, so a reset costs next to nothing. */
static void *take(struct arena *arena, size_t size)
{
    if (size > ARENA_MAX - arena->total)
        out_of_memory(size);
    size_t room = (size + GAP + ALIGN - 1) & ~(ALIGN - 1);
    struct block *top = arena->top;
    if (room > top->cap - top->used) {
        size_t cap = top->cap < BLOCK_MAX / 2 ? top->cap * 2 : BLOCK_MAX;
        top = arena->top = block_new(top, cap < room ? room : cap);
    }
    void *at = top->bytes + top->used;
    top->used += room;
    arena->total += size;
    UNPOISON(at, size);
    return at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory(SIZE_MAX);
    return arena_alloc(arena, bytes);
}

char *arena_buffer(struct arena *arena, size_t size)
{
    return take(arena, size);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t len)
{
    char *copy = take(arena, len + 1);
    if (len) /* so that an empty span may be NULL */
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

char *arena_dup(struct arena *arena, const char *s)
{
    return arena_copy(arena, s, strlen(s));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *s = arena_vprintf(arena, format, args);
    va_end(args);
    return s;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    char small[256];
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(small, sizeof(small), format, args);
    if (len < 0)
        out_of_memory(SIZE_MAX); /* only a text longer than INT_MAX fails */
    char *s = take(arena, (size_t)len + 1);
    if ((size_t)len < sizeof(small))
        memcpy(s, small, (size_t)len + 1);
    else
        vsnprintf(s, (size_t)len + 1, format, again);
    va_end(again);
    return s;
}

size_t arena_used(const struct arena *arena)
{
    return arena->total;
}

struct arena_mark arena_mark(struct arena *arena)
{
    return (struct arena_mark){arena->top, arena->top->used, arena->total};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->top != mark.block)
        arena->top = block_free(arena->top);
    block_shrink(arena->top, mark.used);
    arena->total = mark.total;
}
