/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/spec.h"

#include "app/attendance/attendance.h"
#include "app/contracts/contract.h"
#include "app/gate/call_rule.h"
#include "app/imports/imports.sql.h"
#include "app/standards/standard.h"

#include <string.h>

/* ---- for whom ---- */

enum result importer_find(struct ctx *cx, const struct import_spec *spec, int64_t organisation_id,
                          struct importer *out)
{
    struct unit unit;
    *out = (struct importer){cx->actor->organisation_id, cx->actor->unit_id};
    if (spec->own) {
        if (cx->actor->is_system)
            out->organisation_id = organisation_id;
        return out->organisation_id ? OK : fail(cx, INVALID, "import.whose");
    }
    if (cx->actor->is_system) {
        TRY(db_int(cx, &q_import_client, NO_PARAMS, &out->organisation_id));
        TRY(db_int(cx, &q_import_headquarters, PARAMS(P(out->organisation_id)), &out->unit_id));
    }
    if (!out->organisation_id || !out->unit_id)
        return fail(cx, CONFLICT, "import.no_client");
    TRY(record_get(cx, &UNITS, out->unit_id, &unit));
    /* Projects do not hang under a centre but beside it. */
    const bool is_centre = unit.kind >= UNIT_OPERATIONS_CENTRE && unit.kind <= UNIT_FINANCE_CENTRE;
    if (is_centre && unit.parent_id)
        out->unit_id = unit.parent_id;
    return OK;
}

/* ---- records that cells name ---- */

static enum result find_provider(struct ctx *cx, const struct importer *importer, const char *name,
                                 int64_t *out_id)
{
    return organisation_by_name(cx, name, out_id);
}

static void make_provider(const struct importer *importer, const char *name, void *record)
{
    struct organisation *organisation = record;
    organisation->name = name;
    organisation->side = SIDE_PROVIDER;
}

static enum result find_unit(struct ctx *cx, const struct importer *importer, const char *name,
                             int64_t *out_id)
{
    return unit_by_name(cx, importer->organisation_id, name, out_id);
}

static void make_unit(const struct importer *importer, const char *name, void *record)
{
    struct unit *unit = record;
    unit->organisation_id = importer->organisation_id;
    unit->parent_id = importer->unit_id;
    unit->kind = UNIT_PROJECT;
    unit->name = name;
}

static enum result find_person(struct ctx *cx, const struct importer *importer, const char *name,
                               int64_t *out_id)
{
    return person_by_name(cx, importer->organisation_id, name, out_id);
}

static void make_person(const struct importer *importer, const char *name, void *record)
{
    struct person *person = record;
    person->organisation_id = importer->organisation_id;
    person->unit_id = importer->unit_id;
    person->name = name;
    person->job = JOB_MANAGER;
}

static const struct import_link PROVIDER = {&ORGANISATIONS, find_provider, make_provider};
static const struct import_link PROJECT = {&UNITS, find_unit, make_unit};
static const struct import_link PARENT = {&UNITS, find_unit, NULL};
static const struct import_link STAFF = {&PEOPLE, find_person, make_person};

/* ---- cells that hold two things ---- */

#define PHONE_DIGITS_LEAST 7

/* Without blanks, separators and brackets at its ends. */
static const char *bare(struct arena *arena, const char *text, size_t len)
{
    static const char AROUND[] = " /,;:()-";
    static const char COMMA[] = "、";
    const size_t comma = sizeof COMMA - 1;
    for (size_t before = len + 1; before != len;) {
        before = len;
        size_t at_start = len && strchr(AROUND, text[0])                    ? 1
                          : len >= comma && memcmp(text, COMMA, comma) == 0 ? comma
                                                                            : 0;
        text += at_start;
        len -= at_start;
        if (len && strchr(AROUND, text[len - 1]))
            len--;
        else if (len >= comma && memcmp(text + len - comma, COMMA, comma) == 0)
            len -= comma;
    }
    return arena_copy(arena, text, len);
}

/* "陈涛 17791326740", "0571-88886666（陈涛）" */
static void split_contact(struct arena *arena, const char *cell, const char **out_first,
                          const char **out_second)
{
    static const char DIGITS[] = "0123456789-";
    const char *text = text_plain(arena, cell), *at = text + strcspn(text, DIGITS);
    size_t len = strspn(at, DIGITS);
    while (*at && len < PHONE_DIGITS_LEAST) {
        at += len;
        at += strcspn(at, DIGITS);
        len = strspn(at, DIGITS);
    }
    *out_second = bare(arena, at, len);
    *out_first = bare(arena, arena_printf(arena, "%.*s %s", (int)(at - text), text, at + len),
                      (size_t)(at - text) + 1 + strlen(at + len));
}

/* 2026-01-01至2026-12-31, 2026.1.1-2026.12.31 */
static void split_period(struct arena *arena, const char *cell, const char **out_first,
                         const char **out_second)
{
    static const char *const BETWEEN[] = {"至", "到", "~", "—", "–"};
    const char *text = text_plain(arena, cell), *at = NULL;
    size_t len = 1, dashes = 0;
    for (size_t i = 0; !at && i < sizeof BETWEEN / sizeof BETWEEN[0]; i++) {
        at = strstr(text, BETWEEN[i]);
        len = strlen(BETWEEN[i]);
    }
    for (const char *c = text; *c; c++)
        dashes += *c == '-';
    if (!at) { /* the dash in the middle */
        len = 1;
        at = strchr(text, '-');
        for (size_t i = 0; at && i < dashes / 2; i++)
            at = strchr(at + 1, '-');
    }
    *out_first = at ? bare(arena, text, (size_t)(at - text)) : text;
    *out_second = at ? bare(arena, at + len, strlen(at + len)) : "";
}

/* ---- cells that stand for more than they say ---- */

static const char *clause_meaning(struct arena *arena, const char *cell)
{
    static const char *const YES[] = {"有", "是", "√", "yes", "y"};
    static const char *const NO[] = {"无", "否", "×", "没有", "no", "n"};
    const char *key = text_search_key(arena, cell);
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++)
        if (strcmp(key, YES[i]) == 0)
            return "有（详见合同文本）";
    for (size_t i = 0; i < sizeof NO / sizeof NO[0]; i++)
        if (strcmp(key, NO[i]) == 0)
            return "";
    return cell;
}

/* ---- contracts: form F01 ---- */

/* clang-format off */
static const struct import_column CONTRACT_COLUMNS[] = {
    {"number",
     "合同编号|编号|合同号|合同编码|合同代码|contract no|contract no.|contract number|no."},
    {"name", "合同名称|名称|合同标题|contract name|contract|title"},
    {"kind", "服务类别|合同类别|类别|category"},
    {"service", "服务种类|服务类型|服务内容|种类|服务项目|service type"},
    {"unit_id", "项目|项目名称|所属项目|服务地点|管理处|site|unit", .link = &PROJECT},
    {"provider_id",
     "供方|供方名称|供应商|供应商名称|外包方|外包单位|承包方|承包单位|服务商|乙方|"
     "supplier|contractor|vendor", .link = &PROVIDER},
    {"provider_contact",
     "供方联系人及电话|供方联系人电话|供方联系人|供方联系方式|联系人及电话|联系人电话|"
     "联系方式|联系人|乙方联系人|contact|provider contact",
     .also = "provider_phone", .split = split_contact},
    {"provider_phone", "供方联系电话|联系电话|电话|手机|手机号|phone|mobile"},
    {"signed_on",
     "签订日期|签订日|签约日期|签约日|签署日期|签订时间|签约时间|signed|date signed"},
    {"starts_on",
     "合同期限|起止日期|合同起止日期|服务期限|合同期|履行期限|period|term",
     .also = "ends_on", .split = split_period},
    {"starts_on",
     "开始日期|开始日|起始日期|起始日|合同开始日期|合同起始日期|服务开始日期|生效日期|"
     "开始时间|起始时间|起|start|start date|starts|from"},
    {"ends_on",
     "结束日期|结束日|终止日期|终止日|到期日期|到期日|截止日期|截止日|合同结束日期|"
     "合同终止日期|合同到期日|结束时间|到期时间|止|end|end date|ends|expiry|until"},
    {"amount_fen",
     "合同金额|金额|合同总价|总价|总金额|合同价款|合同价|含税金额|合同金额含税|合同总额|"
     "amount|total|contract value"},
    {"net_amount_fen", "不含税金额|合同金额不含税|未税金额|不含税|net amount"},
    {"monthly_fee_fen", "月费|月费用|每月费用|月服务费|月度费用|月单价|monthly fee|monthly"},
    {"deposit_fen", "保证金|履约保证金|押金|deposit"},
    {"payment_terms", "付款方式|支付方式|结算方式|付款条件|payment"},
    {"assessment_clause", "考核条款|考核条款摘要|考核办法|考核要求|assessment"},
    {"served_party_clause",
     "被服务方评价条款|被服务方评价|最终被服务方评价|业主评价条款|评价条款|served party",
     .meaning = clause_meaning},
    {"no_subcontracting", "不转包声明|不转包不分包|禁止转包分包|禁止转包|no subcontracting"},
    {"retention_share", "质保金比例|质保金|保留金|retention"},
    {"warranty_months", "质保期|质保月数|保修期|warranty"},
    {"executor_id",
     "监管执行人|执行人|监管责任人|监管人|责任人|supervisor",
     .link = &STAFF, .missing = "no_executor"},
    {"contact_id", "专项配合人|配合人|专人配合", .link = &STAFF},
    {"alert_days", "到期提醒|提醒天数|到期提醒天数|alert"},
    {"remark", "备注|说明|备注说明|notes|remarks|comment"},
    {NULL},
};
static const struct import_choice CONTRACT_CHOICES[] = {
    {"kind", "长期|连续|连续性|长期服务|持续性|年度|long-term", "continuous"},
    {"kind", "单次|临时|零星|one-time|single", "one_off"},
    {"service", "工程|工程维护|维保|工程维保|设备维保|维修|maintenance", "engineering"},
    {"service", "清洁|清洁卫生|保洁服务|日常保洁", "cleaning"},
    {"service", "园林|园林绿化|绿化养护|绿化服务|gardening", "greening"},
    {"service", "消毒|有害生物防治|病媒生物消杀|四害消杀|灭四害|消杀服务", "pest_control"},
    {"service",
     "话务|呼叫|呼叫中心|电话外呼|外呼服务|客服外包|call centre|call center", "outbound_call"},
    {"service", "一次性|一次性服务|其它|杂项", "other"},
    {NULL, NULL, NULL},
};
/* clang-format on */

static enum result find_contract(struct ctx *cx, const struct importer *importer, const char *key,
                                 int64_t *out_id)
{
    return contract_by_number(cx, key, out_id);
}

static void begin_contract(const struct importer *importer, void *record)
{
    ((struct contract *)record)->client_id = importer->organisation_id;
}

static const struct import_spec CONTRACT_SPEC = {
    .resource = &CONTRACTS,
    .columns = CONTRACT_COLUMNS,
    .choices = CONTRACT_CHOICES,
    .find = find_contract,
    .taken = "duplicate_number",
    .begin = begin_contract,
};

/* ---- organisations ---- */

/* clang-format off */
static const struct import_column ORGANISATION_COLUMNS[] = {
    {"name", "单位名称|供方名称|供方|供应商|供应商名称|公司名称|企业名称|名称|company|supplier"},
    {"short_name", "简称|单位简称|short name"},
    {"side", "属于|单位性质|单位类型|身份|side"},
    {"credit_code", "统一社会信用代码|社会信用代码|信用代码|税号|credit code"},
    {"services", "服务种类|服务范围|服务内容|服务类型|services"},
    {"address", "地址|注册地址|联系地址|办公地址|address"},
    {"contact_name",
     "联系人|联系人及电话|联系人电话|联系方式|负责人|contact",
     .also = "contact_phone", .split = split_contact},
    {"contact_phone", "联系电话|电话|手机|手机号|phone"},
    {NULL},
};
static const struct import_choice ORGANISATION_CHOICES[] = {
    {"side", "甲方|发包方|委托单位", "client"},
    {"side", "乙方|供方|供应商|外包方|承包单位", "provider"},
    {"side", "第三方|调查机构", "third_party"},
    {"services", "工程日常维护|工程维护|维保|维修", "engineering"},
    {"services", "清洁|保洁服务", "cleaning"},
    {"services", "园林|绿化养护", "greening"},
    {"services", "消毒|有害生物防治", "pest_control"},
    {"services", "话务|呼叫|呼叫中心", "outbound_call"},
    {NULL, NULL, NULL},
};
/* clang-format on */

static void begin_organisation(const struct importer *importer, void *record)
{
    ((struct organisation *)record)->side = SIDE_PROVIDER;
}

static const struct import_spec ORGANISATION_SPEC = {
    .resource = &ORGANISATIONS,
    .columns = ORGANISATION_COLUMNS,
    .choices = ORGANISATION_CHOICES,
    .find = find_provider,
    .taken = "taken",
    .begin = begin_organisation,
};

/* ---- units ---- */

static const struct import_column UNIT_COLUMNS[] = {
    {"name", "项目名称|项目|部门名称|部门|单位名称|名称|project|unit"},
    {"kind", "类型|类别|单位类型|kind"},
    {"parent_id", "上级|上级部门|上级单位|所属事业部|事业部|所属部门|parent", .link = &PARENT},
    {NULL},
};
static const struct import_choice UNIT_CHOICES[] = {
    {"kind", "管理处|小区|物业项目", "project"},
    {"kind", "集团|集团总部", "headquarters"},
    {"kind", "子公司|分公司", "subsidiary"},
    {NULL, NULL, NULL},
};

static void begin_unit(const struct importer *importer, void *record)
{
    make_unit(importer, "", record);
}

static const struct import_spec UNIT_SPEC = {
    .resource = &UNITS,
    .columns = UNIT_COLUMNS,
    .choices = UNIT_CHOICES,
    .find = find_unit,
    .taken = "taken",
    .begin = begin_unit,
};

/* ---- numbers that are not to be called ---- */

static const struct import_column DO_NOT_CALL_COLUMNS[] = {
    {"number", "号码|电话|电话号码|手机|手机号|手机号码|被叫号码|被叫|number|phone|callee"},
    {"source", "来源|渠道|source"},
    {"reason", "说明|原因|备注|理由|reason|note"},
    {"until", "禁呼至|截止日期|有效期|到期日|until"},
    {NULL},
};
static const struct import_choice DO_NOT_CALL_CHOICES[] = {
    {"source", "本人|本人拒绝|被叫|客户拒绝", "called_person"},
    {"source", "客诉|用户投诉", "complaint"},
    {"source", "名单|甲方|甲方名单|黑名单", "client_list"},
    {"source", "监管|工信部|12321", "regulator"},
    {NULL, NULL, NULL},
};

static enum result find_do_not_call(struct ctx *cx, const struct importer *importer,
                                    const char *key, int64_t *out_id)
{
    return do_not_call_find(cx, importer->organisation_id, key, out_id);
}

static void begin_do_not_call(const struct importer *importer, void *record)
{
    struct do_not_call *refusal = record;
    refusal->organisation_id = importer->organisation_id;
    refusal->source = SAID_BY_CLIENT;
}

static const struct import_spec DO_NOT_CALL_SPEC = {
    .resource = &DO_NOT_CALL,
    .columns = DO_NOT_CALL_COLUMNS,
    .choices = DO_NOT_CALL_CHOICES,
    .find = find_do_not_call,
    .taken = "taken",
    .begin = begin_do_not_call,
};

/* ---- people: personnel's roster (V5.1.4) ---- */

static const struct import_column PERSON_COLUMNS[] = {
    {"staff_number", "工号|员工号|员工编号|人员编号|编号|staff no|staff no.|employee no",
     .missing = "missing"},
    {"name", "姓名|员工姓名|人员姓名|name"},
    {"job", "岗位|职务|职位|工种|岗位名称|job|position"},
    {"id_card", "身份证号|身份证|身份证号码|证件号|证件号码|公民身份号码|id number|id card"},
    {"phone", "手机|手机号|手机号码|电话|联系电话|phone|mobile"},
    {"joined_on", "入职日期|入职时间|入职日|到岗日期|joined|start date"},
    {"left_on", "离职日期|离职时间|离职日|left"},
    {"employed_by", "社保缴纳单位|社保单位|缴纳单位|参保单位|用工单位|insured by|employer"},
    {NULL},
};
static const struct import_choice PERSON_CHOICES[] = {
    {"job", "坐席|座席|外呼员|客服|客服专员|电话员", "agent"},
    {"job", "值班长|值班主管|值班", "duty_manager"},
    {"job", "督导|班组长|组长|班长", "supervisor"},
    {"job", "质检|质检专员|质量检查", "qa"},
    {"job", "项目经理|经理|主管|运营经理", "manager"},
    {"job", "驻场管理员|派驻|驻场", "resident"},
    {"job", "保洁员|绿化工|工人|操作工|作业员", "worker"},
    {NULL, NULL, NULL},
};

static enum result find_staff_number(struct ctx *cx, const struct importer *importer,
                                     const char *key, int64_t *out_id)
{
    return person_by_staff_number(cx, importer->organisation_id, key, out_id);
}

static void begin_person(const struct importer *importer, void *record)
{
    struct person *person = record;
    person->organisation_id = importer->organisation_id;
    person->unit_id = importer->unit_id;
}

static const struct import_spec PERSON_SPEC = {
    .resource = &PEOPLE,
    .columns = PERSON_COLUMNS,
    .choices = PERSON_CHOICES,
    .find = find_staff_number,
    .once = "id_card",
    .taken = "taken",
    .begin = begin_person,
    .own = true,
};

/* ---- clockings: a machine's file (C2.3) ---- */

static const struct import_column CLOCKING_COLUMNS[] = {
    {"number", "工号|考勤号|考勤编号|卡号|人员编号|员工编号|编号|staff no|number"},
    {"said_name", "姓名|员工姓名|人员姓名|name"},
    {"day", "日期|考勤日期|打卡日期|date|day"},
    {"came", "上班|上班时间|上班打卡|签到|签到时间|最早打卡|in|clock in", .meaning = clock_meaning},
    {"went", "下班|下班时间|下班打卡|签退|签退时间|最晚打卡|out|clock out",
     .meaning = clock_meaning},
    {"note", "备注|说明|考勤结果|异常|remark|note"},
    {NULL},
};
static const struct import_choice NO_CHOICES[] = {{NULL, NULL, NULL}};

static enum result find_clocking(struct ctx *cx, const struct importer *importer, const char *key,
                                 int64_t *out_id)
{
    return clocking_find(cx, importer->organisation_id, key, out_id);
}

static void begin_clocking(const struct importer *importer, void *record)
{
    ((struct clocking *)record)->organisation_id = importer->organisation_id;
}

static void complete_clocking(struct ctx *cx, void *record)
{
    clocking_code(cx, record);
}

static const struct import_spec CLOCKING_SPEC = {
    .resource = &CLOCKINGS,
    .columns = CLOCKING_COLUMNS,
    .choices = NO_CHOICES,
    .find = find_clocking,
    .taken = "taken",
    .begin = begin_clocking,
    .own = true,
    .also_called = "attendance",
    .complete = complete_clocking,
};

/* ---- items of a standard that is still a draft: form F04 (V6.1.2.3) ---- */

static enum result find_draft(struct ctx *cx, const struct importer *importer, const char *name,
                              int64_t *out_id)
{
    return standard_draft_of_name(cx, importer->organisation_id, name, out_id);
}

static const struct import_link DRAFT = {&STANDARDS, find_draft, NULL};

static const struct import_column ITEM_COLUMNS[] = {
    {"standard_id", "检查标准|标准名称|所属标准|standard", .link = &DRAFT, .missing = "missing"},
    {"category", "类别|检查类别|category"},
    {"place", "部位|检查部位|项目|检查项目|place"},
    {"text", "标准要求|内容及标准|标准|检查内容|检查标准内容|要求|what is asked for"},
    {"said_term", "合同条款号|合同条款|条款号|条款|对应条款|对应合同条款|term"},
    {"method", "检查方法|方法|method"},
    {"frequency", "频次|检查频次|frequency"},
    {"sample", "抽样范围|范围|抽样|sample"},
    {"points", "分值|标准分|满分|points"},
    {"deduction", "每处扣分|扣分|扣分规则|扣分标准|deduction"},
    {"photo", "须拍照|拍照|照片|photo"},
    {"fatal", "一票否决|否决项|红线|fatal"},
    {NULL},
};
static const struct import_choice ITEM_CHOICES[] = {
    {"category", "资格|资质要求", "qualification"},
    {"category", "人员配备|岗位|人员要求", "personnel"},
    {"category", "机具物料|机具物料药剂|工具|设备|物料", "equipment"},
    {"category", "作业|过程|作业频次与流程", "process"},
    {"category", "结果|效果|质量标准|质量", "result"},
    {"category", "安全与环保|安全管理", "safety"},
    {"category", "台帐|台账|资料|资料台帐", "records"},
    {"method", "看|查看|观察", "sight"},
    {"method", "手摸|擦拭", "touch"},
    {"method", "闻", "smell"},
    {"method", "仪表|仪器|测量", "instrument"},
    {"method", "查资料|查台帐|查记录|查阅", "records"},
    {"method", "点数|盘点", "count"},
    {"method", "试机|测试", "test"},
    {"frequency", "每次|逐次", "each_time"},
    {"frequency", "日检|日|每天|1次/日", "daily"},
    {"frequency", "周检|周|每星期|1次/周", "weekly"},
    {"frequency", "半月", "half_monthly"},
    {"frequency", "月检|月|1次/月", "monthly"},
    {"frequency", "季检|季|季度|每季度", "quarterly"},
    {"frequency", "半年", "half_yearly"},
    {"frequency", "年检|年|1次/年", "yearly"},
    {NULL, NULL, NULL},
};

static enum result find_item(struct ctx *cx, const struct importer *importer, const char *key,
                             int64_t *out_id)
{
    (void)importer;
    return standard_item_of_code(cx, key, out_id);
}

static void begin_item(const struct importer *importer, void *record)
{
    (void)importer;
    (void)record;
}

static void complete_item(struct ctx *cx, void *record)
{
    standard_item_code(cx, record);
}

static const struct import_spec ITEM_SPEC = {
    .resource = &STANDARD_ITEMS,
    .columns = ITEM_COLUMNS,
    .choices = ITEM_CHOICES,
    .find = find_item,
    .taken = "taken",
    .begin = begin_item,
    .complete = complete_item,
};

/* ---- all ---- */

const struct import_spec *const IMPORT_SPECS[] = {
    &CONTRACT_SPEC,    &ORGANISATION_SPEC, &UNIT_SPEC, &PERSON_SPEC,
    &DO_NOT_CALL_SPEC, &CLOCKING_SPEC,     &ITEM_SPEC, NULL};

const struct import_spec *import_spec_find(const char *resource)
{
    for (const struct import_spec *const *spec = IMPORT_SPECS; *spec; spec++)
        if (strcmp((*spec)->resource->name, resource) == 0 ||
            ((*spec)->also_called && strcmp((*spec)->also_called, resource) == 0))
            return *spec;
    return NULL;
}
