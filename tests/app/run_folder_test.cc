// SPDX-License-Identifier: Apache-2.0
#include "app/run_folder.h"

#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

Video Clip() {
  Image a(16, 8), b(16, 8);
  a.rgb[7] = 200;
  b.rgb[8] = 100;
  return {{a, b, a}, 10.0, {0.0, 0.123456789, 0.25}};
}

TEST(RunFolderTest, SamplesAreStoredByContentOnce) {
  const TestFolder root;
  const RunFolder folder = CreateRunFolder(root / "r");
  const std::string path = StoreSample(folder, Clip());
  const auto written = fs::last_write_time(folder.root / path);
  EXPECT_EQ(StoreSample(folder, Clip()), path);
  EXPECT_EQ(fs::last_write_time(folder.root / path), written);
  const Video read = ReadSample(folder, path);
  EXPECT_TRUE(read.frames() == Clip().frames());
  EXPECT_EQ(read.times_s(), Clip().times_s());
  EXPECT_TRUE(fs::exists((folder.root / path).parent_path() / "proxy.mp4"));
}

TEST(RunFolderTest, ASampleThatWasCutShortIsWrittenAgain) {
  const TestFolder root;
  const RunFolder folder = CreateRunFolder(root / "r");
  const fs::path path = folder.root / StoreSample(folder, Clip());
  fs::remove(path.parent_path() / "sample.json");
  WriteText(path, "half");
  StoreSample(folder, Clip());
  EXPECT_TRUE(ReadSample(folder, fs::relative(path, folder.root)).frames() == Clip().frames());
}

TEST(RunFolderTest, WritesAreWholeOrNotAtAll) {
  const TestFolder root;
  WriteFileDurably(root / "a", "one");
  WriteFileDurably(root / "a", "two");
  EXPECT_EQ(FileText(root / "a"), "two");
  EXPECT_THROW(WriteFileDurably(root / "none" / "a", "x"), EnvironmentError);
  int files = 0;
  for (const auto& entry : fs::directory_iterator(root.path())) files += entry.is_regular_file();
  EXPECT_EQ(files, 1);
}

TEST(RunFolderTest, ReadFileRefusesWhatIsTooLongOrAbsent) {
  const TestFolder root;
  WriteText(root / "a", "12345");
  EXPECT_EQ(ReadFile(root / "a"), "12345");
  EXPECT_THROW(ReadFile(root / "a", 4), InputError);
  EXPECT_THROW(ReadFile(root / "b"), InputError);
  EXPECT_THROW(ReadFile(root.path()), InputError);
}

TEST(RunFolderTest, FreeSpaceIsAsked) {
  const TestFolder root;
  RequireFreeSpace(root.path(), 1);
  EXPECT_THROW(RequireFreeSpace(root.path(), int64_t{1} << 60), EnvironmentError);
}

TEST(RunFolderTest, AFolderWithoutARunIsAUsageErrorThatNamesRunsNearby) {
  const TestFolder root;
  WriteText(root / "real" / "plan.json", "{}");
  try {
    OpenRunFolder(root / "rael");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("real"));
  }
  EXPECT_THROW(LoadResults(root / "none"), UsageError);
  EXPECT_THROW(LoadResults(root / "real"), InputError);
}

TEST(RunFolderTest, ResultsAreReadFromAFileToo) {
  const TestFolder root;
  Results results;
  results.name = "n";
  WriteText(root / "f" / "results.json", DumpJson(ToJson(results)));
  EXPECT_EQ(LoadResults(root / "f").name, "n");
  EXPECT_EQ(LoadResults(root / "f" / "results.json").name, "n");
}

}  // namespace
}  // namespace plumb
