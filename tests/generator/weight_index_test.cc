// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/weight_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string Refusal(const std::string& text) {
  return MessageOf<InputError>([&] { ParseWeightIndex(text, "w.safetensors.index.json"); });
}

TEST(WeightIndexTest, NamesTheFileOfEveryTensor) {
  const auto files = ParseWeightIndex(R"({"metadata": {"total_size": 12},
    "weight_map": {"a.weight": "w-00001-of-00002.safetensors",
                   "b.weight": "w-00002-of-00002.safetensors"}})",
                                      "index");
  EXPECT_EQ(files,
            (std::map<std::string, std::string>{{"a.weight", "w-00001-of-00002.safetensors"},
                                                {"b.weight", "w-00002-of-00002.safetensors"}}));
}

TEST(WeightIndexTest, AnotherFormIsRefused) {
  for (const char* text : {"[]", "1", "{}", R"({"weight_map": []})", R"({"weight_map": null})"}) {
    EXPECT_THAT(Refusal(text), HasSubstr("expected an object with the key 'weight_map'")) << text;
  }
  EXPECT_THAT(Refusal(R"({"weight_map": {}})"), HasSubstr("names no tensor"));
  EXPECT_THAT(Refusal("{\n\"weight_map\": {\"a\": \"a.safetensors\"},\n\"weights\": 1}"),
              AllOf(StartsWith("w.safetensors.index.json:3"), HasSubstr("'weights'")));
  EXPECT_THAT(Refusal(R"({"weight_map": )"), HasSubstr("no valid JSON"));
  EXPECT_THAT(Refusal(R"({"weight_map": {"a": "a.safetensors", "a": "b.safetensors"}})"),
              HasSubstr("key 'a' stands twice"));
}

// A name with a path in it would read a file that the checkpoint does not hold.
TEST(WeightIndexTest, OnlyPlainNamesOfSafetensorsFilesAreFollowed) {
  for (const char* name : {R"("../a.safetensors")",
                           R"("/etc/a.safetensors")",
                           R"("a/b.safetensors")",
                           R"("a\u0000.safetensors")",
                           R"(".safetensors")",
                           R"("a.gguf")",
                           R"("")",
                           "1",
                           "null"}) {
    EXPECT_THAT(Refusal(std::string("{\n\"weight_map\": {\n\"t.w\": ") + name + "}}"),
                AllOf(StartsWith("w.safetensors.index.json:3: tensor 't.w'"),
                      HasSubstr("expected the name of a")))
        << name;
  }
  EXPECT_THAT(Refusal(R"({"weight_map": {"t.w": "pytorch_model-00001-of-00002.bin"}})"),
              AllOf(HasSubstr("'t.w'"), HasSubstr("is a pickle by its name")));
}

}  // namespace
}  // namespace plumb
