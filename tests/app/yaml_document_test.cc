// SPDX-License-Identifier: Apache-2.0
#include "app/yaml_document.h"

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const std::string& yaml) {
  try {
    ParseYamlDocument(yaml, "a.yaml");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(YamlDocumentTest, ScalarsHaveTheTypesOfTheCoreSchema) {
  const Json root = ParseYamlDocument(
                        "a: 1\nb: -2.5\nc: true\nd: ~\ne: '1'\nf: text\ng: 18446744073709551615\n"
                        "h: 1e3\ni: .inf\nj: yes\n",
                        "a.yaml")
                        .root;
  EXPECT_EQ(root["a"], 1);
  EXPECT_EQ(root["b"], -2.5);
  EXPECT_EQ(root["c"], true);
  EXPECT_TRUE(root["d"].is_null());
  EXPECT_EQ(root["e"], "1");
  EXPECT_EQ(root["f"], "text");
  EXPECT_EQ(root["g"].get<uint64_t>(), 18446744073709551615u);
  EXPECT_EQ(root["h"], 1000.0);
  EXPECT_EQ(root["i"], ".inf");
  EXPECT_EQ(root["j"], "yes");
}

TEST(YamlDocumentTest, KeepsOrderAndLines) {
  const Document document = ParseYamlDocument("z: 1\na:\n  - {x: 1}\n  - y: 2\n", "a.yaml");
  EXPECT_EQ(document.root.begin().key(), "z");
  EXPECT_EQ(document.Place("/a"), "a.yaml:2");
  EXPECT_EQ(document.Place("/a/0/x"), "a.yaml:3");
  EXPECT_EQ(document.Place("/a/1/y"), "a.yaml:4");
}

TEST(YamlDocumentTest, JsonIsYaml) {
  EXPECT_EQ(ParseYamlDocument(R"({"a": [1, 2, {"b": "c"}]})", "a.yaml").root["a"][2]["b"], "c");
}

TEST(YamlDocumentTest, ErrorsNameFileAndLine) {
  EXPECT_THAT(ErrorOf("a: 1\nb: [1\nc: 2\n"), HasSubstr("a.yaml:"));
  EXPECT_THAT(ErrorOf("a: 1\nb: 2\na: 3\n"), HasSubstr("a.yaml:3: key 'a' stands twice"));
  EXPECT_THAT(ErrorOf("a: 1\n---\nb: 1\n"), HasSubstr("expected one document, found 2"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("expected one document, found 0"));
  EXPECT_THAT(ErrorOf("? [1, 2]\n: x\n"), HasSubstr("a key must be plain text"));
}

TEST(YamlDocumentTest, BombsAreRefused) {
  EXPECT_THAT(ErrorOf(std::string(100, '[') + std::string(100, ']')), HasSubstr("levels"));
  EXPECT_THAT(ErrorOf(std::string(100000, '[')), HasSubstr("a.yaml"));
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) laughs += "*a" + std::to_string(i - 1) + (k < 9 ? ", " : "]\n");
  }
  EXPECT_THAT(ErrorOf(laughs), HasSubstr("values"));
  EXPECT_THAT(ErrorOf(std::string(5 << 20, ' ')), HasSubstr("bytes"));
}

TEST(YamlDocumentTest, TheEndingOfTheNameDecides) {
  const TestFolder folder;
  WriteText(folder / "a.yaml", "a: 1\n");
  WriteText(folder / "a.json", "{\"a\": 2}");
  WriteText(folder / "b.json", "a: 1\n");
  EXPECT_EQ(ReadDocument(folder / "a.yaml").root["a"], 1);
  EXPECT_EQ(ReadDocument(folder / "a.json").root["a"], 2);
  EXPECT_THROW(ReadDocument(folder / "b.json"), InputError);
  EXPECT_THROW(ReadDocument(folder / "none.yaml"), InputError);
}

}  // namespace
}  // namespace plumb
