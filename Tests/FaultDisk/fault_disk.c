#include "fault_disk.h"
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *name;
  /// Whether it is the file of that name now.
  int stands;
} named_file;

struct fault_disk {
  char *folder;
  size_t folder_length;
  pthread_mutex_t lock;
  fault_disk_event *events;
  int64_t count, capacity;
  named_file *files;
  int file_count, file_capacity;
  fault_disk_trouble trouble;
  int spared, times, struck;
  fault_disk *next;
};

static struct {
  pthread_mutex_t lock;
  fault_disk *disks;
  sqlite3_vfs *real;
  sqlite3_vfs layer;
} layers = {.lock = PTHREAD_MUTEX_INITIALIZER};

/// Whether the last lock was refused by us: then there is nobody to wait for.
static _Thread_local int was_busy;

typedef struct {
  sqlite3_file base;
  fault_disk *disk;
  int file;
  /// Syncing it for the first time makes sure of its name, as SQLite does for logs and journals.
  int syncs_names;
  sqlite3_file *real;
} disk_file;

static sqlite3_file *real(sqlite3_file *file) { return ((disk_file *)file)->real; }

static void *grown(void *memory, int64_t *capacity, size_t size) {
  *capacity = *capacity ? *capacity * 2 : 64;
  memory = realloc(memory, (size_t)*capacity * size);
  if (!memory) abort();
  return memory;
}

/// Under the disk's lock.
static void note(fault_disk *disk, fault_disk_kind kind, int file, int64_t offset, int64_t length, const void *bytes) {
  if (disk->count == disk->capacity) disk->events = grown(disk->events, &disk->capacity, sizeof *disk->events);
  unsigned char *copy = NULL;
  if (bytes) {
    copy = malloc((size_t)length);
    if (!copy) abort();
    memcpy(copy, bytes, (size_t)length);
  }
  disk->events[disk->count++] = (fault_disk_event){kind, file, offset, length, copy};
}

/// Under the disk's lock: whether this is one of the times at which it fails.
static int strikes(fault_disk *disk) {
  if (disk->spared > 0) {
    disk->spared--;
    return 0;
  }
  if (disk->times == 0) {
    disk->trouble = FAULT_DISK_WELL;
    return 0;
  }
  if (disk->times > 0) disk->times--;
  disk->struck++;
  return 1;
}

// Files.

static int file_close(sqlite3_file *file) {
  int result = real(file)->pMethods->xClose(real(file));
  file->pMethods = NULL;
  return result;
}

static int file_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset) {
  fault_disk *disk = ((disk_file *)file)->disk;
  pthread_mutex_lock(&disk->lock);
  int fails = disk->trouble == FAULT_DISK_READS_FAIL && strikes(disk);
  pthread_mutex_unlock(&disk->lock);
  if (fails) {
    errno = EIO;
    return SQLITE_IOERR_READ;
  }
  return real(file)->pMethods->xRead(real(file), bytes, length, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
  disk_file *own = (disk_file *)file;
  fault_disk *disk = own->disk;
  pthread_mutex_lock(&disk->lock);
  int result = SQLITE_OK, written = length;
  fault_disk_trouble trouble = disk->trouble;
  if ((trouble == FAULT_DISK_WRITES_FAIL || trouble == FAULT_DISK_FULL || trouble == FAULT_DISK_READ_ONLY) && strikes(disk)) {
    written = trouble == FAULT_DISK_READ_ONLY ? 0 : length / 2;
    result = trouble == FAULT_DISK_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    errno = trouble == FAULT_DISK_FULL ? ENOSPC : trouble == FAULT_DISK_READ_ONLY ? EROFS : EIO;
  }
  if (written) {
    int done = real(file)->pMethods->xWrite(real(file), bytes, written, offset);
    if (done == SQLITE_OK) note(disk, FAULT_DISK_WRITTEN, own->file, offset, written, bytes);
    if (result == SQLITE_OK) result = done;
  }
  pthread_mutex_unlock(&disk->lock);
  return result;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  disk_file *own = (disk_file *)file;
  pthread_mutex_lock(&own->disk->lock);
  int result;
  if (own->disk->trouble == FAULT_DISK_READ_ONLY && strikes(own->disk)) {
    errno = EROFS;
    result = SQLITE_IOERR_TRUNCATE;
  } else {
    result = real(file)->pMethods->xTruncate(real(file), size);
    if (result == SQLITE_OK) note(own->disk, FAULT_DISK_TRUNCATED, own->file, size, 0, NULL);
  }
  pthread_mutex_unlock(&own->disk->lock);
  return result;
}

static int file_sync(sqlite3_file *file, int flags) {
  disk_file *own = (disk_file *)file;
  pthread_mutex_lock(&own->disk->lock);
  int result;
  // It is the events that tell what is on the disk: the system's own need not be waited for.
  (void)flags;
  if (own->disk->trouble == FAULT_DISK_SYNCS_FAIL && strikes(own->disk)) {
    errno = EIO;
    result = SQLITE_IOERR_FSYNC;
    note(own->disk, FAULT_DISK_SYNC_FAILED, own->file, 0, 0, NULL);
  } else {
    result = SQLITE_OK;
    note(own->disk, FAULT_DISK_SYNCED, own->file, 0, own->syncs_names, NULL);
    own->syncs_names = 0;
  }
  pthread_mutex_unlock(&own->disk->lock);
  return result;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) { return real(file)->pMethods->xFileSize(real(file), size); }

static int refuses_lock(disk_file *own) {
  pthread_mutex_lock(&own->disk->lock);
  int refuses = own->disk->trouble == FAULT_DISK_BUSY && strikes(own->disk);
  pthread_mutex_unlock(&own->disk->lock);
  was_busy = refuses;
  return refuses;
}

static int file_lock(sqlite3_file *file, int level) {
  if (refuses_lock((disk_file *)file)) return SQLITE_BUSY;
  return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }

static int file_check_lock(sqlite3_file *file, int *result) { return real(file)->pMethods->xCheckReservedLock(real(file), result); }

static int file_control(sqlite3_file *file, int operation, void *argument) {
  // Space that is set aside in one go would pass by the notes.
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int file_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int file_device(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

static int file_shm_map(sqlite3_file *file, int page, int size, int extends, void volatile **memory) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extends, memory);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  if ((flags & SQLITE_SHM_LOCK) && refuses_lock((disk_file *)file)) return SQLITE_BUSY;
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int file_shm_unmap(sqlite3_file *file, int deletes) { return real(file)->pMethods->xShmUnmap(real(file), deletes); }

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

// The layer.

static fault_disk *disk_of(const char *path) {
  if (!path) return NULL;
  pthread_mutex_lock(&layers.lock);
  fault_disk *disk = layers.disks;
  while (disk && !(strncmp(path, disk->folder, disk->folder_length) == 0 && path[disk->folder_length] == '/')) disk = disk->next;
  pthread_mutex_unlock(&layers.lock);
  return disk;
}

/// Under the disk's lock: the file that stands under the name; -1 if none does.
static int standing(fault_disk *disk, const char *name) {
  for (int file = disk->file_count - 1; file >= 0; file--)
    if (disk->files[file].stands && strcmp(disk->files[file].name, name) == 0) return file;
  return -1;
}

static int layer_open(sqlite3_vfs *layer, const char *path, sqlite3_file *file, int flags, int *out_flags) {
  (void)layer;
  fault_disk *disk = disk_of(path);
  if (!disk) return layers.real->xOpen(layers.real, path, file, flags, out_flags);
  disk_file *own = (disk_file *)file;
  memset(own, 0, sizeof *own);
  own->disk = disk;
  own->real = (sqlite3_file *)(own + 1);
  pthread_mutex_lock(&disk->lock);
  const char *name = path + disk->folder_length + 1;
  own->file = standing(disk, name);
  if (own->file < 0 && (flags & SQLITE_OPEN_CREATE) && disk->trouble == FAULT_DISK_READ_ONLY && strikes(disk)) {
    errno = EROFS;
    pthread_mutex_unlock(&disk->lock);
    return SQLITE_CANTOPEN;
  }
  int result = layers.real->xOpen(layers.real, path, own->real, flags, out_flags);
  if (result == SQLITE_OK) {
    if (own->file < 0) {
      int64_t capacity = disk->file_capacity;
      if (disk->file_count == disk->file_capacity) disk->files = grown(disk->files, &capacity, sizeof *disk->files);
      disk->file_capacity = (int)capacity;
      own->file = disk->file_count++;
      disk->files[own->file] = (named_file){strdup(name), 1};
      own->syncs_names = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
      note(disk, FAULT_DISK_CREATED, own->file, 0, 0, NULL);
    }
    own->base.pMethods = &methods;
  }
  pthread_mutex_unlock(&disk->lock);
  return result;
}

static int layer_delete(sqlite3_vfs *layer, const char *path, int syncs) {
  (void)layer;
  fault_disk *disk = disk_of(path);
  if (!disk) return layers.real->xDelete(layers.real, path, syncs);
  pthread_mutex_lock(&disk->lock);
  int result;
  if (disk->trouble == FAULT_DISK_READ_ONLY && strikes(disk)) {
    errno = EROFS;
    result = SQLITE_IOERR_DELETE;
  } else {
    result = layers.real->xDelete(layers.real, path, 0);
    int file = standing(disk, path + disk->folder_length + 1);
    if (result == SQLITE_OK && file >= 0) {
      disk->files[file].stands = 0;
      note(disk, FAULT_DISK_DELETED, file, 0, syncs != 0, NULL);
    }
  }
  pthread_mutex_unlock(&disk->lock);
  return result;
}

static int layer_access(sqlite3_vfs *layer, const char *path, int flags, int *result) {
  (void)layer;
  return layers.real->xAccess(layers.real, path, flags, result);
}

static int layer_full_name(sqlite3_vfs *layer, const char *path, int length, char *result) {
  (void)layer;
  return layers.real->xFullPathname(layers.real, path, length, result);
}

static void *layer_library(sqlite3_vfs *layer, const char *path) {
  (void)layer;
  return layers.real->xDlOpen(layers.real, path);
}

static void layer_library_error(sqlite3_vfs *layer, int length, char *text) {
  (void)layer;
  layers.real->xDlError(layers.real, length, text);
}

static void (*layer_symbol(sqlite3_vfs *layer, void *library, const char *name))(void) {
  (void)layer;
  return layers.real->xDlSym(layers.real, library, name);
}

static void layer_library_close(sqlite3_vfs *layer, void *library) {
  (void)layer;
  layers.real->xDlClose(layers.real, library);
}

static int layer_random(sqlite3_vfs *layer, int length, char *bytes) {
  (void)layer;
  return layers.real->xRandomness(layers.real, length, bytes);
}

static int layer_sleep(sqlite3_vfs *layer, int microseconds) {
  (void)layer;
  if (was_busy) {
    was_busy = 0;
    return microseconds;
  }
  return layers.real->xSleep(layers.real, microseconds);
}

static int layer_time(sqlite3_vfs *layer, double *time) {
  (void)layer;
  return layers.real->xCurrentTime(layers.real, time);
}

static int layer_time64(sqlite3_vfs *layer, sqlite3_int64 *time) {
  (void)layer;
  return layers.real->xCurrentTimeInt64(layers.real, time);
}

static int layer_last_error(sqlite3_vfs *layer, int length, char *text) {
  (void)layer;
  return layers.real->xGetLastError(layers.real, length, text);
}

/// Once in a process.
static int begin(void) {
  if (layers.real) return SQLITE_OK;
  sqlite3_vfs *found = sqlite3_vfs_find(NULL);
  if (!found) return SQLITE_ERROR;
  layers.real = found;
  layers.layer = (sqlite3_vfs){
      .iVersion = 2,
      .szOsFile = (int)sizeof(disk_file) + found->szOsFile,
      .mxPathname = found->mxPathname,
      .zName = "fault-disk",
      .xOpen = layer_open,
      .xDelete = layer_delete,
      .xAccess = layer_access,
      .xFullPathname = layer_full_name,
      .xDlOpen = layer_library,
      .xDlError = layer_library_error,
      .xDlSym = layer_symbol,
      .xDlClose = layer_library_close,
      .xRandomness = layer_random,
      .xSleep = layer_sleep,
      .xCurrentTime = layer_time,
      .xGetLastError = layer_last_error,
      .xCurrentTimeInt64 = layer_time64,
  };
  int result = sqlite3_vfs_register(&layers.layer, 1);
  if (result != SQLITE_OK) layers.real = NULL;
  return result;
}

fault_disk *fault_disk_watch(const char *folder) {
  fault_disk *disk = calloc(1, sizeof *disk);
  if (!disk) abort();
  disk->folder = strdup(folder);
  disk->folder_length = strlen(folder);
  pthread_mutex_init(&disk->lock, NULL);
  sqlite3_initialize();
  pthread_mutex_lock(&layers.lock);
  int result = begin();
  if (result == SQLITE_OK) {
    disk->next = layers.disks;
    layers.disks = disk;
  }
  pthread_mutex_unlock(&layers.lock);
  if (result == SQLITE_OK) return disk;
  free(disk->folder);
  free(disk);
  return NULL;
}

void fault_disk_end(fault_disk *disk) {
  pthread_mutex_lock(&layers.lock);
  fault_disk **place = &layers.disks;
  while (*place && *place != disk) place = &(*place)->next;
  if (*place) *place = disk->next;
  pthread_mutex_unlock(&layers.lock);
  for (int64_t index = 0; index < disk->count; index++) free((void *)disk->events[index].bytes);
  for (int file = 0; file < disk->file_count; file++) free(disk->files[file].name);
  free(disk->events);
  free(disk->files);
  free(disk->folder);
  pthread_mutex_destroy(&disk->lock);
  free(disk);
}

int64_t fault_disk_count(fault_disk *disk) {
  pthread_mutex_lock(&disk->lock);
  int64_t count = disk->count;
  pthread_mutex_unlock(&disk->lock);
  return count;
}

fault_disk_event fault_disk_at(fault_disk *disk, int64_t index) {
  pthread_mutex_lock(&disk->lock);
  fault_disk_event event = disk->events[index];
  pthread_mutex_unlock(&disk->lock);
  return event;
}

const char *fault_disk_name(fault_disk *disk, int file) {
  pthread_mutex_lock(&disk->lock);
  const char *name = disk->files[file].name;
  pthread_mutex_unlock(&disk->lock);
  return name;
}

void fault_disk_set(fault_disk *disk, fault_disk_trouble trouble, int spared, int times) {
  pthread_mutex_lock(&disk->lock);
  disk->trouble = trouble;
  disk->spared = spared;
  disk->times = times;
  disk->struck = 0;
  pthread_mutex_unlock(&disk->lock);
}

int fault_disk_struck(fault_disk *disk) {
  pthread_mutex_lock(&disk->lock);
  int struck = disk->struck;
  pthread_mutex_unlock(&disk->lock);
  return struck;
}
