/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/parties/parties_web.h"

#include "app/parties/parties.h"
#include "app/records/record_web.h"

#include <string.h>

static enum result organisation_show(struct request *rq, void *record)
{
    const struct organisation *organisation = record;
    const struct act acts[] = {
        {"organisations.judge",
         arena_printf(rq->cx.mem, "/organisations/%lld/judge", (long long)organisation->id),
         organisation->side == SIDE_PROVIDER ? "organisations.do.judge" : NULL, .link = true},
    };
    doc_acts(rq, acts, sizeof acts / sizeof acts[0]);
    if (organisation->side == SIDE_PROVIDER)
        TRY(doc_part(rq, "qualifications", &QUALIFICATIONS, "organisation_id", organisation->id));
    if (organisation->side == SIDE_PROVIDER && rq->face == FACE_PAGE)
        TRY(doc_part(rq, "subcontracting_cases", resource_find("subcontracting_cases"),
                     "organisation_id", organisation->id));
    return OK;
}

static const struct record_face ORGANISATION_FACE = {
    .resource = &ORGANISATIONS, .show = organisation_show, .importable = true};
static const struct record_face QUALIFICATION_FACE = {.resource = &QUALIFICATIONS};

/* Whoever registers a person registers one of the own organisation, unless told otherwise. */
static enum result person_begin(struct request *rq, void *record)
{
    struct person *person = record;
    person->organisation_id = rq->cx.actor->organisation_id;
    return OK;
}

static enum result unit_begin(struct request *rq, void *record)
{
    ((struct unit *)record)->organisation_id = rq->cx.actor->organisation_id;
    return OK;
}

/* A provider's worker may not work without some certificates (V5.1.4). */
static enum result person_show(struct request *rq, void *record)
{
    const struct person *person = record;
    if (rq->face != FACE_PAGE || person->job != JOB_WORKER)
        return OK;
    return doc_part(rq, "work_certificates", resource_find("work_certificates"), "person_id",
                    person->id);
}

static const struct record_face UNIT_FACE = {
    .resource = &UNITS, .begin = unit_begin, .importable = true};
static const struct record_face PERSON_FACE = {
    .resource = &PEOPLE, .show = person_show, .begin = person_begin, .importable = true};

static enum result organisation_judge_get(struct request *rq)
{
    struct organisation organisation;
    TRY(record_of_path(rq, &ORGANISATIONS, &organisation));
    return record_answer(rq, &ORGANISATION_FACE, &organisation);
}

struct judging {
    const char *state, *reason;
};
static const struct field JUDGING_INPUT[] = {
    FIELD(judging, state, .in = MUST),
    FIELD(judging, reason, .in = MUST, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result organisation_judge_post(struct request *rq)
{
    struct organisation organisation;
    const struct field *state = field_find(ORGANISATIONS.fields, "state", 5);
    const char *word = input_text(rq, "state");
    TRY(record_for_action(rq, &ORGANISATIONS, &organisation));
    return record_acted(rq, &ORGANISATION_FACE, &organisation,
                        organisation_judge(&rq->cx, organisation.id,
                                           choice_find(state->choices, word, strlen(word)),
                                           input_text(rq, "reason")),
                        "flash.judged");
}

const struct route PARTIES_ROUTES[] = {
    RECORD_LIST("organisations", ORGANISATION_FACE, "list"),
    RECORD_SHOW("organisations", ORGANISATION_FACE, "organisation"),
    RECORD_CREATE("organisations", ORGANISATION_FACE),
    RECORD_CHANGE("organisations", ORGANISATION_FACE),
    RECORD_HISTORY("organisations", ORGANISATION_FACE),
    RECORD_EXPORT("organisations", ORGANISATION_FACE),
    RECORD_REVEAL("organisations", ORGANISATION_FACE),
    {GET, "/organisations/{id}/judge", "organisations.judge", organisation_judge_get,
     "organisation_judge", .flags = PAGE_ONLY, .nav = "organisations"},
    {POST, "/organisations/{id}/judge", "organisations.judge", organisation_judge_post,
     "organisation_judge", .input = JUDGING_INPUT, .nav = "organisations"},
    RECORD_LIST("qualifications", QUALIFICATION_FACE, "list"),
    RECORD_SHOW("qualifications", QUALIFICATION_FACE, "record"),
    RECORD_CREATE("qualifications", QUALIFICATION_FACE),
    RECORD_CHANGE("qualifications", QUALIFICATION_FACE),
    RECORD_HISTORY("qualifications", QUALIFICATION_FACE),
    RECORD_EXPORT("qualifications", QUALIFICATION_FACE),
    RECORD_LIST("units", UNIT_FACE, "list"),
    RECORD_SHOW("units", UNIT_FACE, "record"),
    RECORD_CREATE("units", UNIT_FACE),
    RECORD_CHANGE("units", UNIT_FACE),
    RECORD_HISTORY("units", UNIT_FACE),
    RECORD_EXPORT("units", UNIT_FACE),
    RECORD_LIST("people", PERSON_FACE, "list"),
    RECORD_SHOW("people", PERSON_FACE, "person"),
    RECORD_CREATE("people", PERSON_FACE),
    RECORD_CHANGE("people", PERSON_FACE),
    RECORD_HISTORY("people", PERSON_FACE),
    RECORD_EXPORT("people", PERSON_FACE),
    RECORD_REVEAL("people", PERSON_FACE),
    ROUTES_END,
};
