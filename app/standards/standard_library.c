/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What practice asks for, service by service: a beginning, which every project fits to its
 * contract. Where practice differs (how often, how many points) these are usual values, no rule. */
#include "app/standards/standard_private.h"

/* clang-format off */
#define ITEM(category_, place_, text_, method_, frequency_, sample_, points_, deduction_, ...)              \
    {.category = CATEGORY_##category_, .place = (place_), .text = (text_), .method = BY_##method_,          \
     .frequency = FREQUENCY_##frequency_, .sample = (sample_), .points = {(points_) * 100},                 \
     .deduction = {(int64_t)((deduction_) * 10) * 10}, __VA_ARGS__}

static const struct standard_item CLEANING[] = {
    ITEM(QUALIFICATION, "资料", "营业执照、清洁服务资质与保险在有效期内，复印件留存项目",          RECORDS,    QUARTERLY,   "全部",      4, 2),
    ITEM(PERSONNEL,     "岗位", "按合同定员到岗，缺员当日补齐",                                    COUNT,      DAILY,       "全部岗位",  8, 2,   .photo = false),
    ITEM(PERSONNEL,     "岗位", "着工装、佩工牌，岗前培训有记录，人证一致",                        SIGHT,      DAILY,       "全部在岗",  4, 0.5),
    ITEM(EQUIPMENT,     "工具间", "工具分色分区，药剂贴标签、专人保管，设备完好",                  SIGHT,      WEEKLY,      "全部",      6, 1,   .photo = true),
    ITEM(PROCESS,       "楼内地面", "每日清扫两次、拖洗一次，作业时放置防滑警示牌",                SIGHT,      DAILY,       ">20%",      8, 1,   .photo = true),
    ITEM(PROCESS,       "卫生间", "每两小时巡回保洁一次，签到表实时填写",                          RECORDS,    DAILY,       "全部",      8, 1),
    ITEM(PROCESS,       "垃圾", "垃圾日产日清，收集点不满溢，清运后擦拭消毒",                      SIGHT,      DAILY,       "全部",      8, 2,   .photo = true),
    ITEM(RESULT,        "大堂与电梯厅", "地面、墙面、玻璃无灰尘、污迹、水渍，石材光亮",            SIGHT,      DAILY,       ">20%",      10, 1,  .photo = true),
    ITEM(RESULT,        "扶手、信报箱、开关", "纸巾擦拭 20 厘米无明显污迹",                        TOUCH,      DAILY,       ">20%",      8, 0.5, .photo = true),
    ITEM(RESULT,        "卫生间", "无异味、无积水，便器洁净，洗手液与纸品不断供",                  SMELL,      DAILY,       ">20%",      10, 1,  .photo = true),
    ITEM(RESULT,        "园区道路与绿地", "无成片垃圾、烟头与积水，标识宣传栏洁净",                SIGHT,      DAILY,       ">20%",      6, 1,   .photo = true),
    ITEM(RESULT,        "天花、墙面、灯具", "季度除尘，无蛛网积灰",                                SIGHT,      QUARTERLY,   ">20%",      4, 1,   .photo = true),
    ITEM(RESULT,        "石材", "光泽度不低于合同约定值",                                          INSTRUMENT, HALF_YEARLY, "抽测 5 点", 4, 1),
    ITEM(SAFETY,        "高处与外墙", "登高作业有监护、系安全带，区域围挡；违者立即停工",          SIGHT,      EACH_TIME,   "全部",      6, 6,   .photo = true, .fatal = true),
    ITEM(RECORDS,       "台帐", "日常作业、消毒与培训记录当日填写、真实完整",                      RECORDS,    WEEKLY,      "全部",      6, 1),
};

static const struct standard_item GREENING[] = {
    ITEM(QUALIFICATION, "资料", "营业执照与绿化养护资质在有效期内",                                RECORDS,    QUARTERLY,   "全部",      4, 2),
    ITEM(PERSONNEL,     "岗位", "养护人员按定员到岗，打药与修剪人员经培训",                        COUNT,      WEEKLY,      "全部岗位",  6, 2),
    ITEM(EQUIPMENT,     "机具药肥", "机具有防护罩，农药登记证号可查、专库专人保管",                RECORDS,    MONTHLY,     "全部",      6, 2,   .photo = true),
    ITEM(PROCESS,       "草坪", "生长季每月修剪两次，草屑当日清运",                                SIGHT,      HALF_MONTHLY, "面积 10%", 8, 2,   .photo = true),
    ITEM(PROCESS,       "绿篱与造型", "按期修剪，不超过定型高度 5 厘米，线条完整",                 SIGHT,      MONTHLY,     "面积 10%",  8, 1,   .photo = true),
    ITEM(PROCESS,       "浇水施肥", "按季节计划浇水、施肥、松土除草，防冻防台措施到位",            RECORDS,    WEEKLY,      "全部",      8, 2),
    ITEM(PROCESS,       "病虫害", "按月防治，施药前公告并设警示",                                  RECORDS,    MONTHLY,     "全部",      6, 2,   .photo = true),
    ITEM(RESULT,        "乔灌木", "成活率不低于 95%，死株三日内补栽",                              COUNT,      MONTHLY,     "面积 10%",  14, 2,  .photo = true),
    ITEM(RESULT,        "草坪", "覆盖率不低于 98%，无成片裸露与杂草",                              SIGHT,      WEEKLY,      "面积 10%",  10, 2,  .photo = true),
    ITEM(RESULT,        "长势", "叶色正常，无明显病虫害与枯枝",                                    SIGHT,      WEEKLY,      "面积 10%",  10, 1,  .photo = true),
    ITEM(RESULT,        "绿地清洁", "无白色垃圾、枯枝落叶不过夜",                                  SIGHT,      DAILY,       "全部",      8, 0.5, .photo = true),
    ITEM(SAFETY,        "作业现场", "机械作业设围挡，高处修剪有监护；违者立即停工",                SIGHT,      EACH_TIME,   "全部",      6, 6,   .photo = true, .fatal = true),
    ITEM(RECORDS,       "台帐", "养护日志、用药用肥与补栽记录齐全",                                RECORDS,    MONTHLY,     "全部",      6, 1),
};

static const struct standard_item PEST_CONTROL[] = {
    ITEM(QUALIFICATION, "资料", "有害生物防制服务资质在有效期内",                                  RECORDS,    QUARTERLY,   "全部",      6, 3),
    ITEM(PERSONNEL,     "人员", "作业人员持证、着防护装备，专人全程跟踪",                          SIGHT,      EACH_TIME,   "全部",      10, 2),
    ITEM(EQUIPMENT,     "药剂", "药剂有农药登记证号，在有效期内，浓度与用量有记录",                RECORDS,    EACH_TIME,   "全部",      12, 3,  .photo = true),
    ITEM(PROCESS,       "公告", "施药前提前三天张贴公告，写明地点、时间与误食急救",                SIGHT,      EACH_TIME,   "全部",      12, 12, .photo = true, .fatal = true),
    ITEM(PROCESS,       "频次", "4 至 10 月每月不少于四次，其余月份不少于一次",                    RECORDS,    MONTHLY,     "全部",      10, 5),
    ITEM(RESULT,        "鼠", "鼠迹阳性与鼠密度符合合同约定，死鼠按期清理",                        INSTRUMENT, MONTHLY,     "布点抽测",  10, 2,  .photo = true),
    ITEM(RESULT,        "蚊蝇", "蚊蝇孳生地阳性不超过 5%，积水及时处理",                           COUNT,      MONTHLY,     "布点抽测",  10, 2,  .photo = true),
    ITEM(RESULT,        "蟑螂", "蟑螂侵害率不超过合同约定",                                        COUNT,      MONTHLY,     "布点抽测",  10, 2,  .photo = true),
    ITEM(SAFETY,        "投放点", "禁放人畜易及处，设警示标识，残余药剂与饵料按期清理",            SIGHT,      EACH_TIME,   "全部",      10, 10, .photo = true, .fatal = true),
    ITEM(RECORDS,       "台帐", "作业记录与服务质量检验表逐次完成并经双方签字",                    RECORDS,    EACH_TIME,   "全部",      10, 2),
};

static const struct standard_item ENGINEERING[] = {
    ITEM(QUALIFICATION, "资料", "维保许可与人员证件在有效期内，复印件留存项目",                    RECORDS,    QUARTERLY,   "全部",      6, 3),
    ITEM(PERSONNEL,     "作业人员", "持证上岗、人证一致；无证作业立即停止",                        SIGHT,      EACH_TIME,   "全部",      8, 8,   .fatal = true),
    ITEM(EQUIPMENT,     "备件", "常用备件有库存，更换件合格证齐全",                                COUNT,      MONTHLY,     "抽查 5 种", 6, 1),
    ITEM(PROCESS,       "计划", "年度与月度计划按期执行，无漏保",                                  RECORDS,    MONTHLY,     "全部",      10, 2),
    ITEM(PROCESS,       "电梯半月保养", "每台每次不少于 60 分钟，先告知、后验收签字",              RECORDS,    HALF_MONTHLY, "每台",     10, 2,  .photo = true),
    ITEM(PROCESS,       "应急", "困人救援 30 分钟内到场，报修按约定时限到场",                      RECORDS,    EACH_TIME,   "全部",      10, 5),
    ITEM(RESULT,        "设备运行", "设备运行正常，无异响、渗漏与报警，机房整洁",                  TEST,       WEEKLY,      "抽查 20%",  14, 2,  .photo = true),
    ITEM(RESULT,        "故障率", "同一故障当月不重复发生，一般故障 24 小时内恢复",                RECORDS,    MONTHLY,     "全部",      10, 2),
    ITEM(RESULT,        "消防联动", "联动测试动作正确，年度全面检测合格",                          TEST,       YEARLY,      "全部",      8, 4,   .photo = true),
    ITEM(SAFETY,        "作业现场", "断电挂牌、动火审批、有限空间监护；违者立即停工",              SIGHT,      EACH_TIME,   "全部",      10, 10, .photo = true, .fatal = true),
    ITEM(RECORDS,       "台帐", "维保记录逐台完整，使用单位签字，月度总结按期报送",                RECORDS,    MONTHLY,     "全部",      8, 1),
};
/* clang-format on */

#define LIBRARY(items)                                                                             \
    {                                                                                              \
        items, sizeof(items) / sizeof(items)[0]                                                    \
    }
static const struct {
    const struct standard_item *items;
    size_t count;
} LIBRARIES[] = {
    [SERVICE_ENGINEERING] = LIBRARY(ENGINEERING),
    [SERVICE_CLEANING] = LIBRARY(CLEANING),
    [SERVICE_GREENING] = LIBRARY(GREENING),
    [SERVICE_PEST_CONTROL] = LIBRARY(PEST_CONTROL),
};

const struct standard_item *standard_library(enum service service, size_t *out_count)
{
    const bool known = (size_t)service < sizeof LIBRARIES / sizeof LIBRARIES[0];
    *out_count = known ? LIBRARIES[service].count : 0;
    return known ? LIBRARIES[service].items : NULL;
}
