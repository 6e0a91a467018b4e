/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the server counts, in Prometheus' text format. */
#include "web/server_private.h"

#include <inttypes.h>

/* Upper bounds in microseconds; the last bucket has none. */
static const uint64_t BOUNDS[DURATION_BUCKETS - 1] = {500,   1000,   2500,   5000,    10000,
                                                      25000, 100000, 250000, 1000000, 5000000};

static void add(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

static uint64_t value(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_add(struct metrics *metrics, enum face face, int status, uint64_t microseconds)
{
    size_t bucket = 0;
    while (bucket < DURATION_BUCKETS - 1 && microseconds > BOUNDS[bucket])
        bucket++;
    add(&metrics->requests[face][status / 100 % STATUS_CLASSES], 1);
    add(&metrics->durations[bucket], 1);
    add(&metrics->microseconds, microseconds);
}

static void write_requests(const struct metrics *metrics, struct text *out)
{
    static const char *const FACES[] = {[FACE_PAGE] = "page", [FACE_API] = "api"};
    text_puts(out, "# TYPE luyue_requests_total counter\n");
    for (size_t face = 0; face < 2; face++)
        for (size_t class = 1; class < STATUS_CLASSES; class ++)
            text_printf(out, "luyue_requests_total{face=\"%s\",status=\"%zuxx\"} %" PRIu64 "\n",
                        FACES[face], class, value(&metrics->requests[face][class]));
}

static void write_durations(const struct metrics *metrics, struct text *out)
{
    uint64_t count = 0;
    text_puts(out, "# TYPE luyue_request_seconds histogram\n");
    for (size_t i = 0; i < DURATION_BUCKETS; i++) {
        count += value(&metrics->durations[i]);
        if (i < DURATION_BUCKETS - 1)
            text_printf(out, "luyue_request_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
                        (double)BOUNDS[i] / 1e6, count);
    }
    text_printf(out, "luyue_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", count);
    text_printf(out, "luyue_request_seconds_sum %.6f\n",
                (double)value(&metrics->microseconds) / 1e6);
    text_printf(out, "luyue_request_seconds_count %" PRIu64 "\n", count);
}

void metrics_write(const struct metrics *metrics, size_t slow_waiting_count, struct text *out)
{
    write_requests(metrics, out);
    write_durations(metrics, out);
    text_printf(out,
                "# TYPE luyue_requests_in_flight gauge\nluyue_requests_in_flight %" PRId64 "\n",
                atomic_load(&metrics->in_flight));
    text_printf(out, "# TYPE luyue_slow_waiting gauge\nluyue_slow_waiting %zu\n",
                slow_waiting_count);
}
