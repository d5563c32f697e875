// SPDX-License-Identifier: Apache-2.0
// Files that lie about themselves: every one is refused with a message that names file and tensor,
// and none is read beyond its bytes.
#include "core/safetensors_header.h"

#include <ctime>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "core/seed.h"
#include "tests/core/broken_safetensors.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string Refusal(const std::vector<uint8_t>& bytes) {
  return MessageOf<InputError>([&] { ParseSafetensorsHeader(bytes, "w.safetensors"); });
}

std::string Refusal(const std::string& header, size_t data) {
  return Refusal(SafetensorsFile(header, data));
}

// The header of one tensor "w".
std::string One(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return fmt::format(
      R"({{"w":{{"dtype":{},"shape":{},"data_offsets":{}}}}})", dtype, shape, offsets);
}

TEST(SafetensorsHeaderTest, EveryBrokenFileIsRefusedWithItsReason) {
  for (const BrokenSafetensors& file : BrokenSafetensorsFiles()) {
    EXPECT_THAT(Refusal(file.bytes), AllOf(StartsWith("w.safetensors"), HasSubstr(file.complaint)))
        << file.name;
    EXPECT_EQ(MessageOf<InputError>([&] { ParseSafetensors(file.bytes, "w.safetensors"); }),
              Refusal(file.bytes))
        << file.name;
  }
}

TEST(SafetensorsHeaderTest, LengthsAroundTheLimit) {
  EXPECT_THAT(Refusal(SafetensorsFile(0, "")), StartsWith("w.safetensors"));
  EXPECT_THAT(Refusal(SafetensorsFile(~uint64_t{0} - 7, "{}")), HasSubstr("at most 100000000"));
  // A file that is really that long, and one that is just not too long.
  EXPECT_THAT(Refusal(std::string(100'000'001, ' '), 0), HasSubstr("header of 100000001 bytes"));
  EXPECT_EQ(Refusal("{}" + std::string(99'999'998, ' '), 0), "accepted");
}

TEST(SafetensorsHeaderTest, HeadersThatAreNoObject) {
  for (const char* header : {"[]", "null", "1", "\"w\""}) {
    EXPECT_THAT(Refusal(header, 0), HasSubstr("no JSON object")) << header;
  }
  for (const char* header : {" ", "{", "{\"w\"}", "{} {}", "{\"w\":", "{,}", "nul"}) {
    EXPECT_THAT(Refusal(header, 0), HasSubstr("no valid JSON")) << header;
  }
  EXPECT_THAT(Refusal(std::string(4, '\0'), 0), StartsWith("w.safetensors"));
  // As deep as may be: refused at the first level that does not belong here.
  EXPECT_THAT(Refusal(std::string(1'000'000, '['), 0), HasSubstr("no JSON object"));
  EXPECT_THAT(Refusal(R"({"w":)" + std::string(1'000'000, '['), 0), HasSubstr("tensor 'w'"));
}

TEST(SafetensorsHeaderTest, KeysThatStandTwice) {
  EXPECT_THAT(Refusal(R"({"w":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1),
              HasSubstr("key 'dtype' stands twice"));
  EXPECT_THAT(Refusal(R"({"__metadata__":{"a":"1","a":"2"}})", 0), HasSubstr("'a' stands twice"));
  EXPECT_THAT(Refusal(R"({"__metadata__":{},"__metadata__":{}})", 0),
              HasSubstr("'__metadata__' stands twice"));
  // Equal once they are decoded.
  EXPECT_THAT(Refusal(R"({"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0077":{}})", 0),
              HasSubstr("'w' stands twice"));
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
  // 2⁴⁸ · 2¹⁴ · 4 bytes = 2⁶⁴.
  EXPECT_THAT(Refusal(One(R"("F32")", "[281474976710656,16384]", "[0,0]"), 0),
              HasSubstr("shape overflows"));
  // More than a signed number holds, and so with a size of 0 beside it: strides are products too.
  EXPECT_THAT(Refusal(One(R"("U8")", "[281474976710656,32768]", "[0,0]"), 0),
              HasSubstr("shape overflows"));
  EXPECT_THAT(Refusal(One(R"("U8")", "[0,281474976710656,32768]", "[0,0]"), 0),
              HasSubstr("shape overflows"));
  std::string axes = "[1";
  for (int i = 0; i < 64; ++i) axes += ",1";
  EXPECT_THAT(Refusal(One(R"("U8")", axes + "]", "[0,1]"), 1), HasSubstr("more than 64 axes"));
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
  EXPECT_THAT(Refusal(One(R"("F32")", "[1]", "[4,8]"), 8), HasSubstr(tiling));  // hole in front
  EXPECT_THAT(Refusal(One(R"("F32")", "[1]", "[18446744073709551612,0]"), 4), HasSubstr(tiling));
  const auto two = [](const char* a, const char* b) {
    return fmt::format(R"({{"a":{{"dtype":"U8","shape":[4],"data_offsets":{}}},)"
                       R"("b":{{"dtype":"U8","shape":[4],"data_offsets":{}}}}})",
                       a,
                       b);
  };
  EXPECT_EQ(Refusal(two("[0,4]", "[4,8]"), 8), "accepted");
  EXPECT_EQ(Refusal(two("[4,8]", "[0,4]"), 8), "accepted");  // in any order
}

TEST(SafetensorsHeaderTest, SpansOfAnotherSizeThanTypeAndShape) {
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

// As many tensors as the largest checkpoints have a hundred times over.
TEST(SafetensorsHeaderTest, AHundredThousandTensorsAreReadAtOnce) {
  std::string header = "{";
  for (int i = 0; i < 100'000; ++i) {
    const std::string offsets = fmt::format("[{},{}]", 4 * i, 4 * i + 4);
    header +=
        (i > 0 ? "," : "") + HeaderEntry(fmt::format("blocks.{}.w", i), "F32", "[1]", offsets);
  }
  const std::vector<uint8_t> file = SafetensorsFile(header + "}", 400'000);
  const std::clock_t start = std::clock();
  const SafetensorsHeader read = ParseSafetensorsHeader(file, "w");
  const double processor_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  EXPECT_EQ(read.tensors.size(), 100'000u);
  EXPECT_EQ(read.tensors.at("blocks.99999.w").end, file.size());
  EXPECT_LT(processor_s, 2.0) << "0.1 s is usual";
}

TEST(SafetensorsHeaderTest, OddButLawfulHeadersAreRead) {
  EXPECT_TRUE(ParseSafetensors(SafetensorsFile(2, "{}"), "w").tensors.empty());
  EXPECT_TRUE(ParseSafetensors(SafetensorsFile(8, "{}      "), "w").tensors.empty());
  const auto read = [](const std::string& header, size_t data) {
    return ParseSafetensors(SafetensorsFile(header, data), "w").tensors.at("w");
  };
  EXPECT_EQ(read(One(R"("F64")", "[]", "[0,8]"), 8).num_elements(), 1);  // a scalar
  EXPECT_EQ(read(One(R"("F64")", "[3,0,2]", "[0,0]"), 0).num_elements(), 0);
}

// Every change of one byte of a sound file gives either a refusal or tensors of the right size.
TEST(SafetensorsHeaderTest, ChangedBytesAreNeverReadOutside) {
  const std::string header = R"({"__metadata__":{"format":"pt"},)"
                             R"("a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
                             R"("b":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}})";
  const std::vector<uint8_t> sound = SafetensorsFile(header, 19);
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
