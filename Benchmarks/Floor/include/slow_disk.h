#pragma once
#include <stdint.h>

/// Databases opened from now on wait so many microseconds more at each sync, whoever opens them: the disk of a machine on which a sync reaches
/// its cells, where this machine's may only promise to.
///
/// Returns 0, or an SQLite result code.
int slow_disk_begin(int64_t microseconds);

/// Databases opened from now on do not wait. Those that are open must be closed before.
void slow_disk_end(void);
