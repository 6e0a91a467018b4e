/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For one source of every test program that prints a PDF.
 *
 * cairo 1.16 forgets 768 bytes for each OpenType font that it puts into a file, when the file is
 * finished; nothing of ours is allocated there. Only the slow unwinder sees who called. */
#ifndef PAPER_LEAKS_TEST_H
#define PAPER_LEAKS_TEST_H

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0:malloc_context_size=14:print_suppressions=0";
}
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:cairo_surface_finish\n";
}

#endif
