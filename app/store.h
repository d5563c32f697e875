// SPDX-License-Identifier: Apache-2.0
// The results of a run in SQLite: one row per cell, one per score, one per sample. A row that was
// committed survives kill -9 and power loss (WAL, synchronous=FULL). Only one process writes.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/json.h"
#include "core/results.h"

namespace plumb {

// Raised whenever a table changes.
inline constexpr int kStoreSchema = 1;

// A sample that was made and may be scored again.
struct StoredSample {
  std::string path;                // relative to the run folder
  std::vector<std::string> notes;  // of its making
  double seconds = 0.0;            // that it took
};

class Store {
 public:
  // Opens for writing and makes the tables when there are none. Throws EnvironmentError when the
  // file can't be opened, is no database or is damaged, InputError when it has another schema.
  static Store OpenForWriting(const std::filesystem::path& path);
  // Opens for reading; may be used while another process writes. Throws as above; an absent file is
  // an empty store.
  static Store OpenForReading(const std::filesystem::path& path);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  // Writes one ended cell with its scores in one transaction; a row of the same key is replaced
  // only when it was not done. Throws EnvironmentError (disk full, file gone) without having
  // changed anything.
  void PutCell(const std::string& cell_key, const Cell& cell);
  // Remembers a sample under what decided its making. Replaces an older one.
  void PutSample(const std::string& sample_key, const StoredSample& sample);

  // The status of every cell row. These throw EnvironmentError when the store is damaged.
  std::map<std::string, CellStatus> Statuses() const;
  std::optional<Cell> GetCell(const std::string& cell_key) const;
  std::optional<StoredSample> GetSample(const std::string& sample_key) const;
  // Rows of a table: "cells", "scores" or "samples".
  int64_t CountRows(const std::string& table) const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Held while a run works: a second `plumb run` on the same folder refuses. Ends with the process,
// however that ends.
class RunLock {
 public:
  // Throws EnvironmentError naming the process that holds it.
  explicit RunLock(const std::filesystem::path& path);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int descriptor_ = -1;
};
// Whether some process holds the lock.
bool IsLocked(const std::filesystem::path& path);

}  // namespace plumb
