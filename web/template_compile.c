/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/texts.h"
#include "web/template_ops.h"

#include <string.h>

#define INPUT_DEPTH 16

/* A text being read: the template itself, or a partial inside it. */
struct input {
    const char *name, *text, *at;
    unsigned sections;             /* open when it began: it must close what it opens */
    const struct prefix *prefixes; /* to go back to when it is over */
};

struct open_section {
    size_t op;
    struct span name; /* what the closing tag repeats */
    const char *tag;
    const struct prefix *prefixes;
};

struct compiler {
    struct arena *arena; /* of the template */
    struct arena *rough; /* what grows stands here until its size is known */
    enum lang lang;
    template_source source;
    const void *host;
    struct input inputs[INPUT_DEPTH];
    unsigned input_count;
    struct open_section open[SECTION_DEPTH];
    unsigned open_count;
    const struct prefix *prefixes;
    struct op *ops;
    size_t op_count, op_capacity;
    struct text statics; /* all static text; ops hold offsets until it is complete */
    size_t static_from;  /* where the static text not yet made an op begins */
    const char *error;
};

struct tag {
    char sign; /* one of SIGNS, or 0: a value */
    struct span body;
    struct span indent;                 /* white space before it, when it has the line for itself */
    const char *start, *before, *after; /* the tag; what it takes: [before, after) */
};

#define SIGNS "#^/!>:%{&="

static bool failed(struct compiler *c, const char *at, const char *what, struct span about)
{
    const struct input *input = &c->inputs[c->input_count - 1];
    unsigned line = 1;
    for (const char *p = input->text; p < at; p++)
        line += *p == '\n';
    c->error =
        arena_printf(c->arena, "%s:%u: %s%.*s", input->name, line, what, (int)about.len, about.at);
    return false;
}

/* ---- operations ---- */

static struct op *op_room(struct compiler *c)
{
    if (c->op_count == c->op_capacity) {
        size_t capacity = c->op_capacity ? c->op_capacity * 2 : 64;
        struct op *ops = ARENA_ARRAY(c->rough, struct op, capacity);
        if (c->op_count)
            memcpy(ops, c->ops, c->op_count * sizeof *ops);
        c->ops = ops;
        c->op_capacity = capacity;
    }
    return &c->ops[c->op_count++];
}

static void end_static(struct compiler *c)
{
    if (c->statics.len == c->static_from)
        return;
    struct op *op = op_room(c);
    op->kind = OP_STATIC;
    op->jump = c->static_from;
    op->len = c->statics.len - c->static_from;
    c->static_from = c->statics.len;
}

static struct op *op_new(struct compiler *c, enum op_kind kind)
{
    end_static(c);
    struct op *op = op_room(c);
    op->kind = kind;
    op->prefixes = c->prefixes;
    return op;
}

/* ---- reading tags ---- */

static struct span trimmed(const char *from, const char *to)
{
    while (from < to && strchr(" \t\r\n", *from))
        from++;
    while (from < to && strchr(" \t\r\n", to[-1]))
        to--;
    return (struct span){from, (size_t)(to - from)};
}

/* The part of `span` before `mark`; *rest is what follows it, empty when there is no mark. */
static struct span cut(struct span span, char mark, struct span *rest)
{
    const char *at = span.len ? memchr(span.at, mark, span.len) : NULL;
    const char *end = span.at + span.len;
    *rest = at ? trimmed(at + 1, end) : (struct span){end, 0};
    return trimmed(span.at, at ? at : end);
}

/* A tag other than a value that has its line for itself takes the whole line. */
static void find_standalone(const struct input *input, struct tag *tag)
{
    const char *line = tag->start;
    while (line > input->text && (line[-1] == ' ' || line[-1] == '\t'))
        line--;
    if (line > input->text && line[-1] != '\n')
        return;
    const char *end = tag->after + strspn(tag->after, " \t");
    if (*end == '\r' && end[1] == '\n')
        end++;
    if (*end != '\n' && *end != '\0')
        return;
    tag->indent = (struct span){line, (size_t)(tag->start - line)};
    tag->before = line;
    tag->after = *end == '\n' ? end + 1 : end;
}

static bool read_tag(struct compiler *c, const char *start, struct tag *tag)
{
    const struct input *input = &c->inputs[c->input_count - 1];
    const char *end = strstr(start + 2, "}}");
    if (!end)
        return failed(c, start, "a tag is not closed", SPAN(""));
    *tag = (struct tag){.start = start, .before = start, .after = end + 2};
    tag->body = trimmed(start + 2, end);
    if (tag->body.len && strchr(SIGNS, tag->body.at[0])) {
        tag->sign = tag->body.at[0];
        tag->body = trimmed(tag->body.at + 1, end);
    }
    if (tag->sign && strchr("#^/!>%", tag->sign))
        find_standalone(input, tag);
    return true;
}

static bool is_name(struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char x = name.at[i];
        if (!((x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9') ||
              x == '_' || x == '-'))
            return false;
    }
    return name.len > 0;
}

/* `text`, a dotted name, cut into `parts`. */
static bool read_parts(struct compiler *c, const struct tag *tag, struct span text,
                       struct span parts[PATH_PARTS], unsigned *out_count)
{
    struct span rest = text;
    unsigned count = 0;
    do {
        if (count == PATH_PARTS)
            return failed(c, tag->start, "too many parts: ", text);
        struct span part = cut(rest, '.', &rest);
        if (!is_name(part))
            return failed(c, tag->start, "not a name: ", text);
        parts[count++] = part;
    } while (rest.len);
    *out_count = count;
    return true;
}

static bool read_path(struct compiler *c, const struct tag *tag, struct span name,
                      const struct path **out)
{
    static const struct {
        const char *name;
        enum path_from from;
    } ALONE[] = {
        {".", FROM_ITSELF},
        {"@first", FROM_FIRST},
        {"@last", FROM_LAST},
        {"@index", FROM_INDEX},
    };
    enum path_from from = FROM_ANY_SECTION;
    struct span parts[PATH_PARTS];
    unsigned count = 0;
    for (size_t i = 0; i < sizeof ALONE / sizeof *ALONE; i++) {
        if (span_is(name, ALONE[i].name))
            from = ALONE[i].from;
    }
    if (from == FROM_ANY_SECTION) {
        bool innermost = name.len && name.at[0] == '.';
        from = innermost ? FROM_INNERMOST : FROM_ANY_SECTION;
        if (!read_parts(c, tag, (struct span){name.at + innermost, name.len - innermost}, parts,
                        &count))
            return false;
    }
    struct path *path = arena_alloc(c->arena, sizeof *path + count * sizeof *parts);
    path->from = from;
    path->count = count;
    memcpy(path->parts, parts, count * sizeof *parts);
    *out = path;
    return true;
}

/* ---- tags ---- */

static bool compile_filter(struct compiler *c, const struct tag *tag, struct span name,
                           struct op *op)
{
    static const char *const FILTERS[] = {"", "label", "day", "time", "money", "plain", "url"};
    if (span_is(name, "or")) {
        op->dash = true;
        return true;
    }
    for (unsigned i = 1; i < sizeof FILTERS / sizeof *FILTERS; i++) {
        if (span_is(name, FILTERS[i])) {
            op->filter = (enum filter)i;
            return true;
        }
    }
    return failed(c, tag->start, "no such filter: ", name);
}

static bool compile_value(struct compiler *c, const struct tag *tag)
{
    struct span rest, name = cut(tag->body, '|', &rest);
    struct op *op = op_new(c, OP_VALUE);
    while (rest.len) {
        struct span filter = cut(rest, '|', &rest);
        if (!compile_filter(c, tag, filter, op))
            return false;
    }
    if (op->filter == LABEL)
        op->labels = ARENA_NEW(c->arena, struct labels);
    return read_path(c, tag, name, &op->path);
}

static bool compile_section(struct compiler *c, const struct tag *tag)
{
    if (c->open_count == SECTION_DEPTH)
        return failed(c, tag->start, "sections are too deep: ", tag->body);
    bool inverted = tag->sign == '^';
    struct span prefix, word, whole = cut(tag->body, ':', &prefix), name = cut(whole, '=', &word);
    bool compares = memchr(whole.at, '=', whole.len) != NULL;
    struct op *op = op_new(c, compares   ? (inverted ? OP_IS_NOT : OP_IS)
                              : inverted ? OP_UNLESS
                                         : OP_SECTION);
    if (compares)
        op->text = arena_copy(c->arena, word.at, word.len);
    if (!read_path(c, tag, name, &op->path))
        return false;
    c->open[c->open_count++] =
        (struct open_section){c->op_count - 1, whole, tag->start, c->prefixes};
    if (op->kind == OP_SECTION && op->path->count) {
        struct span last = prefix.len ? prefix : op->path->parts[op->path->count - 1];
        struct prefix *inner = ARENA_NEW(c->arena, struct prefix);
        *inner = (struct prefix){arena_copy(c->arena, last.at, last.len), c->prefixes};
        c->prefixes = inner;
    }
    return true;
}

static bool compile_end(struct compiler *c, const struct tag *tag)
{
    const struct input *input = &c->inputs[c->input_count - 1];
    if (c->open_count == input->sections)
        return failed(c, tag->start, "closes what is not open: ", tag->body);
    const struct open_section *open = &c->open[--c->open_count];
    struct span prefix, name = cut(tag->body, ':', &prefix);
    if (open->name.len != name.len || memcmp(open->name.at, name.at, name.len) != 0)
        return failed(c, tag->start, "closed before the section inside it: ", tag->body);
    c->prefixes = open->prefixes;
    if (c->ops[open->op].kind == OP_SECTION)
        op_new(c, OP_END)->jump = open->op;
    end_static(c);
    c->ops[open->op].jump = c->op_count;
    return true;
}

/* A partial that has its line for itself is indented as its tag is. */
static const char *indented(struct compiler *c, const char *text, struct span indent)
{
    if (!indent.len)
        return text;
    struct text out = text_new(c->arena, strlen(text) * 2);
    while (*text) {
        const char *end = strchr(text, '\n');
        size_t len = end ? (size_t)(end - text) + 1 : strlen(text);
        text_put(&out, indent.at, indent.len);
        text_put(&out, text, len);
        text += len;
    }
    return text_end(&out);
}

static bool compile_partial(struct compiler *c, const struct tag *tag)
{
    const char *name = arena_copy(c->arena, tag->body.at, tag->body.len);
    const char *text = c->source ? c->source(c->host, name) : NULL;
    if (!text)
        return failed(c, tag->start, "no such page: ", tag->body);
    if (c->input_count == INPUT_DEPTH)
        return failed(c, tag->start, "partials are too deep: ", tag->body);
    text = indented(c, text, tag->indent);
    c->inputs[c->input_count++] = (struct input){name, text, text, c->open_count, c->prefixes};
    return true;
}

static bool compile_words(struct compiler *c, const struct tag *tag)
{
    const char *words = texts_find(arena_copy(c->arena, tag->body.at, tag->body.len), c->lang);
    if (!words)
        return failed(c, tag->start, "the catalogue has no words for ", tag->body);
    text_html(&c->statics, words, strlen(words));
    return true;
}

static bool compile_prefix(struct compiler *c, const struct tag *tag)
{
    if (!is_name(tag->body))
        return failed(c, tag->start, "not a name: ", tag->body);
    struct prefix *prefix = ARENA_NEW(c->arena, struct prefix);
    *prefix = (struct prefix){arena_copy(c->arena, tag->body.at, tag->body.len), c->prefixes};
    c->prefixes = prefix;
    return true;
}

static bool compile_tag(struct compiler *c, const struct tag *tag)
{
    switch (tag->sign) {
    case '#':
    case '^':
        return compile_section(c, tag);
    case '/':
        return compile_end(c, tag);
    case '!':
        return true;
    case '>':
        return compile_partial(c, tag);
    case ':':
        return compile_words(c, tag);
    case '%':
        return compile_prefix(c, tag);
    case 0:
        return compile_value(c, tag);
    default:
        return failed(c, tag->start, "there are no raw values and no other marks: ", tag->body);
    }
}

static bool end_input(struct compiler *c)
{
    struct input *input = &c->inputs[c->input_count - 1];
    text_puts(&c->statics, input->at);
    if (c->open_count > input->sections) {
        const struct open_section *open = &c->open[c->open_count - 1];
        return failed(c, open->tag, "never closed: ", open->name);
    }
    c->prefixes = input->prefixes;
    c->input_count--;
    return true;
}

static bool compile_inputs(struct compiler *c)
{
    while (c->input_count) {
        struct input *input = &c->inputs[c->input_count - 1];
        const char *start = strstr(input->at, "{{");
        struct tag tag = {0};
        if (!start) {
            if (!end_input(c))
                return false;
            continue;
        }
        if (!read_tag(c, start, &tag))
            return false;
        text_put(&c->statics, input->at, (size_t)(tag.before - input->at));
        input->at = tag.after;
        if (!compile_tag(c, &tag))
            return false;
    }
    return true;
}

/* The template of what was compiled, in no more room than it needs. */
static struct template *finished(struct compiler *c)
{
    op_new(c, OP_STOP);
    const char *statics = arena_copy(c->arena, text_end(&c->statics), c->statics.len);
    struct op *ops = ARENA_ARRAY(c->arena, struct op, c->op_count);
    memcpy(ops, c->ops, c->op_count * sizeof *ops);
    for (size_t i = 0; i < c->op_count; i++) {
        if (ops[i].kind == OP_STATIC)
            ops[i].text = statics + ops[i].jump;
    }
    struct template *template = ARENA_NEW(c->arena, struct template);
    *template = (struct template){ops, c->lang};
    return template;
}

struct template *template_compile(struct arena *arena, const char *name, const char *text,
                                  enum lang lang, template_source source, const void *host,
                                  const char **out_error)
{
    struct arena *rough = arena_new();
    struct compiler c = {
        .arena = arena, .rough = rough, .lang = lang, .source = source, .host = host};
    c.statics = text_new(rough, strlen(text) + 1);
    c.inputs[c.input_count++] = (struct input){name, text, text, 0, NULL};
    struct template *template = compile_inputs(&c) ? finished(&c) : NULL;
    if (!template)
        *out_error = c.error;
    arena_free(rough);
    return template;
}
