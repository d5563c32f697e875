// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/pickle.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string RefusalOfBytes(std::string_view bytes) {
  const auto* begin = reinterpret_cast<const uint8_t*>(bytes.data());
  return MessageOf<InputError>([&] { RefusePickleBytes("w", {begin, bytes.size()}); });
}

TEST(PickleTest, NamesOfPickles) {
  for (const char* name : {"model.bin", "a/ema.pt", "Wan2.1_VAE.pth", "last.ckpt", "x.pkl"}) {
    EXPECT_TRUE(IsPickleName(name)) << name;
  }
  for (const char* name :
       {"model.safetensors", "bin", "model.bin.index.json", "a.pt/config.json"}) {
    EXPECT_FALSE(IsPickleName(name)) << name;
  }
}

TEST(PickleTest, TheRefusalSaysWhyAndWhatToDo) {
  EXPECT_THAT(MessageOf<InputError>([] { RefusePickleName("folder/model.pth", "model.pth"); }),
              AllOf(StartsWith("folder/model.pth: "),
                    HasSubstr("is a program that runs when it is loaded"),
                    HasSubstr("convert it to safetensors"),
                    HasSubstr("safe_serialization=True")));
  EXPECT_EQ(MessageOf<InputError>([] { RefusePickleName("w", "model.safetensors"); }), "accepted");
}

TEST(PickleTest, FirstBytesOfPickles) {
  using namespace std::string_view_literals;
  // torch.save since 1.6, before it, and pickle.dump.
  EXPECT_THAT(RefusalOfBytes("PK\x03\x04\x00\x00\x08\x08"sv), HasSubstr("zip archive"));
  EXPECT_THAT(RefusalOfBytes("\x80\x02\x8a\nl\xfc\x9c\x46"sv), HasSubstr("as a pickle does"));
  EXPECT_THAT(RefusalOfBytes("\x80\x04\x95\x0b\x00\x00\x00\x01"sv), HasSubstr("as a pickle does"));
}

TEST(PickleTest, SoundFilesAreNoPickles) {
  // Header lengths of 128 (0x80), 0x0280 and 0x04034b50 bytes.
  for (const uint64_t length : {uint64_t{128}, uint64_t{0x280}, uint64_t{0x0403'4b50}}) {
    char bytes[8];
    std::memcpy(bytes, &length, sizeof bytes);
    EXPECT_EQ(RefusalOfBytes({bytes, sizeof bytes}), "accepted") << length;
  }
  EXPECT_EQ(RefusalOfBytes("PK\x03\x04"), "accepted") << "too short to be anything";
}

TEST(PickleTest, ThePickleInAFolderIsFound) {
  const TestFolder folder;
  EXPECT_EQ(PickleIn(folder.path()), "");
  WriteText(folder / "config.json", "{}");
  WriteText(folder / "b.pth", "x");
  WriteText(folder / "a.bin", "x");
  EXPECT_EQ(PickleIn(folder.path()), folder / "a.bin");
  EXPECT_EQ(PickleIn(folder / "absent"), "");
}

}  // namespace
}  // namespace plumb
