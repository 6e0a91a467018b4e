/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A source and two filters, as every vocoder has them: pulses of the voice, noise for consonants,
 * two resonances that move from vowel to vowel. Whole numbers, so that every machine makes the same
 * bytes. */
#include "main/demo_sound.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define RATE 8000
#define HEAD 44
#define FRAME 4 /* bytes: two channels of 16 bits */

struct voice {
    int period;     /* samples between two pulses: how high it is */
    int place;      /* since the last pulse */
    int turn, rest; /* samples of the syllable and of the pause that are still to come */
    int fricative;  /* samples of it that are noise */
    int vowel;
    int32_t far[2], near[2]; /* of both resonances: the last two values, times 256 */
    uint64_t luck;
};

/* Two resonances of a vowel: 2 r cos(2 pi f / RATE) and r * r, times 4096. */
static const int32_t VOWELS[][4] = {
    {6397, 3816, 4067, 3698},  /* a: 800, 1300 Hz */
    {7689, 3816, -1817, 3698}, /* i: 300, 2300 Hz */
    {7643, 3816, 6472, 3698},  /* u: 330, 750 Hz */
    {7306, 3816, 1218, 3698},  /* e: 500, 1800 Hz */
    {7352, 3816, 5716, 3698},  /* o: 480, 950 Hz */
};
#define VOWEL_COUNT ((int)(sizeof VOWELS / sizeof VOWELS[0]))

static int chance(struct voice *voice, int most)
{
    voice->luck = voice->luck * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((voice->luck >> 33) % (uint64_t)most);
}

static int32_t resonate(int32_t in, const int32_t *filter, int32_t state[2])
{
    const int64_t out = in + ((int64_t)filter[0] * state[0] - (int64_t)filter[1] * state[1]) / 4096;
    state[1] = state[0];
    state[0] = (int32_t)(out > 8000000 ? 8000000 : out < -8000000 ? -8000000 : out);
    return state[0];
}

/* The next syllable begins; now and then after a breath. */
static void next_syllable(struct voice *voice)
{
    voice->turn = RATE / 9 + chance(voice, RATE / 8);
    voice->rest = chance(voice, 7) == 0 ? RATE / 4 + chance(voice, RATE / 3) : RATE / 60;
    voice->fricative = chance(voice, 3) == 0 ? RATE / 25 : 0;
    voice->vowel = chance(voice, VOWEL_COUNT);
}

static int16_t speak(struct voice *voice)
{
    int32_t pulse = 0;
    if (voice->turn <= 0 && voice->rest-- <= 0)
        next_syllable(voice);
    if (voice->turn > 0) {
        voice->turn--;
        if (voice->fricative > 0) {
            voice->fricative--;
            pulse = (chance(voice, 2001) - 1000) * 40;
        } else if (++voice->place >= voice->period + voice->turn % 7) {
            voice->place = 0;
            pulse = 420000;
        }
    }
    const int32_t *filter = VOWELS[voice->vowel];
    const int32_t sound =
        resonate(resonate(pulse, filter, voice->far) / 3, filter + 2, voice->near) / 180;
    return (int16_t)(sound > 26000 ? 26000 : sound < -26000 ? -26000 : sound);
}

/* ---- who speaks when ---- */

static void put(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void put_head(uint8_t *at, uint32_t sound)
{
    memcpy(at, "RIFF\0\0\0\0WAVEfmt ", 16);
    memcpy(at + 36, "data", 4);
    put(at + 4, sound + HEAD - 8, 4);
    put(at + 16, 16, 4);
    put(at + 20, 1, 2); /* PCM */
    put(at + 22, 2, 2);
    put(at + 24, RATE, 4);
    put(at + 28, RATE * FRAME, 4);
    put(at + 32, FRAME, 2);
    put(at + 34, 16, 2);
    put(at + 40, sound, 4);
}

struct talk {
    struct voice both[2];
    int speaker, until;
    bool silence;
};

/* A turn ends, or the silence after it. */
static void take_turns(struct talk *talk, int at)
{
    struct voice *luck = &talk->both[0];
    if (at < talk->until)
        return;
    talk->silence = !talk->silence;
    if (talk->silence) {
        talk->speaker = 1 - talk->speaker;
        talk->until = at + RATE / 3 + chance(luck, RATE);
    } else {
        talk->until = at + 2 * RATE + chance(luck, 3 * RATE) / (talk->speaker ? 2 : 1);
    }
}

const void *demo_sound(struct arena *arena, int seconds, uint64_t luck, size_t *out_len)
{
    const int frames = seconds * RATE;
    uint8_t *bytes = arena_alloc(arena, HEAD + (size_t)frames * FRAME), *at = bytes + HEAD;
    struct talk talk = {.both = {{.period = 38, .luck = luck}, {.period = 66, .luck = luck + 1}},
                        .silence = true};
    put_head(bytes, (uint32_t)frames * FRAME);
    for (int i = 0; i < frames; i++) {
        take_turns(&talk, i);
        for (int side = 0; side < 2; side++, at += FRAME / 2) {
            const int32_t line = chance(&talk.both[side], 61) - 30; /* the line itself */
            const bool speaks = !talk.silence && side == talk.speaker;
            put(at, (uint32_t)((speaks ? speak(&talk.both[side]) : 0) + line), 2);
        }
    }
    *out_len = HEAD + (size_t)frames * FRAME;
    return bytes;
}
