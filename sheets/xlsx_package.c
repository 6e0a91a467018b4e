/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The zip archive and its XML parts. A part flows from the archive through libxml2's SAX parser to
 * the visitor: there is never a tree, nor the whole part, and a document type is refused before
 * one of its entities could be declared. */
#include "sheets/sheets_private.h"

#include <libxml/parser.h>
#include <string.h>

#define ENTRIES_MAX 10000
#define RATIO_MAX 200
#define RATIO_FREE (1u << 20) /* small parts may pack as well as they like */

static enum result entries_check(struct package *package)
{
    zip_int64_t count = zip_get_num_entries(package->zip, 0);
    if (count > ENTRIES_MAX)
        return rows_too_many(package->rows, "sheet.too_many_parts", ENTRIES_MAX);
    uint64_t total = 0;
    for (zip_int64_t i = 0; i < count; i++) {
        zip_stat_t stat;
        if (zip_stat_index(package->zip, (zip_uint64_t)i, 0, &stat) != 0)
            return rows_fail(package->rows, "sheet.broken");
        bool bomb = stat.size > RATIO_FREE && stat.size / RATIO_MAX > stat.comp_size;
        if (bomb || stat.size > UNPACKED_MAX - total)
            return rows_too_large(package->rows, UNPACKED_MAX);
        total += stat.size;
    }
    return OK;
}

enum result package_open(struct rows *rows, const void *bytes, size_t len, struct package *out)
{
    xmlInitParser();
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, &error);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    zip_error_fini(&error);
    if (!zip) {
        zip_source_free(source);
        return rows_fail(rows, "sheet.broken");
    }
    *out = (struct package){.rows = rows, .zip = zip};
    enum result result = entries_check(out);
    if (result != OK)
        package_close(out);
    return result;
}

void package_close(struct package *package)
{
    zip_discard(package->zip);
}

bool package_has(const struct package *package, const char *path)
{
    return zip_name_locate(package->zip, path, ZIP_FL_NOCASE) >= 0;
}

/* ---- nodes ---- */

bool node_is(const struct node *node, enum node_kind kind, const char *name)
{
    return node->kind == kind && strcmp(node->name, name) == 0;
}

/* libxml2 gives local name, prefix, namespace, start and end of the value. */
struct span node_attribute(const struct node *node, const char *name)
{
    const unsigned char *const *attribute = node->attributes;
    for (int i = 0; i < node->attribute_count; i++, attribute += 5) {
        if (strcmp((const char *)attribute[0], name) == 0)
            return (struct span){(const char *)attribute[3], (size_t)(attribute[4] - attribute[3])};
    }
    return SPAN("");
}

/* ---- the walk ---- */

struct part {
    struct package *package;
    zip_file_t *file;
    xmlParserCtxtPtr parser;
    uint64_t left; /* of its size by the archive's list, which limits were checked against */
    node_visit visit;
    void *host;
    enum result result; /* the first failure; from then on the parser runs dry */
};

static int part_read(void *context, char *buffer, int size)
{
    struct part *part = context;
    if (part->result != OK)
        return -1;
    zip_int64_t got = zip_fread(part->file, buffer, (zip_uint64_t)size);
    if (got < 0) {
        part->result = rows_fail(part->package->rows, "sheet.broken");
        return -1;
    }
    part->package->unpacked += (uint64_t)got;
    if ((uint64_t)got > part->left || part->package->unpacked > UNPACKED_MAX) {
        part->result = rows_too_large(part->package->rows, UNPACKED_MAX);
        return -1;
    }
    part->left -= (uint64_t)got;
    return (int)got;
}

static void part_visit(struct part *part, const struct node *node)
{
    if (part->result == OK)
        part->result = part->visit(part->host, node);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    part_visit(context, &(struct node){.kind = NODE_START,
                                       .name = (const char *)name,
                                       .attribute_count = attribute_count,
                                       .attributes = attributes});
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    part_visit(context, &(struct node){.kind = NODE_END, .name = (const char *)name});
}

static void on_text(void *context, const xmlChar *text, int len)
{
    part_visit(
        context,
        &(struct node){.kind = NODE_TEXT, .name = "", .text = {(const char *)text, (size_t)len}});
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
    struct part *part = context;
    if (part->result == OK)
        part->result = rows_fail(part->package->rows, "sheet.broken");
    xmlStopParser(part->parser);
}

static void on_error(void *context, xmlErrorPtr error)
{
    /* Silence: libxml2 would write to standard error. xmlParserCtxt.wellFormed tells. */
}

static enum result part_parse(struct part *part)
{
    static const xmlSAXHandler HANDLER = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
        .internalSubset = on_doctype,
        .serror = on_error,
    };
    xmlSAXHandler handler = HANDLER;
    part->parser =
        xmlCreateIOParserCtxt(&handler, part, part_read, NULL, part, XML_CHAR_ENCODING_NONE);
    bool well_formed = false;
    if (part->parser) {
        xmlCtxtUseOptions(part->parser, XML_PARSE_NONET);
        xmlParseDocument(part->parser);
        well_formed = part->parser->wellFormed;
        xmlFreeParserCtxt(part->parser);
    }
    if (part->result == OK && !well_formed)
        return rows_fail(part->package->rows, "sheet.broken");
    return part->result;
}

enum result package_walk(struct package *package, const char *path, uint64_t max, node_visit visit,
                         void *host)
{
    zip_int64_t index = zip_name_locate(package->zip, path, ZIP_FL_NOCASE);
    zip_stat_t stat;
    if (index < 0 || zip_stat_index(package->zip, (zip_uint64_t)index, 0, &stat) != 0)
        return rows_fail(package->rows, "sheet.broken");
    if (stat.size > max)
        return rows_too_large(package->rows, max);
    zip_file_t *file = zip_fopen_index(package->zip, (zip_uint64_t)index, 0);
    if (!file)
        return rows_fail(package->rows, "sheet.broken");
    struct part part = {
        .package = package, .file = file, .left = stat.size, .visit = visit, .host = host};
    enum result result = part_parse(&part);
    zip_fclose(file);
    return result;
}
