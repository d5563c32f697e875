// SPDX-License-Identifier: Apache-2.0
#include "app/store.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/internal_sqlite.h"
#include "core/check.h"
#include "core/errors.h"
#include "core/score.h"

namespace plumb {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS cells (
  cell_key TEXT PRIMARY KEY,
  model TEXT NOT NULL,
  scene TEXT NOT NULL,
  seed TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('done', 'failed')),
  stage TEXT NOT NULL,
  reason TEXT NOT NULL,
  facts TEXT NOT NULL CHECK (json_valid(facts)),
  ended TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS scores (
  cell_key TEXT NOT NULL REFERENCES cells (cell_key) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  score_id TEXT NOT NULL,
  score TEXT NOT NULL CHECK (json_valid(score)),
  PRIMARY KEY (cell_key, position)
) STRICT;
CREATE TABLE IF NOT EXISTS samples (
  sample_key TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;
)";

int SchemaOf(const Database& database) {
  Statement statement(database, "PRAGMA user_version");
  return statement.Step() ? static_cast<int>(statement.Integer(0)) : 0;
}

void CheckSchema(const Database& database, int schema) {
  if (schema == kStoreSchema) return;
  throw InputError(
      database.path(),
      fmt::format("has schema {}; this version of Plumb reads schema {}", schema, kStoreSchema));
}

// One line; bytes that are no UTF-8 (in a model's error text) become U+FFFD.
std::string Compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What has no column of its own: sample, truth video, caption, scenario, seconds.
Json FactsOf(const Cell& cell) {
  Json facts = {{"scenario", cell.scenario}, {"caption", cell.caption}};
  facts.update(ToJson(cell.sample));
  facts["truth_video"] = cell.truth_video;
  facts["stage_seconds"] = cell.stage_seconds;
  return facts;
}

void AddFacts(const Json& facts, Cell& cell) {
  cell.scenario = facts.at("scenario").get<std::string>();
  cell.caption = facts.at("caption").get<std::string>();
  cell.sample = SampleInfoFromJson(facts);
  cell.truth_video = facts.at("truth_video").get<std::string>();
  cell.stage_seconds = facts.at("stage_seconds").get<std::map<std::string, double>>();
}

void PutScores(const Database& database, const std::string& cell_key, const Cell& cell) {
  int64_t position = 0;
  for (const Score& score : cell.scores) {
    Statement statement(database, "INSERT INTO scores VALUES (?, ?, ?, ?)");
    statement.Bind(cell_key).Bind(position++).Bind(score.id()).Bind(Compact(ToJson(score))).Step();
  }
}

// A row that SQLite reads and Plumb never wrote.
[[noreturn]] void FailBecauseDamaged(const std::string& path, const std::string& what) {
  throw EnvironmentError(
      fmt::format("{}: {}; the results store is damaged, move it away and run the same command "
                  "again",
                  path,
                  what));
}

CellStatus StatusFromName(const std::string& name) {
  return name == "done" ? CellStatus::kDone : CellStatus::kFailed;
}

}  // namespace

struct Store::Impl {
  std::unique_ptr<Database>
      database;  // empty: a store that does not exist yet, read as an empty one
};

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::OpenForWriting(const std::filesystem::path& path) {
  auto impl = std::make_unique<Impl>();
  impl->database = std::make_unique<Database>(path, Database::Access::kWrite);
  Database& database = *impl->database;
  database.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
  const int schema = SchemaOf(database);
  if (schema != 0) {
    CheckSchema(database, schema);
    return Store(std::move(impl));
  }
  Transaction transaction(database);
  database.Execute(kTables);
  database.Execute(fmt::format("PRAGMA user_version={}", kStoreSchema).c_str());
  transaction.Commit();
  return Store(std::move(impl));
}

Store Store::OpenForReading(const std::filesystem::path& path) {
  auto impl = std::make_unique<Impl>();
  if (!std::filesystem::exists(path)) return Store(std::move(impl));
  impl->database = std::make_unique<Database>(path, Database::Access::kRead);
  const int schema = SchemaOf(*impl->database);
  // A run that was ended before its first transaction left a file without tables.
  if (schema == 0) impl->database.reset();
  if (schema != 0) CheckSchema(*impl->database, schema);
  return Store(std::move(impl));
}

void Store::PutCell(const std::string& cell_key, const Cell& cell) {
  PLUMB_CHECK(cell.status != CellStatus::kMissing, "{}", ToString(cell.key));
  Database& database = *impl_->database;
  Transaction transaction(database);
  Statement remove(database, "DELETE FROM cells WHERE cell_key = ? AND status != 'done'");
  remove.Bind(cell_key).Step();
  Statement insert(database,
                   "INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
                   "strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
  insert.Bind(cell_key).Bind(cell.key.model).Bind(cell.key.scene);
  insert.Bind(fmt::format("{}", cell.key.seed)).Bind(CellStatusName(cell.status));
  insert.Bind(cell.stage).Bind(cell.reason).Bind(Compact(FactsOf(cell))).Step();
  PutScores(database, cell_key, cell);
  transaction.Commit();
}

void Store::PutSample(const std::string& sample_key, const StoredSample& sample) {
  const Json facts = {{"notes", sample.notes}, {"seconds", sample.seconds}};
  Statement statement(*impl_->database, "INSERT OR REPLACE INTO samples VALUES (?, ?, ?)");
  statement.Bind(sample_key).Bind(sample.path).Bind(Compact(facts)).Step();
}

std::map<std::string, CellStatus> Store::Statuses() const {
  std::map<std::string, CellStatus> statuses;
  if (!impl_->database) return statuses;
  Statement statement(*impl_->database, "SELECT cell_key, status FROM cells");
  while (statement.Step()) statuses[statement.Text(0)] = StatusFromName(statement.Text(1));
  return statuses;
}

std::optional<Cell> Store::GetCell(const std::string& cell_key) const {
  if (!impl_->database) return std::nullopt;
  const Database& database = *impl_->database;
  Statement row(database,
                "SELECT model, scene, seed, status, stage, reason, facts FROM cells "
                "WHERE cell_key = ?");
  if (!row.Bind(cell_key).Step()) return std::nullopt;
  Cell cell;
  cell.key = {row.Text(0), row.Text(1), 0};
  const std::string seed = row.Text(2);
  std::from_chars(seed.data(), seed.data() + seed.size(), cell.key.seed);
  cell.status = StatusFromName(row.Text(3));
  cell.stage = row.Text(4);
  cell.reason = row.Text(5);
  const std::string name = fmt::format("cell {}", ToString(cell.key));
  try {
    AddFacts(Json::parse(row.Text(6)), cell);
    Statement scores(database, "SELECT score FROM scores WHERE cell_key = ? ORDER BY position");
    scores.Bind(cell_key);
    while (scores.Step()) {
      cell.scores.push_back(ScoreFromJson(Json::parse(scores.Text(0)), name));
    }
  } catch (const Json::exception& error) {
    FailBecauseDamaged(database.path(), fmt::format("{}: {}", name, error.what()));
  } catch (const InputError& error) {
    FailBecauseDamaged(database.path(), error.what());
  }
  return cell;
}

std::optional<StoredSample> Store::GetSample(const std::string& sample_key) const {
  if (!impl_->database) return std::nullopt;
  Statement row(*impl_->database, "SELECT path, facts FROM samples WHERE sample_key = ?");
  if (!row.Bind(sample_key).Step()) return std::nullopt;
  StoredSample sample;
  sample.path = row.Text(0);
  try {
    const Json facts = Json::parse(row.Text(1));
    sample.notes = facts.at("notes").get<std::vector<std::string>>();
    sample.seconds = facts.at("seconds").get<double>();
  } catch (const Json::exception& error) {
    FailBecauseDamaged(impl_->database->path(),
                       fmt::format("sample {}: {}", sample.path, error.what()));
  }
  return sample;
}

int64_t Store::CountRows(const std::string& table) const {
  if (!impl_->database) return 0;
  const char* sql = table == "cells"    ? "SELECT count(*) FROM cells"
                    : table == "scores" ? "SELECT count(*) FROM scores"
                                        : "SELECT count(*) FROM samples";
  Statement statement(*impl_->database, sql);
  return statement.Step() ? statement.Integer(0) : 0;
}

RunLock::RunLock(const std::filesystem::path& path) {
  descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    throw EnvironmentError(
        fmt::format("{}: cannot be opened: {}", path.string(), std::strerror(errno)));
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t size = pread(descriptor_, holder, sizeof(holder) - 1, 0);
    close(descriptor_);
    throw EnvironmentError(
        fmt::format("{}: process {} is working there; wait for it or use "
                    "another --out",
                    path.parent_path().string(),
                    size > 0 ? holder : "of another user"));
  }
  // The number is only for the message above; the lock itself ends with the process.
  const std::string self = fmt::format("{}", getpid());
  if (ftruncate(descriptor_, 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(descriptor_, self.data(), self.size(), 0);
  }
}

// What is left is the same whoever worked there.
RunLock::~RunLock() {
  [[maybe_unused]] const int emptied = ftruncate(descriptor_, 0);
  close(descriptor_);
}

bool IsLocked(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool free = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  close(descriptor);
  return !free;
}

}  // namespace plumb
