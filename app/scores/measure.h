/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Measures (指标口径): what is known of people, contracts or projects in a span of days, by name.
 *
 * A slice that has facts declares its measures as a table: a name, a unit, the version of its
 * formula, of what it is, and one function that measures many of them at once. The words of
 * "calls.success" stand in the catalogue under "measure.calls.success" and
 * "measure.calls.success.about", the formula. */
#ifndef MEASURE_H
#define MEASURE_H

#include "app/contracts/contract.h"
#include "app/scores/scoring.h"

/* What is measured: people on one contract, contracts, or projects. */
enum measured_kind { OF_PEOPLE, OF_CONTRACTS, OF_PROJECTS };

struct measuring {        /* who, and when */
    int64_t contract_id;  /* of people */
    struct date from, to; /* both days with it */
    const int64_t *ids;   /* of what the measure is of, rising */
    size_t count;
    struct measuring_memo *memo; /* NULL: nothing is kept from one measure to the next */
};

/* What measures of the same rows keep while a month is measured, so that those are read once: the
 * rows by their reader's own address. */
#define MEMO_MOST 16
struct measuring_memo {
    struct {
        const void *reader;
        void *rows;
        size_t count;
    } at[MEMO_MOST];
    size_t count;
};
/* What `reader` kept; false: it has to read. */
bool measuring_kept(const struct measuring *ask, const void *reader, void *out_rows,
                    size_t *out_count);
void measuring_keep(const struct measuring *ask, const void *reader, void *rows, size_t count);

enum measure_unit { IN_COUNT = 1, IN_HOURS, IN_PERCENT, IN_POINTS };
extern const char *const MEASURE_UNITS[];

struct measure {
    const char *name, *clause;
    enum measure_unit unit;
    int32_t version; /* of the formula */
    /* `out`: one for each id, all without a value before. */
    enum result (*run)(struct ctx *cx, const struct measuring *ask, struct measured *out);
    /* The list of the records behind a value: "reviews?person_id={person}&…"; also {contract},
     * {unit}, {provider}, {from} and {to}, which are days. */
    const char *records;
    enum measured_kind of;
    bool served_party; /* the voice of those whom the service is for (V5.1.5) */
    bool basis;        /* without a value of it nothing is graded, whatever the scheme says */
};
#define MEASURES_END                                                                               \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* The slices' tables, NULL-terminated; once at start. */
void measures_use(const struct measure *const *tables);
const struct measure *measure_find(const char *name); /* NULL: there is none */
/* In the order of the tables; NULL at the end. */
const struct measure *measure_at(size_t index);
/* NULL: it is none of those asked for. */
struct measured *measured_of(const struct measuring *ask, struct measured *values, int64_t id);
/* Where the records behind a value are listed: "/reviews?person_id=7&…"; "" nowhere. `id`: of the
 * person, contract or project. */
const char *measure_records(struct arena *arena, const struct measure *measure, int64_t contract_id,
                            int64_t id, int64_t provider_id, struct date from, struct date to);

#endif
