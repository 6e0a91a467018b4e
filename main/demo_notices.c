/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people of the demo world were told meanwhile, and the groups that hear it. */
#include "app/notices/group_robot.h"
#include "app/notices/notice.h"
#include "main/demo_story.h"

static enum result tell_reading(void *host, const void *row)
{
    const struct story *story = host;
    const struct notice *notice = row;
    if (notice->created_at.ms > instant_of(story_day(story, -6), 0, SHANGHAI_OFFSET_MIN).ms)
        return OK;
    story->cx->now.ms = notice->created_at.ms + INT64_C(95) * 60000;
    return notice_read(story->cx, notice);
}

/* What is older than a week was read, what is older than two months is forgotten. */
static enum result tell_notices(struct story *story)
{
    const struct list_query all = {.limit = LIST_MOST};
    story->cx->actor = &ACTOR_SYSTEM;
    TRY(record_each(story->cx, &NOTICES, &all, tell_reading, story));
    return notices_forget(story->cx, instant_of(story_day(story, -60), 0, SHANGHAI_OFFSET_MIN));
}

/* Paused, as their groups are made up. */
static enum result tell_robots(struct story *story)
{
    static const struct {
        const char *name;
        enum robot_channel channel;
        int staff, organisation, unit; /* -1: none */
    } ROBOTS_OF[] = {
        {"华东事业部监管群", ROBOT_WECOM, DIVISION, GROUP, EAST},
        {"滨河花园项目群", ROBOT_WECOM, DIVISION, GROUP, GARDEN},
        {"运营中心值守群", ROBOT_FEISHU, OPS_LEAD, GROUP, -1},
        {"净安保洁项目组", ROBOT_DINGTALK, OPS_LEAD, CLEANER, -1},
    };
    for (size_t i = 0; i < sizeof ROBOTS_OF / sizeof ROBOTS_OF[0]; i++) {
        const int unit = ROBOTS_OF[i].unit;
        struct group_robot robot = {
            .organisation_id = story->organisations[ROBOTS_OF[i].organisation],
            .unit_id = unit < 0 ? 0 : story->units[unit],
            .name = ROBOTS_OF[i].name,
            .channel = ROBOTS_OF[i].channel,
            .url.plain = arena_printf(story->cx->mem, "https://robot.example.com/send?key=%zu", i),
            .takes = TAKES_NONE,
            .quiet_from = QUIET_FROM,
            .quiet_to = QUIET_TO,
        };
        story_at(story, ROBOTS_OF[i].staff, -30, 14);
        TRY(record_add(story->cx, &ROBOTS, &robot));
    }
    return OK;
}

enum result demo_notices(struct story *story)
{
    TRY(tell_robots(story));
    return tell_notices(story);
}
