// SPDX-License-Identifier: Apache-2.0
#include "core/mapped_file.h"

#include <algorithm>
#include <string>
#include <sys/stat.h>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class MappedFileTest : public testing::Test {
 protected:
  MappedFileTest() : path_(folder_ / "file") {}
  std::string Refusal(const std::filesystem::path& path) {
    return MessageOf<InputError>([&] { MappedFile file(path); });
  }
  TestFolder folder_;
  const std::filesystem::path path_;
};

std::string Text(std::span<const uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

TEST_F(MappedFileTest, HoldsTheFile) {
  WriteText(path_, "weights");
  EXPECT_EQ(Text(MappedFile(path_).bytes()), "weights");
}

TEST_F(MappedFileTest, AnEmptyFileIsEmpty) {
  WriteText(path_, "");
  EXPECT_TRUE(MappedFile(path_).bytes().empty());
}

TEST_F(MappedFileTest, WritingChangesNeitherTheFileNorAnotherMapping) {
  WriteText(path_, "weights");
  const MappedFile changed(path_);
  const MappedFile other(path_);
  changed.bytes()[0] = 'W';
  EXPECT_EQ(Text(changed.bytes()), "Weights");
  EXPECT_EQ(Text(other.bytes()), "weights");
  EXPECT_EQ(FileText(path_), "weights");
}

TEST_F(MappedFileTest, AReplacedFileIsStillTheOldOne) {
  WriteText(path_, "old");
  const MappedFile file(path_);
  WriteText(folder_ / "new", "longer");
  std::filesystem::rename(folder_ / "new", path_);
  EXPECT_EQ(Text(file.bytes()), "old");
  std::filesystem::remove(path_);
  EXPECT_EQ(Text(file.bytes()), "old");
}

// Whole pages only: what the part shares with its neighbours stays, written bytes too.
TEST_F(MappedFileTest, ReleasedPagesComeBackFromTheFile) {
  constexpr size_t kPage = 4096;
  WriteText(path_, std::string(4 * kPage, 'x'));
  const MappedFile file(path_);
  const std::span<uint8_t> bytes = file.bytes();
  std::fill(bytes.begin(), bytes.end(), uint8_t{'y'});
  file.Release(bytes.subspan(kPage / 2, 2 * kPage));  // the second page is whole in it
  EXPECT_EQ(bytes[kPage - 1], 'y');
  EXPECT_EQ(bytes[kPage], 'x');
  EXPECT_EQ(bytes[2 * kPage - 1], 'x');
  EXPECT_EQ(bytes[2 * kPage], 'y');
  file.Release(bytes.subspan(0, 10));
  EXPECT_EQ(bytes[0], 'y');
}

TEST_F(MappedFileTest, WhatIsNoFileIsNamed) {
  EXPECT_THAT(Refusal(folder_ / "absent"), AllOf(HasSubstr("absent"), HasSubstr("No such file")));
  EXPECT_THAT(Refusal(folder_.path()), HasSubstr("is a folder"));
  const std::filesystem::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(Refusal(pipe), HasSubstr("is no regular file"));
}

}  // namespace
}  // namespace plumb
