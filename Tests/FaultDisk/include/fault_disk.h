#pragma once
#include <stdint.h>

/// A folder whose databases lie on a disk that notes what is done to it, and fails when it is told to.
///
/// SQLite reaches it through a layer over its own files, which becomes the standard one of the process with the first disk. Files elsewhere
/// are passed straight through. What goes to the shared memory of readers and writers is not noted: it is gone with the power anyhow.
typedef struct fault_disk fault_disk;

typedef enum {
  /// Under the name it has from now on.
  FAULT_DISK_CREATED,
  FAULT_DISK_WRITTEN,
  /// `offset` is the size from now on.
  FAULT_DISK_TRUNCATED,
  /// All of the file that was written before lies on the disk. `length` is 1 where the names of the folder do too.
  FAULT_DISK_SYNCED,
  /// What was written and not yet synced may be there or not, and never will be made sure of.
  FAULT_DISK_SYNC_FAILED,
  /// `length` is 1 where its name is sure to be gone.
  FAULT_DISK_DELETED,
} fault_disk_kind;

typedef struct {
  fault_disk_kind kind;
  /// Numbered as they are made: a name that is made anew is another file.
  int file;
  int64_t offset;
  int64_t length;
  /// What was written; of the disk.
  const unsigned char *bytes;
} fault_disk_event;

typedef enum {
  FAULT_DISK_WELL,
  /// EIO, when half of it is written.
  FAULT_DISK_WRITES_FAIL,
  FAULT_DISK_SYNCS_FAIL,
  /// EIO.
  FAULT_DISK_READS_FAIL,
  /// ENOSPC, when half of it is written.
  FAULT_DISK_FULL,
  /// EROFS, as where a file system was remounted after an error.
  FAULT_DISK_READ_ONLY,
  /// Every lock is somebody else's.
  FAULT_DISK_BUSY,
} fault_disk_trouble;

/// Notes what is done to the databases below `folder`, which is empty. NULL: SQLite refused the layer.
fault_disk *fault_disk_watch(const char *folder);

/// Frees what was noted. Nothing of it may be open.
void fault_disk_end(fault_disk *disk);

/// How many things were done so far.
int64_t fault_disk_count(fault_disk *disk);
/// Thing number `index`, from 0. Its bytes last as long as the disk.
fault_disk_event fault_disk_at(fault_disk *disk, int64_t index);
/// The file's name, below the folder; lasts as long as the disk.
const char *fault_disk_name(fault_disk *disk, int file);

/// From now on the disk is in that trouble: after `spared` chances to be, for so many, and then well again. `times` below 0: until told otherwise.
void fault_disk_set(fault_disk *disk, fault_disk_trouble trouble, int spared, int times);
/// How often the trouble struck since it was set.
int fault_disk_struck(fault_disk *disk);
