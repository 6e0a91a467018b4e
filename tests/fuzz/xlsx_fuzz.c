/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* XLSX packages. Bytes that start like an archive are one; of others the first letter says which
 * part of a small package the rest takes the place of, as checksums hide the parts of an archive
 * from a fuzzer. */
#include "tests/fuzz/sheet_check.h"

#include <zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define RELATION(id, type, target)                                                                 \
    "<Relationship Id='" id "' Type='" OFFICE type "' Target='" target "'/>"

#define PACKAGE_RELATIONS                                                                          \
    "<Relationships>" RELATION("r", "officeDocument", "workbook.xml") "</Relationships>"
#define WORKBOOK "<workbook xmlns:r='r'><sheets><sheet r:id='a'/></sheets></workbook>"
#define WORKBOOK_RELATIONS                                                                         \
    "<Relationships>" RELATION("a", "worksheet", "sheet.xml")                                      \
        RELATION("b", "styles", "styles.xml")                                                      \
            RELATION("c", "sharedStrings", "strings.xml") "</Relationships>"
#define STYLES "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"
#define STRINGS "<sst><si><t>zero</t></si><si><t>one</t></si></sst>"
#define SHEET                                                                                      \
    "<worksheet><sheetData><row><c t='s'><v>1</v></c><c s='1'><v>46082</v></c></row></sheetData>"  \
    "</worksheet>"

static const struct {
    uint8_t letter;
    const char *path, *text;
} PARTS[] = {
    {'p', "_rels/.rels", PACKAGE_RELATIONS},
    {'w', "workbook.xml", WORKBOOK},
    {'r', "_rels/workbook.xml.rels", WORKBOOK_RELATIONS},
    {'y', "styles.xml", STYLES},
    {'t', "strings.xml", STRINGS},
    {'s', "sheet.xml", SHEET},
};

static zip_source_t *package_of(const uint8_t *bytes, size_t len)
{
    zip_source_t *package = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_source_keep(package);
    zip_t *zip = zip_open_from_source(package, ZIP_TRUNCATE, NULL);
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        bool given = bytes[0] == PARTS[i].letter;
        zip_source_t *text = given
                                 ? zip_source_buffer(zip, bytes + 1, len - 1, 0)
                                 : zip_source_buffer(zip, PARTS[i].text, strlen(PARTS[i].text), 0);
        zip_int64_t index = zip_file_add(zip, PARTS[i].path, text, 0);
        zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
    }
    int closed = zip_close(zip);
    assert(closed == 0);
    return package;
}

static void part_check(struct ctx *cx, const uint8_t *bytes, size_t len)
{
    zip_source_t *package = package_of(bytes, len);
    zip_stat_t stat;
    zip_source_open(package);
    zip_source_stat(package, &stat);
    char *file = arena_alloc(cx->mem, stat.size);
    zip_source_read(package, file, stat.size);
    zip_source_close(package);
    zip_source_free(package);
    sheet_check(cx, file, stat.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct ctx cx = {.mem = arena_new()};
    if (sheet_kind(bytes, len) == SHEET_XLSX)
        sheet_check(&cx, bytes, len);
    else if (len > 1)
        part_check(&cx, bytes, len);
    arena_free(cx.mem);
    return 0;
}
