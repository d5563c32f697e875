// SPDX-License-Identifier: Apache-2.0
#include "app/run_folder.h"

#include <iterator>

#include <gmock/gmock.h>

#include "core/document.h"
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

TEST(RunFolderTest, OwnResultsMayBeLongerThanADocumentOfAUser) {
  const TestFolder root;
  Results results;
  results.name = "n";
  const std::string text = std::string((64 << 20) + 1, ' ') + DumpJson(ToJson(results));
  WriteText(root / "results.json", text);
  EXPECT_EQ(LoadResults(root / "results.json").name, "n");
  EXPECT_THROW(ParseJsonDocument(text, "suite.json"), InputError);
}

TEST(RunFolderTest, AllPartsAreMadeAndMakingAgainKeepsThem) {
  const TestFolder root;
  const RunFolder folder = CreateRunFolder(root / "deep" / "r");
  WriteText(folder.evidence() / "a", "kept");
  CreateRunFolder(folder.root);
  EXPECT_EQ(FileText(folder.evidence() / "a"), "kept");
  for (const fs::path& part :
       {folder.truths(), folder.samples(), folder.evidence(), folder.report()}) {
    EXPECT_TRUE(fs::is_directory(part)) << part;
  }
  WriteText(root / "file", "x");
  EXPECT_THROW(CreateRunFolder(root / "file"), EnvironmentError);
}

TEST(RunFolderTest, OtherContentIsAnotherSample) {
  const TestFolder root;
  const RunFolder folder = CreateRunFolder(root / "r");
  const Video clip = Clip();
  const Video later(clip.frames(), clip.fps(), {0.0, 0.1, 0.25});
  EXPECT_NE(StoreSample(folder, clip), StoreSample(folder, later));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.samples()), fs::directory_iterator()), 2);
}

TEST(RunFolderTest, ASampleWithOtherStampsThanFramesIsNamed) {
  const TestFolder root;
  const RunFolder folder = CreateRunFolder(root / "r");
  const std::string path = StoreSample(folder, Clip());
  const fs::path facts = (folder.root / path).parent_path() / "sample.json";
  const auto error_with = [&](const std::string& text) -> std::string {
    WriteText(facts, text);
    try {
      ReadSample(folder, path);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(error_with(R"({"fps": 10, "times_s": [0]})"),
              HasSubstr("sample.json: 1 stamps for 3 frames"));
  EXPECT_THAT(error_with(R"({"times_s": [0, 1, 2]})"), HasSubstr("fps"));
  EXPECT_THAT(error_with("{"), HasSubstr("sample.json:1"));
  fs::remove(facts);
  EXPECT_THROW(ReadSample(folder, path), InputError);
}

TEST(RunFolderTest, TemporaryNamesAreNeverTheSameAndLieBesideTheirTarget) {
  const fs::path one = TemporaryNameFor("/a/b.txt");
  const fs::path two = TemporaryNameFor("/a/b.txt");
  EXPECT_NE(one, two);
  EXPECT_EQ(one.parent_path(), "/a");
  EXPECT_EQ(one.extension(), ".part");
}

TEST(RunFolderTest, AFolderThatIsThereAlreadyWins) {
  const TestFolder root;
  WriteText(root / "from" / "a", "new");
  WriteText(root / "to" / "a", "old");
  SyncAndRename(root / "from", root / "to");
  EXPECT_EQ(FileText(root / "to" / "a"), "old");
  EXPECT_FALSE(fs::exists(root / "from"));
  WriteText(root / "file", "x");
  EXPECT_THROW(SyncAndRename(root / "none", root / "file"), EnvironmentError);
}

TEST(RunFolderTest, MissingSpaceIsToldInMegabytes) {
  const TestFolder root;
  try {
    RequireFreeSpace(root.path(), int64_t{1} << 60);
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr(root.path().string() + ": "));
    EXPECT_THAT(error.what(), HasSubstr(" MB free, 1099511627777 MB needed; free some space"));
  }
  EXPECT_THROW(RequireFreeSpace(root / "none", 1), EnvironmentError);
}

TEST(RunFolderTest, ResultsThatAreNoneNameTheirFile) {
  const TestFolder root;
  WriteText(root / "a.json", "{\"schema\": 1}");
  WriteText(root / "b.json", "{");
  for (const char* name : {"a.json", "b.json"}) {
    try {
      LoadResults(root / name);
      FAIL();
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
  fs::create_directories(root / "empty");
  EXPECT_THROW(LoadResults(root / "empty"), UsageError);
}

}  // namespace
}  // namespace plumb
