#include "slow_disk.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>
#include <time.h>

static sqlite3_vfs slow, *base;
static long pause_nanoseconds;
/* The files' own methods, and the same with another sync: a database has other ones than its log. */
static struct kind {
    const sqlite3_io_methods *own;
    sqlite3_io_methods slow;
} kinds[8];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int slow_sync(sqlite3_file *file, int flags) {
    const struct kind *kind = (const struct kind *)((const char *)file->pMethods - offsetof(struct kind, slow));
    struct timespec pause = {pause_nanoseconds / 1000000000, pause_nanoseconds % 1000000000};
    nanosleep(&pause, 0);
    return kind->own->xSync(file, flags);
}

static int slow_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    int result = base->xOpen(base, name, file, flags, out);
    if (result != SQLITE_OK || !file->pMethods) return result;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < (int)(sizeof kinds / sizeof *kinds); i++) {
        if (!kinds[i].own) {
            kinds[i].own = file->pMethods;
            kinds[i].slow = *file->pMethods;
            kinds[i].slow.xSync = slow_sync;
        }
        if (kinds[i].own != file->pMethods) continue;
        file->pMethods = &kinds[i].slow;
        break;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int slow_disk_begin(int64_t microseconds) {
    pause_nanoseconds = microseconds * 1000;
    base = sqlite3_vfs_find(0);
    if (!base) return SQLITE_ERROR;
    slow = *base;
    slow.zName = "slow-sync";
    slow.pNext = 0;
    slow.xOpen = slow_open;
    return sqlite3_vfs_register(&slow, 1);
}

void slow_disk_end(void) {
    sqlite3_vfs_unregister(&slow);
    sqlite3_vfs_register(base, 1);
}
