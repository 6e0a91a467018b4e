/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Robots of chat groups (WeCom, DingTalk, Feishu) and webhooks. A robot hears what its organisation
 * is told, or what one unit and those below it are told, as long as it is told to roles: what is
 * told to a person is that person's own. */
#ifndef GROUP_ROBOT_H
#define GROUP_ROBOT_H

#include "app/notices/notice_choice.h"

enum robot_channel { ROBOT_WECOM = 1, ROBOT_DINGTALK, ROBOT_FEISHU, ROBOT_WEBHOOK };

struct group_robot {
    RECORD_MEMBERS;
    int64_t organisation_id, unit_id; /* no unit: all of the organisation */
    const char *organisation_name, *unit_name;
    const char *name;
    enum robot_channel channel;
    struct secret url, secret; /* whoever knows the URL may post to the group */
    enum notice_takes takes;
    const char *quiet_from, *quiet_to;
    enum spoken lang;
};
extern const struct resource ROBOTS;

/* Send a few words to it now. It waits for the answer, so never in a transaction.
 * Results: CONFLICT robot.test_failed. */
MUST_USE enum result robot_test(struct ctx *cx, const struct group_robot *robot);

#endif
