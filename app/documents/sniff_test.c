/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/documents/sniff.h"

#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *media_type(const char *bytes, size_t len, const char *name)
{
    const struct file_kind *kind = file_kind_sniff(bytes, len, name);
    return kind ? kind->media_type : "refused";
}

/* ---- content ---- */

#define CONTENT(literal) literal, sizeof(literal) - 1

static void content_tells_the_type_whatever_the_name_says(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *name, *media_type;
    } FILES[] = {
        {CONTENT("%PDF-1.7\n%\xe2\xe3"), "a.exe", "application/pdf"},
        {CONTENT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "a.html", "image/png"},
        {CONTENT("\xff\xd8\xff\xe0\0\x10JFIF"), "a", "image/jpeg"},
        {CONTENT("GIF89a\1\0\1\0"), "a.gif", "image/gif"},
        {CONTENT("RIFF\x24\0\0\0WEBPVP8 "), "a.webp", "image/webp"},
        {CONTENT("RIFF\x24\0\0\0WAVEfmt "), "a.wav", "audio/wav"},
        {CONTENT("RIFF\x24\0\0\0AVI LIST"), "a.avi", "refused"},
        {CONTENT("\0\0\0\x18"
                 "ftypheic\0\0\0\0"),
         "a.heic", "image/heic"},
        {CONTENT("\0\0\0\x18"
                 "ftypisom\0\0\2\0"),
         "a.mp4", "video/mp4"},
        {CONTENT("\0\0\0\x18"
                 "ftypqt  \0\0\2\0"),
         "a.mov", "video/quicktime"},
        {CONTENT("\0\0\0\x18"
                 "ftypM4A \0\0\2\0"),
         "a.m4a", "audio/mp4"},
        {CONTENT("\0\0\0\x18"
                 "ftypcrx \0\0\0\1"),
         "a.cr3", "refused"},
        {CONTENT("ID3\4\0\0\0\0\0\0"), "a.mp3", "audio/mpeg"},
        {CONTENT("\xff\xfb\x90\x64\0\0"), "a.mp3", "audio/mpeg"},
        {CONTENT("\xff\xfb\xf0\x64\0\0"), "a.mp3", "refused"},
        {CONTENT("OggS\0\2\0\0"), "a.ogg", "audio/ogg"},
        {CONTENT("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "a.zip", "application/zip"},
        {CONTENT("PK\3\4 and nothing that follows"), "a.zip", "refused"},
        {CONTENT("\x7f"
                 "ELF\2\1\1\0"),
         "a.pdf", "refused"},
        {CONTENT("MZ\x90\0\3\0\0\0"), "a.jpg", "refused"},
        {CONTENT("\xca\xfe\xba\xbe\0\0\0\x34"), "A.class", "refused"},
        {CONTENT("Rar!\x1a\7\1\0"), "a.rar", "refused"},
        {CONTENT("\0\1\2\3"), "a.bin", "refused"},
        {CONTENT(""), "a.txt", "refused"},
    };
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++)
        assert_string_equal(media_type(FILES[i].bytes, FILES[i].len, FILES[i].name),
                            FILES[i].media_type);
}

static void text_is_taken_but_markup_and_scripts_are_not(void **state)
{
    static const struct {
        const char *text, *name, *media_type;
    } FILES[] = {
        {"保洁记录\r\n3 月 2 日\r\n", "记录.txt", "text/plain"},
        {"\xb1\xa3\xbd\xe0,3\r\n", "gbk.csv", "text/csv"},
        {"a,b\n1,2\n", "list.CSV", "text/csv"},
        {"a,b\n1,2\n", "list.csv.txt", "text/plain"},
        {"1 < 2, und 3 > 2", "a.txt", "text/plain"},
        {"< 5 mm", "a.txt", "text/plain"},
        {"<html><body onload=alert(1)>", "a.txt", "refused"},
        {"  \r\n\t<ScRiPt>alert(1)</script>", "a.csv", "refused"},
        {"\xef\xbb\xbf<?xml version=\"1.0\"?><svg/>", "a.svg", "refused"},
        {"<!DOCTYPE html>", "a", "refused"},
        {"#!/bin/sh\nrm -rf /\n", "a.txt", "refused"},
        {"bell \a", "a.txt", "refused"},
        {"half a character \xe4", "a.txt", "refused"},
        {"\xff\xfe", "a.txt", "refused"},
    };
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++)
        assert_string_equal(media_type(FILES[i].text, strlen(FILES[i].text), FILES[i].name),
                            FILES[i].media_type);
}

/* ---- containers ---- */

static void put_number(struct text *text, size_t value, int size)
{
    for (; size > 0; size--, value >>= 8)
        text_putc(text, (char)(value & 0xff));
}

static void put_zeros(struct text *text, size_t count)
{
    while (count-- > 0)
        text_putc(text, '\0');
}

/* A ZIP of empty files with these names. */
static struct text zip_of(struct arena *arena, const char *const *names)
{
    struct text zip = text_new(arena, 512), directory = text_new(arena, 512);
    size_t count = 0;
    for (; names[count]; count++) {
        size_t len = strlen(names[count]), at = zip.len;
        text_put(&zip, CONTENT("PK\3\4\x14\0"));
        put_zeros(&zip, 20);
        put_number(&zip, len, 2);
        put_zeros(&zip, 2);
        text_puts(&zip, names[count]);
        text_put(&directory, CONTENT("PK\1\2\x14\0\x14\0"));
        put_zeros(&directory, 20);
        put_number(&directory, len, 2);
        put_zeros(&directory, 12);
        put_number(&directory, at, 4);
        text_puts(&directory, names[count]);
    }
    size_t start = zip.len;
    text_put(&zip, directory.at, directory.len);
    text_put(&zip, CONTENT("PK\5\6\0\0\0\0"));
    put_number(&zip, count, 2);
    put_number(&zip, count, 2);
    put_number(&zip, directory.len, 4);
    put_number(&zip, start, 4);
    put_number(&zip, 0, 2);
    return zip;
}

static void a_zip_is_what_its_entries_make_it(void **state)
{
    static const struct {
        const char *const names[4];
        const char *media_type;
    } FILES[] = {
        {{"photos/1.jpg", "photos/2.jpg"}, "application/zip"},
        {{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"},
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {{"word/document.xml", "[Content_Types].xml"},
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {{"[Content_Types].xml", "ppt/presentation.xml"},
         "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
        {{"xl/workbook.xml"}, "application/zip"},
        {{"[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"}, "refused"},
        {{"META-INF/MANIFEST.MF", "Main.class"}, "refused"},
        {{"AndroidManifest.xml", "classes.dex"}, "refused"},
    };
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        struct text zip = zip_of(*state, FILES[i].names);
        assert_string_equal(media_type(zip.at, zip.len, "a.zip"), FILES[i].media_type);
    }
}

static void a_zip_cut_short_anywhere_is_refused(void **state)
{
    static const char *const NAMES[] = {"[Content_Types].xml", "xl/workbook.xml", NULL};
    struct text zip = zip_of(*state, NAMES);
    for (size_t len = 4; len < zip.len; len++) {
        char *copy = arena_copy(*state, zip.at, len);
        assert_string_equal(media_type(copy, len, "a.xlsx"), "refused");
    }
}

/* An OLE file whose directory has these names. */
static struct text ole_of(struct arena *arena, const char *const *names)
{
    struct text ole = text_new(arena, 2048);
    text_put(&ole, CONTENT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));
    put_zeros(&ole, 512 - ole.len);
    for (; *names; names++) {
        size_t end = ole.len + 128;
        for (const char *c = *names; *c; c++)
            put_number(&ole, (unsigned char)*c, 2);
        put_zeros(&ole, end - 64 - ole.len);
        put_number(&ole, 2 * (strlen(*names) + 1), 2);
        put_zeros(&ole, end - ole.len);
    }
    return ole;
}

static void an_old_office_file_is_known_by_its_streams(void **state)
{
    static const struct {
        const char *const names[4];
        const char *media_type;
    } FILES[] = {
        {{"Root Entry", "WordDocument"}, "application/msword"},
        {{"Root Entry", "Workbook"}, "application/vnd.ms-excel"},
        {{"Root Entry", "PowerPoint Document"}, "application/vnd.ms-powerpoint"},
        {{"Root Entry", "Workbook", "VBA"}, "refused"},
        {{"Root Entry", "Workbooks"}, "refused"},
        {{"Root Entry"}, "refused"},
    };
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        struct text ole = ole_of(*state, FILES[i].names);
        assert_string_equal(media_type(ole.at, ole.len, "a.doc"), FILES[i].media_type);
    }
}

static void a_stored_media_type_leads_back_to_its_kind(void **state)
{
    assert_string_equal(file_kind_of("image/png")->icon, "photo");
    assert_true(file_kind_of("application/pdf")->is_shown);
    assert_false(file_kind_of("text/plain")->is_shown);
    assert_null(file_kind_of("text/html"));
    assert_null(file_kind_of(""));
}

/* ---- names ---- */

static void hostile_names_become_harmless(void **state)
{
    static const struct {
        const char *name, *media_type, *clean;
    } NAMES[] = {
        {"合同 扫描件.pdf", "application/pdf", "合同 扫描件.pdf"},
        {"Scan.PDF", "application/pdf", "Scan.PDF"},
        {"C:\\Users\\li\\照片.jpeg", "image/jpeg", "照片.jpeg"},
        {"../../etc/passwd", "text/plain", "passwd.txt"},
        {"..\\..\\run.pdf", "application/pdf", "run.pdf"},
        {"invoice.exe", "application/pdf", "invoice.exe.pdf"},
        {"page.html", "text/plain", "page.html.txt"},
        {"a.pdf/", "application/pdf", "file.pdf"},
        {"", "application/pdf", "file.pdf"},
        {"...", "application/pdf", "file.pdf"},
        {".htaccess", "text/plain", "htaccess.txt"},
        {".pdf", "application/pdf", "pdf.pdf"},
        {"a..pdf", "application/pdf", "a.pdf"},
        {"a .pdf . .", "application/pdf", "a.pdf"},
        {"a\r\nSet-Cookie: b=1.pdf", "application/pdf", "aSet-Cookie: b=1.pdf"},
        {"a\x7f\x1b[31m.pdf", "application/pdf", "a[31m.pdf"},
        {"a\u202Efdp.png", "image/png", "afdp.png"},
        {"\u2066x\u2069\u200B\uFEFFy.png", "image/png", "xy.png"},
        {"a\xc2\x85\xc2\x9f\U000E0041"
         "b.png",
         "image/png", "ab.png"},
        {"\xba\xcf\xcd\xac.pdf", "application/pdf", "合同.pdf"},
        {"bad\xff.pdf", "application/pdf", "file.pdf"},
        {"<img src=x onerror=alert(1)>.png", "image/png", "<img src=x onerror=alert(1)>.png"},
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        assert_string_equal(
            file_name_clean(*state, NAMES[i].name, file_kind_of(NAMES[i].media_type)),
            NAMES[i].clean);
}

static void a_long_name_is_cut_before_its_extension(void **state)
{
    struct text name = text_new(*state, 1024);
    for (int i = 0; i < 300; i++)
        text_puts(&name, "履");
    text_puts(&name, ".jpeg");
    const char *clean = file_name_clean(*state, text_end(&name), file_kind_of("image/jpeg"));
    assert_int_equal(utf8_count(clean), FILE_NAME_MOST);
    assert_string_equal(clean + strlen(clean) - 5, ".jpeg");
    clean = file_name_clean(*state, text_end(&name), file_kind_of("application/pdf"));
    assert_int_equal(utf8_count(clean), FILE_NAME_MOST);
    assert_string_equal(clean + strlen(clean) - 4, ".pdf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_tells_the_type_whatever_the_name_says),
        cmocka_unit_test(text_is_taken_but_markup_and_scripts_are_not),
        cmocka_unit_test(a_zip_is_what_its_entries_make_it),
        cmocka_unit_test(a_zip_cut_short_anywhere_is_refused),
        cmocka_unit_test(an_old_office_file_is_known_by_its_streams),
        cmocka_unit_test(a_stored_media_type_leads_back_to_its_kind),
        cmocka_unit_test(hostile_names_become_harmless),
        cmocka_unit_test(a_long_name_is_cut_before_its_extension),
    };
    return cmocka_run_group_tests_name("sniff", tests, setup, teardown);
}
