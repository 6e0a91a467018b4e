/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/documents/sniff.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum kind {
    UNKNOWN,
    PDF,
    PNG,
    JPEG,
    GIF,
    WEBP,
    HEIC,
    MP4,
    MOV,
    M4A,
    MP3,
    WAV,
    OGG,
    ZIP,
    XLSX,
    DOCX,
    PPTX,
    XLS,
    DOC,
    PPT,
    CSV,
    TXT,
    KIND_COUNT
};

#define OPEN "application/vnd.openxmlformats-officedocument."

/* clang-format off */
static const struct file_kind KINDS[KIND_COUNT] = {
    [PDF]  = {"application/pdf",                   "pdf",             "file-type-pdf",    true},
    [PNG]  = {"image/png",                         "png",             "photo",            true},
    [JPEG] = {"image/jpeg",                        "jpg jpeg",        "photo",            true},
    [GIF]  = {"image/gif",                         "gif",             "photo",            true},
    [WEBP] = {"image/webp",                        "webp",            "photo",            true},
    [HEIC] = {"image/heic",                        "heic heif",       "photo",            false},
    [MP4]  = {"video/mp4",                         "mp4 m4v",         "video",            false},
    [MOV]  = {"video/quicktime",                   "mov",             "video",            false},
    [M4A]  = {"audio/mp4",                         "m4a",             "music",            true},
    [MP3]  = {"audio/mpeg",                        "mp3",             "music",            true},
    [WAV]  = {"audio/wav",                         "wav",             "music",            true},
    [OGG]  = {"audio/ogg",                         "ogg oga opus",    "music",            true},
    [ZIP]  = {"application/zip",                   "zip",             "file-zip",         false},
    [XLSX] = {OPEN "spreadsheetml.sheet",          "xlsx",            "file-spreadsheet", false},
    [DOCX] = {OPEN "wordprocessingml.document",    "docx",            "file-type-doc",    false},
    [PPTX] = {OPEN "presentationml.presentation",  "pptx",            "presentation",     false},
    [XLS]  = {"application/vnd.ms-excel",          "xls",             "file-spreadsheet", false},
    [DOC]  = {"application/msword",                "doc",             "file-type-doc",    false},
    [PPT]  = {"application/vnd.ms-powerpoint",     "ppt",             "presentation",     false},
    [CSV]  = {"text/csv",                          "csv",             "file-spreadsheet", false},
    [TXT]  = {"text/plain",                        "txt log md json", "file-text",        false},
};
/* clang-format on */

const struct file_kind *file_kind_of(const char *media_type)
{
    for (enum kind kind = UNKNOWN + 1; kind < KIND_COUNT; kind++)
        if (strcmp(KINDS[kind].media_type, media_type) == 0)
            return &KINDS[kind];
    return NULL;
}

/* ---- magic bytes ---- */

struct bytes {
    const unsigned char *at;
    size_t len;
};

static bool holds(struct bytes bytes, size_t at, const char *mark, size_t len)
{
    return at <= bytes.len && len <= bytes.len - at && memcmp(bytes.at + at, mark, len) == 0;
}

#define MARK(literal) literal, sizeof(literal) - 1

static const struct signature {
    enum kind kind;
    size_t at;
    const char *mark;
    size_t len;
} SIGNATURES[] = {
    {PDF, 0, MARK("%PDF-")},         {PNG, 0, MARK("\x89PNG\r\n\x1a\n")},
    {JPEG, 0, MARK("\xff\xd8\xff")}, {GIF, 0, MARK("GIF87a")},
    {GIF, 0, MARK("GIF89a")},        {OGG, 0, MARK("OggS\0")},
    {MP3, 0, MARK("ID3")},           {HEIC, 4, MARK("ftypheic")},
    {HEIC, 4, MARK("ftypheix")},     {HEIC, 4, MARK("ftypmif1")},
    {HEIC, 4, MARK("ftypmsf1")},     {M4A, 4, MARK("ftypM4A ")},
    {MOV, 4, MARK("ftypqt  ")},      {MP4, 4, MARK("ftypiso")},
    {MP4, 4, MARK("ftypmp4")},       {MP4, 4, MARK("ftypavc1")},
    {MP4, 4, MARK("ftypM4V ")},
};

/* RIFF names what it holds after its length. */
static enum kind riff_kind(struct bytes bytes)
{
    if (!holds(bytes, 0, MARK("RIFF")))
        return UNKNOWN;
    return holds(bytes, 8, MARK("WEBP")) ? WEBP : holds(bytes, 8, MARK("WAVE")) ? WAV : UNKNOWN;
}

/* An MP3 without tags begins with a frame: eleven bits of sync, layer III, a rate that exists. */
static enum kind frame_kind(struct bytes bytes)
{
    if (bytes.len < 4 || bytes.at[0] != 0xff || (bytes.at[1] & 0xe6) != 0xe2)
        return UNKNOWN;
    unsigned bitrate = bytes.at[2] >> 4, rate = bytes.at[2] >> 2 & 3;
    return bitrate > 0 && bitrate < 15 && rate < 3 ? MP3 : UNKNOWN;
}

static enum kind magic_kind(struct bytes bytes)
{
    for (size_t i = 0; i < sizeof SIGNATURES / sizeof SIGNATURES[0]; i++)
        if (holds(bytes, SIGNATURES[i].at, SIGNATURES[i].mark, SIGNATURES[i].len))
            return SIGNATURES[i].kind;
    enum kind kind = riff_kind(bytes);
    return kind ? kind : frame_kind(bytes);
}

/* ---- containers ---- */

/* A little-endian number of `size` bytes that are known to be there. */
static size_t number_at(struct bytes bytes, size_t at, size_t size)
{
    size_t value = 0;
    while (size-- > 0)
        value = value << 8 | bytes.at[at + size];
    return value;
}

struct zip_contents {
    bool is_package; /* of Office Open XML */
    bool is_program;
    enum kind office;
};

static bool name_begins(struct span name, const char *beginning)
{
    size_t len = strlen(beginning);
    return name.len >= len && memcmp(name.at, beginning, len) == 0;
}

static bool name_ends(struct span name, const char *ending)
{
    size_t len = strlen(ending);
    return name.len >= len && memcmp(name.at + name.len - len, ending, len) == 0;
}

static void zip_entry(struct span name, struct zip_contents *contents)
{
    if (name_ends(name, "vbaProject.bin") || name_begins(name, "META-INF/MANIFEST.MF") ||
        name_begins(name, "AndroidManifest.xml"))
        contents->is_program = true;
    else if (name_begins(name, "[Content_Types].xml"))
        contents->is_package = true;
    else if (name_begins(name, "xl/workbook"))
        contents->office = XLSX;
    else if (name_begins(name, "word/document"))
        contents->office = DOCX;
    else if (name_begins(name, "ppt/presentation"))
        contents->office = PPTX;
}

#define ZIP_END_LEN 22
#define ZIP_ENTRY_LEN 46
#define ZIP_COMMENT_MOST 65535

/* Where the end record stands, which a comment may follow; bytes.len when there is none. */
static size_t zip_end(struct bytes bytes)
{
    if (bytes.len < ZIP_END_LEN)
        return bytes.len;
    size_t last = bytes.len - ZIP_END_LEN;
    size_t first = last > ZIP_COMMENT_MOST ? last - ZIP_COMMENT_MOST : 0;
    for (size_t at = last + 1; at-- > first;)
        if (holds(bytes, at, MARK("PK\5\6")))
            return at;
    return bytes.len;
}

/* The names of its entries, in the directory at its end, tell what a ZIP is. */
static enum kind zip_kind(struct bytes bytes)
{
    struct zip_contents contents = {0};
    size_t end = zip_end(bytes);
    if (end == bytes.len || !(holds(bytes, 0, MARK("PK\3\4")) || end == 0))
        return UNKNOWN;
    size_t entries = number_at(bytes, end + 10, 2), at = number_at(bytes, end + 16, 4);
    for (; entries > 0; entries--) {
        if (!holds(bytes, at, MARK("PK\1\2")) || bytes.len - at < ZIP_ENTRY_LEN)
            return UNKNOWN;
        size_t name_len = number_at(bytes, at + 28, 2);
        size_t rest = number_at(bytes, at + 30, 2) + number_at(bytes, at + 32, 2);
        if (bytes.len - at - ZIP_ENTRY_LEN < name_len)
            return UNKNOWN;
        zip_entry((struct span){(const char *)bytes.at + at + ZIP_ENTRY_LEN, name_len}, &contents);
        at += ZIP_ENTRY_LEN + name_len + rest;
    }
    if (contents.is_program)
        return UNKNOWN;
    return contents.is_package && contents.office ? contents.office : ZIP;
}

#define OLE_SECTOR 512
#define OLE_ENTRY 128
#define OLE_NAME 64 /* bytes of an entry's name, UTF-16 */

/* Is the directory entry at `at` called `name`? */
static bool ole_called(struct bytes bytes, size_t at, const char *name)
{
    size_t len = strlen(name);
    if (number_at(bytes, at + OLE_NAME, 2) != 2 * (len + 1))
        return false;
    for (size_t i = 0; i < len; i++)
        if (number_at(bytes, at + 2 * i, 2) != (unsigned char)name[i])
            return false;
    return true;
}

/* The old office formats: a small file system whose directory entries name their streams. An
 * installer (MSI) is one as well, but has none of these. */
static enum kind ole_kind(struct bytes bytes)
{
    static const struct {
        const char *name;
        enum kind kind;
    } STREAMS[] = {
        {"WordDocument", DOC},
        {"Workbook", XLS},
        {"Book", XLS},
        {"PowerPoint Document", PPT},
    };
    enum kind kind = UNKNOWN;
    if (!holds(bytes, 0, MARK("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
        return UNKNOWN;
    for (size_t at = OLE_SECTOR; at + OLE_ENTRY <= bytes.len; at += OLE_ENTRY) {
        if (ole_called(bytes, at, "VBA"))
            return UNKNOWN;
        for (size_t i = 0; !kind && i < sizeof STREAMS / sizeof STREAMS[0]; i++)
            if (ole_called(bytes, at, STREAMS[i].name))
                kind = STREAMS[i].kind;
    }
    return kind;
}

/* ---- text ---- */

static bool is_between(unsigned char c, unsigned char from, unsigned char to)
{
    return c >= from && c <= to;
}

/* Length of the GB18030 character at the start; 0 when there is none. */
static size_t gb18030_length(struct bytes bytes)
{
    const unsigned char *at = bytes.at;
    if (at[0] < 0x80)
        return 1;
    if (bytes.len < 2 || !is_between(at[0], 0x81, 0xfe))
        return 0;
    if (at[1] >= 0x40)
        return at[1] != 0x7f && at[1] != 0xff ? 2 : 0;
    if (bytes.len < 4 || !is_between(at[1], '0', '9') || !is_between(at[2], 0x81, 0xfe) ||
        !is_between(at[3], '0', '9'))
        return 0;
    return 4;
}

static bool gb18030_valid(struct bytes bytes)
{
    while (bytes.len > 0) {
        size_t len = gb18030_length(bytes);
        if (len == 0)
            return false;
        bytes.at += len;
        bytes.len -= len;
    }
    return true;
}

static bool is_white(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool has_control(struct bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.at[i] == 0x7f || (bytes.at[i] < ' ' && !is_white(bytes.at[i])))
            return true;
    return false;
}

/* HTML, SVG and all other XML begin with a tag, scripts for a shell with the name of one. */
static bool is_markup_or_script(struct bytes bytes)
{
    size_t at = holds(bytes, 0, MARK("\xef\xbb\xbf")) ? 3 : 0;
    while (at < bytes.len && is_white(bytes.at[at]))
        at++;
    if (holds(bytes, at, MARK("#!")))
        return true;
    if (bytes.len - at < 2 || bytes.at[at] != '<')
        return false;
    unsigned char next = bytes.at[at + 1];
    return is_between(next | 0x20, 'a', 'z') || next == '!' || next == '?' || next == '/';
}

static enum kind text_kind(struct bytes bytes, const char *name)
{
    const char *dot = strrchr(name, '.');
    if (has_control(bytes) || is_markup_or_script(bytes))
        return UNKNOWN;
    if (!utf8_valid((const char *)bytes.at, bytes.len) && !gb18030_valid(bytes))
        return UNKNOWN;
    return dot && strcasecmp(dot, ".csv") == 0 ? CSV : TXT;
}

const struct file_kind *file_kind_sniff(const void *start, size_t len, const char *name)
{
    struct bytes bytes = {start, len};
    if (len == 0)
        return NULL;
    enum kind kind = magic_kind(bytes);
    if (!kind)
        kind = zip_kind(bytes);
    if (!kind)
        kind = ole_kind(bytes);
    if (!kind)
        kind = text_kind(bytes, name);
    return kind ? &KINDS[kind] : NULL;
}

/* ---- names ---- */

static const char *name_as_utf8(struct arena *arena, const char *name)
{
    size_t len;
    if (utf8_valid(name, strlen(name)))
        return name;
    const char *converted = text_from_gb18030(arena, name, strlen(name), &len);
    return converted ? converted : "";
}

static const char *base_name(const char *name)
{
    const char *base = name;
    for (; *name; name++)
        if (*name == '/' || *name == '\\')
            base = name + 1;
    return base;
}

/* Control characters, and those that turn the direction of writing or cannot be seen: with them
 * "gpj.exe" would be shown as "exe.jpg". */
static bool is_unseen(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } UNSEEN[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},
        {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},
        {0xfeff, 0xfeff}, {0xfff0, 0xffff}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof UNSEEN / sizeof UNSEEN[0]; i++)
        if (c >= UNSEEN[i].from && c <= UNSEEN[i].to)
            return true;
    return false;
}

static bool is_edge(char c)
{
    return c == '.' || c == ' ';
}

/* The name's visible characters, without dots and spaces at its ends. */
static const char *name_visible(struct arena *arena, const char *name)
{
    struct text kept = text_new(arena, 128);
    while (*name) {
        uint32_t c = utf8_next(&name);
        if (!is_unseen(c))
            utf8_put(&kept, c);
    }
    while (kept.len > 0 && is_edge(kept.at[kept.len - 1]))
        kept.len--;
    const char *clean = text_end(&kept);
    while (is_edge(*clean))
        clean++;
    return clean;
}

/* The extension after the last dot if it is one of the kind's, else NULL. */
static const char *fitting_extension(const char *name, const struct file_kind *kind)
{
    const char *dot = strrchr(name, '.');
    for (const char *word = kind->extensions; dot && *word;) {
        size_t len = strcspn(word, " ");
        if (strlen(dot + 1) == len && strncasecmp(dot + 1, word, len) == 0)
            return dot + 1;
        word += len + (word[len] == ' ');
    }
    return NULL;
}

/* Bytes of the first `most` characters, without dots and spaces at their end. */
static size_t stem_length(const char *stem, size_t len, size_t most)
{
    const char *at = stem;
    while (at < stem + len && most-- > 0)
        utf8_next(&at);
    len = (size_t)(at - stem);
    while (len > 0 && is_edge(stem[len - 1]))
        len--;
    return len;
}

const char *file_name_clean(struct arena *arena, const char *name, const struct file_kind *kind)
{
    const char *clean = name_visible(arena, base_name(name_as_utf8(arena, name)));
    const char *extension = fitting_extension(clean, kind);
    size_t len = extension ? (size_t)(extension - clean - 1) : strlen(clean);
    if (!extension)
        extension = arena_copy(arena, kind->extensions, strcspn(kind->extensions, " "));
    len = stem_length(clean, len, FILE_NAME_MOST - 1 - strlen(extension));
    if (len == 0)
        return arena_printf(arena, "file.%s", extension);
    return arena_printf(arena, "%.*s.%s", (int)len, clean, extension);
}
