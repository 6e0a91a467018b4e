/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is left of what was deleted. */
#include "app/retention/retention.h"

static const char *const CERTIFICATE_STATES[] = {"underway", "deleted", NULL};
static const char *const CERTIFICATE_DECIDERS[] = {"system", NULL};

static const struct field CERTIFICATE_FIELDS[] = {
    RECORD_FIELDS(deletion_certificate),
    FIELD_ENUM(deletion_certificate, kind, RETENTION_KINDS, .use = LISTED),
    FIELD(deletion_certificate, subject, .use = LISTED),
    FIELD_REF(deletion_certificate, contract_id, "contracts", .use = FILTERED),
    FIELD(deletion_certificate, contract_number, .column = "COALESCE(c.number, '')"),
    FIELD(deletion_certificate, contract_name, .column = "COALESCE(c.name, '')", .use = LISTED),
    FIELD_REF(deletion_certificate, organisation_id, "organisations", .use = NO_DIFF),
    FIELD(deletion_certificate, organisation_name, .column = "COALESCE(o.name, '')"),
    FIELD_REF(deletion_certificate, provider_id, "organisations", .use = NO_DIFF),
    FIELD(deletion_certificate, provider_name, .column = "COALESCE(p.name, '')"),
    FIELD_REF(deletion_certificate, unit_id, "units", .use = NO_DIFF | HIDDEN),
    FIELD(deletion_certificate, from),
    FIELD(deletion_certificate, to),
    FIELD(deletion_certificate, count, .use = LISTED),
    FIELD(deletion_certificate, sha256),
    FIELD_REF(deletion_certificate, rule_id, "retention_rules"),
    FIELD(deletion_certificate, rule_days),
    FIELD(deletion_certificate, rule_basis),
    FIELD_ENUM(deletion_certificate, decided_by, CERTIFICATE_DECIDERS),
    FIELD_ENUM(deletion_certificate, state, CERTIFICATE_STATES, .use = LISTED),
    FIELD(deletion_certificate, deleted_at, .use = LISTED),
    FIELDS_END,
};

/* Calls of unknown contracts belong to nobody's ledger; the client's centres know of them. */
const struct resource DELETION_CERTIFICATES = {
    .name = "deletion_certificates",
    .clause = "C2.4",
    .fields = CERTIFICATE_FIELDS,
    .size = sizeof(struct deletion_certificate),
    .joins = "LEFT JOIN contracts c ON c.id = t.contract_id "
             "LEFT JOIN organisations o ON o.id = t.organisation_id "
             "LEFT JOIN organisations p ON p.id = t.provider_id",
    .title = "subject",
    .sort = "-id",
    .scope =
        {
            [SIDE_CLIENT] = "(@organisation_id = :org OR @organisation_id IS NULL)",
            [SIDE_PROVIDER] = "@provider_id = :org",
        },
    .unit = "unit_id",
};

static enum result fill_owner(struct ctx *cx, struct deletion_certificate *certificate)
{
    struct contract contract;
    if (!certificate->contract_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, certificate->contract_id, &contract));
    certificate->organisation_id = contract.client_id;
    certificate->provider_id = contract.provider_id;
    certificate->unit_id = contract.unit_id;
    return OK;
}

enum result certificate_add(struct ctx *cx, struct deletion_certificate *certificate)
{
    TRY(fill_owner(cx, certificate));
    certificate->decided_by = DECIDED_BY_SYSTEM;
    if (!certificate->state)
        certificate->state = CERTIFICATE_UNDERWAY;
    if (certificate->state == CERTIFICATE_DELETED)
        certificate->deleted_at = cx->now;
    return record_add(cx, &DELETION_CERTIFICATES, certificate);
}

enum result certificate_done(struct ctx *cx, const struct deletion_certificate *certificate)
{
    struct deletion_certificate after = *certificate;
    after.state = CERTIFICATE_DELETED;
    after.deleted_at = cx->now;
    return record_change(cx, &DELETION_CERTIFICATES, "delete", certificate, &after);
}

enum result certificates_of(struct ctx *cx, enum retention_kind kind, const char *subject,
                            struct deletion_certificate **out, size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &DELETION_CERTIFICATES, "certificates_of",
                      "t.kind = $1 AND t.subject = $2 ORDER BY t.id LIMIT 1000",
                      PARAMS(P(choice_name(RETENTION_KINDS, kind)), P(subject)), &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}
