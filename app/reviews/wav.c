/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/reviews/wav.h"

#include <stdlib.h>
#include <string.h>

#define HEAD 12         /* RIFF, length, WAVE */
#define CHUNK_HEAD 8    /* name, length */
#define FORMAT_LEN 16   /* that every format has */
#define SAMPLE 2        /* bytes */
#define RATE_LEAST 1000 /* no recorder is slower, and a length in ms stays within 32 bits */

static uint32_t little(const uint8_t *at, int count)
{
    uint32_t value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | at[i];
    return value;
}

static bool read_format(const uint8_t *at, size_t len, struct wav *out)
{
    if (len < FORMAT_LEN)
        return false;
    const uint32_t encoding = little(at, 2), bits = little(at + 14, 2);
    out->channels = (int32_t)little(at + 2, 2);
    out->rate = (int32_t)(little(at + 4, 4) & INT32_MAX);
    return encoding == 1 && bits == 8 * SAMPLE && out->rate >= RATE_LEAST && out->channels >= 1 &&
           out->channels <= WAV_CHANNELS;
}

/* The sound: as much as its head says, or as there is, in whole frames. */
static bool read_data(size_t begin, size_t told, size_t size, struct wav *out)
{
    const size_t frame = (size_t)out->channels * SAMPLE;
    out->offset = begin;
    out->len = told < size - begin ? told : size - begin;
    if (frame)
        out->len -= out->len % frame;
    return out->channels > 0;
}

bool wav_read(const void *bytes, size_t len, size_t size, struct wav *out)
{
    const uint8_t *at = bytes;
    *out = (struct wav){0};
    if (len < HEAD || memcmp(at, "RIFF", 4) != 0 || memcmp(at + 8, "WAVE", 4) != 0)
        return false;
    for (size_t place = HEAD; len - place >= CHUNK_HEAD;) {
        const size_t told = little(at + place + 4, 4), begin = place + CHUNK_HEAD;
        if (memcmp(at + place, "data", 4) == 0)
            return read_data(begin, told, size, out);
        if (told > len - begin)
            return false;
        if (memcmp(at + place, "fmt ", 4) == 0 && !read_format(at + begin, told, out))
            return false;
        place = begin + told + (told & 1);
        if (place > len)
            return false;
    }
    return false;
}

int64_t wav_duration_ms(const struct wav *wav)
{
    return (int64_t)(wav->len / (SAMPLE * (size_t)wav->channels)) * 1000 / wav->rate;
}

static int32_t loudest(const struct wav *wav, const uint8_t *samples, size_t from, size_t to,
                       int32_t channel)
{
    int32_t most = 0;
    for (size_t i = from; i < to; i++) {
        const size_t place = (i * (size_t)wav->channels + (size_t)channel) * SAMPLE;
        const int32_t value = abs((int16_t)(uint16_t)little(samples + place, SAMPLE));
        most = value > most ? value : most;
    }
    return (most * 100 + INT16_MAX / 2) / (INT16_MAX + 1);
}

void wav_peaks(const struct wav *wav, const void *bytes, struct peak *out, size_t count)
{
    const uint8_t *samples = (const uint8_t *)bytes + wav->offset;
    const size_t frames = wav->len / (SAMPLE * (size_t)wav->channels);
    for (size_t i = 0; i < count; i++) {
        const size_t from = frames * i / count, to = frames * (i + 1) / count;
        out[i].left = loudest(wav, samples, from, to, 0);
        out[i].right = wav->channels > 1 ? loudest(wav, samples, from, to, 1) : 0;
    }
}
