#define _GNU_SOURCE
#include "weir_search.h"
#include <string.h>

int weir_text_holds(const unsigned char *text, size_t length, const unsigned char *word, size_t count) {
  if (count == 0) return 1;
  if (count > length) return 0;
  return memmem(text, length, word, count) != NULL;
}

/// `at` is the beginning of a syllable. The depth is bounded by the letters of the word.
static int spoken(const unsigned char *at, const unsigned char *end, const unsigned char *word, size_t count) {
  if (count == 0) return 1;
  if (at >= end) return 0;
  const unsigned char *next = at;
  while (next < end && *next != ' ') next++;
  const unsigned char *after = next < end ? next + 1 : end;
  for (const unsigned char *way = at; way < next;) {
    const unsigned char *stop = way;
    while (stop < next && *stop != '|') stop++;
    size_t letters = (size_t)(stop - way), same = 0;
    while (same < letters && same < count && way[same] == word[same]) same++;
    if (same == count) return 1;
    if (same == letters && same > 0 && spoken(after, end, word + same, count - same)) return 1;
    if (same > 0 && letters > 1 && spoken(after, end, word + 1, count - 1)) return 1;
    way = stop + 1;
  }
  return 0;
}

int weir_sound_holds(const unsigned char *sound, size_t length, const unsigned char *word, size_t count) {
  const unsigned char *end = sound + length;
  for (const unsigned char *at = sound; at < end;) {
    if (spoken(at, end, word, count)) return 1;
    while (at < end && *at != ' ') at++;
    at++;
  }
  return 0;
}
