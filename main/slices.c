/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/slices.h"

#include "app/access/access_web.h"
#include "app/access/account.h"
#include "app/access/session.h"
#include "app/access/token.h"
#include "app/contracts/contract.h"
#include "app/contracts/contract_web.h"
#include "app/documents/documents.h"
#include "app/documents/documents_web.h"
#include "app/home/home_web.h"
#include "app/imports/imports.h"
#include "app/imports/imports_web.h"
#include "app/notices/group_robot.h"
#include "app/notices/notice.h"
#include "app/notices/notice_web.h"
#include "app/parties/parties.h"
#include "app/parties/parties_web.h"
#include "app/records/openapi_web.h"
#include "app/records/trail.h"
#include "app/records/trail_web.h"
#include "app/regulation/regulation.h"
#include "app/regulation/regulation_web.h"
#include "app/signatures/signature.h"
#include "main/generated.h"

const struct route *const SLICE_ROUTES[] = {
    HOME_ROUTES,    SESSION_ROUTES,   ACCOUNT_ROUTES,    OWN_ROUTES,     TRAIL_ROUTES,
    PARTIES_ROUTES, DOCUMENTS_ROUTES, CONTRACT_ROUTES,   IMPORTS_ROUTES, OPENAPI_ROUTES,
    NOTICE_ROUTES,  ROBOT_ROUTES,     REGULATION_ROUTES, NULL,
};

static const struct right *const RIGHTS[] = {
    RECORD_RIGHTS, ACCESS_RIGHTS,   PARTIES_RIGHTS,    DOCUMENTS_RIGHTS,
    NOTICE_RIGHTS, CONTRACT_RIGHTS, REGULATION_RIGHTS, NULL,
};

static const struct resource *const RESOURCES[] = {
    &EVENTS,    &ORGANISATIONS, &QUALIFICATIONS, &UNITS,          &PEOPLE, &ACCOUNTS,
    &TOKENS,    &SIGNATURES,    &DOCUMENTS,      &CONTRACTS,      &TERMS,  &AMENDMENTS,
    &BRIEFINGS, &IMPORTS,       &NOTICES,        &NOTICE_CHOICES, &ROBOTS, NULL,
};

/* Records that documents may hang at, and records that are signed. */
static const struct resource *const WITH_DOCUMENTS[] = {&CONTRACTS, &ORGANISATIONS, &QUALIFICATIONS,
                                                        &PEOPLE,    &BRIEFINGS,     NULL};
static const struct resource *const WITH_SIGNATURES[] = {&BRIEFINGS, NULL};

const struct schedule SLICE_JOBS[] = {
    {"access.sweep", 600, access_sweep},
    {"documents.sweep", 3600, documents_sweep},
    {"imports.sweep", 86400, imports_sweep},
    {"notices.sweep", 86400, notices_sweep},
};
const size_t SLICE_JOB_COUNT = sizeof SLICE_JOBS / sizeof SLICE_JOBS[0];

void slices_start(void)
{
    texts_use(TEXTS, TEXT_COUNT);
    rights_use(RIGHTS);
    resources_use(RESOURCES);
    documents_use(WITH_DOCUMENTS);
    signatures_use(WITH_SIGNATURES);
    openapi_use(SLICE_ROUTES);
    regulation_use(SLICE_ROUTES);
}

const struct nav_entry NAV[] = {
    {"work", "home", "/", "checklist", SIGNED_IN},
    {"work", "regulation", "/regulation", "book-2", "clauses.read"},
    {"work", "contracts", "/contracts", "file-text", "contracts.read"},
    {"work", "briefings", "/briefings", "writing-sign", "briefings.read"},
    {"work", "documents", "/documents", "paperclip", "documents.read"},
    {"work", "imports", "/imports", "upload", "imports.make"},
    {"parties", "organisations", "/organisations", "building", "organisations.read"},
    {"parties", "qualifications", "/qualifications", "certificate", "qualifications.read"},
    {"parties", "people", "/people", "users-group", "people.read"},
    {"parties", "units", "/units", "sitemap", "units.read"},
    {"parties", "robots", "/robots", "robot", "robots.read"},
    {"admin", "accounts", "/accounts", "user-cog", "accounts.read"},
    {"admin", "rights", "/rights", "key", "accounts.read"},
    {"admin", "events", "/events", "history", "events.read"},
};
const size_t NAV_COUNT = sizeof NAV / sizeof NAV[0];
