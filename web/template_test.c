/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/template.h"

#include "base/json.h"
#include "base/texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a small world: two words of catalogue, one kind of record ---- */

enum bridge_state { BRIDGE_DRAFT = 1, BRIDGE_OPEN };
static const char *const BRIDGE_STATES[] = {"draft", "open", NULL};
static const char *const BRIDGE_USES[] = {"road", "rail", "foot", NULL};

struct bridge {
    int64_t id;
    const char *name, *pin;
    enum bridge_state state;
    struct set uses;
    struct money cost_of;
    int32_t cost_fen;
    struct date built_on;
    struct instant seen_at;
    bool is_open;
    struct secret phone;
};

static const struct field BRIDGE_FIELDS[] = {
    FIELD(bridge, id),
    FIELD(bridge, name),
    FIELD(bridge, pin, .use = HIDDEN),
    FIELD_ENUM(bridge, state, BRIDGE_STATES),
    FIELD_CHOICES(bridge, uses, BRIDGE_USES),
    FIELD(bridge, cost_of),
    FIELD(bridge, cost_fen),
    FIELD(bridge, built_on),
    FIELD(bridge, seen_at),
    FIELD(bridge, is_open),
    FIELD(bridge, phone),
    FIELDS_END,
};

static const struct text_entry WORDS[] = {
    {.key = "bridges.state.draft", .words = {"草案", "Draft"}},
    {.key = "bridges.state.open", .words = {"通行", "Open"}},
    {.key = "bridges.uses.foot", .words = {"步行", "On foot"}},
    {.key = "bridges.uses.road", .words = {"公路", "Road"}},
    {.key = "page.title", .words = {"桥 <一>", "Bridges & more"}},
};

static struct bridge a_bridge(void)
{
    struct bridge bridge = {.id = 7, .name = "Iron & \"Old\"", .pin = "1234", .is_open = true};
    bridge.state = BRIDGE_OPEN;
    bridge.uses.bits = 1u << 0 | 1u << 2;
    bridge.cost_of.fen = 128465000;
    bridge.cost_fen = 990;
    bridge.built_on = date_of(1931, 5, 9);
    bridge.seen_at = instant_of(date_of(2026, 3, 1), 30, SHANGHAI_OFFSET_MIN);
    bridge.phone = (struct secret){.plain = "13800001234", .masked = "138****1234"};
    return bridge;
}

static int setup(void **state)
{
    *state = arena_new();
    texts_use(WORDS, sizeof WORDS / sizeof *WORDS);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* Partials of a test: name, text, name, text …, NULL. */
static const char *from_pairs(const void *host, const char *name)
{
    for (const char *const *pair = host; pair && *pair; pair += 2) {
        if (strcmp(pair[0], name) == 0)
            return pair[1];
    }
    return NULL;
}

static const char *rendered_in(struct arena *arena, enum lang lang, const char *text,
                               const char *const *partials, const struct doc *doc)
{
    const char *error = "";
    struct template *template =
        template_compile(arena, "page", text, lang, from_pairs, partials, &error);
    if (!template)
        return error;
    struct text out = text_new(arena, 64);
    template_render(template, doc, &out);
    return text_end(&out);
}

static const char *rendered(struct arena *arena, const char *text, const struct doc *doc)
{
    return rendered_in(arena, LANG_ZH, text, NULL, doc);
}

/* ---- our own promises ---- */

static void fields_of_the_root_record_are_written_as_people_read_them(void **state)
{
    static const struct {
        const char *template, *expected;
    } CASES[] = {
        {"{{id}}", "7"},
        {"{{name}}", "Iron &amp; &quot;Old&quot;"},
        {"{{state}}", "open"},
        {"{{cost_of}}", "1,284,650.00"},
        {"{{cost_of|plain}}", "1284650.00"},
        {"{{cost_fen|money}}", "9.90"},
        {"{{built_on}} {{built_on|day}}", "1931-05-09 1931-05-09"},
        {"{{seen_at}}, {{seen_at|time}}", "2026-03-01 00:30, 2026-03-01 00:30"},
        {"{{seen_at|day}}", "2026-03-01"},
        {"{{name|url}}", "Iron%20%26%20%22Old%22"},
        {"{{phone}}", "138****1234"},
        {"{{pin}}{{#pin}}shown{{/pin}}", ""},
        {"{{missing|or}} {{name|plain|or}}", "— Iron &amp; &quot;Old&quot;"},
        {"{{#is_open}}yes{{/is_open}}{{^is_open}}no{{/is_open}}", "yes"},
        {"{{#built_on}}in {{.}}{{/built_on}}", "in 1931-05-09"},
    };
    struct bridge bridge = a_bridge();
    struct doc *doc = doc_new(*state);
    doc_root(doc, BRIDGE_FIELDS, &bridge);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(rendered(*state, CASES[i].template, doc), CASES[i].expected);
}

static void labels_come_from_the_catalogue_in_the_language_of_the_page(void **state)
{
    struct bridge bridge = a_bridge();
    struct doc *doc = doc_new(*state);
    doc_root(doc, BRIDGE_FIELDS, &bridge);
    const char *page = "{{%bridges}}{{state|label}}: {{uses|label}}";
    assert_string_equal(rendered(*state, page, doc), "通行: 公路、步行");
    assert_string_equal(rendered_in(*state, LANG_EN, page, NULL, doc), "Open: Road, On foot");
    bridge.state = 0;
    assert_string_equal(rendered(*state, "{{%bridges}}{{state|label|or}}", doc), "—");
}

static void a_label_without_words_shows_its_key(void **state)
{
    struct bridge bridge = a_bridge();
    bridge.uses.bits = 1u << 1;
    struct doc *doc = doc_new(*state);
    doc_root(doc, BRIDGE_FIELDS, &bridge);
    assert_string_equal(rendered(*state, "{{%bridges}}{{uses|label}}", doc), "bridges.uses.rail");
}

static void a_section_states_the_prefix_of_its_labels(void **state)
{
    struct bridge bridges[2] = {a_bridge(), a_bridge()};
    bridges[1].state = BRIDGE_DRAFT;
    struct doc *doc = doc_new(*state);
    doc_records(doc, "items", BRIDGE_FIELDS, bridges, 2, sizeof *bridges);
    doc_records(doc, "bridges", BRIDGE_FIELDS, bridges, 2, sizeof *bridges);
    static const char *const PAGES[] = {
        "{{#items:bridges}}{{state|label}} {{/items}}",
        "{{#items:bridges}}{{state|label}} {{/items:bridges}}",
        "{{%bridges}}{{#items}}{{state|label}} {{/items}}",
        "{{#bridges}}{{state|label}} {{/bridges}}",
    };
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++)
        assert_string_equal(rendered(*state, PAGES[i], doc), "通行 草案 ");
}

static void rows_know_their_place_and_see_what_is_around_them(void **state)
{
    struct bridge bridges[3] = {a_bridge(), a_bridge(), a_bridge()};
    bridges[1].id = 8;
    bridges[2].id = 9;
    struct doc *doc = doc_new(*state);
    doc_text(doc, "unit", "km");
    doc_records(doc, "items", BRIDGE_FIELDS, bridges, 3, sizeof *bridges);
    assert_string_equal(rendered(*state,
                                 "{{#items}}{{#@first}}[{{/@first}}{{@index}}:{{id}}{{unit}}"
                                 "{{^@last}}, {{/@last}}{{#@last}}]{{/@last}}{{/items}}",
                                 doc),
                        "[1:7km, 2:8km, 3:9km]");
}

static void a_leading_dot_keeps_to_the_innermost_document(void **state)
{
    struct doc *outer = doc_new(*state), *inner = doc_new(*state);
    doc_text(outer, "href", "/outer");
    doc_flag(inner, "shown", true);
    doc_docs(outer, "cells", &inner, 1);
    assert_string_equal(
        rendered(*state, "{{#cells}}{{#shown}}{{href}}|{{.href}}{{/shown}}{{/cells}}", outer),
        "/outer|");
}

static void an_empty_name_hides_the_same_name_further_out(void **state)
{
    struct doc *outer = doc_new(*state), *inner = doc_new(*state);
    doc_text(outer, "href", "/outer");
    doc_text(inner, "href", NULL);
    doc_doc(outer, "cell", inner);
    assert_string_equal(rendered(*state, "{{#cell}}{{href}}{{/cell}}", outer), "");
}

static void sections_compare_with_a_word(void **state)
{
    struct bridge bridge = a_bridge();
    struct doc *doc = doc_new(*state);
    doc_root(doc, BRIDGE_FIELDS, &bridge);
    doc_text(doc, "kind", "date");
    doc_int(doc, "status", 404);
    assert_string_equal(
        rendered(*state, "{{#state=open}}A{{/state=open}}{{#state=draft}}B{{/state=draft}}", doc),
        "A");
    assert_string_equal(
        rendered(*state, "{{^state=open}}A{{/state=open}}{{^state=draft}}B{{/state=draft}}", doc),
        "B");
    assert_string_equal(
        rendered(*state, "{{#uses=foot}}A{{/uses=foot}}{{#uses=rail}}B{{/uses=rail}}", doc), "A");
    assert_string_equal(
        rendered(*state, "{{#kind=date}}A{{/kind=date}}{{#status=404}}B{{/status=404}}", doc),
        "AB");
    assert_string_equal(rendered(*state, "{{#none=}}A{{/none=}}{{^kind=}}B{{/kind=}}", doc), "AB");
}

static void one_template_serves_records_of_different_tables(void **state)
{
    struct pillar {
        const char *name;
        int64_t id;
    } pillar = {"north", 3};
    static const struct field PILLAR_FIELDS[] = {FIELD(pillar, name), FIELD(pillar, id),
                                                 FIELDS_END};
    struct bridge bridge = a_bridge();
    struct doc *docs[2] = {doc_new(*state), doc_new(*state)};
    doc_record(docs[0], "it", PILLAR_FIELDS, &pillar);
    doc_record(docs[1], "it", BRIDGE_FIELDS, &bridge);
    struct doc *doc = doc_new(*state);
    struct doc *many[4] = {docs[0], docs[1], docs[0], docs[1]};
    doc_docs(doc, "all", many, 4);
    assert_string_equal(rendered(*state, "{{#all}}{{#it}}{{id}} {{/it}}{{/all}}", doc), "3 7 3 7 ");
}

static void names_made_at_run_time_may_take_each_others_place(void **state)
{
    char name[] = "a";
    struct doc *doc = doc_new(*state);
    const char *error;
    struct template *template =
        template_compile(*state, "page", "{{a}}{{b}}", LANG_ZH, NULL, NULL, &error);
    doc_text(doc, name, "same address");
    struct text first = text_new(*state, 32), second = text_new(*state, 32);
    template_render(template, doc, &first);
    assert_string_equal(text_end(&first), "same address");
    name[0] = 'c';
    template_render(template, doc, &second);
    assert_string_equal(text_end(&second), "");
}

static void words_are_put_in_when_the_page_is_compiled(void **state)
{
    struct doc *doc = doc_new(*state);
    assert_string_equal(rendered(*state, "<h1>{{:page.title}}</h1>", doc),
                        "<h1>桥 &lt;一&gt;</h1>");
    assert_string_equal(rendered_in(*state, LANG_EN, "{{: page.title }}", NULL, doc),
                        "Bridges &amp; more");
}

static void the_prefix_of_a_partial_ends_with_it(void **state)
{
    static const char *const PAGES[] = {"row", "{{%bridges}}{{state|label}}\n", NULL};
    struct bridge bridge = a_bridge();
    struct doc *doc = doc_new(*state);
    doc_root(doc, BRIDGE_FIELDS, &bridge);
    assert_string_equal(
        rendered_in(*state, LANG_ZH, "<main>\n{{>row}}\n</main>{{state|label}}", PAGES, doc),
        "<main>\n通行\n</main>open");
}

static void mistakes_are_named_with_their_line(void **state)
{
    static const struct {
        const char *template, *error;
    } CASES[] = {
        {"a\n{{#x}}", "page:2: never closed: x"},
        {"{{#x}}{{#y}}{{/x}}", "page:1: closed before the section inside it: x"},
        {"\n\n{{/x}}", "page:3: closes what is not open: x"},
        {"{{name", "page:1: a tag is not closed"},
        {"{{{name}}}", "page:1: there are no raw values and no other marks: name"},
        {"{{=<% %>=}}", "page:1: there are no raw values and no other marks: <% %>="},
        {"{{a b}}", "page:1: not a name: a b"},
        {"{{}}", "page:1: not a name: "},
        {"{{x|loud}}", "page:1: no such filter: loud"},
        {"{{>absent}}", "page:1: no such page: absent"},
        {"{{:page.absent}}", "page:1: the catalogue has no words for page.absent"},
        {"{{>broken}}", "broken:2: never closed: y"},
        {"{{>closing}}", "closing:1: closes what is not open: x"},
        {"{{>again}}", "again:1: partials are too deep: again"},
        {"{{a.b.c.d.e.f.g.h.i}}", "page:1: too many parts: a.b.c.d.e.f.g.h.i"},
    };
    static const char *const PARTIALS[] = {"broken", "\n{{#y}}",   "closing", "{{/x}}",
                                           "again",  "{{>again}}", NULL};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(
            rendered_in(*state, LANG_ZH, CASES[i].template, PARTIALS, doc_new(*state)),
            CASES[i].error);
}

static void sections_nest_sixteen_deep_and_no_deeper(void **state)
{
    struct doc *doc = doc_new(*state);
    doc_flag(doc, "x", true);
    struct text page = text_new(*state, 64);
    for (int i = 0; i < 16; i++)
        text_puts(&page, "{{#x}}");
    text_puts(&page, "deep");
    for (int i = 0; i < 16; i++)
        text_puts(&page, "{{/x}}");
    assert_string_equal(rendered(*state, text_end(&page), doc), "deep");
    const char *deeper = arena_printf(*state, "{{#x}}%s{{/x}}", text_end(&page));
    assert_string_equal(rendered(*state, deeper, doc), "page:1: sections are too deep: x");
}

/* ---- the public specification ---- */

/* Cases about what our documents or pages do not have. Every other case must pass. */
static const struct {
    const char *name, *reason;
} NOT_OURS[] = {
    {"Triple Mustache", "values are always escaped"},
    {"Triple mustache", "values are always escaped"},
    {"Ampersand", "values are always escaped"},
    {"Standalone Indentation", "values are always escaped"},
    {"Implicit Iterators - ", "the root of a document is never a single value"},
    {"Implicit Iterator - Root", "the root of a document is never a list"},
    {"Implicit Iterator - Array", "documents hold no lists of lists"},
    {"Recursion", "partials are compiled in place"},
};

static bool is_not_ours(const char *name)
{
    for (size_t i = 0; i < sizeof NOT_OURS / sizeof *NOT_OURS; i++) {
        if (strstr(name, NOT_OURS[i].name))
            return true;
    }
    return false;
}

static void put_json(struct json_reader *json, struct doc *doc, const char *name);

static struct doc *doc_from_json(struct json_reader *json, struct arena *arena)
{
    struct doc *doc = doc_new(arena);
    while (json_next(json) == JSON_KEY)
        put_json(json, doc, json_text(json));
    return doc;
}

#define ITEMS_MAX 8
static void put_json_list(struct json_reader *json, struct doc *doc, const char *name)
{
    const char **texts = ARENA_ARRAY(doc->arena, const char *, ITEMS_MAX);
    struct doc **docs = ARENA_ARRAY(doc->arena, struct doc *, ITEMS_MAX);
    size_t text_count = 0, doc_count = 0;
    for (enum json_token token; (token = json_next(json)) != JSON_ARRAY_END;) {
        if (token == JSON_OBJECT)
            docs[doc_count++] = doc_from_json(json, doc->arena);
        else
            texts[text_count++] = json_text(json);
    }
    if (text_count)
        doc_texts(doc, name, texts, text_count);
    else
        doc_docs(doc, name, docs, doc_count);
}

static void put_json(struct json_reader *json, struct doc *doc, const char *name)
{
    int64_t number;
    switch (json_next(json)) {
    case JSON_OBJECT:
        doc_doc(doc, name, doc_from_json(json, doc->arena));
        break;
    case JSON_ARRAY:
        put_json_list(json, doc, name);
        break;
    case JSON_NUMBER:
        if (json_int(json, &number))
            doc_int(doc, name, number);
        else
            doc_text(doc, name, json_text(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        doc_flag(doc, name, json->bytes[json->at - 2] == 'u');
        break;
    case JSON_NULL:
        doc_text(doc, name, NULL);
        break;
    default:
        doc_text(doc, name, json_text(json));
    }
}

/* The specification renders an unknown partial as nothing; a source may decide so. */
static const char *from_doc(const void *host, const char *name)
{
    const struct node *node = host ? doc_find(host, name, strlen(name)) : NULL;
    return node ? node->text : "";
}

/* In the files every case is an object with the members name, data, template, partials, expected.
 */
static void run_case(struct arena *arena, struct json_reader *json, unsigned *passed)
{
    const char *name = "", *template = "", *expected = "", *error = "";
    struct doc *outer = doc_new(arena);
    const struct doc *data = outer, *partials = NULL;
    while (json_next(json) == JSON_KEY) {
        const char *key = json_text(json);
        if (strcmp(key, "data") == 0 && !is_not_ours(name)) {
            put_json(json, outer, "data");
            data = outer->first->data;
        } else if (strcmp(key, "partials") == 0) {
            json_next(json);
            partials = doc_from_json(json, arena);
        } else if (strcmp(key, "data") == 0) {
            json_skip(json);
        } else {
            json_next(json);
            const char **member = strcmp(key, "name") == 0       ? &name
                                  : strcmp(key, "template") == 0 ? &template
                                  : strcmp(key, "expected") == 0 ? &expected
                                                                 : &error;
            *member = json_text(json);
        }
    }
    if (is_not_ours(name))
        return;
    struct template *page =
        template_compile(arena, name, template, LANG_EN, from_doc, partials, &error);
    if (!page)
        fail_msg("%s", error);
    struct text out = text_new(arena, 256);
    template_render(page, data, &out);
    if (strcmp(text_end(&out), expected) != 0)
        fail_msg("%s: \"%s\" instead of \"%s\"", name, text_end(&out), expected);
    ++*passed;
}

static char *file_text(struct arena *arena, const char *path, size_t *out_len)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = arena_alloc(arena, 1 << 20);
    *out_len = fread(text, 1, 1 << 20, file);
    fclose(file);
    return text;
}

static void the_public_mustache_specification_holds(void **state)
{
    static const struct {
        const char *file;
        unsigned cases;
    } FILES[] = {{"comments", 12},
                 {"interpolation", 19},
                 {"inverted", 22},
                 {"partials", 10},
                 {"sections", 30}};
    const char *folder = getenv("MUSTACHE_SPEC");
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        const char *path = arena_printf(*state, "%s/%s.json",
                                        folder ? folder : "../shared/mustache-spec", FILES[i].file);
        size_t len = 0;
        const char *text = file_text(*state, path, &len);
        if (!text)
            skip();
        struct json_reader json;
        unsigned passed = 0;
        json_start(&json, *state, text, len);
        assert_int_equal(json_next(&json), JSON_OBJECT);
        while (json_next(&json) == JSON_KEY) {
            if (strcmp(json_text(&json), "tests") != 0) {
                assert_true(json_skip(&json));
                continue;
            }
            assert_int_equal(json_next(&json), JSON_ARRAY);
            while (json_next(&json) == JSON_OBJECT)
                run_case(*state, &json, &passed);
        }
        assert_int_equal(json_next(&json), JSON_DONE);
        assert_int_equal(passed, FILES[i].cases);
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(fields_of_the_root_record_are_written_as_people_read_them),
        CASE(labels_come_from_the_catalogue_in_the_language_of_the_page),
        CASE(a_label_without_words_shows_its_key),
        CASE(a_section_states_the_prefix_of_its_labels),
        CASE(rows_know_their_place_and_see_what_is_around_them),
        CASE(a_leading_dot_keeps_to_the_innermost_document),
        CASE(an_empty_name_hides_the_same_name_further_out),
        CASE(sections_compare_with_a_word),
        CASE(one_template_serves_records_of_different_tables),
        CASE(names_made_at_run_time_may_take_each_others_place),
        CASE(words_are_put_in_when_the_page_is_compiled),
        CASE(the_prefix_of_a_partial_ends_with_it),
        CASE(mistakes_are_named_with_their_line),
        CASE(sections_nest_sixteen_deep_and_no_deeper),
        CASE(the_public_mustache_specification_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
