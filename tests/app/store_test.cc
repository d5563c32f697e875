// SPDX-License-Identifier: Apache-2.0
#include "app/store.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

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
  EXPECT_THROW(Store::OpenForWriting(folder / "text"), InputError);
  EXPECT_THROW(Store::OpenForReading(folder / "text"), InputError);
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
      EXPECT_THAT(error.what(), HasSubstr("is working on this run"));
    }
  }
  EXPECT_FALSE(IsLocked(folder / "l"));
  const RunLock again(folder / "l");
}

}  // namespace
}  // namespace plumb
