// SPDX-License-Identifier: Apache-2.0
#include "app/sample_matching.h"

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(SampleMatchingTest, ExtensionsCountInAnyCase) {
  EXPECT_TRUE(HasVideoExtension("a/b.mp4"));
  EXPECT_TRUE(HasVideoExtension("a/b.GIF"));
  EXPECT_FALSE(HasVideoExtension("a/mp4"));
  EXPECT_FALSE(HasVideoExtension("a/b.png"));
}

TEST(SampleMatchingTest, VideosAreFoundBelowTheFolderInPathOrder) {
  const TestFolder folder;
  WriteText(folder / "b.mp4", "x");
  WriteText(folder / "a/c.webm", "x");
  WriteText(folder / "notes.txt", "x");
  EXPECT_THAT(FindVideos(folder.path()), ElementsAre(folder / "a/c.webm", folder / "b.mp4"));
}

TEST(SampleMatchingTest, ANamedFolderNeedsNameAndFolder) {
  const NamedFolder named = ParseNamedFolder("wan=videos/a=b");
  EXPECT_EQ(named.name, "wan");
  EXPECT_EQ(named.folder, "videos/a=b");
  for (const char* text : {"wan", "=videos", "wan="}) {
    EXPECT_THROW(ParseNamedFolder(text), UsageError) << text;
  }
}

TEST(SampleMatchingTest, ClipsArePairedByNameWithoutExtension) {
  const TestFolder folder;
  WriteText(folder / "a/x.mp4", "1");
  WriteText(folder / "a/sub/y.mp4", "1");
  WriteText(folder / "b/x.gif", "1");
  const auto clips = MatchFolders({{"a", folder / "a"}, {"b", folder / "b"}});
  ASSERT_THAT(clips, SizeIs(2));
  EXPECT_EQ(clips[0].name, "sub/y");
  EXPECT_EQ(clips[0].files[1], "") << "b has no y";
  EXPECT_EQ(clips[1].name, "x");
  EXPECT_EQ(clips[1].files[0], folder / "a/x.mp4");
  EXPECT_EQ(clips[1].files[1], folder / "b/x.gif");
}

TEST(SampleMatchingTest, WhatCannotBePairedIsRefused) {
  const TestFolder folder;
  WriteText(folder / "a/x.mp4", "1");
  WriteText(folder / "a/x.gif", "1");
  std::filesystem::create_directories(folder / "empty");
  EXPECT_THROW(MatchFolders({{"a", folder / "a"}}), InputError) << "one name twice";
  EXPECT_THROW(MatchFolders({{"e", folder / "empty"}}), InputError);
  EXPECT_THROW(MatchFolders({{"n", folder / "absent"}}), InputError);
  WriteText(folder / "b/x.mp4", "1");
  EXPECT_THROW(MatchFolders({{"b", folder / "b"}, {"b", folder / "b"}}), UsageError);
}

}  // namespace
}  // namespace plumb
