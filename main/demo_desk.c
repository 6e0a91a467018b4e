/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's issue desk: what went wrong at the call centre and with the cleaning lately, and
 * the codes by which anybody on site reports it. */
#include "app/desk/desk.h"
#include "main/demo.h"

/* ---- the story, in the order of time ---- */

enum site { CALLS, CLEANING, SITE_COUNT };
enum { CLIENTS, PROVIDERS }; /* to whose person it is assigned */

/* clang-format off */
static const struct {
    enum site site;
    int days, hour; /* from today */
    enum issue_kind kind;
    enum issue_priority priority;
    enum issue_source source;
    const char *place, *subject, *words, *reporter;
    int assigned;
    int answer_h, solve_h; /* after it was opened; 0: not yet */
    const char *answer, *solution;
    enum responsibility responsibility;
    int satisfaction; /* 0: not confirmed yet; -1: opened again */
} ISSUES_OF[] = {
    {CLEANING, -61, 8,  ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_ON_SITE,         "1 号楼大堂",       "大堂地面水渍未及时清理",         "早高峰前拖洗后地面未干，没有放警示牌。", "陈立",   PROVIDERS, 3, 6,  "已通知领班补放警示牌。", "早班拖洗提前到 6:30，配四块警示牌。", RESPONSIBLE_PROVIDER, 5},
    {CALLS,    -52, 10, ISSUE_PROBLEM,   ISSUE_HIGH,   ISSUE_ON_SITE,         "外呼一区",         "续费名单里有已退会的会员",       "当天名单约 40 个号码已在上月退会，话务员被质问。", "唐静", CLIENTS, 1, 5, "名单已撤回，核对后重发。", "剔除退会会员 43 个，名单导出加退会日期条件。", RESPONSIBLE_CLIENT, 5},
    {CALLS,    -50, 14, ISSUE_COMPLAINT, ISSUE_URGENT, ISSUE_BY_SERVED_PARTY, "会员中心来电",     "会员称一天接到四次回访电话",     "会员要求停止来电并书面致歉。", "王女士",        CLIENTS, 0, 3,  "", "当日加入免呼名单并电话致歉；同一号码三日内不重复派发。", RESPONSIBLE_PROVIDER, 4},
    {CALLS,    -47, 9,  ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_BY_AGENT,        "外呼二区",         "话术里的优惠期限已过",           "脚本第 6 条仍写“十月底前”。", "许娜",          CLIENTS, 6, 22, "收到，话术由市场部确认后更新。", "话术 V2.1 已下发，班前会宣讲。", RESPONSIBLE_CLIENT, 5},
    {CALLS,    -44, 16, ISSUE_PROBLEM,   ISSUE_URGENT, ISSUE_BY_PHONE,        "外呼系统",         "外呼号码被标记为骚扰电话",       "0571 号段接通率从 42% 掉到 19%。", "唐静",       CLIENTS, 0, 26, "", "向运营商申诉并更换两个号码，接通率恢复到 40%。", RESPONSIBLE_THIRD_PARTY, 4},
    {CLEANING, -41, 15, ISSUE_COMPLAINT, ISSUE_HIGH,   ISSUE_BY_QR,           "2 号楼 3 层卫生间", "卫生间异味，洗手液空了",         "下午两点起就没有洗手液。", "",                  PROVIDERS, 1, 3, "保洁员已到场。", "补洗手液、疏通地漏；午后加一次巡回。", RESPONSIBLE_PROVIDER, 4},
    {CALLS,    -39, 11, ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_BY_AGENT,        "外呼一区",         "会员等级查询页面打不开",         "新员工账号没有查询权限。", "罗芳",              CLIENTS, 3, 8, "权限已提交。", "按岗位模板补开 12 个账号的只读权限。", RESPONSIBLE_CLIENT, 5},
    {CALLS,    -36, 15, ISSUE_COMPLAINT, ISSUE_HIGH,   ISSUE_BY_SERVED_PARTY, "会员中心来电",     "会员反映话务员未报工号",         "录音 14:22，开场未报单位和工号。", "李先生",     PROVIDERS, 1, 6, "已调录音核实。", "情况属实，话务员补训并重新考核开场白。", RESPONSIBLE_PROVIDER, 4},
    {CALLS,    -33, 9,  ISSUE_PROBLEM,   ISSUE_LOW,    ISSUE_ON_SITE,         "培训室",           "培训室投影接口损坏",             "HDMI 接口松动，影响班前会。", "谢明",           PROVIDERS, 20, 46, "已报修。", "更换接口面板。", RESPONSIBLE_PROVIDER, 5},
    {CALLS,    -30, 17, ISSUE_PROBLEM,   ISSUE_HIGH,   ISSUE_BY_AGENT,        "外呼二区",         "到期日与会员说的不一致",         "抽 20 条有 3 条差一个月。", "许娜",             CLIENTS, 2, 18, "正在与会员系统核对。", "会员系统时区问题，数据重新推送。", RESPONSIBLE_CLIENT, 4},
    {CLEANING, -28, 9,  ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_ON_SITE,         "地下二层车库",     "新接收区域垃圾桶不够",           "3,200 平方米只放了两个桶。", "陆建国",          PROVIDERS, 8, 28, "本周补桶。", "增加分类桶 6 组，纳入每日清运。", RESPONSIBLE_PROVIDER, 5},
    {CALLS,    -26, 10, ISSUE_COMPLAINT, ISSUE_NORMAL, ISSUE_BY_PHONE,        "会员中心来电",     "会员投诉午休时间来电",           "12:40 接到续费提醒。", "周女士",                CLIENTS, 5, 9, "已登记，核对外呼时段。", "外呼时段改为 9:00–12:00、14:00–19:00。", RESPONSIBLE_CLIENT, 5},
    {CALLS,    -24, 14, ISSUE_PROBLEM,   ISSUE_URGENT, ISSUE_ON_SITE,         "外呼现场",         "坐席网络中断",                   "二区 30 个坐席断线。", "唐静",                  PROVIDERS, 0, 2, "", "交换机故障，更换备机，14:55 恢复。", RESPONSIBLE_PROVIDER, 5},
    {CALLS,    -21, 11, ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_BY_AGENT,        "外呼一区",         "会员问积分兑换，话术没有答案",   "一周内 17 位会员问到。", "罗芳",                CLIENTS, 4, 25, "已请会员中心提供口径。", "补充问答 5 条，印发工位卡。", RESPONSIBLE_CLIENT, 5},
    {CALLS,    -19, 16, ISSUE_COMPLAINT, ISSUE_HIGH,   ISSUE_BY_SERVED_PARTY, "会员中心来电",     "会员称被承诺了不存在的赠品",     "会员到店要求兑现，门店没有此活动。", "赵先生",   PROVIDERS, 1, 24, "已封存录音。", "话务员口误，已致歉补偿；抽听其当周全部成功录音。", RESPONSIBLE_PROVIDER, 3},
    {CLEANING, -17, 8,  ISSUE_COMPLAINT, ISSUE_NORMAL, ISSUE_BY_QR,           "1 号楼电梯厅",     "电梯厅烟灰桶满了没人倒",         "早上八点就满了。", "",                          PROVIDERS, 2, 4, "马上处理。", "烟灰桶改为每两小时清一次。", RESPONSIBLE_PROVIDER, 4},
    {CALLS,    -16, 9,  ISSUE_PROBLEM,   ISSUE_HIGH,   ISSUE_ON_SITE,         "外呼二区",         "录音缺 11 通",                   "前一日 15 点到 16 点的录音没有归档。", "谢明",   PROVIDERS, 2, 30, "正在从主机找回。", "找回 9 通，2 通确认丢失并出说明。", RESPONSIBLE_PROVIDER, 3},
    {CALLS,    -14, 10, ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_BY_AGENT,        "外呼一区",         "当天名单到 10 点还没下发",       "60 个坐席空等半小时。", "唐静",                 CLIENTS, 1, 2, "正在催会员系统。", "名单改为前一日 20 点自动下发。", RESPONSIBLE_CLIENT, 5},
    {CALLS,    -12, 15, ISSUE_COMPLAINT, ISSUE_URGENT, ISSUE_BY_PHONE,        "客服热线转来",     "会员怀疑个人信息泄露",           "会员接到冒充我方的电话。", "陈女士",            CLIENTS, 0, 7, "", "核实为外部诈骗，话单无此来电；已提醒会员并报安全岗备案。", RESPONSIBLE_THIRD_PARTY, 4},
    {CALLS,    -10, 11, ISSUE_PROBLEM,   ISSUE_LOW,    ISSUE_ON_SITE,         "外呼现场",         "更衣柜不够用",                   "新增 6 人后没有更衣柜。", "罗芳",               PROVIDERS, 22, 70, "已采购。", "增加 8 格更衣柜。", RESPONSIBLE_PROVIDER, 5},
    {CLEANING, -9,  14, ISSUE_PROBLEM,   ISSUE_HIGH,   ISSUE_ON_SITE,         "2 号楼 5 层",      "开荒后玻璃胶痕没有清掉",         "业主明天开业，要求今天完成。", "陈立",          PROVIDERS, 1, 7, "夜班安排两人。", "当晚清理完毕，业主签认。", RESPONSIBLE_PROVIDER, 5},
    {CALLS,    -8,  9,  ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_BY_AGENT,        "外呼二区",         "会员号码重复派发",               "两个坐席先后拨了同一位会员。", "许娜",          PROVIDERS, 3, 9, "核对派单规则。", "派单加锁，抽查 200 条无重复。", RESPONSIBLE_PROVIDER, -1},
    {CALLS,    -6,  16, ISSUE_COMPLAINT, ISSUE_NORMAL, ISSUE_BY_SERVED_PARTY, "会员中心来电",     "会员嫌回访时间太长",             "回访问卷 14 题，通话 9 分钟。", "孙先生",        CLIENTS, 3, 20, "问卷由市场部精简。", "问卷减到 8 题。", RESPONSIBLE_CLIENT, 0},
    {CALLS,    -5,  10, ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_BY_QR,           "外呼中心前台",     "前台访客登记排队",               "客户参观时等了十五分钟。", "",                  PROVIDERS, 5, 24, "已增加一名登记员。", "改为提前预约登记。", RESPONSIBLE_PROVIDER, 0},
    {CALLS,    -4,  14, ISSUE_PROBLEM,   ISSUE_HIGH,   ISSUE_BY_AGENT,        "外呼一区",         "续费短信链接打不开",             "会员点开显示活动已结束。", "罗芳",              CLIENTS, 1, 0, "已请信息中心检查链接有效期。", "", RESPONSIBLE_NOBODY, 0},
    {CLEANING, -3,  9,  ISSUE_COMPLAINT, ISSUE_NORMAL, ISSUE_BY_QR,           "3 号楼 2 层走廊",  "走廊地毯有污迹",                 "电梯口往左第三间门前。", "",                    PROVIDERS, 6, 0, "周末安排地毯清洗。", "", RESPONSIBLE_NOBODY, 0},
    {CALLS,    -3,  11, ISSUE_COMPLAINT, ISSUE_HIGH,   ISSUE_BY_PHONE,        "客服热线转来",     "会员要求删除回访录音",           "会员书面提出，要求十五日内答复。", "钱先生",    CLIENTS, 2, 0, "已转法务，录音先行锁定。", "", RESPONSIBLE_NOBODY, 0},
    {CALLS,    -2,  15, ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_ON_SITE,         "外呼二区",         "两个坐席耳机有杂音",             "B14、B15 工位。", "唐静",                       PROVIDERS, 4, 0, "已换备用耳机，查线路。", "", RESPONSIBLE_NOBODY, 0},
    {CALLS,    -1,  10, ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_BY_AGENT,        "外呼一区",         "新活动规则与门店说法不同",       "门店说满 300 减 40，话术写满 300 减 30。", "许娜", CLIENTS, 0, 0, "", "", RESPONSIBLE_NOBODY, 0},
    {CLEANING, -1,  15, ISSUE_PROBLEM,   ISSUE_NORMAL, ISSUE_ON_SITE,         "地下二层车库",     "B 区排水沟有积水",               "雨后未清，行人绕行。", "陆建国",                PROVIDERS, 0, 0, "", "", RESPONSIBLE_NOBODY, 0},
    {CALLS,    0,   1,  ISSUE_COMPLAINT, ISSUE_NORMAL, ISSUE_BY_QR,           "外呼中心前台",     "会客区空调太冷",                 "建议调到 24 度。", "",                          CLIENTS, 0, 0, "", "", RESPONSIBLE_NOBODY, 0},
};

static const struct {
    enum site site;
    const char *place;
} LINKS_OF[] = {
    {CALLS,    "外呼中心前台"},
    {CLEANING, "1 号楼大堂"},
};
/* clang-format on */

/* ---- telling it ---- */

struct desk_story {
    struct ctx *cx;
    struct instant today;
    struct contract contracts[SITE_COUNT];
    int64_t people[SITE_COUNT]; /* the provider's, who see to it */
    struct actor teller;
};

static enum result find_one(struct ctx *cx, const struct resource *resource,
                            const char *const conditions[2][2], struct list *out)
{
    struct list_query query = {.limit = 1, .sort = "id"};
    for (int i = 0; i < 2; i++)
        (void)list_condition(cx, resource, conditions[i][0], conditions[i][1], &query);
    TRY(record_list(cx, resource, &query, out));
    return out->count ? OK : fail(cx, BROKEN, "record.not_found", resource->name, "");
}

static enum result find_site(struct desk_story *story, enum site site, const char *service,
                             const char *job)
{
    struct contract *contract = &story->contracts[site];
    struct list list;
    TRY(find_one(story->cx, &CONTRACTS,
                 (const char *const[2][2]){{"service", service}, {"state", "active"}}, &list));
    *contract = *(const struct contract *)list.rows;
    const char *provider = arena_printf(story->cx->mem, "%lld", (long long)contract->provider_id);
    TRY(find_one(story->cx, &PEOPLE,
                 (const char *const[2][2]){{"organisation_id", provider}, {"job", job}}, &list));
    story->people[site] = ((const struct person *)list.rows)->id;
    return OK;
}

static struct instant hours_after(const struct desk_story *story, size_t entry, int hours)
{
    const struct date day =
        date_add(instant_date(story->today, SHANGHAI_OFFSET_MIN), ISSUES_OF[entry].days);
    const int minute = ISSUES_OF[entry].hour * 60 + (int)(entry * 17 % 55);
    return (struct instant){instant_of(day, minute, SHANGHAI_OFFSET_MIN).ms +
                            hours * INT64_C(3600000) + (hours ? 0 : INT64_C(780000))};
}

/* False for what has not happened yet. */
static bool at(struct desk_story *story, struct instant then)
{
    if (then.ms > story->today.ms)
        return false;
    story->cx->now = then;
    return true;
}

/* From here on told by this person. */
static void by(struct desk_story *story, int64_t person_id, const char *name)
{
    story->teller = ACTOR_SYSTEM;
    story->teller.person_id = person_id;
    story->teller.person_name = name;
    story->cx->actor = &story->teller;
}

static enum result fresh(struct desk_story *story, struct issue *issue)
{
    return record_get(story->cx, &ISSUES, issue->id, issue);
}

static enum result tell_solution(struct desk_story *story, size_t entry, struct issue *issue)
{
    if (!at(story, hours_after(story, entry, ISSUES_OF[entry].solve_h)))
        return OK;
    TRY(fresh(story, issue));
    by(story, issue->assigned_id, issue->assigned_name);
    TRY(issue_solve(story->cx, issue, ISSUES_OF[entry].solution, ISSUES_OF[entry].responsibility));
    if (!ISSUES_OF[entry].satisfaction ||
        !at(story, hours_after(story, entry, ISSUES_OF[entry].solve_h + 20)))
        return OK;
    TRY(fresh(story, issue));
    by(story, 0, "扫码报事人");
    if (ISSUES_OF[entry].satisfaction < 0)
        return issue_reopen(story->cx, issue, "昨天又有两位会员被重复拨打");
    return issue_confirm(story->cx, issue, ISSUES_OF[entry].satisfaction, "");
}

static enum result tell_issue(struct desk_story *story, size_t entry)
{
    const enum site site = ISSUES_OF[entry].site;
    const struct contract *contract = &story->contracts[site];
    struct issue issue = {.contract_id = contract->id,
                          .kind = ISSUES_OF[entry].kind,
                          .priority = ISSUES_OF[entry].priority,
                          .source = ISSUES_OF[entry].source,
                          .place = ISSUES_OF[entry].place,
                          .subject = ISSUES_OF[entry].subject,
                          .words = ISSUES_OF[entry].words,
                          .reporter = ISSUES_OF[entry].reporter};
    if (!at(story, hours_after(story, entry, 0)))
        story->cx->now = story->today;
    by(story, 0, *issue.reporter ? issue.reporter : "扫码报事人");
    TRY(record_add(story->cx, &ISSUES, &issue));
    if (ISSUES_OF[entry].assigned == PROVIDERS) {
        TRY(fresh(story, &issue));
        by(story, issue.assigned_id, issue.assigned_name);
        TRY(issue_assign(story->cx, &issue, story->people[site], 0, "属现场管理，请供方处理"));
    }
    if (ISSUES_OF[entry].answer_h &&
        at(story, hours_after(story, entry, ISSUES_OF[entry].answer_h))) {
        TRY(fresh(story, &issue));
        by(story, issue.assigned_id, issue.assigned_name);
        TRY(issue_answer(story->cx, &issue, ISSUES_OF[entry].answer));
    }
    return ISSUES_OF[entry].solve_h ? tell_solution(story, entry, &issue) : OK;
}

enum result demo_desk(struct ctx *cx, struct instant today)
{
    struct desk_story story = {.cx = cx, .today = today};
    const struct actor *teller = cx->actor;
    cx->actor = &ACTOR_SYSTEM;
    TRY(find_site(&story, CALLS, "outbound_call", "supervisor"));
    TRY(find_site(&story, CLEANING, "cleaning", "worker"));
    for (size_t i = 0; i < sizeof LINKS_OF / sizeof LINKS_OF[0]; i++) {
        struct issue_link link = {.contract_id = story.contracts[LINKS_OF[i].site].id,
                                  .place = LINKS_OF[i].place};
        TRY(record_add(cx, &ISSUE_LINKS, &link));
    }
    for (size_t i = 0; i < sizeof ISSUES_OF / sizeof ISSUES_OF[0]; i++)
        TRY(tell_issue(&story, i));
    cx->actor = teller;
    cx->now = today;
    return OK;
}
