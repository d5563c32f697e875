// SPDX-License-Identifier: Apache-2.0
#include "app/store.h"

#include <algorithm>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "core/check.h"
#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const ScoreInfo kInfo = {"geometry.consistency", "1", Direction::kHigher, 2, true, "s"};

Cell DoneCell(const std::string& model) {
  Cell cell;
  cell.key = {model, "drop-1", 18446744073709551615u};
  cell.scenario = "drop";
  cell.caption = "a ball'); DROP TABLE cells; --";
  cell.status = CellStatus::kDone;
  cell.sample = {"samples/x/sample.mkv", 48, 24.0, 256, 128, "parallax", {"trimmed"}};
  cell.truth_video = "truth/y/rgb.mkv";
  Evidence evidence;
  evidence.frames = {3, 1};
  evidence.details["residual_px"] = 0.25;
  cell.scores.push_back(Score::Measured(kInfo, 0.1, 0.05, 0.2, evidence));
  cell.scores.push_back(Score::NotMeasurable(kInfo, {ReasonCode::kNoParallax, "only rotated"}));
  cell.stage_seconds["score"] = 1.5;
  return cell;
}

Cell FailedCell(const std::string& model) {
  Cell cell;
  cell.key = {model, "drop-1", 0};
  cell.status = CellStatus::kFailed;
  cell.stage = "score";
  cell.reason = "died with \xff bytes";
  return cell;
}

TEST(StoreTest, CellsComeBackWhole) {
  const TestFolder folder;
  Store store = Store::OpenForWriting(folder / "s.sqlite");
  const Cell cell = DoneCell("oracle");
  store.PutCell("k", cell);
  const Cell read = store.GetCell("k").value();
  EXPECT_EQ(read.key, cell.key);
  EXPECT_EQ(read.caption, cell.caption);
  EXPECT_EQ(read.sample.notes, cell.sample.notes);
  EXPECT_EQ(read.sample.width, 256);
  EXPECT_EQ(read.truth_video, cell.truth_video);
  EXPECT_EQ(read.stage_seconds, cell.stage_seconds);
  ASSERT_EQ(read.scores.size(), 2u);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(ToJson(read.scores[i]).dump(), ToJson(cell.scores[i]).dump());
  EXPECT_FALSE(store.GetCell("other").has_value());
}

TEST(StoreTest, RowsSurviveReopening) {
  const TestFolder folder;
  {
    Store store = Store::OpenForWriting(folder / "s.sqlite");
    store.PutCell("a", DoneCell("oracle"));
    store.PutCell("b", FailedCell("noise"));
    store.PutSample("s", {"samples/x/sample.mkv", {"note"}, 2.5});
  }
  const Store store = Store::OpenForReading(folder / "s.sqlite");
  EXPECT_EQ(
      store.Statuses(),
      (std::map<std::string, CellStatus>{{"a", CellStatus::kDone}, {"b", CellStatus::kFailed}}));
  EXPECT_EQ(store.GetSample("s")->path, "samples/x/sample.mkv");
  EXPECT_EQ(store.GetSample("s")->seconds, 2.5);
  EXPECT_EQ(store.CountRows("cells"), 2);
  EXPECT_EQ(store.CountRows("scores"), 2);
  EXPECT_EQ(store.CountRows("samples"), 1);
}

TEST(StoreTest, FailedRowsAreReplacedDoneRowsNever) {
  const TestFolder folder;
  Store store = Store::OpenForWriting(folder / "s.sqlite");
  store.PutCell("k", FailedCell("oracle"));
  store.PutCell("k", DoneCell("oracle"));
  EXPECT_EQ(store.GetCell("k")->status, CellStatus::kDone);
  EXPECT_THROW(store.PutCell("k", DoneCell("oracle")), Error);
  EXPECT_EQ(store.CountRows("cells"), 1);
  EXPECT_EQ(store.CountRows("scores"), 2);
}

TEST(StoreTest, BytesThatAreNoUtf8AreReplaced) {
  const TestFolder folder;
  Store store = Store::OpenForWriting(folder / "s.sqlite");
  Cell cell = DoneCell("m");
  cell.sample.notes = {"bad \xff byte"};
  store.PutCell("k", cell);
  EXPECT_EQ(store.GetCell("k")->sample.notes[0], "bad \xEF\xBF\xBD byte");
}

TEST(StoreTest, ReadsWhileAnotherWrites) {
  const TestFolder folder;
  Store writer = Store::OpenForWriting(folder / "s.sqlite");
  writer.PutCell("a", DoneCell("oracle"));
  const Store reader = Store::OpenForReading(folder / "s.sqlite");
  EXPECT_EQ(reader.CountRows("cells"), 1);
  writer.PutCell("b", DoneCell("oracle"));
  EXPECT_EQ(reader.CountRows("cells"), 2);
}

TEST(StoreTest, AbsentIsEmpty) {
  const TestFolder folder;
  const Store store = Store::OpenForReading(folder / "none.sqlite");
  EXPECT_THAT(store.Statuses(), IsEmpty());
  EXPECT_FALSE(store.GetCell("k").has_value());
}

TEST(StoreTest, ForeignDamagedAndNewerFilesAreRefused) {
  const TestFolder folder;
  WriteText(folder / "text", std::string(5000, 'x'));
  EXPECT_THROW(Store::OpenForWriting(folder / "text"), EnvironmentError);
  EXPECT_THROW(Store::OpenForReading(folder / "text"), EnvironmentError);
  { Store store = Store::OpenForWriting(folder / "new"); }
  sqlite3* database = nullptr;
  sqlite3_open((folder / "new").c_str(), &database);
  sqlite3_exec(database, "PRAGMA user_version=99", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  try {
    Store::OpenForReading(folder / "new");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("has schema 99"));
  }
}

// The text of the error that `call` ends with, which must be the environment's.
template <typename Call>
std::string EnvironmentTextOf(const Call& call) {
  try {
    call();
  } catch (const EnvironmentError& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kEnvironment);
    return error.what();
  }
  return "no EnvironmentError";
}

// A store of some hundred rows, whole in one file.
std::filesystem::path FilledStore(const TestFolder& folder) {
  const std::filesystem::path path = folder / "full.sqlite";
  {
    Store store = Store::OpenForWriting(path);
    for (int i = 0; i < 100; ++i) store.PutCell("k" + std::to_string(i), DoneCell("oracle"));
  }
  EXPECT_FALSE(std::filesystem::exists(path.string() + "-wal"));
  return path;
}

TEST(StoreTest, ADamagedStoreIsNamedWithWhatToDo) {
  const TestFolder folder;
  const std::filesystem::path path = FilledStore(folder);
  const std::string whole = FileText(path);
  const auto read_all = [&] {
    const Store store = Store::OpenForReading(path);
    for (const auto& [key, status] : store.Statuses()) store.GetCell(key);
  };
  EXPECT_EQ(EnvironmentTextOf(read_all), "no EnvironmentError");
  std::string broken = whole;
  std::fill(broken.begin() + 4096, broken.end(), '\xAA');
  for (const std::string& text : {broken, std::string("SQLite") + std::string(9000, 'x')}) {
    WriteText(path, text);
    const std::string why = EnvironmentTextOf(read_all);
    EXPECT_THAT(why, HasSubstr(path.string() + ": is no results store or is damaged"));
    EXPECT_THAT(why, HasSubstr("move it away and run the same command again"));
  }
}

TEST(StoreTest, AStoreThatWasCutShortIsNoEmptyStore) {
  const TestFolder folder;
  const std::filesystem::path path = FilledStore(folder);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  const std::string why = EnvironmentTextOf([&] {
    const Store store = Store::OpenForReading(path);
    for (const auto& [key, status] : store.Statuses()) store.GetCell(key);
  });
  EXPECT_THAT(why, HasSubstr("damaged"));
}

TEST(StoreTest, RowsThatMakeNoSenseAreRefused) {
  const TestFolder folder;
  { Store::OpenForWriting(folder / "s.sqlite").PutCell("k", DoneCell("oracle")); }
  sqlite3* database = nullptr;
  sqlite3_open((folder / "s.sqlite").c_str(), &database);
  const auto run = [&](const char* sql) {
    return sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
  };
  EXPECT_EQ(run("UPDATE cells SET status = 'well'"), SQLITE_CONSTRAINT);
  EXPECT_EQ(run("UPDATE cells SET facts = 'text'"), SQLITE_CONSTRAINT);
  EXPECT_EQ(run("UPDATE scores SET score = '{'"), SQLITE_CONSTRAINT);
  EXPECT_EQ(run("UPDATE scores SET score = '{}' WHERE position = 0"), SQLITE_OK);
  const auto read = [&] { Store::OpenForReading(folder / "s.sqlite").GetCell("k"); };
  const std::string name = "s.sqlite: cell drop-1/18446744073709551615 oracle: ";
  EXPECT_THAT(EnvironmentTextOf(read), HasSubstr(name + "no valid score"));
  EXPECT_EQ(run("UPDATE cells SET facts = '{}'"), SQLITE_OK);
  EXPECT_THAT(EnvironmentTextOf(read), HasSubstr(name));
  EXPECT_THAT(EnvironmentTextOf(read), HasSubstr("move it away and run the same command again"));
  sqlite3_close(database);
}

TEST(StoreTest, ASampleRowThatMakesNoSenseIsTheEnvironment) {
  const TestFolder folder;
  { Store::OpenForWriting(folder / "s.sqlite").PutSample("s", {"samples/x/sample.mkv", {}, 1}); }
  sqlite3* database = nullptr;
  sqlite3_open((folder / "s.sqlite").c_str(), &database);
  EXPECT_EQ(sqlite3_exec(database, "UPDATE samples SET facts = '[]'", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  const std::string why =
      EnvironmentTextOf([&] { Store::OpenForReading(folder / "s.sqlite").GetSample("s"); });
  EXPECT_THAT(why, HasSubstr("s.sqlite: sample samples/x/sample.mkv: "));
  EXPECT_THAT(why, HasSubstr("move it away and run the same command again"));
}

TEST(StoreTest, AnotherSchemaIsNotWrittenTo) {
  const TestFolder folder;
  { Store::OpenForWriting(folder / "s.sqlite").PutCell("k", DoneCell("oracle")); }
  sqlite3* database = nullptr;
  sqlite3_open((folder / "s.sqlite").c_str(), &database);
  sqlite3_exec(database, "PRAGMA user_version=2", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  try {
    Store::OpenForWriting(folder / "s.sqlite");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("s.sqlite: has schema 2; this version of Plumb reads schema 1"));
  }
}

TEST(StoreTest, ACellWithoutAnEndIsABrokenAssumption) {
  const TestFolder folder;
  Store store = Store::OpenForWriting(folder / "s.sqlite");
  EXPECT_THROW(store.PutCell("k", Cell{}), CheckFailure);
  EXPECT_EQ(store.CountRows("cells"), 0);
}

TEST(StoreTest, ARefusedCellLeavesNothingBehind) {
  const TestFolder folder;
  Store store = Store::OpenForWriting(folder / "s.sqlite");
  store.PutCell("k", DoneCell("oracle"));
  Cell other = DoneCell("other");
  other.scores.push_back(other.scores.front());
  EXPECT_THROW(store.PutCell("k", other), EnvironmentError);
  EXPECT_EQ(store.CountRows("scores"), 2);
  EXPECT_EQ(store.GetCell("k")->key.model, "oracle");
  store.PutCell("l", DoneCell("oracle"));
  EXPECT_EQ(store.CountRows("cells"), 2);
}

TEST(StoreTest, AFailedCellThatFailsAgainHasItsNewReason) {
  const TestFolder folder;
  Store store = Store::OpenForWriting(folder / "s.sqlite");
  Cell cell = FailedCell("m");
  store.PutCell("k", cell);
  cell.stage = "generate";
  cell.reason = "no legs";
  store.PutCell("k", cell);
  EXPECT_EQ(store.GetCell("k")->stage, "generate");
  EXPECT_EQ(store.GetCell("k")->reason, "no legs");
  EXPECT_EQ(store.CountRows("cells"), 1);
}

TEST(StoreTest, ALaterSampleReplacesTheOneBefore) {
  const TestFolder folder;
  Store store = Store::OpenForWriting(folder / "s.sqlite");
  store.PutSample("s", {"samples/a/sample.mkv", {}, 1.0});
  store.PutSample("s", {"samples/b/sample.mkv", {"cut"}, 2.0});
  EXPECT_EQ(store.CountRows("samples"), 1);
  EXPECT_EQ(store.GetSample("s")->path, "samples/b/sample.mkv");
  EXPECT_EQ(store.GetSample("s")->notes, std::vector<std::string>{"cut"});
  EXPECT_FALSE(store.GetSample("t").has_value());
}

TEST(StoreTest, AProcessThatIsKilledLosesNoCommittedRow) {
  const TestFolder folder;
  const std::filesystem::path path = folder / "s.sqlite";
  const pid_t child = fork();
  if (child == 0) {
    Store store = Store::OpenForWriting(path);
    for (int i = 0; i < 20; ++i) store.PutCell("k" + std::to_string(i), DoneCell("oracle"));
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(Store::OpenForReading(path).CountRows("cells"), 20);
  Store store = Store::OpenForWriting(path);
  store.PutCell("more", DoneCell("oracle"));
  EXPECT_EQ(store.CountRows("cells"), 21);
  EXPECT_EQ(store.CountRows("scores"), 42);
}

TEST(StoreTest, FoldersThatCannotBeWrittenAreTheEnvironment) {
  EXPECT_THROW(Store::OpenForWriting("/nowhere/s.sqlite"), EnvironmentError);
}

TEST(StoreTest, TheLockIsForOne) {
  const TestFolder folder;
  EXPECT_FALSE(IsLocked(folder / "l"));
  {
    const RunLock lock(folder / "l");
    EXPECT_TRUE(IsLocked(folder / "l"));
    try {
      const RunLock second(folder / "l");
      FAIL();
    } catch (const EnvironmentError& error) {
      EXPECT_THAT(error.what(), HasSubstr("is working there"));
    }
  }
  EXPECT_FALSE(IsLocked(folder / "l"));
  const RunLock again(folder / "l");
}

}  // namespace
}  // namespace plumb
