/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who does something: what the scope of every record and every right follow from.
 *
 * Made by access at sign-in and kept with the session; by jobs and the command line as the system
 * itself (actor_system). */
#ifndef RECORDS_ACTOR_H
#define RECORDS_ACTOR_H

#include "base/ctx.h"
#include "base/field.h"

enum side { SIDE_CLIENT = 1, SIDE_PROVIDER, SIDE_THIRD_PARTY, SIDE_COUNT };
extern const char *const SIDES[];

#define RIGHTS_MAX 512

struct actor {
    int64_t account_id, person_id, organisation_id, unit_id;
    const char *account, *person_name, *unit_name, *organisation_name;
    enum side side;
    struct set roles;
    bool is_system;         /* a job or the command line: sees everything, has every right */
    int64_t undertaking_id; /* rights to project data are withheld until this is signed (C3.3) */
    bool sees_company;      /* headquarters and centres: every unit of the organisation */
    /* Below them: the own unit and what hangs under it, as a range of units.path. */
    const char *path_from, *path_to;
    bool is_leaf_unit; /* nothing hangs under it: the scope is one unit exactly */
    uint64_t rights[RIGHTS_MAX / 64];
};

extern const struct actor ACTOR_SYSTEM;

/* The range of units.path that the actor is confined to, for a slice's own statements; "" and "":
 * to none. */
void actor_paths(const struct ctx *cx, const char **out_from, const char **out_to);

/* ---- rights: declared by the slices, held by roles ---- */
struct right {
    const char
        *name;      /* "contracts.activate"; its words are in the catalogue under "right.<name>" */
    uint64_t roles; /* bit n: role n of ROLES holds it */
    const char *clause;
    bool confidential; /* opens project data: withheld from who has not signed (C3.3) */
};
#define RIGHTS_END                                                                                 \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* Roles by side. A person may hold several, but not two that exclude each other: who scores may not
 * audit or apply money (V3.2, V3.3), and the three administrators stay three persons. */
enum role {
    ROLE_ADMIN = 1, /* system: accounts, organisations, units; no business */
    ROLE_SECURITY,  /* security: roles, locks, sessions, tokens */
    ROLE_AUDIT,     /* audit centre and keeper of the trail: sees all, changes nothing */
    ROLE_OPS,       /* operations centre */
    ROLE_FINANCE,
    ROLE_DIVISION,
    ROLE_PM, /* project manager */
    ROLE_EXECUTOR,
    ROLE_CLIENT,   /* client's manager of an outsourced call business */
    ROLE_RESIDENT, /* client's manager who sits at the provider's */
    ROLE_PROVIDER, /* provider's manager */
    ROLE_DUTY,
    ROLE_SUPERVISOR,
    ROLE_QA,
    ROLE_AGENT,
    ROLE_CLEANER, /* worker on site */
    ROLE_SURVEY,
    ROLE_COUNT
};
extern const char *const ROLES[];
/* What people call it. */
const char *role_words(struct ctx *cx, enum role role);
#define R(role) (UINT64_C(1) << (ROLE_##role))
/* Sets that many rights share. */
#define R_SUPERVISION (R(OPS) | R(DIVISION) | R(PM) | R(EXECUTOR))
#define R_CLIENT_SIDE (R_SUPERVISION | R(AUDIT) | R(FINANCE) | R(CLIENT) | R(RESIDENT))
#define R_PROVIDER_SIDE (R(PROVIDER) | R(DUTY) | R(SUPERVISOR) | R(QA))

/* The slices' tables, NULL-terminated; once at start. Ends the process when a name comes twice. */
void rights_use(const struct right *const *tables);
size_t rights_count(void);
const struct right *rights_at(size_t index);
/* The rights that a set of roles holds, into actor->rights. */
void actor_grant(struct actor *actor, struct set roles);
/* Without those that open project data, if there are any, until the undertaking is signed. */
void actor_withhold(struct actor *actor, int64_t undertaking_id);
/* Only those of its rights that are named (with spaces between): API tokens. */
void actor_restrict(struct actor *actor, const char *rights);
bool right_known(const char *name);
bool right_is_confidential(const char *name);
bool actor_may(const struct actor *actor, const char *right);
/* Has that role and no other. */
bool actor_is_only(const struct actor *actor, enum role role);
/* FORBIDDEN unless cx->actor has it: for rules deeper than the route. */
MUST_USE enum result demand_right(struct ctx *cx, const char *right);
/* Says why the actor has it not: request.no_right, or access.undertaking_first where it was
 * withheld. */
enum result refuse_right(struct ctx *cx, const char *right);

#endif
