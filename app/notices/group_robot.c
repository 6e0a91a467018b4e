/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/notices/group_robot.h"

#include "app/notices/delivery.h"
#include "base/text.h"

#include <string.h>

#define URL_MOST 500

static bool url_valid(const char *text)
{
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

static const struct field ROBOT_FIELDS[] = {
    RECORD_FIELDS(group_robot),
    FIELD(group_robot, name, .in = MUST, .max = 60, .use = LISTED),
    FIELD_ENUM(group_robot, channel, OUTBOX_CHANNELS + 1, .in = MUST, .use = LISTED | FILTERED),
    FIELD_REF(group_robot, organisation_id, "organisations"),
    FIELD(group_robot, organisation_name, .column = "o.name"),
    FIELD_REF(group_robot, unit_id, "units", .in = MAY, .use = FILTERED),
    FIELD(group_robot, unit_name, .column = "COALESCE(u.name, '')", .use = LISTED),
    FIELD(group_robot, url, .in = MUST, .max = URL_MOST, .valid = url_valid),
    FIELD(group_robot, secret, .in = MAY),
    FIELD_ENUM(group_robot, takes, NOTICE_TAKES, .in = MUST, .use = LISTED | FILTERED),
    FIELD(group_robot, quiet_from, .in = MUST, .max = 5, .valid = time_of_day_valid),
    FIELD(group_robot, quiet_to, .in = MUST, .max = 5, .valid = time_of_day_valid),
    FIELD_ENUM(group_robot, lang, SPOKEN, .in = MAY),
    FIELDS_END,
};

/* Below the centres a group belongs to a unit that the account sees: the whole company is not its
 * to speak for. */
static enum result robot_check(struct ctx *cx, void *record, const void *former)
{
    struct group_robot *robot = record;
    const struct actor *actor = cx->actor;
    if (!robot->lang)
        robot->lang = SPOKEN_ZH;
    if (!former && !actor->is_system)
        robot->organisation_id = actor->organisation_id;
    if (!actor->is_system && actor->side == SIDE_CLIENT && !actor->sees_company && !robot->unit_id)
        reject(cx, "unit_id", "required");
    return OK;
}

const struct resource ROBOTS = {
    .name = "robots",
    .fields = ROBOT_FIELDS,
    .size = sizeof(struct group_robot),
    .joins = "JOIN organisations o ON o.id = t.organisation_id "
             "LEFT JOIN units u ON u.id = t.unit_id",
    .title = "name",
    .sort = "id",
    .scope =
        {[SIDE_CLIENT] = "@organisation_id = :org", [SIDE_PROVIDER] = "@organisation_id = :org"},
    .unit = "unit_id",
    .check = robot_check,
};
