/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Areas (片区, V5.1.6, V6.1.2.2, form F03): a project is divided, for each contract, into areas of
 * a size, each with one or more persons of the company who supervise it, from a day to a day. The
 * division of areas is published without more of a person than name and job, and filed with the
 * division with receipt; what changes is published and filed anew. */
#ifndef AREA_H
#define AREA_H

#include "app/desk/desk.h"
#include "app/standards/division_rule.h"

struct area {
    RECORD_MEMBERS;
    int64_t contract_id, client_id, provider_id, unit_id;
    const char *contract_number, *contract_name, *unit_name;
    enum service service; /* the contract's */
    const char *name, *place;
    int32_t size_m2;
    struct date from, to; /* no `to`: until further notice */
    const char *token;    /* of its code: /a/<token> */
    int64_t link_id;      /* the code by which complaint and praise reach the desk; 0: not yet */
    struct instant changed_at;
};
extern const struct resource AREAS;

struct area_person {
    RECORD_MEMBERS;
    int64_t area_id;
    const char *area_name;
    int64_t person_id;
    const char *person_name;
    enum job job;
    struct date from, to;
};
extern const struct resource AREA_PERSONS;

/* ---- for those who inspect. Past the scope, like all that rules ask ---- */

/* The area whose code was scanned. Results: NOT_FOUND area.no_code. */
MUST_USE enum result area_by_token(struct ctx *cx, const char *token, struct area *out);
/* Those of a project that are there on a day, by name. */
#define AREAS_MOST 500
MUST_USE enum result areas_on(struct ctx *cx, int64_t unit_id, struct date day, struct area **out,
                              size_t *out_count);
/* Who is responsible for the area on a day, in the order of naming. */
#define AREA_PERSONS_MOST 50
MUST_USE enum result area_persons_on(struct ctx *cx, int64_t area_id, struct date day,
                                     struct area_person **out, size_t *out_count);
MUST_USE enum result area_is_of(struct ctx *cx, int64_t area_id, int64_t person_id, struct date day,
                                bool *out);

/* ---- the matrix of a project: area x service x person, on a day ---- */

struct area_state {
    struct area area;
    const struct area_person *persons;
    size_t person_count;
    int32_t needed; /* by its size and the division's rules */
    bool overlaps;  /* another area of that name and service is there, too */
};
/* A contract in force on the day that no area is of. */
struct uncovered {
    int64_t contract_id;
    const char *number, *name;
    enum service service;
};
extern const struct field UNCOVERED_FIELDS[];
struct area_matrix {
    struct area_state *states; /* by name, then by service */
    size_t count;
    struct uncovered *uncovered;
    size_t uncovered_count;
    struct set services; /* of the contracts in force and of the areas */
    bool ruled;          /* rules of the division say how many persons a size needs */
};
MUST_USE enum result area_matrix(struct ctx *cx, int64_t unit_id, struct date day,
                                 struct area_matrix *out);

/* ---- publication (公示) and filing ---- */

enum publication_state { AREAS_PUBLISHED = 1, AREAS_RECEIVED, AREAS_SUPERSEDED };
struct area_publication {
    RECORD_MEMBERS;
    int64_t organisation_id, unit_id;
    const char *unit_name;
    const char *name;
    int32_t revision;
    struct date day;
    const char *channel;
    const char *rows;
    int32_t areas;
    const char *token;
    int64_t publisher_id;
    const char *published_by;
    struct instant published_at;
    int32_t year, serial;
    const char *receipt, *received_by;
    struct instant received_at;
    const char *sha256;
    enum publication_state state;
};
extern const struct resource AREA_PUBLICATIONS;

/* What stands on it for each person of each area: a name and a job, and nothing else of anybody. */
struct published_area {
    int64_t area_id;
    const char *area, *place;
    enum service service;
    int32_t size_m2;
    const char *person;
    enum job job;
    const char *token, *report; /* of the area's own code, and of where complaint and praise go */
};
extern const struct field PUBLISHED_AREA_FIELDS[];
#define PUBLISHED_MOST 1000
MUST_USE enum result publication_rows(struct ctx *cx, const struct area_publication *publication,
                                      struct published_area **out, size_t *out_count);

/* Publishes the project's areas as they stand today and files them with the division; what was
 * published before is superseded under the same address. Results: INVALID (channel); CONFLICT
 * area_publication.not_ready with every contract without area and every area with too few persons,
 * area_publication.unchanged. */
MUST_USE enum result areas_publish(struct ctx *cx, int64_t unit_id, const char *channel,
                                   int64_t *out_id);
/* published -> received, under the next receipt number. Results: CONFLICT
 * area_publication.wrong_state; FORBIDDEN area_publication.own. */
MUST_USE enum result publication_receive(struct ctx *cx,
                                         const struct area_publication *publication);
/* The newest of a project; 0: none. */
MUST_USE enum result publication_of_unit(struct ctx *cx, int64_t unit_id, int64_t *out_id);
/* When the areas changed after it was published: they are to be published and filed anew. None:
 * they stand as it says, or another publication follows it. */
MUST_USE enum result publication_outdated(struct ctx *cx,
                                          const struct area_publication *publication,
                                          struct instant *out);
MUST_USE enum result publication_by_id(struct ctx *cx, int64_t id, struct area_publication *out);
/* Whoever scans it. Results: NOT_FOUND area_publication.no_code. */
MUST_USE enum result publication_by_token(struct ctx *cx, const char *token,
                                          struct area_publication *out);

extern const struct right AREA_RIGHTS[];
extern const struct duty_rule AREA_DUTIES[];

#endif
