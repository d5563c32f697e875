// SPDX-License-Identifier: Apache-2.0
#include "app/internal_sqlite.h"

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {

namespace {

int OpenFlags(Database::Access access) {
  switch (access) {
    case Database::Access::kWrite:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Database::Access::kRead:
      return SQLITE_OPEN_READWRITE;
    case Database::Access::kForeign:
      break;
  }
  return SQLITE_OPEN_READONLY;
}

}  // namespace

Database::Database(const std::filesystem::path& path, Access access)
    : path_(path.string()), access_(access) {
  int code =
      sqlite3_open_v2(path_.c_str(), &handle_, OpenFlags(access) | SQLITE_OPEN_NOMUTEX, nullptr);
  // A reader in a folder it may not write to can still read a store that nobody is writing.
  if (code != SQLITE_OK && access == Access::kRead) {
    sqlite3_close(handle_);
    code = sqlite3_open_v2(
        path_.c_str(), &handle_, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  }
  if (code != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(handle_);
    sqlite3_close(handle_);
    throw EnvironmentError(fmt::format("{}: cannot be opened: {}", path_, why));
  }
  sqlite3_busy_timeout(handle_, 10000);
  sqlite3_extended_result_codes(handle_, 1);
}

Database::~Database() { sqlite3_close(handle_); }

void Database::Execute(const char* statements) {
  const int code = sqlite3_exec(handle_, statements, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) Fail(code);
}

void Database::Fail(int code) const {
  const int primary = code & 0xFF;
  const std::string why = sqlite3_errmsg(handle_);
  if (access_ == Access::kForeign) throw EnvironmentError(fmt::format("{}: {}", path_, why));
  if (primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT) {
    throw EnvironmentError(fmt::format(
        "{}: is no results store or is damaged: {}; move it away and run the same command again",
        path_,
        why));
  }
  const bool full = primary == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
  throw EnvironmentError(fmt::format(
      "{}: {}{}", path_, why, full ? "; free some space and run the same command again" : ""));
}

Statement::Statement(const Database& database, const char* sql) : database_(database) {
  const int code = sqlite3_prepare_v2(database.handle(), sql, -1, &statement_, nullptr);
  if (code != SQLITE_OK) database.Fail(code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::Bind(std::string_view text) {
  const int code = sqlite3_bind_text64(
      statement_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) database_.Fail(code);
  return *this;
}

Statement& Statement::Bind(int64_t number) {
  const int code = sqlite3_bind_int64(statement_, ++bound_, number);
  if (code != SQLITE_OK) database_.Fail(code);
  return *this;
}

bool Statement::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.Fail(code);
  return false;
}

std::string Statement::Text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), size);
}

int64_t Statement::Integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Statement::Blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.Execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::Commit() {
  database_.Execute("COMMIT");
  open_ = false;
}

}  // namespace plumb
