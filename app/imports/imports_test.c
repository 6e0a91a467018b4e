/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/pass.h"
#include "app/test_world.h"

#define HEADER "合同编号,合同名称,类别,种类,项目,供方,联系人及电话,合同期限,金额,监管执行人\n"
#define PERIOD "2026-01-01至2026-12-31"

/* ---- one pass over a file ---- */

struct file {
    struct world *world;
    const char *text;
    struct plan plan;
    struct pass pass;
    char found[1000]; /* "row field code" of every fault, with semicolons between */
};

static struct arena *remembered; /* by the pass that runs; cx's arena is given back row by row */

static enum result note_bad(void *host, const struct bad_row *bad)
{
    struct file *file = host;
    for (const struct field_fault *fault = bad->faults; fault; fault = fault->next) {
        size_t used = strlen(file->found);
        snprintf(file->found + used, sizeof file->found - used, "%s%d %s %s", used ? "; " : "",
                 bad->row->number, fault->field, fault->code);
    }
    return OK;
}

static void pass_new(struct file *file, struct ctx *cx)
{
    arena_reset(remembered);
    file->pass = (struct pass){
        .cx = cx,
        .mem = remembered,
        .spec = import_spec_find("contracts"),
        .plan = &file->plan,
        .host = file,
        .bad_row = note_bad,
    };
}

static struct file *file_of(struct world *world, const char *text)
{
    struct file *file = ARENA_NEW(world->test.arena, struct file);
    struct preview *preview = ARENA_NEW(world->test.arena, struct preview);
    file->world = world;
    file->text = text;
    assert_int_equal(preview_read(&world->test.cx, text, strlen(text), preview), OK);
    plan_guess(world->test.arena, import_spec_find("contracts"), preview, 0, &file->plan);
    pass_new(file, &world->test.cx);
    return file;
}

static enum result dry_run(struct file *file)
{
    return pass_run(&file->pass, file->text, strlen(file->text));
}

static enum result write_run(struct ctx *cx, void *host)
{
    struct file *file = host;
    bool good_rows = file->pass.good_rows;
    pass_new(file, cx);
    file->pass.writes = true;
    file->pass.good_rows = good_rows;
    return pass_run(&file->pass, file->text, strlen(file->text));
}

static enum result import(struct file *file, bool good_rows)
{
    file->pass.good_rows = good_rows;
    return attempt(file->world, write_run, file);
}

static struct contract contract_of(struct world *world, const char *number)
{
    struct contract contract;
    int64_t id;
    assert_int_equal(contract_by_number(&world->test.cx, number, &id), OK);
    assert_int_not_equal(id, 0);
    get(world, &CONTRACTS, id, &contract);
    return contract;
}

static int64_t count(struct world *world, const char *sql)
{
    struct query query = db_query("count", sql, 0);
    int64_t counted;
    assert_int_equal(db_int(&world->test.cx, &query, NO_PARAMS, &counted), OK);
    return counted;
}

/* ---- finding the way ---- */

static void a_header_is_found_below_titles_and_its_columns_by_their_words(void **state)
{
    struct file *file = file_of(*state, "外包合同台帐,,\n填报单位:某部,,单位:元\n\n"
                                        "序号,*合同编号,合 同 金 额（元）,乙方,备用\n");
    assert_int_equal(file->plan.header_row, 4);
    assert_string_equal(plan_mapping((*(struct world **)state)->test.arena, &file->plan),
                        ",number,amount_fen,provider_id,");
}

static void a_file_without_known_columns_has_no_header(void **state)
{
    assert_int_equal(file_of(*state, "a,b,c\n1,2,3\n")->plan.header_row, 0);
}

static void of_two_columns_for_a_field_the_first_counts(void **state)
{
    struct file *file = file_of(*state, "编号,合同期限,结束日期,合同编号\n");
    assert_int_equal(plan_column_of(&file->plan, "number"), 0);
    assert_int_equal(plan_column_of(&file->plan, "ends_on"), 1);
    assert_null(file->plan.columns[2]);
    assert_null(file->plan.columns[3]);
}

static void amounts_without_a_unit_have_the_tables_unit(void **state)
{
    struct world *world = *state;
    struct file *file =
        file_of(world, "金额单位：万元\n" HEADER "W-1,甲,长期,清洁,P,供方,," PERIOD ",12.5,某人\n"
                       "W-2,乙,长期,清洁,P,供方,," PERIOD ",3000元,某人\n");
    assert_int_equal(import(file, false), OK);
    assert_int_equal(contract_of(world, "W-1").amount_fen.fen, 12500000);
    assert_int_equal(contract_of(world, "W-2").amount_fen.fen, 300000);
}

/* ---- rows and cells ---- */

static void totals_signatures_blanks_and_repeated_headers_are_no_rows(void **state)
{
    struct file *file = file_of(*state, HEADER "A-1,甲,长期,清洁,P,供方,," PERIOD ",1,某人\n"
                                               ",,,,,,,,,\n" HEADER "小计,,,,,,,,1,\n"
                                               "A-2,甲,长期,清洁,P,供方,," PERIOD ",1,某人\n"
                                               " 合 计 ,,,,,,,,2,\n制表人：张三,,,审核人：李四\n");
    assert_int_equal(dry_run(file), OK);
    assert_string_equal(file->found, "");
    assert_int_equal(file->pass.rows, 2);
}

static void a_cell_may_hold_a_name_and_a_phone(void **state)
{
    static const struct {
        const char *cell, *contact, *masked;
    } CELLS[] = {
        {"陈涛 17791326740", "陈涛", "177****6740"},
        {"17791326740（陈涛）", "陈涛", "177****6740"},
        {"陈涛：177 9132", "陈涛:177 9132", ""},
        {"陈涛、17791326740", "陈涛", "177****6740"},
        {"陈涛", "陈涛", ""},
        {"—", "", ""},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CELLS / sizeof CELLS[0]; i++) {
        const char *number = arena_printf(world->test.arena, "C-%zu", i);
        const char *text =
            arena_printf(world->test.arena, HEADER "%s,甲,长期,清洁,P,供方,%s," PERIOD ",1,某人\n",
                         number, CELLS[i].cell);
        assert_int_equal(import(file_of(world, text), false), OK);
        struct contract contract = contract_of(world, number);
        assert_string_equal(contract.provider_contact, CELLS[i].contact);
        assert_string_equal(contract.provider_phone.masked, CELLS[i].masked);
    }
}

static void a_cell_may_hold_a_whole_period(void **state)
{
    static const char *const CELLS[] = {"2026-01-01至2026-12-31", "2026.1.1-2026.12.31",
                                        "2026年1月1日 ~ 2026年12月31日", "2026-1-1-2026-12-31",
                                        "２０２６/１/１—２０２６/１２/３１"};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CELLS / sizeof CELLS[0]; i++) {
        const char *number = arena_printf(world->test.arena, "P-%zu", i);
        const char *text = arena_printf(
            world->test.arena, HEADER "%s,甲,长期,清洁,P,供方,,%s,1,某人\n", number, CELLS[i]);
        assert_int_equal(import(file_of(world, text), false), OK);
        struct contract contract = contract_of(world, number);
        assert_int_equal(contract.starts_on.days, date_of(2026, 1, 1).days);
        assert_int_equal(contract.ends_on.days, date_of(2026, 12, 31).days);
    }
}

static void every_wrong_cell_of_a_row_is_named_once(void **state)
{
    static const struct {
        const char *row, *found;
    } ROWS[] = {
        {",甲,长期,清洁,P,供方,," PERIOD ",1,某人", "2 number missing"},
        {"B,甲,怎样,清洁,P,供方,," PERIOD ",1,某人", "2 kind bad_choice"},
        {"B,甲,长期,清洁,P,供方,,2026-02-30至2026-12-31,面议,",
         "2 starts_on bad_date; 2 amount_fen bad_amount; 2 executor_id no_executor"},
        {"B,甲,长期,清洁,P,供方,,2026-12-31至2026-01-01,1,某人", "2 ends_on ends_before_start"},
        {"B,甲,长期,清洁,P,,," PERIOD ",1,某人", "2 provider_id missing"},
        {"B,甲,长期,清洁,P,供方,," PERIOD ",1,"
         "名字太长名字太长名字太长名字太长名字太长名字太长名字太长名字太长名字太长名字太长名字",
         "2 executor_id too_long"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct file *file =
            file_of(world, arena_printf(world->test.arena, HEADER "%s\n", ROWS[i].row));
        assert_int_equal(dry_run(file), OK);
        assert_string_equal(file->found, ROWS[i].found);
    }
}

/* ---- everything or nothing, and twice the same ---- */

#define TWO_ROWS                                                                                   \
    HEADER "D-1,甲,长期,清洁,新项目,新供方,," PERIOD ",1,新人\n"                                 \
           "D-2,乙,长期,清洁,又一项目,又一供方,,2026-02-30至2026-12-31,1,又一人\n"

static void a_dry_run_writes_nothing_and_says_what_would_be_made(void **state)
{
    struct world *world = *state;
    struct file *file = file_of(world, TWO_ROWS);
    assert_int_equal(dry_run(file), OK);
    assert_int_equal(file->pass.good, 1);
    assert_int_equal(file->pass.names.link_count, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(file->pass.names.made[i].count, 1);
    assert_int_equal(count(world, "SELECT count(*) FROM contracts"), 0);
    assert_int_equal(count(world, "SELECT count(*) FROM organisations WHERE name = '新供方'"), 0);
}

static void with_a_bad_row_nothing_is_imported(void **state)
{
    struct world *world = *state;
    assert_int_equal(import(file_of(world, TWO_ROWS), false), CONFLICT);
    assert_code(world, "import.bad_rows");
    assert_int_equal(count(world, "SELECT count(*) FROM contracts"), 0);
    assert_int_equal(count(world, "SELECT count(*) FROM organisations WHERE name = '新供方'"), 0);
}

static void the_good_rows_bring_along_their_own_records_only(void **state)
{
    struct world *world = *state;
    assert_int_equal(import(file_of(world, TWO_ROWS), true), OK);
    struct contract contract = contract_of(world, "D-1");
    assert_string_equal(contract.provider_name, "新供方");
    assert_string_equal(contract.unit_name, "新项目");
    assert_string_equal(contract.executor_name, "新人");
    assert_int_equal(count(world, "SELECT count(*) FROM contracts"), 1);
    assert_int_equal(count(world, "SELECT count(*) FROM organisations WHERE name = '又一供方'"), 0);
    assert_int_equal(count(world, "SELECT count(*) FROM events WHERE resource = 'units' AND "
                                  "action = 'create' AND title = '新项目'"),
                     1);
}

static void the_same_file_again_changes_nothing(void **state)
{
    struct world *world = *state;
    assert_int_equal(import(file_of(world, TWO_ROWS), true), OK);
    int64_t events = count(world, "SELECT count(*) FROM events");
    struct file *again = file_of(world, TWO_ROWS);
    assert_int_equal(import(again, true), OK);
    assert_int_equal(again->pass.good, 0);
    assert_int_equal(again->pass.unchanged, 1);
    assert_int_equal(count(world, "SELECT count(*) FROM events"), events);
}

static void a_known_number_with_other_content_is_refused_and_says_what_differs(void **state)
{
    struct world *world = *state;
    assert_int_equal(import(file_of(world, TWO_ROWS), true), OK);
    struct file *file =
        file_of(world, HEADER "D-1,别名,长期,清洁,新项目,新供方,," PERIOD ",2,新人\n");
    assert_int_equal(dry_run(file), OK);
    assert_string_equal(file->found, "2 number duplicate_number");
}

static void a_number_that_comes_twice_is_refused_the_second_time(void **state)
{
    struct file *file = file_of(*state, HEADER "E-1,甲,长期,清洁,P,供方,," PERIOD ",1,某人\n"
                                               "E-1,甲,长期,清洁,P,供方,," PERIOD ",1,某人\n");
    assert_int_equal(dry_run(file), OK);
    assert_string_equal(file->found, "3 number duplicate_number");
}

static void a_file_without_rows_is_refused(void **state)
{
    struct world *world = *state;
    assert_int_equal(dry_run(file_of(world, HEADER)), INVALID);
    assert_code(world, "import.no_rows");
}

/* ---- rights ---- */

static void who_may_not_register_a_project_cannot_import_a_new_one(void **state)
{
    struct world *world = *state;
    act(world, member_of(world, world->division, R(EXECUTOR)));
    struct file *file =
        file_of(world, HEADER "F-1,甲,长期,清洁,新项目,新供方,," PERIOD ",1,新人\n");
    assert_int_equal(dry_run(file), OK);
    assert_string_equal(file->found,
                        "2 unit_id not_yours_to_make; 2 provider_id not_yours_to_make; "
                        "2 executor_id not_yours_to_make");
}

static void new_projects_of_a_centre_hang_beside_it(void **state)
{
    struct world *world = *state;
    int64_t centre = a_unit(world, world->headquarters, UNIT_OPERATIONS_CENTRE);
    struct unit unit;
    act(world, member_of(world, centre, R(OPS)));
    assert_int_equal(
        import(file_of(world, HEADER "G-1,甲,长期,清洁,新项目,新供方,," PERIOD ",1,新人\n"), false),
        OK);
    get(world, &UNITS, contract_of(world, "G-1").unit_id, &unit);
    assert_int_equal(unit.parent_id, world->headquarters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_header_is_found_below_titles_and_its_columns_by_their_words),
        WORLD_TEST(a_file_without_known_columns_has_no_header),
        WORLD_TEST(of_two_columns_for_a_field_the_first_counts),
        WORLD_TEST(amounts_without_a_unit_have_the_tables_unit),
        WORLD_TEST(totals_signatures_blanks_and_repeated_headers_are_no_rows),
        WORLD_TEST(a_cell_may_hold_a_name_and_a_phone),
        WORLD_TEST(a_cell_may_hold_a_whole_period),
        WORLD_TEST(every_wrong_cell_of_a_row_is_named_once),
        WORLD_TEST(a_dry_run_writes_nothing_and_says_what_would_be_made),
        WORLD_TEST(with_a_bad_row_nothing_is_imported),
        WORLD_TEST(the_good_rows_bring_along_their_own_records_only),
        WORLD_TEST(the_same_file_again_changes_nothing),
        WORLD_TEST(a_known_number_with_other_content_is_refused_and_says_what_differs),
        WORLD_TEST(a_number_that_comes_twice_is_refused_the_second_time),
        WORLD_TEST(a_file_without_rows_is_refused),
        WORLD_TEST(who_may_not_register_a_project_cannot_import_a_new_one),
        WORLD_TEST(new_projects_of_a_centre_hang_beside_it),
    };
    remembered = arena_new();
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(remembered);
    return failures;
}
