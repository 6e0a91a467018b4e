/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A whole letter as the two sides exchange it; with LUYUE_LETTER=FILE it is left there to be
 * looked at. */
#include "paper/paper.h"
#include "paper/paper_test.h"

#include <pthread.h>

#define URL "https://luyue.example.cn/check/7K3F-92QD-M1XA"
#define HASH "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static const struct paper_column COLUMNS[] = {
    {"序号", 70, PAPER_CENTRE},  {"姓名", 115, PAPER_CENTRE},     {"工号", 130, PAPER_CENTRE},
    {"权限组", 212, PAPER_LEFT}, {"外显号码", 172, PAPER_CENTRE}, {"拟启用日期", 143, PAPER_CENTRE},
    {"备注", 158, PAPER_LEFT},
};
static const char *const AGENTS[][COUNT(COLUMNS)] = {
    {"1", "王喆", "WH20318", "外呼坐席（分期）", "021-60881201", "2026-03-16", ""},
    {"2", "李珺", "WH20319", "外呼坐席（分期）", "021-60881202", "2026-03-16", ""},
    {"3", "欧阳文静", "WH20320", "外呼坐席（分期）", "021-60881203", "2026-03-16", ""},
    {"4", "赵一鸣", "WH20321", "外呼坐席（分期）", "021-60881204", "2026-03-16", ""},
    {"5", "陈晓燕", "WH20322", "外呼坐席（权益）", "021-60881205", "2026-03-16", ""},
    {"6", "刘畅", "WH20323", "外呼坐席（权益）", "021-60881206", "2026-03-16", ""},
    {"7", "周敏", "WH20324", "外呼坐席（权益）", "021-60881207", "2026-03-18", "补训一日后启用"},
    {"8", "吴昊天", "WH20325", "外呼坐席（权益）", "021-60881208", "2026-03-18", ""},
    {"9", "郑雅婷", "WH20326", "班组长（录音调听）", "021-60881209", "2026-03-16", "兼质检联系人"},
    {"10", "孙立", "WH20327", "班组长（录音调听）", "021-60881210", "2026-03-16", ""},
};
static const char *const ATTACHMENTS[] = {
    "拟增开工号人员培训合格证明（10份）",
    "信息安全及客户资料保密承诺书（10份）",
};

static enum result letter(struct paper *paper, void *host)
{
    (void)host;
    paper_letterhead(paper, "华东银行信用卡中心");
    paper_number(paper, "华东信卡函〔2026〕18号");
    paper_title(paper, "关于增开外呼坐席工号的申请函");
    paper_addressee(paper, "上海声桥信息服务有限公司：");
    paper_text(paper,
               "根据双方签订的《电话外呼营销服务外包合同》（合同编号：HT-2026-012）第三条的约定，"
               "坐席工号及其权限由贵公司统一管理。因二季度账单分期项目扩容，现有坐席已不能满足"
               "业务需要，我中心申请自2026年3月16日起增开坐席工号10个，具体人员及权限见下表。");
    paper_table_begin(paper, COLUMNS, COUNT(COLUMNS));
    for (size_t i = 0; i < COUNT(AGENTS); i++)
        paper_row(paper, AGENTS[i]);
    paper_table_end(paper);
    paper_text(paper, "上述人员均已完成岗前培训并考核合格，已签署信息安全及客户资料保密承诺书。"
                      "请贵公司自收到本函之日起3个工作日内予以核实，并书面反馈办理结果；"
                      "核实未通过的，请注明原因。");
    paper_text(paper, "专此函达，请予支持。");
    paper_attachments(paper, ATTACHMENTS, COUNT(ATTACHMENTS));
    paper_closing(paper, "华东银行信用卡中心", date_of(2026, 3, 5));
    const struct paper_signature signatures[] = {
        {"甲方（委托方）：华东银行信用卡中心", "张建国（电销业务部负责人）",
         instant_of(date_of(2026, 3, 5), 14 * 60 + 32, SHANGHAI_OFFSET_MIN), HASH},
        {"乙方（受托方）：上海声桥信息服务有限公司", "林雪梅（外呼项目经理）",
         instant_of(date_of(2026, 3, 6), 9 * 60 + 5, SHANGHAI_OFFSET_MIN), HASH},
    };
    paper_signatures(paper, signatures, COUNT(signatures));
    return OK;
}

static const struct paper_head HEAD = {
    .title = "关于增开外呼坐席工号的申请函",
    .made = {1772764800000},
    .watermark = "林雪梅　2026-03-06 09:12",
    .check_code = "7K3F-92QD-M1XA",
    .check_url = URL,
};

static struct span letter_bytes(struct ctx *cx)
{
    struct span pdf = {0};
    assert_int_equal(paper_bytes(cx, &HEAD, letter, NULL, &pdf), OK);
    return pdf;
}

static void keep_letter(struct desk *desk)
{
    struct span pdf = letter_bytes(&desk->cx);
    keep(desk, "letter.pdf", pdf);
    if (getenv("LUYUE_LETTER")) {
        FILE *file = fopen(getenv("LUYUE_LETTER"), "wb");
        assert_non_null(file);
        assert_int_equal(paper_to_file(file, pdf.at, pdf.len), OK);
        (void)fclose(file);
    }
}

static void every_text_is_found_again(void **state)
{
    struct desk *desk = *state;
    keep_letter(desk);
    const char *text = tool(desk, "pdftotext -raw letter.pdf - | tr -d '\\n '");
    static const char *const FOUND[] = {
        "华东信卡函〔2026〕18号",
        "关于增开外呼坐席工号的申请函",
        "上海声桥信息服务有限公司：",
        "坐席工号及其权限由贵公司统一管理",
        "欧阳文静",
        "WH20327",
        "补训一日后启用",
        "附件：",
        "2.",
        "2026年3月5日",
        "签署人：张建国（电销业务部负责人）",
        "签署时间：2026-03-0514:32:00+08:00",
        HASH,
        "约定的电子签名",
        "验证码：7K3F-92QD-M1XA",
        URL,
        "第1页共2页",
        "第2页共2页",
    };
    for (size_t i = 0; i < COUNT(FOUND); i++)
        if (!strstr(text, FOUND[i]))
            fail_msg("%s is missing in %s", FOUND[i], text);
}

static void fonts_are_embedded_as_subsets(void **state)
{
    struct desk *desk = *state;
    keep_letter(desk);
    assert_string_equal(
        tool(desk, "pdffonts letter.pdf | sed 1,2d | "
                   "sed -E 's/^[A-Z]{6}[+]//; s/ +[0-9]+ +[0-9]+ *$//; s/ +/ /g' | sort -u"),
        "NotoSansCJKsc-Regular CID Type 0C Identity-H yes yes yes\n"
        "NotoSerifCJKsc-Bold CID Type 0C Identity-H yes yes yes\n"
        "NotoSerifCJKsc-Regular CID Type 0C Identity-H yes yes yes\n");
}

static void properties_tell_title_and_time(void **state)
{
    struct desk *desk = *state;
    keep_letter(desk);
    const char *info = tool(desk, "TZ=Asia/Shanghai pdfinfo -isodates letter.pdf");
    assert_non_null(strstr(info, "关于增开外呼坐席工号的申请函\n"));
    assert_non_null(strstr(info, "CreationDate:    2026-03-06T10:40:00+08\n"));
    assert_non_null(strstr(info, "(A4)"));
}

static void the_code_on_the_page_opens_the_address(void **state)
{
    struct desk *desk = *state;
    keep_letter(desk);
    assert_string_equal(tool(desk, "pdftoppm -r 150 -png letter.pdf page && " SCAN " page-1.png"),
                        URL "\n");
}

static void the_same_letter_has_the_same_hash(void **state)
{
    struct desk *desk = *state;
    char first[SHA256_HEX], second[SHA256_HEX];
    struct span pdf = letter_bytes(&desk->cx);
    sha256_hex(pdf.at, pdf.len, first);
    pdf = letter_bytes(&desk->cx);
    sha256_hex(pdf.at, pdf.len, second);
    assert_string_equal(first, second);
}

static void *letter_hash(void *hex)
{
    struct ctx cx = {.mem = arena_new()};
    struct span pdf = {0};
    for (int i = 0; i < 2; i++)
        if (paper_bytes(&cx, &HEAD, letter, NULL, &pdf) == OK)
            sha256_hex(pdf.at, pdf.len, hex);
    arena_free(cx.mem);
    return NULL;
}

static void threads_print_the_same_at_once(void **state)
{
    struct desk *desk = *state;
    char hex[3][SHA256_HEX] = {0}, alone[SHA256_HEX];
    pthread_t threads[COUNT(hex)];
    for (size_t i = 0; i < COUNT(hex); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, letter_hash, hex[i]), 0);
    for (size_t i = 0; i < COUNT(hex); i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    struct span pdf = letter_bytes(&desk->cx);
    sha256_hex(pdf.at, pdf.len, alone);
    for (size_t i = 0; i < COUNT(hex); i++)
        assert_string_equal(hex[i], alone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_text_is_found_again),         TEST(fonts_are_embedded_as_subsets),
        TEST(properties_tell_title_and_time),    TEST(the_code_on_the_page_opens_the_address),
        TEST(the_same_letter_has_the_same_hash), TEST(threads_print_the_same_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, fonts_forget);
}
