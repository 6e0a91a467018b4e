/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What there is: the routes, rights and records of every slice, the jobs and workers. A new slice
 * adds its lines here and nowhere else. */
#ifndef SLICES_H
#define SLICES_H

#include "app/records/record.h"
#include "base/texts.h"
#include "jobs/worker.h"
#include "store/migrate.h"
#include "web/route.h"

extern const struct route *const SLICE_ROUTES[]; /* NULL-terminated */
extern const struct schedule SLICE_JOBS[];
extern const size_t SLICE_JOB_COUNT;

/* What takes long and outlives the request that asked for it, each in a thread of its own. */
struct slice_worker {
    const char *name;
    worker_turn turn;
};
#define SLICE_WORKERS_MOST 12
extern const struct slice_worker SLICE_WORKERS[];
extern const size_t SLICE_WORKER_COUNT;

/* Tell the mechanisms of records, rights, documents, signatures and texts what there is. */
void slices_start(void);

/* ---- an entry of the navigation ---- */
struct nav_entry {
    const char *section; /* words under "nav.<section>"; the same as before: same section */
    const char *name;    /* words under "<name>"; current when the route's .nav is this */
    const char *href, *icon;
    const char *right;
};
extern const struct nav_entry NAV[];
extern const size_t NAV_COUNT;

#endif
