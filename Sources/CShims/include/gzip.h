#pragma once
#include <stddef.h>

/// Bytes that gzipping `length` bytes can take at most.
size_t weir_gzip_bound(size_t length);

/// Gzips `input` into `output` (zlib's deflateInit2 is a macro, which Swift cannot call). Returns the bytes written, 0 on failure.
size_t weir_gzip(const unsigned char *input, size_t length, unsigned char *output, size_t capacity);
