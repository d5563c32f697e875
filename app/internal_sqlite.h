// SPDX-License-Identifier: Apache-2.0
// SQLite's C interface with exceptions and without strings glued into statements: every value is
// bound.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace plumb {

class Database {
 public:
  // kForeign: a file of another program, which nothing may be written to or beside.
  enum class Access { kRead, kWrite, kForeign };
  // Throws EnvironmentError when the file can't be opened.
  Database(const std::filesystem::path& path, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  sqlite3* handle() const { return handle_; }
  const std::string& path() const { return path_; }
  void Execute(const char* statements);
  // Throws EnvironmentError for a result code that is no success: disk full, I/O, damage, a lock.
  [[noreturn]] void Fail(int code) const;

 private:
  sqlite3* handle_ = nullptr;
  std::string path_;
  Access access_;
};

// One prepared statement; parameters are bound in order of the calls.
class Statement {
 public:
  Statement(const Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& Bind(std::string_view text);
  Statement& Bind(int64_t number);
  // True while there is a row.
  bool Step();
  std::string Text(int column) const;
  int64_t Integer(int column) const;
  std::string Blob(int column) const;  // its bytes

 private:
  const Database& database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

// Rolls back unless it was committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  void Commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace plumb
