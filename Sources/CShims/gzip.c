#include "gzip.h"
#include <string.h>
#include <zlib.h>

/// zlib manual, deflateInit2: 15 bits of window, plus 16 for a gzip header.
static const int gzip_window_bits = 15 + 16;

size_t weir_gzip_bound(size_t length) {
    return length + length / 1000 + 128;
}

size_t weir_gzip(const unsigned char *input, size_t length, unsigned char *output, size_t capacity) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (length > 0x7fffffff || capacity > 0x7fffffff) return 0;
    if (deflateInit2(&stream, 5, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (unsigned char *)input;
    stream.avail_in = (unsigned)length;
    stream.next_out = output;
    stream.avail_out = (unsigned)capacity;
    int result = deflate(&stream, Z_FINISH);
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? written : 0;
}
