// SPDX-License-Identifier: Apache-2.0
// Files that lie about themselves: every one is refused with a message that names file and tensor,
// and none is read beyond its bytes.
#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "core/seed.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// The length that the file states, its header, and `data` zero bytes.
std::vector<uint8_t> File(uint64_t length, const std::string& header, size_t data = 0) {
  std::vector<uint8_t> bytes(sizeof length + header.size() + data);
  std::memcpy(bytes.data(), &length, sizeof length);
  std::copy(header.begin(), header.end(), bytes.begin() + sizeof length);
  return bytes;
}

std::string Refusal(const std::vector<uint8_t>& bytes) {
  return MessageOf<InputError>([&] { ParseSafetensors(bytes, "w.safetensors"); });
}

std::string Refusal(const std::string& header, size_t data) {
  return Refusal(File(header.size(), header, data));
}

// The header of one tensor "w".
std::string One(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return fmt::format(
      R"({{"w":{{"dtype":{},"shape":{},"data_offsets":{}}}}})", dtype, shape, offsets);
}

TEST(SafetensorsHeaderTest, LengthsThatCannotBe) {
  EXPECT_THAT(Refusal(std::vector<uint8_t>{}), HasSubstr("shorter than 8 bytes"));
  EXPECT_THAT(Refusal(std::vector<uint8_t>(7, 0)), HasSubstr("shorter than 8 bytes"));
  EXPECT_THAT(Refusal(File(0, "")), StartsWith("w.safetensors"));
  EXPECT_THAT(Refusal(File(0, "{}")), StartsWith("w.safetensors"));
  EXPECT_THAT(Refusal(File(1, "{}")), StartsWith("w.safetensors"));
  EXPECT_THAT(Refusal(File(3, "{}")), HasSubstr("header of 3 bytes in a file of 10"));
  EXPECT_THAT(Refusal(File(100'000'001, "{}")), HasSubstr("header of 100000001 bytes"));
  for (const uint64_t huge : {~uint64_t{0}, ~uint64_t{0} - 7, uint64_t{1} << 63}) {
    EXPECT_THAT(Refusal(File(huge, "{}")), HasSubstr(fmt::format("header of {} bytes", huge)));
  }
}

TEST(SafetensorsHeaderTest, HeadersThatAreNoObject) {
  for (const char* header : {"[]", "null", "1", "\"w\""}) {
    EXPECT_THAT(Refusal(header, 0), HasSubstr("no JSON object")) << header;
  }
  for (const char* header : {" ", "{", "{\"w\"}", "{} {}", "{\"w\":1,}", "nul"}) {
    EXPECT_THAT(Refusal(header, 0), HasSubstr("no valid JSON")) << header;
  }
  EXPECT_THAT(Refusal(std::string(4, '\0'), 0), StartsWith("w.safetensors"));
  EXPECT_THAT(Refusal(std::string(200, '['), 0), HasSubstr("more than 64 levels"));
}

TEST(SafetensorsHeaderTest, NamesThatStandTwice) {
  const std::string tensor = R"({"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  EXPECT_THAT(Refusal(fmt::format(R"({{"w":{},"w":{}}})", tensor, tensor), 1),
              HasSubstr("key 'w' stands twice"));
  EXPECT_THAT(Refusal(R"({"w":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1),
              HasSubstr("key 'dtype' stands twice"));
  EXPECT_THAT(Refusal(R"({"__metadata__":{"a":"1","a":"2"}})", 0), HasSubstr("'a' stands twice"));
}

TEST(SafetensorsHeaderTest, EntriesOfAnotherForm) {
  const std::string expected = "tensor 'w': expected exactly dtype, shape and data_offsets";
  for (const char* entry : {"1",
                            "[]",
                            "{}",
                            R"({"dtype":"U8","shape":[1]})",
                            R"({"dtype":"U8","shape":[1],"offsets":[0,1]})",
                            R"({"dtype":"U8","shape":[1],"data_offsets":[0,1],"stride":[1]})"}) {
    EXPECT_THAT(Refusal(fmt::format(R"({{"w":{}}})", entry), 1), HasSubstr(expected)) << entry;
  }
}

TEST(SafetensorsHeaderTest, ElementTypesThatAreUnknown) {
  for (const char* dtype : {R"("F31")", R"("f32")", R"("")", R"("F8_E4M3")"}) {
    EXPECT_THAT(Refusal(One(dtype, "[1]", "[0,4]"), 4),
                AllOf(HasSubstr("tensor 'w'"), HasSubstr(dtype), HasSubstr("not supported")));
  }
  for (const char* dtype : {"1", "null", "[\"F32\"]"}) {
    EXPECT_THAT(Refusal(One(dtype, "[1]", "[0,4]"), 4), HasSubstr("dtype must be a text"));
  }
}

TEST(SafetensorsHeaderTest, ShapesThatAreNone) {
  for (const char* shape :
       {"1", "null", "{}", "\"1\"", "[-1]", "[1.0]", "[null]", "[[1]]", "[true]"}) {
    EXPECT_THAT(Refusal(One(R"("F32")", shape, "[0,4]"), 4),
                HasSubstr("tensor 'w': shape must be a list of sizes"))
        << shape;
  }
  EXPECT_THAT(Refusal(One(R"("F32")", "[18446744073709551615]", "[0,4]"), 4), HasSubstr("absurd"));
}

// Products that wrap around to a small number of bytes must not be believed.
TEST(SafetensorsHeaderTest, ShapesWhoseProductWraps) {
  // 2⁴⁸ · 2¹⁶ = 2⁶⁴, which is 0 in 64 bits: a tensor of no bytes, if one did not look.
  EXPECT_THAT(Refusal(One(R"("U8")", "[281474976710656,65536]", "[0,0]"), 0),
              HasSubstr("tensor 'w': shape overflows"));
  // 2⁴⁸ · 2¹⁴ · 4 bytes.
  EXPECT_THAT(Refusal(One(R"("F32")", "[281474976710656,16384]", "[0,0]"), 0),
              HasSubstr("shape overflows"));
  // (2³² + 1)² · 1 wraps to 2³³ + 1.
  EXPECT_THAT(Refusal(One(R"("U8")", "[4294967297,4294967297]", "[0,8589934593]"), 4),
              StartsWith("w.safetensors"));
}

TEST(SafetensorsHeaderTest, OffsetsThatAreNone) {
  for (const char* offsets :
       {"0", "[]", "[0]", "[0,4,8]", "[-4,0]", "[0.0,4.0]", "[null,4]", "{}"}) {
    EXPECT_THAT(Refusal(One(R"("F32")", "[1]", offsets), 4),
                HasSubstr("tensor 'w': data_offsets must be two whole numbers"))
        << offsets;
  }
}

TEST(SafetensorsHeaderTest, OffsetsThatDoNotTileTheData) {
  const std::string tiling = "overlap, leave a hole or pass the end";
  EXPECT_THAT(Refusal(One(R"("F32")", "[1]", "[4,0]"), 4), HasSubstr(tiling));  // reversed
  EXPECT_THAT(Refusal(One(R"("F32")", "[1]", "[4,8]"), 8), HasSubstr(tiling));  // hole in front
  EXPECT_THAT(Refusal(One(R"("F32")", "[2]", "[0,8]"), 4), HasSubstr(tiling));  // past the end
  EXPECT_THAT(Refusal(One(R"("F32")", "[1]", "[0,18446744073709551615]"), 4), HasSubstr(tiling));
  EXPECT_THAT(Refusal(One(R"("F32")", "[1]", "[18446744073709551612,0]"), 4), HasSubstr(tiling));
  EXPECT_THAT(Refusal(One(R"("F32")", "[1]", "[0,4]"), 5), HasSubstr("1 bytes behind the last"));
  const auto two = [](const char* a, const char* b) {
    return fmt::format(R"({{"a":{{"dtype":"U8","shape":[4],"data_offsets":{}}},)"
                       R"("b":{{"dtype":"U8","shape":[4],"data_offsets":{}}}}})",
                       a,
                       b);
  };
  EXPECT_EQ(Refusal(two("[0,4]", "[4,8]"), 8), "accepted");
  EXPECT_EQ(Refusal(two("[4,8]", "[0,4]"), 8), "accepted");  // in any order
  EXPECT_THAT(Refusal(two("[0,4]", "[2,6]"), 8), HasSubstr("tensor 'b': data_offsets 2–6"));
  EXPECT_THAT(Refusal(two("[0,4]", "[0,4]"), 4), HasSubstr(tiling));
  EXPECT_THAT(Refusal(two("[0,4]", "[5,9]"), 9), HasSubstr("data_offsets 5–9"));
}

TEST(SafetensorsHeaderTest, SpansOfAnotherSizeThanTypeAndShape) {
  EXPECT_THAT(Refusal(One(R"("F32")", "[2]", "[0,4]"), 4),
              HasSubstr("tensor 'w': 4 bytes stored, type and shape demand 8"));
  EXPECT_THAT(Refusal(One(R"("U8")", "[0]", "[0,4]"), 4), HasSubstr("demand 0"));
  EXPECT_THAT(Refusal(One(R"("F64")", "[]", "[0,4]"), 4), HasSubstr("demand 8"));
}

TEST(SafetensorsHeaderTest, MetadataHoldsTextsOnly) {
  for (const char* metadata : {"1", "[]", "null", R"({"a":1})", R"({"a":{"b":"c"}})"}) {
    EXPECT_THAT(Refusal(fmt::format(R"({{"__metadata__":{}}})", metadata), 0),
                HasSubstr("__metadata__ must be an object of texts"))
        << metadata;
  }
}

TEST(SafetensorsHeaderTest, OddButLawfulHeadersAreRead) {
  EXPECT_TRUE(ParseSafetensors(File(2, "{}"), "w").tensors.empty());
  EXPECT_TRUE(ParseSafetensors(File(8, "{}      "), "w").tensors.empty());
  const auto read = [](const std::string& header, size_t data) {
    return ParseSafetensors(File(header.size(), header, data), "w").tensors.at("w");
  };
  EXPECT_EQ(read(One(R"("F64")", "[]", "[0,8]"), 8).num_elements(), 1);  // a scalar
  EXPECT_EQ(read(One(R"("F64")", "[3,0,2]", "[0,0]"), 0).num_elements(), 0);
}

// Every change of one byte of a sound file gives either a refusal or tensors of the right size.
TEST(SafetensorsHeaderTest, ChangedBytesAreNeverReadOutside) {
  const std::string header = R"({"__metadata__":{"format":"pt"},)"
                             R"("a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
                             R"("b":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}})";
  const std::vector<uint8_t> sound = File(header.size(), header, 19);
  ASSERT_EQ(Refusal(sound), "accepted");
  int refused = 0;
  for (size_t at = 0; at < sound.size(); ++at) {
    Random random(at);
    for (int i = 0; i < 12; ++i) {
      std::vector<uint8_t> changed = sound;
      changed[at] = static_cast<uint8_t>(random.Index(256));
      try {
        const Safetensors contents = ParseSafetensors(changed, "w");
        size_t bytes = 0;
        for (const auto& [name, tensor] : contents.tensors) bytes += tensor.bytes().size();
        EXPECT_EQ(bytes, 19u) << "byte " << at;
      } catch (const InputError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace plumb
