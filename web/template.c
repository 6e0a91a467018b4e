/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/texts.h"
#include "web/template_ops.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DASH "—"
#define NOT_HERE 0xffffu
#define KEY_MAX 160

enum value_kind {
    NOTHING,
    TEXT_VALUE,
    NUMBER_VALUE,
    FLAG_VALUE,
    FIELD_VALUE,
    NODE_VALUE, /* a record, a document or a list */
};

struct value {
    enum value_kind kind;
    union {
        const char *text;
        int64_t number;
        const struct field *field;
        const struct node *node;
    };
    union {
        const char *name; /* of a text: its own or that of the list it is an item of */
        const void *data; /* of a field: the record */
    };
};

/* What an open section stands on. */
struct frame {
    enum { ON_DOC, ON_RECORD, ON_VALUE } kind;
    const struct doc *doc;
    const struct field *fields;
    const void *data;
    struct value value;
    const struct node *list; /* the list it goes through, or NULL */
    size_t index;
};

struct rendering {
    struct text *out;
    enum lang lang;
    struct frame frames[SECTION_DEPTH + 1];
    unsigned top;
};

/* ---- names to values; filled in place, as copies of a value cost more than finding it ---- */

static void take_node(const struct node *node, struct value *out)
{
    switch (node->kind) {
    case NODE_TEXT:
        out->kind = node->text ? TEXT_VALUE : NOTHING;
        out->text = node->text;
        out->name = node->name;
        break;
    case NODE_INT:
    case NODE_FLAG:
        out->kind = node->kind == NODE_INT ? NUMBER_VALUE : FLAG_VALUE;
        out->number = node->number;
        break;
    default:
        out->kind = NODE_VALUE;
        out->node = node;
    }
}

static void take_field(const struct field *field, const void *record, struct value *out)
{
    out->kind = record && !(field->use & HIDDEN) ? FIELD_VALUE : NOTHING;
    out->field = field;
    out->data = record;
}

/* The field of that name, remembered in the operation. */
static const struct field *field_seen(struct op *op, const struct field *fields, struct span name)
{
    uint64_t table = (uint64_t)(uintptr_t)fields;
    uint64_t memo = atomic_load_explicit(&op->memo, memory_order_relaxed);
    if (memo >> 16 == table)
        return (memo & NOT_HERE) == NOT_HERE ? NULL : &fields[memo & NOT_HERE];
    const struct field *field = field_find(fields, name.at, name.len);
    uint64_t index = field ? (uint64_t)(field - fields) : NOT_HERE;
    if (table >> 48 == 0)
        atomic_store_explicit(&op->memo, table << 16 | index, memory_order_relaxed);
    return field;
}

/* False when there is no such name: then it may stand further out. */
static bool find_in_record(struct op *op, const struct field *fields, const void *record,
                           struct span name, struct value *out)
{
    const struct field *field = fields ? field_seen(op, fields, name) : NULL;
    if (field)
        take_field(field, record, out);
    return field != NULL;
}

/* Documents of one list are put by the same code, so that the name mostly is the same constant and
 * its address is tried first; it is still compared, as names may be made at run time. */
static const struct node *node_seen(struct op *op, const struct doc *doc, struct span name)
{
    const char *seen = atomic_load_explicit(&op->node_name, memory_order_relaxed);
    for (const struct node *node = doc->first; node; node = node->next) {
        if (node->name == seen && span_is(name, seen))
            return node;
    }
    const struct node *node = doc_find(doc, name.at, name.len);
    if (node)
        atomic_store_explicit(&op->node_name, node->name, memory_order_relaxed);
    return node;
}

static bool find_in_doc(struct op *op, const struct doc *doc, struct span name, struct value *out)
{
    const struct node *node = node_seen(op, doc, name);
    if (!node)
        return find_in_record(op, doc->fields, doc->root, name, out);
    take_node(node, out);
    return true;
}

static void first_part(const struct rendering *r, struct op *op, struct value *out)
{
    struct span name = op->path->parts[0];
    for (unsigned i = r->top + 1; i-- > 0;) {
        const struct frame *frame = &r->frames[i];
        if (frame->kind == ON_VALUE)
            continue;
        if (frame->kind == ON_DOC ? find_in_doc(op, frame->doc, name, out)
                                  : find_in_record(op, frame->fields, frame->data, name, out))
            return;
        if (op->path->from == FROM_INNERMOST)
            break;
    }
    out->kind = NOTHING;
}

static void further_part(struct op *op, struct span name, struct value *value)
{
    const struct node *node = value->kind == NODE_VALUE ? value->node : NULL;
    bool found = false;
    if (node && node->data && node->kind == NODE_DOC)
        found = find_in_doc(op, node->data, name, value);
    else if (node && node->kind == NODE_RECORD)
        found = find_in_record(op, node->fields, node->data, name, value);
    if (!found)
        value->kind = NOTHING;
}

static void list_place(const struct rendering *r, enum path_from from, struct value *out)
{
    unsigned i = r->top;
    while (i > 0 && !r->frames[i].list)
        i--;
    const struct frame *frame = &r->frames[i];
    if (!frame->list) {
        out->kind = NOTHING;
    } else if (from == FROM_INDEX) {
        out->kind = NUMBER_VALUE;
        out->number = (int64_t)frame->index + 1;
    } else {
        out->kind = FLAG_VALUE;
        out->number = frame->index == (from == FROM_FIRST ? 0 : frame->list->count - 1);
    }
}

static void resolve(const struct rendering *r, struct op *op, struct value *out)
{
    const struct path *path = op->path;
    const struct frame *top = &r->frames[r->top];
    switch (path->from) {
    case FROM_ITSELF:
        out->kind = NOTHING;
        if (top->kind == ON_VALUE)
            *out = top->value;
        return;
    case FROM_FIRST:
    case FROM_LAST:
    case FROM_INDEX:
        list_place(r, path->from, out);
        return;
    default:
        first_part(r, op, out);
        for (unsigned i = 1; i < path->count; i++)
            further_part(op, path->parts[i], out);
    }
}

/* ---- labels ---- */

/* Words of the catalogue for a choice; the last key tried when there are none, so that it is seen.
 */
static const char *label_find(const struct op *op, enum lang lang, struct span field,
                              const char *choice, char key[KEY_MAX])
{
    for (const struct prefix *prefix = op->prefixes; prefix; prefix = prefix->outer) {
        snprintf(key, KEY_MAX, "%s.%.*s.%s", prefix->name, (int)field.len, field.at, choice);
        const char *words = texts_find(key, lang);
        if (words)
            return words;
    }
    return op->prefixes ? key : choice;
}

/* `choice` must be a constant of a field table: it is told by its address. */
static const char *label_seen(struct op *op, enum lang lang, struct span field, const char *choice,
                              char key[KEY_MAX])
{
    size_t start = ((uintptr_t)choice >> 3 ^ (uintptr_t)choice) % LABEL_SLOTS;
    for (size_t i = 0; i < LABEL_SLOTS; i++) {
        size_t at = (start + i) % LABEL_SLOTS;
        const char *taken =
            atomic_load_explicit(&op->labels->slots[at].choice, memory_order_relaxed);
        if (!taken && atomic_compare_exchange_strong(&op->labels->slots[at].choice, &taken, choice))
            taken = choice;
        if (taken != choice)
            continue;
        const char *words =
            atomic_load_explicit(&op->labels->slots[at].words, memory_order_acquire);
        if (!words) {
            words = label_find(op, lang, field, choice, key);
            if (words != key)
                atomic_store_explicit(&op->labels->slots[at].words, words, memory_order_release);
        }
        return words;
    }
    return label_find(op, lang, field, choice, key);
}

static void put_text(struct text *out, const char *s)
{
    text_html(out, s, strlen(s));
}

static unsigned enum_at(const struct field *field, const void *record)
{
    unsigned value;
    memcpy(&value, (const char *)record + field->offset, sizeof value);
    return value;
}

static uint64_t set_at(const struct field *field, const void *record)
{
    return ((const struct set *)((const char *)record + field->offset))->bits;
}

static void put_set_labels(const struct rendering *r, struct op *op, const struct value *value)
{
    const struct field *field = value->field;
    uint64_t bits = set_at(field, value->data);
    char key[KEY_MAX];
    bool some = false;
    for (unsigned i = 0; field->choices[i]; i++) {
        if (!(bits >> i & 1))
            continue;
        if (some)
            text_puts(r->out, r->lang == LANG_ZH ? "、" : ", ");
        some = true;
        put_text(r->out, label_seen(op, r->lang, span_of(field->name), field->choices[i], key));
    }
}

/* False when the value is nothing that has labels. */
static bool put_label(const struct rendering *r, struct op *op, const struct value *value)
{
    char key[KEY_MAX];
    if (value->kind == TEXT_VALUE && *value->text) {
        put_text(r->out, label_find(op, r->lang, span_of(value->name), value->text, key));
        return true;
    }
    if (value->kind == FIELD_VALUE && value->field->type == FIELD_TEXT) {
        const char *text = *FIELD_AT(const char *const, value->field, value->data);
        if (*text)
            put_text(r->out, label_find(op, r->lang, span_of(value->field->name), text, key));
        return true;
    }
    if (value->kind != FIELD_VALUE || !value->field->choices)
        return false;
    if (value->field->type == FIELD_SET) {
        put_set_labels(r, op, value);
        return true;
    }
    const char *choice = choice_name(value->field->choices, enum_at(value->field, value->data));
    if (*choice)
        put_text(r->out, label_seen(op, r->lang, span_of(value->field->name), choice, key));
    return true;
}

/* ---- values to text ---- */

static void put_field(struct text *out, const struct field *field, const void *record,
                      enum filter filter)
{
    const char *member = (const char *)record + field->offset;
    char buffer[MONEY_MAX_TEXT];
    if (field->type == FIELD_TEXT) {
        put_text(out, *(const char *const *)member);
    } else if (field->type == FIELD_SECRET) {
        put_text(out, ((const struct secret *)member)->masked);
    } else if (filter == DAY && field->type == FIELD_INSTANT) {
        struct instant at = *(const struct instant *)member;
        if (at.ms)
            text_put(out, buffer,
                     (size_t)date_format(instant_date(at, SHANGHAI_OFFSET_MIN), buffer));
    } else if (filter == MONEY && (field->type == FIELD_ID || field->type == FIELD_INT)) {
        int64_t fen = field->type == FIELD_ID ? *(const int64_t *)member : *(const int32_t *)member;
        text_put(out, buffer, (size_t)money_format((struct money){fen}, true, buffer));
    } else {
        field_write(field, record, filter != PLAIN, out);
    }
}

static void put_value(struct text *out, const struct value *value, enum filter filter)
{
    char buffer[MONEY_MAX_TEXT];
    switch (value->kind) {
    case TEXT_VALUE:
        put_text(out, value->text);
        break;
    case NUMBER_VALUE:
        if (filter == MONEY)
            text_put(out, buffer,
                     (size_t)money_format((struct money){value->number}, true, buffer));
        else
            text_int(out, value->number);
        break;
    case FLAG_VALUE:
        text_puts(out, value->number ? "true" : "false");
        break;
    case FIELD_VALUE:
        put_field(out, value->field, value->data, filter);
        break;
    case NOTHING:
    case NODE_VALUE:
        break;
    }
}

/* The value as it is, neither grouped nor escaped; for addresses and comparisons. */
static const char *plain_text(struct arena *arena, const struct value *value)
{
    if (value->kind == TEXT_VALUE)
        return value->text;
    if (value->kind == FIELD_VALUE && value->field->type == FIELD_TEXT)
        return *(const char *const *)((const char *)value->data + value->field->offset);
    struct text text = text_new(arena, MONEY_MAX_TEXT);
    put_value(&text, value, PLAIN);
    return text_end(&text);
}

static void render_value(const struct rendering *r, struct op *op)
{
    struct value value;
    resolve(r, op, &value);
    size_t before = r->out->len;
    if (op->filter == URL) {
        const char *plain = plain_text(r->out->arena, &value);
        text_url(r->out, plain, strlen(plain));
    } else if (op->filter != LABEL || !put_label(r, op, &value)) {
        put_value(r->out, &value, op->filter);
    }
    if (op->dash && r->out->len == before)
        text_puts(r->out, DASH);
}

/* ---- sections ---- */

static void stand_on_item(struct frame *frame)
{
    const struct node *list = frame->list;
    switch (list->kind) {
    case NODE_RECORDS:
        frame->kind = ON_RECORD;
        frame->fields = list->fields;
        frame->data = (const char *)list->data + frame->index * list->stride;
        break;
    case NODE_DOCS:
        frame->kind = ON_DOC;
        frame->doc = ((struct doc *const *)list->data)[frame->index];
        break;
    default:
        frame->kind = ON_VALUE;
        frame->value = (struct value){
            .kind = TEXT_VALUE,
            .text = ((const char *const *)list->data)[frame->index],
            .name = list->name,
        };
        break;
    }
}

static bool is_list(const struct node *node)
{
    return node->kind == NODE_RECORDS || node->kind == NODE_DOCS || node->kind == NODE_TEXTS;
}

/* Is there something to show? */
static bool holds(const struct value *value)
{
    switch (value->kind) {
    case TEXT_VALUE:
        return *value->text != '\0';
    case NUMBER_VALUE:
    case FLAG_VALUE:
        return value->number != 0;
    case FIELD_VALUE:
        return !field_is_idle(value->field, value->data);
    case NODE_VALUE:
        return is_list(value->node) ? value->node->count > 0 : value->node->data != NULL;
    case NOTHING:
        break;
    }
    return false;
}

static void enter(struct rendering *r, const struct value *value)
{
    struct frame *frame = &r->frames[++r->top];
    frame->list = NULL;
    if (value->kind != NODE_VALUE) {
        frame->kind = ON_VALUE;
        frame->value = *value;
    } else if (is_list(value->node)) {
        frame->list = value->node;
        frame->index = 0;
        stand_on_item(frame);
    } else if (value->node->kind == NODE_DOC) {
        frame->kind = ON_DOC;
        frame->doc = value->node->data;
    } else {
        frame->kind = ON_RECORD;
        frame->fields = value->node->fields;
        frame->data = value->node->data;
    }
}

static bool is_word(const struct rendering *r, const struct op *op, const struct value *value)
{
    if (value->kind == FIELD_VALUE && value->field->type == FIELD_SET) {
        unsigned choice = choice_find(value->field->choices, op->text, strlen(op->text));
        return choice && set_at(value->field, value->data) >> (choice - 1) & 1;
    }
    if (value->kind == FIELD_VALUE && value->field->type == FIELD_ENUM) {
        unsigned choice = enum_at(value->field, value->data);
        return strcmp(choice_name(value->field->choices, choice), op->text) == 0;
    }
    return strcmp(plain_text(r->out->arena, value), op->text) == 0;
}

/* The place of the next operation. */
static size_t begin_section(struct rendering *r, const struct template *template, size_t at)
{
    struct op *op = &template->ops[at];
    struct value value;
    resolve(r, op, &value);
    bool shown = false;
    switch (op->kind) {
    case OP_IS:
        shown = is_word(r, op, &value);
        break;
    case OP_IS_NOT:
        shown = !is_word(r, op, &value);
        break;
    case OP_UNLESS:
        shown = !holds(&value);
        break;
    default:
        shown = holds(&value);
        if (shown)
            enter(r, &value);
        break;
    }
    return shown ? at + 1 : op->jump;
}

static size_t end_section(struct rendering *r, const struct template *template, size_t at)
{
    struct frame *frame = &r->frames[r->top];
    if (frame->list && frame->index + 1 < frame->list->count) {
        frame->index++;
        stand_on_item(frame);
        return template->ops[at].jump + 1;
    }
    r->top--;
    return at + 1;
}

void template_render(const struct template *template, const struct doc *doc, struct text *out)
{
    struct rendering r = {.out = out, .lang = template->lang, .top = 0};
    r.frames[0] = (struct frame){.kind = ON_DOC, .doc = doc};
    size_t at = 0;
    for (;;) {
        struct op *op = &template->ops[at];
        switch (op->kind) {
        case OP_STOP:
            return;
        case OP_STATIC:
            text_put(out, op->text, op->len);
            at++;
            break;
        case OP_VALUE:
            render_value(&r, op);
            at++;
            break;
        case OP_END:
            at = end_section(&r, template, at);
            break;
        default:
            at = begin_section(&r, template, at);
            break;
        }
    }
}
