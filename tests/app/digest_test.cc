// SPDX-License-Identifier: Apache-2.0
#include "app/digest.h"

#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

// FIPS 180-4, example "abc" and the empty message.
TEST(DigestTest, KnownMessages) {
  EXPECT_EQ(DigestOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(DigestOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(DigestTest, PiecesAreTheWhole) {
  Sha256 hash;
  hash.Add("a");
  hash.Add("bc");
  EXPECT_EQ(hash.Finish(), DigestOf("abc"));
}

TEST(DigestTest, FileIsItsBytes) {
  const TestFolder folder;
  WriteText(folder / "a", "abc");
  EXPECT_EQ(DigestOfFile(folder / "a"), DigestOf("abc"));
  EXPECT_THROW(DigestOfFile(folder / "b"), InputError);
}

TEST(DigestTest, FolderSeesNamesAndBorders) {
  const TestFolder one, two, three;
  WriteText(one / "a", "xy");
  WriteText(one / "b", "z");
  WriteText(two / "a", "x");
  WriteText(two / "b", "yz");
  WriteText(three / "a", "xy");
  WriteText(three / "c", "z");
  EXPECT_NE(DigestOfFolder(one.path()), DigestOfFolder(two.path()));
  EXPECT_NE(DigestOfFolder(one.path()), DigestOfFolder(three.path()));
  EXPECT_THROW(DigestOfFolder(one / "none"), InputError);
}

TEST(DigestTest, VideoSeesStampsAndPixels) {
  const Video a({Image(4, 4), Image(4, 4)}, 24.0);
  const Video b({Image(4, 4), Image(4, 4)}, 25.0);
  Image bright(4, 4);
  bright.rgb[5] = 1;
  const Video c({Image(4, 4), bright}, 24.0);
  EXPECT_EQ(DigestOf(a), DigestOf(Video({Image(4, 4), Image(4, 4)}, 24.0)));
  EXPECT_NE(DigestOf(a), DigestOf(b));
  EXPECT_NE(DigestOf(a), DigestOf(c));
}

}  // namespace
}  // namespace plumb
