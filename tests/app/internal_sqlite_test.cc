// SPDX-License-Identifier: Apache-2.0
#include "app/internal_sqlite.h"

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class InternalSqliteTest : public ::testing::Test {
 protected:
  InternalSqliteTest() : database_(folder_ / "d.sqlite", Database::Access::kWrite) {
    database_.Execute("CREATE TABLE t (name TEXT PRIMARY KEY, number INTEGER) STRICT");
  }
  int64_t Rows() const {
    Statement statement(database_, "SELECT count(*) FROM t");
    return statement.Step() ? statement.Integer(0) : -1;
  }
  TestFolder folder_;
  Database database_;
};

TEST_F(InternalSqliteTest, ValuesComeBackAsTheyWereBound) {
  const std::string text = std::string("a'); DROP TABLE t; --\0b", 23) + "\n\"ü";
  Statement insert(database_, "INSERT INTO t VALUES (?, ?)");
  insert.Bind(text).Bind(int64_t{-9007199254740993}).Step();
  Statement read(database_, "SELECT name, number FROM t");
  ASSERT_TRUE(read.Step());
  EXPECT_EQ(read.Text(0), text);
  EXPECT_EQ(read.Integer(1), -9007199254740993);
  EXPECT_FALSE(read.Step());
}

TEST_F(InternalSqliteTest, AnEmptyTextIsNoNull) {
  Statement insert(database_, "INSERT INTO t VALUES (?, 1)");
  insert.Bind("").Step();
  Statement read(database_, "SELECT name IS NULL, name FROM t");
  ASSERT_TRUE(read.Step());
  EXPECT_EQ(read.Integer(0), 0);
  EXPECT_EQ(read.Text(1), "");
}

TEST_F(InternalSqliteTest, ATransactionCountsWhenItIsCommitted) {
  {
    Transaction given_up(database_);
    database_.Execute("INSERT INTO t VALUES ('a', 1)");
    EXPECT_EQ(Rows(), 1);
  }
  EXPECT_EQ(Rows(), 0);
  Transaction kept(database_);
  database_.Execute("INSERT INTO t VALUES ('a', 1)");
  kept.Commit();
  EXPECT_EQ(Rows(), 1);
}

TEST_F(InternalSqliteTest, MistakesNameTheFile) {
  EXPECT_THAT(ErrorTextOf([&] { database_.Execute("SELECT * FROM nowhere"); }),
              AllOf(HasSubstr("d.sqlite: "), HasSubstr("nowhere")));
  EXPECT_THROW(Statement(database_, "SELEKT"), EnvironmentError);
  Statement one(database_, "INSERT INTO t VALUES ('a', ?)");
  EXPECT_THROW(one.Bind(int64_t{1}).Bind(int64_t{2}), EnvironmentError) << "one too many";
  Statement word(database_, "INSERT INTO t VALUES ('a', ?)");
  word.Bind("no number");
  EXPECT_THROW(word.Step(), EnvironmentError) << "the table is strict";
  database_.Execute("INSERT INTO t VALUES ('a', 1)");
  EXPECT_THROW(database_.Execute("INSERT INTO t VALUES ('a', 2)"), EnvironmentError);
}

TEST_F(InternalSqliteTest, ADatabaseThatStaysLockedIsTheEnvironment) {
  Database other(folder_ / "d.sqlite", Database::Access::kWrite);
  sqlite3_busy_timeout(other.handle(), 20);
  Transaction holder(database_);
  EXPECT_THAT(ErrorTextOf([&] { Transaction second(other); }),
              AllOf(HasSubstr("d.sqlite: "), HasSubstr("locked")));
  holder.Commit();
  Transaction second(other);
  second.Commit();
}

TEST_F(InternalSqliteTest, AFullDatabaseSaysWhatToDo) {
  database_.Execute("PRAGMA max_page_count=4");
  const std::string block(100000, 'x');
  const std::string text = ErrorTextOf([&] {
    Transaction transaction(database_);
    Statement insert(database_, "INSERT INTO t VALUES (?, 1)");
    insert.Bind(block).Step();
    transaction.Commit();
  });
  EXPECT_THAT(
      text, AllOf(HasSubstr("full"), HasSubstr("free some space and run the same command again")));
  EXPECT_EQ(Rows(), 0);
}

TEST_F(InternalSqliteTest, ReadingDoesNotMakeAFile) {
  EXPECT_THROW(Database(folder_ / "none.sqlite", Database::Access::kRead), EnvironmentError);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.sqlite"));
  EXPECT_THROW(Database(folder_.path(), Database::Access::kWrite), EnvironmentError);
}

}  // namespace
}  // namespace plumb
