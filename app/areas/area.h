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

extern const struct right AREA_RIGHTS[];

#endif
