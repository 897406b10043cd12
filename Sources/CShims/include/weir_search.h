#pragma once
#include <stddef.h>

/// Whether `text` holds the `word`, byte for byte. An empty word is held by every text.
int weir_text_holds(const unsigned char *text, size_t length, const unsigned char *word, size_t count);

/// Whether `sound` can be spoken as `word`, beginning at any of its syllables.
///
/// `sound` is lower-case syllables parted by spaces, with several ways of speaking one parted by `|`: `chong|zhong qing`. The word is letters
/// without spaces; each syllable may be given in whole, by its first letter, or, as the last one, by its beginning: `chongqing`, `cq`, `chongq`.
int weir_sound_holds(const unsigned char *sound, size_t length, const unsigned char *word, size_t count);
